"""预算的动作；每个动作一次事务、一条历史。"""

from budgeting.models import available, unreserved
from budgeting.services.checks import request_check, request_nightly, run_check
from budgeting.services.decision import (
    DecisionInput,
    discard_draft,
    issue_reply,
    prepare_decision,
    prepare_reply,
    record_decision,
    reject_project,
)
from budgeting.services.invariants import (
    Difference,
    LedgerCheckPart,
    add_ledger_check,
    differs,
    ledger_differences,
)
from budgeting.services.ledger import set_ceiling
from budgeting.services.limits import CeilingExceeded, FundsShort
from budgeting.services.opinion import (
    accept_obligation,
    agree,
    agree_on_condition,
    answer_opinion,
    oppose,
    send_back_obligation,
    submit_evidence,
)
from budgeting.services.postings import (
    Posting,
    Share,
    carry_over,
    commit,
    commit_more,
    decommit,
    lock_lines,
    pay,
    refund,
    release,
    unreserved_of,
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
    "Difference",
    "FundsShort",
    "LedgerCheckPart",
    "Posting",
    "Share",
    "accept_obligation",
    "add_ledger_check",
    "agree",
    "agree_on_condition",
    "answer_objection",
    "answer_opinion",
    "available",
    "carry_over",
    "close_review",
    "commit",
    "commit_more",
    "conclude_review",
    "decommit",
    "differs",
    "discard_draft",
    "issue_reply",
    "ledger_differences",
    "lock_lines",
    "open_review",
    "oppose",
    "pay",
    "prepare_decision",
    "prepare_reply",
    "record_decision",
    "refund",
    "reject_project",
    "release",
    "request_check",
    "request_nightly",
    "return_project",
    "run_check",
    "send_back_obligation",
    "set_ceiling",
    "submit_evidence",
    "unreserved",
    "unreserved_of",
]
