"""申报的动作；每个动作一次事务、一条历史。"""

from projects.services.catalogue_adopting import (
    abandon,
    adopt_revision,
    agree_to_catalogue,
    consult,
    handle_suggestion,
    suggest_to_catalogue,
    take_back,
)
from projects.services.catalogue_drafting import (
    add_item,
    change_item,
    draft_catalogue,
    register_upper_catalogue,
    remove_item,
)
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
    receive_import,
    work_off,
    write_import,
)
from projects.services.intentions import (
    confirm_intentions,
    decide_intention,
    discard_intentions,
    receive_intentions,
)
from projects.services.packages import (
    UPGRADES,
    divide_packages,
    follow_packages,
    move_package,
    open_packages,
    upgrade_cases,
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
    "UPGRADES",
    "EstimateInput",
    "Filing",
    "FundInput",
    "IndicatorInput",
    "SecretDeclared",
    "abandon",
    "add_item",
    "adopt_catalogue",
    "adopt_revision",
    "agree_to_catalogue",
    "archive_project",
    "chain_roles",
    "change_item",
    "check_import",
    "close_project",
    "confirm_import",
    "confirm_intentions",
    "consult",
    "decide_intention",
    "discard_intentions",
    "divide_packages",
    "draft_catalogue",
    "file_project",
    "filed_content",
    "follow_packages",
    "handle_suggestion",
    "move_package",
    "open_packages",
    "open_plan",
    "receive_import",
    "receive_intentions",
    "register_fund",
    "register_purchaser",
    "register_upper_catalogue",
    "remove_item",
    "revise_project",
    "send_back",
    "sign",
    "submit_project",
    "suggest_to_catalogue",
    "take_back",
    "upgrade_cases",
    "withdraw_project",
    "work_off",
    "write_import",
]
