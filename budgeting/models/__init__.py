"""预算：会审、审定、批复与资金台账。"""

from budgeting.models.check import LedgerCheck
from budgeting.models.decision import (
    BudgetReply,
    Decision,
    DecisionLine,
    DecisionOutcome,
    DecisionStatus,
    ReplyLine,
    ReplyStatus,
)
from budgeting.models.ledger import (
    BUCKETS,
    TAKEN,
    Allocation,
    Ceiling,
    EntryKind,
    LedgerEntry,
    available,
    unreserved,
)
from budgeting.models.opinion import (
    SPOKEN,
    Objection,
    ObjectionStatus,
    Obligation,
    ObligationStatus,
    Opinion,
    OpinionStatus,
)
from budgeting.models.review import BudgetReview, ReviewStatus

__all__ = [
    "BUCKETS",
    "SPOKEN",
    "TAKEN",
    "Allocation",
    "BudgetReply",
    "BudgetReview",
    "Ceiling",
    "Decision",
    "DecisionLine",
    "DecisionOutcome",
    "DecisionStatus",
    "EntryKind",
    "LedgerCheck",
    "LedgerEntry",
    "Objection",
    "ObjectionStatus",
    "Obligation",
    "ObligationStatus",
    "Opinion",
    "OpinionStatus",
    "ReplyLine",
    "ReplyStatus",
    "ReviewStatus",
    "available",
    "unreserved",
]
