"""合同与实施的动作；每个动作一次事务、一条历史。"""

from contracts.services.acceptance import fail_acceptance, pass_acceptance, prepare_acceptance
from contracts.services.closing import Item, YearEnd, close_year
from contracts.services.contract import sign_contract, terminate_contract
from contracts.services.delivery import (
    answer_rectification,
    close_rectification,
    deliver_milestone,
    order_mending,
    record_incident,
    record_inspection,
    refuse_rectification,
    reject_rectification,
)
from contracts.services.drafting import (
    ContractExists,
    ContractTerms,
    InstalmentInput,
    LineInput,
    MilestoneInput,
    draft_contract,
    revise_contract,
    withdraw_draft,
)
from contracts.services.filing import (
    accept_filing,
    agree_supplement,
    carry_over,
    draft_supplement,
    return_filing,
    submit_filing,
    withdraw_supplement,
)
from contracts.services.payment import (
    decline_payment,
    release_payment,
    request_payment,
    send_back_payment,
    verify_payment,
)
from contracts.services.settlement import AlreadySettled, settle
from contracts.services.subsidy import (
    accept_report,
    allot_subsidy,
    release_part,
    report_spending,
    return_unspent,
    send_back_report,
    settle_share,
)

__all__ = [
    "AlreadySettled",
    "ContractExists",
    "ContractTerms",
    "InstalmentInput",
    "Item",
    "LineInput",
    "MilestoneInput",
    "YearEnd",
    "accept_filing",
    "accept_report",
    "agree_supplement",
    "allot_subsidy",
    "answer_rectification",
    "carry_over",
    "close_rectification",
    "close_year",
    "decline_payment",
    "deliver_milestone",
    "draft_contract",
    "draft_supplement",
    "fail_acceptance",
    "order_mending",
    "pass_acceptance",
    "prepare_acceptance",
    "record_incident",
    "record_inspection",
    "refuse_rectification",
    "reject_rectification",
    "release_part",
    "release_payment",
    "report_spending",
    "request_payment",
    "return_filing",
    "return_unspent",
    "revise_contract",
    "send_back_payment",
    "send_back_report",
    "settle",
    "settle_share",
    "sign_contract",
    "submit_filing",
    "terminate_contract",
    "verify_payment",
    "withdraw_draft",
    "withdraw_supplement",
]
