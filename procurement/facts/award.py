"""定标、通知、拒绝签订的规则所问的事实。"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from budgeting.facts import conditions_before
from core.rules import Context
from procurement.facts.bids import workdays_after
from procurement.models import Award, Bid, BidStatus, Tender
from projects.models import Package, Stage


@dataclass(frozen=True)
class AwardFacts:
    """定标与通知：名次、各项期限。"""

    page: str
    provider: str
    rank: int | None
    is_own_bid: bool
    next_rank: int | None
    first: str
    reason: str
    reported_on: date | None
    decided_on: date
    decide_due: date | None
    notified_on: date
    notify_due: date | None


def award_facts(subject: Tender | Award, context: Context) -> AwardFacts:
    tender = subject.tender if isinstance(subject, Award) else subject
    bid: Bid | None = subject.bid if isinstance(subject, Award) else context.data.get("bid")
    first = next_candidate(tender)
    decided = subject.decided_on if isinstance(subject, Award) else context.on
    # Each deadline only where it is asked: next year's calendar may not be loaded yet.
    is_award = isinstance(subject, Award)
    # No day is set for the next candidate after a refusal to sign.
    is_first = not is_award and not Award.objects.refused().filter(tender=tender).exists()
    reported, announced = tender.reported_on if is_first else None, decided if is_award else None
    return AwardFacts(
        page=tender.get_absolute_url(),
        provider=str(bid.provider if bid else ""),
        rank=bid.rank if bid else None,
        is_own_bid=bid is not None and bid.tender_id == tender.pk,
        next_rank=first.rank if first else None,
        first=str(first.provider) if first else "",
        reason=str(context.data.get("reason") or "").strip(),
        reported_on=tender.reported_on,
        decided_on=decided,
        decide_due=workdays_after(tender, reported, "YB-9.3-decide-workdays"),
        notified_on=context.on,
        notify_due=workdays_after(tender, announced, "YB-9.3-notify-workdays"),
    )


def next_candidate(tender: Tender) -> Bid | None:
    """按评审次序该定的一家：名次最前、没有拒绝过签订的。"""
    refused = Award.objects.refused().filter(tender=tender)
    bids = Bid.objects.filter(tender=tender, status=BidStatus.RECEIVED, rank__isnull=False)
    bids = bids.exclude(pk__in=refused.values("bid")).select_related("provider")
    found: Bid | None = bids.order_by("rank").first()
    return found


@dataclass(frozen=True)
class RefusalFacts:
    """登记拒绝签订：采购包到了哪里，通知、拒绝、登记的日子，情形和证据。"""

    page: str
    package: str
    package_label: str
    provider: str
    notified_on: date | None
    refused_on: date | None
    on: date
    reason: str
    evidence: str


def refusal_facts(award: Award, context: Context) -> RefusalFacts:
    data = context.data
    package = Package.objects.get(pk=award.package_id)
    return RefusalFacts(
        page=award.tender.get_absolute_url(),
        package=package.status,
        package_label=package.get_status_display(),
        provider=str(award.provider),
        notified_on=award.notified_on,
        refused_on=data.get("refused_on"),
        on=context.on,
        reason=str(data.get("reason") or "").strip(),
        evidence=str(data.get("evidence") or "").strip(),
    )


@dataclass(frozen=True)
class DueConditionsFacts:
    """须在某环节前落实而尚未落实的条件：（条件，状态）。"""

    page: str
    unfulfilled: tuple[tuple[str, str], ...]


def conditions_before_contract(tender: Tender, context: Context) -> DueConditionsFacts:
    project = tender.case()
    return DueConditionsFacts(
        page=project.get_absolute_url(),
        unfulfilled=conditions_before(project, Stage.CONTRACT),
    )
