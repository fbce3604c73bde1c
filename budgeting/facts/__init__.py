"""预算规则所问的事实；金额单位为分。"""

from budgeting.facts.decision import (
    DecidedFact,
    DecisionFacts,
    MeetingFacts,
    RouteFacts,
    decision_facts,
    meeting_facts,
    off_budget_total_fen,
    route_facts,
)
from budgeting.facts.funds import CeilingFact, CeilingFacts, ceiling_facts, split_by_fund
from budgeting.facts.review import (
    ConditionFacts,
    ObjectionFacts,
    ReviewFacts,
    all_conditions,
    condition_facts,
    conditions_before,
    current_review,
    objection_facts,
    review_facts,
    review_page,
)

__all__ = [
    "CeilingFact",
    "CeilingFacts",
    "ConditionFacts",
    "DecidedFact",
    "DecisionFacts",
    "MeetingFacts",
    "ObjectionFacts",
    "ReviewFacts",
    "RouteFacts",
    "all_conditions",
    "ceiling_facts",
    "condition_facts",
    "conditions_before",
    "current_review",
    "decision_facts",
    "meeting_facts",
    "objection_facts",
    "off_budget_total_fen",
    "review_facts",
    "review_page",
    "route_facts",
    "split_by_fund",
]
