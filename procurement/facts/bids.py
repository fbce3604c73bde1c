"""响应、评审与成交规则所问的事实；金额单位为分。"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from core.calendar.loading import workdays
from core.rules import Context
from core.rules.parameters import parameters_in_force
from procurement.models import (
    Award,
    Bid,
    BidStatus,
    Condition,
    Debarment,
    OrganisationForm,
    Provider,
    ProviderStatus,
    Qualification,
    Tender,
)
from projects.models import Package

CENT = Decimal("0.01")


def price_score(base_fen: int, price_fen: int, weight: Decimal) -> Decimal:
    """价格得分 = 评审基准价 ÷ 报价 × 价格权重（百分数），保留两位，四舍五入。"""
    return (Decimal(base_fen) / Decimal(price_fen) * weight).quantize(CENT, ROUND_HALF_UP)


@dataclass(frozen=True)
class BidFacts:
    """登记一家的响应，或者定它成交。"""

    page: str
    provider: str
    is_registered: bool
    debarred_until: date | None
    debarred_by: str
    reference_day: date
    already_bid: bool
    on: date
    asked_on: date | None
    received_on: date
    response_deadline: date | None
    is_own: bool
    price_fen: int
    ceiling_price_fen: int
    promises: bool
    method: str
    is_new: bool
    refused_on: date | None


def bid_facts(tender: Tender, context: Context) -> BidFacts:
    """表单登记的供应商；确定成交时取所定的响应。"""
    bid: Bid | None = context.data.get("bid")
    provider: Provider | None = bid.provider if bid else context.data.get("provider")
    day = tender.response_deadline or context.on
    promises = (
        bid.promises_no_subcontracting
        if bid
        else context.data.get("promises_no_subcontracting", False)
    )
    debarment = _debarment(provider, day, context.on)
    return BidFacts(
        page=tender.get_absolute_url(),
        provider=str(provider or ""),
        is_registered=provider is not None
        and provider.status == ProviderStatus.REGISTERED
        and provider.jurisdiction_of_id == tender.jurisdiction().pk,
        debarred_until=debarment.until if debarment else None,
        debarred_by=f"{debarment.authority}{debarment.decision_number}" if debarment else "",
        reference_day=day,
        already_bid=bid is None
        and provider is not None
        and Bid.objects.filter(tender=tender, provider=provider).exists(),
        on=context.on,
        asked_on=tender.published_on or tender.opened_on,
        received_on=context.data.get("received_on") or context.on,
        response_deadline=tender.response_deadline,
        is_own=tender.mode.form == OrganisationForm.OWN,
        price_fen=bid.price_fen if bid else int(context.data.get("price_fen") or 0),
        ceiling_price_fen=tender.ceiling_price_fen,
        promises=bool(promises),
        method=tender.method,
        is_new=bid is None,
        refused_on=refused_on(tender.package, provider),
    )


def refused_on(package: Package, provider: Provider | None) -> date | None:
    """这家供应商在这个采购包上拒绝签订合同之日；没有过为 None。"""
    rows = Award.objects.refused().filter(package=package, provider=provider)
    last = rows.order_by("-refused_on").first() if provider else None
    return last.refused_on if last else None


def _debarment(provider: Provider | None, *days: date) -> Debarment | None:
    """这些日子中任何一天在取消资格期内的记录。"""
    if provider is None:
        return None
    rows = list(Debarment.objects.filter(provider=provider))
    return next((r for r in rows for day in days if r.since <= day <= r.until), None)


def debarment_on(provider: Provider, day: date) -> Debarment | None:
    """这一天在取消资格期内的记录；没有为 None。"""
    return _debarment(provider, day)


@dataclass(frozen=True)
class ConditionsFacts:
    """所定供应商的六项条件，以响应截止日为准。"""

    page: str
    provider: str
    day: date
    missing: tuple[tuple[str, str], ...]


def six_conditions_facts(tender: Tender, context: Context) -> ConditionsFacts:
    bid: Bid | None = context.data.get("bid")
    day = tender.response_deadline or context.on
    latest = latest_reviews(bid.provider) if bid else {}
    return ConditionsFacts(
        page=bid.provider.get_absolute_url() if bid else tender.get_absolute_url(),
        provider=str(bid.provider if bid else ""),
        day=day,
        missing=tuple(
            (Condition(number).label, why)
            for number in Condition.values
            if (why := _why_not(latest.get(number), day))
        ),
    )


def latest_reviews(provider: Provider) -> dict[int, Qualification]:
    """各项条件最近一次审查。"""
    return {q.condition: q for q in provider.qualifications.order_by("reviewed_on", "pk")}


def _why_not(review: Qualification | None, day: date) -> str:
    if review is None:
        return "未审查"
    if not review.is_met:
        return "审查结论为不具备"
    if not review.covers(day):
        until = review.valid_until.isoformat() if review.valid_until else "长期"
        return f"有效期 {review.valid_from.isoformat()} 至 {until}，不含 {day.isoformat()}"
    return ""


@dataclass(frozen=True)
class EvaluationFacts:
    """评审：有效响应几家，小组几人，得分齐不齐，报告何时送达。"""

    page: str
    method: str
    status: str
    valid: int
    valid_names: tuple[str, ...]
    experts: int
    representatives: int
    price_weight: Decimal
    unscored: tuple[str, ...]
    excessive: tuple[tuple[str, str], ...]
    evaluated_on: date | None
    reported_on: date | None
    report_due: date | None
    opened_on: date | None
    response_deadline: date | None
    awaits_deadline: bool
    ground: str
    is_refused: bool


def evaluation_facts(subject: Tender | Bid, context: Context) -> EvaluationFacts:
    """以采购（评审、失败）或其中一份响应（判为无效）为对象。"""
    tender = subject.tender if isinstance(subject, Bid) else subject
    data = context.data
    valid = list(
        Bid.objects.filter(tender=tender, status=BidStatus.RECEIVED).select_related("provider")
    )
    scores: dict[Any, Any] = {
        row["bid"]: row["technical_score"] for row in data.get("scores") or ()
    }
    most = Decimal(100) - tender.price_weight
    finished = data.get("evaluated_on")
    return EvaluationFacts(
        page=tender.get_absolute_url(),
        method=tender.method,
        status=tender.status,
        valid=len(valid),
        valid_names=tuple(str(b.provider) for b in valid),
        experts=len(data.get("experts") or ()),
        representatives=len(data.get("representatives") or ()),
        price_weight=tender.price_weight,
        unscored=tuple(str(b.provider) for b in valid if scores.get(b.pk) is None),
        excessive=tuple(
            (str(b.provider), str(scores[b.pk]))
            for b in valid
            if scores.get(b.pk) is not None and not 0 <= scores[b.pk] <= most
        ),
        evaluated_on=finished,
        reported_on=data.get("reported_on"),
        report_due=workdays_after(tender, finished, "YB-9.3-report-workdays"),
        opened_on=tender.opened_on,
        response_deadline=tender.response_deadline,
        awaits_deadline=tender.response_deadline is not None
        and context.on < tender.response_deadline,
        ground=str(data.get("ground") or ""),
        is_refused=Award.objects.refused().filter(tender=tender).exists(),
    )


def workdays_after(tender: Tender, day: date | None, key: str) -> date | None:
    """`day` 之后若干工作日；Raises `CalendarUnknown`."""
    if day is None:
        return None
    count = parameters_in_force(tender.jurisdiction(), day).get(key)
    return workdays().add_workdays(day, count).day if count is not None else None
