"""申报规则所问的事实：一次批量收集，交给纯函数判断。"""

from projects.facts.catalogue import CatalogueFacts, catalogue_facts, current_version
from projects.facts.closing import DeliveryFacts, delivery_facts
from projects.facts.filing import (
    EstimateFact,
    FilingFacts,
    FundFact,
    IndicatorFact,
    filing_facts,
)
from projects.facts.group import MeetingFacts, meeting_facts
from projects.facts.packages import PackageFacts, ProgressFacts, package_facts, progress_facts
from projects.facts.papers import papers_of, purpose_of
from projects.facts.plans import PlanFacts, plan_facts
from projects.facts.preparing import PilotFact, PreparingFacts, preparing_facts
from projects.facts.purchasers import Standing, registered, standing_on
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
from projects.facts.splitting import SplittingFacts, splitting_facts

__all__ = [
    "CatalogueFacts",
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
    "PilotFact",
    "PlanFacts",
    "PointsFacts",
    "PreparingFacts",
    "ProgressFacts",
    "SignatureFact",
    "SigningFacts",
    "SplittingFacts",
    "Standing",
    "catalogue_facts",
    "confirmed_facts",
    "current_version",
    "delivery_facts",
    "filing_facts",
    "last_chain",
    "meeting_facts",
    "met_facts",
    "package_facts",
    "paper_facts",
    "papers_of",
    "plan_facts",
    "points_facts",
    "preparing_facts",
    "progress_facts",
    "purpose_of",
    "registered",
    "signing_facts",
    "splitting_facts",
    "standing_on",
]
