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
from projects.services.content import EstimateInput, Filing, FundInput, IndicatorInput
from projects.services.filing import file_project, revise_project
from projects.services.group import GroupRefused, add_member, end_member, record_meeting
from projects.services.handover import (
    HandoverRefused,
    hand_over,
    items_of,
    preview_handover,
    successors_of,
)
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
from projects.services.piloting import conclude_pilot
from projects.services.purchasers import PurchaserScope, register_status
from projects.services.setup import adopt_catalogue, open_plan, register_fund, register_purchaser
from projects.services.signing import (
    answer_point,
    filed_content,
    send_back,
    sign,
    submit_project,
    withdraw_project,
)
from projects.services.tasks import (
    ASSIGN,
    TaskRefused,
    accept_task,
    assign_task,
    call_off_task,
    colleagues,
    decline_task,
    finish_task,
)

__all__ = [
    "ASSIGN",
    "UPGRADES",
    "Chain",
    "EstimateInput",
    "Filing",
    "FundInput",
    "GroupRefused",
    "HandoverRefused",
    "IndicatorInput",
    "PurchaserScope",
    "SecretDeclared",
    "TaskRefused",
    "TierInput",
    "TierRefused",
    "accept_task",
    "add_member",
    "add_tier",
    "adopt_catalogue",
    "amounts",
    "answer_point",
    "archive_project",
    "assign_task",
    "call_off_task",
    "chain_for",
    "chain_roles",
    "check_import",
    "close_project",
    "colleagues",
    "conclude_pilot",
    "confirm_import",
    "confirm_paper",
    "decline_task",
    "deny_paper",
    "divide_packages",
    "end_member",
    "end_tier",
    "file_project",
    "filed_content",
    "finish_task",
    "follow_packages",
    "hand_over",
    "items_of",
    "missing_holders",
    "move_package",
    "open_packages",
    "open_plan",
    "preview_handover",
    "receive_import",
    "record_meeting",
    "register_fund",
    "register_paper",
    "register_purchaser",
    "register_status",
    "revise_project",
    "send_back",
    "sign",
    "submit_project",
    "successors_of",
    "upgrade_cases",
    "withdraw_project",
    "work_off",
    "write_import",
]
