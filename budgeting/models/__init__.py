"""预算：会审、审定、批复与资金台账。"""

from budgeting.models.adjustment import (
    BALANCING,
    AdjustmentKind,
    AdjustmentStatus,
    BudgetAdjustment,
)
from budgeting.models.ceiling_round import DOWN, ROUNDS, UP, CeilingRound, Round
from budgeting.models.check import LedgerCheck
from budgeting.models.closing import YearClosing
from budgeting.models.decision import (
    BudgetReply,
    Decision,
    DecisionLine,
    DecisionOutcome,
    DecisionStatus,
    ReplyLine,
    ReplyStatus,
)
from budgeting.models.fund_release import FundRelease
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
from budgeting.models.meeting import MeetingLine, MeetingSheet
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
    UNSETTLED_OPINIONS,
    Objection,
    ObjectionStatus,
    Obligation,
    ObligationStatus,
    Opinion,
    OpinionQuerySet,
    OpinionStatus,
)
from budgeting.models.programme import (
    ConclusionStatus,
    ExitConclusion,
    ExitOutcome,
    FundingProgramme,
    ProgrammeBudget,
)
from budgeting.models.review import BudgetReview, BudgetReviewQuerySet, ReviewStatus

__all__ = [
    "BALANCING",
    "BODY_TITLES",
    "BUCKETS",
    "DOWN",
    "LIVE_REQUESTS",
    "ROUNDS",
    "ROUTED",
    "ROUTE_BODIES",
    "SPOKEN",
    "TAKEN",
    "UNSETTLED_OPINIONS",
    "UP",
    "AdjustmentKind",
    "AdjustmentStatus",
    "Allocation",
    "BudgetAdjustment",
    "BudgetReply",
    "BudgetReview",
    "BudgetReviewQuerySet",
    "Ceiling",
    "CeilingRound",
    "ConclusionStatus",
    "Decision",
    "DecisionLine",
    "DecisionOutcome",
    "DecisionStatus",
    "EntryKind",
    "ExitConclusion",
    "ExitOutcome",
    "FundRelease",
    "FundingKind",
    "FundingProgramme",
    "LedgerCheck",
    "LedgerEntry",
    "MeetingLine",
    "MeetingSheet",
    "Objection",
    "ObjectionStatus",
    "Obligation",
    "ObligationStatus",
    "OffBudgetRequest",
    "OffBudgetStatus",
    "Opinion",
    "OpinionQuerySet",
    "OpinionStatus",
    "ProgrammeBudget",
    "ReplyLine",
    "ReplyStatus",
    "ReviewStatus",
    "Round",
    "Route",
    "YearClosing",
    "available",
    "unreserved",
]
