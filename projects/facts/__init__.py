"""申报规则所问的事实：一次批量收集，交给纯函数判断。"""

from projects.facts.closing import DeliveryFacts, delivery_facts
from projects.facts.filing import (
    EstimateFact,
    FilingFacts,
    FundFact,
    IndicatorFact,
    SplittingFacts,
    filing_facts,
    splitting_facts,
)
from projects.facts.packages import PackageFacts, ProgressFacts, package_facts, progress_facts
from projects.facts.plans import PlanFacts, plan_facts
from projects.facts.signing import SignatureFact, SigningFacts, last_chain, signing_facts

__all__ = [
    "DeliveryFacts",
    "EstimateFact",
    "FilingFacts",
    "FundFact",
    "IndicatorFact",
    "PackageFacts",
    "PlanFacts",
    "ProgressFacts",
    "SignatureFact",
    "SigningFacts",
    "SplittingFacts",
    "delivery_facts",
    "filing_facts",
    "last_chain",
    "package_facts",
    "plan_facts",
    "progress_facts",
    "signing_facts",
    "splitting_facts",
]
