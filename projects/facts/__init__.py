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
from projects.facts.group import MeetingFacts, meeting_facts
from projects.facts.packages import PackageFacts, ProgressFacts, package_facts, progress_facts
from projects.facts.signing import (
    ConfirmedFacts,
    MetFacts,
    PaperFacts,
    PointsFacts,
    SignatureFact,
    SigningFacts,
    confirmed_facts,
    last_chain,
    met_facts,
    paper_facts,
    points_facts,
    signing_facts,
)

__all__ = [
    "ConfirmedFacts",
    "DeliveryFacts",
    "EstimateFact",
    "FilingFacts",
    "FundFact",
    "IndicatorFact",
    "MeetingFacts",
    "MetFacts",
    "PackageFacts",
    "PaperFacts",
    "PointsFacts",
    "ProgressFacts",
    "SignatureFact",
    "SigningFacts",
    "SplittingFacts",
    "confirmed_facts",
    "delivery_facts",
    "filing_facts",
    "last_chain",
    "meeting_facts",
    "met_facts",
    "package_facts",
    "paper_facts",
    "points_facts",
    "progress_facts",
    "signing_facts",
    "splitting_facts",
]
