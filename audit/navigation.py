"""What this app hangs on the shared pages."""

from accounts.roles import Role
from core.navigation import add_menu, add_tab

add_menu("监督", "案卷", "audit:cases", 850, (Role.AUDITOR,))
add_menu("监督", "记录与核验", "audit:overview", 851, (Role.AUDITOR,))
add_tab("projects.project", "案卷", "audit:project", 95)
