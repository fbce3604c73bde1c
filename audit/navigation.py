"""What this app hangs on the shared pages."""

from accounts.roles import Role
from core.navigation import add_menu

add_menu("监督", "记录与核验", "audit:overview", 800, (Role.AUDITOR,))
