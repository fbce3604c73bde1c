"""预算：会审、审定、批复与资金台账。"""

from budgeting.models.adjustment import AdjustmentKind, AdjustmentStatus, BudgetAdjustment
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
from budgeting.models.off_budget import (
    BODY_TITLES,
    LIVE_REQUESTS,
    ROUTE_BODIES,
    ROUTED,
    FundingKind,
    OffBudgetRequest,
    OffBudgetStatus,
    Route,
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
    "BODY_TITLES",
    "BUCKETS",
    "LIVE_REQUESTS",
    "ROUTED",
    "ROUTE_BODIES",
    "SPOKEN",
    "TAKEN",
    "AdjustmentKind",
    "AdjustmentStatus",
    "Allocation",
    "BudgetAdjustment",
    "BudgetReply",
    "BudgetReview",
    "Ceiling",
    "Decision",
    "DecisionLine",
    "DecisionOutcome",
    "DecisionStatus",
    "EntryKind",
    "FundingKind",
    "LedgerCheck",
    "LedgerEntry",
    "Objection",
    "ObjectionStatus",
    "Obligation",
    "ObligationStatus",
    "OffBudgetRequest",
    "OffBudgetStatus",
    "Opinion",
    "OpinionStatus",
    "ReplyLine",
    "ReplyStatus",
    "ReviewStatus",
    "Route",
    "available",
    "unreserved",
]
