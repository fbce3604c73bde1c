"""年度计划由工作簿导入：收下、核对、确认、写入。"""

from projects.services.importing.acts import (
    check_import,
    confirm_import,
    receive_import,
    work_off,
    write_import,
)
from projects.services.importing.progress import progress_of
from projects.services.importing.receiving import SecretDeclared, declares_secret

__all__ = [
    "SecretDeclared",
    "check_import",
    "confirm_import",
    "declares_secret",
    "progress_of",
    "receive_import",
    "work_off",
    "write_import",
]
