"""申报规则所问的事实：一次批量收集，交给纯函数判断。"""

from projects.facts.catalogue import CatalogueFacts, catalogue_facts, current_version
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
from projects.facts.signing import SignatureFact, SigningFacts, last_chain, signing_facts

__all__ = [
    "CatalogueFacts",
    "DeliveryFacts",
    "EstimateFact",
    "FilingFacts",
    "FundFact",
    "IndicatorFact",
    "PackageFacts",
    "ProgressFacts",
    "SignatureFact",
    "SigningFacts",
    "SplittingFacts",
    "catalogue_facts",
    "current_version",
    "delivery_facts",
    "filing_facts",
    "last_chain",
    "package_facts",
    "progress_facts",
    "signing_facts",
    "splitting_facts",
]
