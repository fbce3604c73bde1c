"""预算的动作；每个动作一次事务、一条历史。"""

from budgeting.services.decision import (
    DecisionInput,
    discard_draft,
    issue_reply,
    prepare_decision,
    prepare_reply,
    record_decision,
    reject_project,
)
from budgeting.services.ledger import (
    CeilingExceeded,
    available,
    ledger_differences,
    set_ceiling,
    unreserved,
)
from budgeting.services.opinion import (
    accept_obligation,
    agree,
    agree_on_condition,
    answer_opinion,
    oppose,
    send_back_obligation,
    submit_evidence,
)
from budgeting.services.review import (
    answer_objection,
    close_review,
    conclude_review,
    open_review,
    return_project,
)

__all__ = [
    "CeilingExceeded",
    "DecisionInput",
    "accept_obligation",
    "agree",
    "agree_on_condition",
    "answer_objection",
    "answer_opinion",
    "available",
    "close_review",
    "conclude_review",
    "discard_draft",
    "issue_reply",
    "ledger_differences",
    "open_review",
    "oppose",
    "prepare_decision",
    "prepare_reply",
    "record_decision",
    "reject_project",
    "return_project",
    "send_back_obligation",
    "set_ceiling",
    "submit_evidence",
    "unreserved",
]
