"""预算各页取数：一页一个函数，一律从 `visible_to` 开始。"""

from budgeting.selectors.adjustments import (
    adjustment_ledger,
    adjustments_of,
    lines_of,
    receivers_of,
)
from budgeting.selectors.badges import badge_of
from budgeting.selectors.card import precedent_of, precedents_of, proposed_of, review_card
from budgeting.selectors.case import budget_case
from budgeting.selectors.decisions import (
    candidates_for_decision,
    candidates_for_reply,
    decision_bodies,
    decision_page,
    is_ready_to_reply,
    reply_groups,
    reply_page,
)
from budgeting.selectors.desk import (
    LONG_WAIT,
    ReviewQueue,
    Waits,
    review_desk,
    review_queue,
    reviewers_seen_by,
)
from budgeting.selectors.off_budget import (
    needs_higher_route,
    off_budget_ledger,
    off_budget_of,
)
from budgeting.selectors.reviews import (
    funds_reviewed_by,
    objections_visible_to,
    obligations_visible_to,
    opinions_visible_to,
    purchasers_reviewed_by,
)

__all__ = [
    "LONG_WAIT",
    "ReviewQueue",
    "Waits",
    "adjustment_ledger",
    "adjustments_of",
    "badge_of",
    "budget_case",
    "candidates_for_decision",
    "candidates_for_reply",
    "decision_bodies",
    "decision_page",
    "funds_reviewed_by",
    "is_ready_to_reply",
    "lines_of",
    "needs_higher_route",
    "objections_visible_to",
    "obligations_visible_to",
    "off_budget_ledger",
    "off_budget_of",
    "opinions_visible_to",
    "precedent_of",
    "precedents_of",
    "proposed_of",
    "purchasers_reviewed_by",
    "receivers_of",
    "reply_groups",
    "reply_page",
    "review_card",
    "review_desk",
    "review_queue",
    "reviewers_seen_by",
]
