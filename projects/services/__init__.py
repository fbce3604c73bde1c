"""申报的动作；每个动作一次事务、一条历史。"""

from projects.services.closing import archive_project, close_project
from projects.services.filing import (
    EstimateInput,
    Filing,
    FundInput,
    IndicatorInput,
    chain_roles,
    file_project,
    revise_project,
)
from projects.services.importing import (
    SecretDeclared,
    check_import,
    confirm_import,
    declares_secret,
    progress_of,
    receive_import,
    work_off,
    write_import,
)
from projects.services.packages import (
    UPGRADES,
    divide_packages,
    follow_packages,
    move_package,
    open_packages,
    upgrade_cases,
)
from projects.services.plan_submission import (
    PLAN_SUMMARY,
    BudgetInput,
    listed_projects,
    submit_plan,
)
from projects.services.setup import adopt_catalogue, open_plan, register_fund, register_purchaser
from projects.services.signing import (
    filed_content,
    send_back,
    sign,
    submit_project,
    withdraw_project,
)

__all__ = [
    "PLAN_SUMMARY",
    "UPGRADES",
    "BudgetInput",
    "EstimateInput",
    "Filing",
    "FundInput",
    "IndicatorInput",
    "SecretDeclared",
    "adopt_catalogue",
    "archive_project",
    "chain_roles",
    "check_import",
    "close_project",
    "confirm_import",
    "declares_secret",
    "divide_packages",
    "file_project",
    "filed_content",
    "follow_packages",
    "listed_projects",
    "move_package",
    "open_packages",
    "open_plan",
    "progress_of",
    "receive_import",
    "register_fund",
    "register_purchaser",
    "revise_project",
    "send_back",
    "sign",
    "submit_plan",
    "submit_project",
    "upgrade_cases",
    "withdraw_project",
    "work_off",
    "write_import",
]
