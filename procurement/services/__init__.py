"""采购的动作；每个动作一次事务、一条历史。"""

from procurement.services.award import (
    decide_award,
    notify_award,
    record_refusal,
    submit_report,
)
from procurement.services.preparation import (
    record_preparation,
    register_intention,
    register_mode,
)
from procurement.services.provider import (
    AlreadyRegistered,
    CodeRefused,
    close_provider,
    debar_provider,
    register_provider,
    review_condition,
)
from procurement.services.tender import (
    abandon_tender,
    cancel_package,
    fail_tender,
    invalidate_bid,
    open_responses,
    open_tender,
    publish_tender,
    receive_bid,
    revise_tender,
    start_own_purchase,
)

__all__ = [
    "AlreadyRegistered",
    "CodeRefused",
    "abandon_tender",
    "cancel_package",
    "close_provider",
    "debar_provider",
    "decide_award",
    "fail_tender",
    "invalidate_bid",
    "notify_award",
    "open_responses",
    "open_tender",
    "publish_tender",
    "receive_bid",
    "record_preparation",
    "record_refusal",
    "register_intention",
    "register_mode",
    "register_provider",
    "review_condition",
    "revise_tender",
    "start_own_purchase",
    "submit_report",
]
