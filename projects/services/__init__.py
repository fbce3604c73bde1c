"""申报的动作；每个动作一次事务、一条历史。"""

from projects.services.chains import (
    Chain,
    TierInput,
    TierRefused,
    add_tier,
    amounts,
    chain_for,
    chain_roles,
    end_tier,
    missing_holders,
)
from projects.services.closing import archive_project, close_project
from projects.services.filing import (
    EstimateInput,
    Filing,
    FundInput,
    IndicatorInput,
    file_project,
    revise_project,
)
from projects.services.group import GroupRefused, add_member, end_member, record_meeting
from projects.services.importing import (
    SecretDeclared,
    check_import,
    confirm_import,
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
from projects.services.paper import confirm_paper, deny_paper, register_paper
from projects.services.setup import adopt_catalogue, open_plan, register_fund, register_purchaser
from projects.services.signing import (
    answer_point,
    filed_content,
    send_back,
    sign,
    submit_project,
    withdraw_project,
)

__all__ = [
    "UPGRADES",
    "Chain",
    "EstimateInput",
    "Filing",
    "FundInput",
    "GroupRefused",
    "IndicatorInput",
    "SecretDeclared",
    "TierInput",
    "TierRefused",
    "add_member",
    "add_tier",
    "adopt_catalogue",
    "amounts",
    "answer_point",
    "archive_project",
    "chain_for",
    "chain_roles",
    "check_import",
    "close_project",
    "confirm_import",
    "confirm_paper",
    "deny_paper",
    "divide_packages",
    "end_member",
    "end_tier",
    "file_project",
    "filed_content",
    "follow_packages",
    "missing_holders",
    "move_package",
    "open_packages",
    "open_plan",
    "receive_import",
    "record_meeting",
    "register_fund",
    "register_paper",
    "register_purchaser",
    "revise_project",
    "send_back",
    "sign",
    "submit_project",
    "upgrade_cases",
    "withdraw_project",
    "work_off",
    "write_import",
]
