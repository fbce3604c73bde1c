"""申报规则所问的事实：一次批量收集，交给纯函数判断。"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from core.rules import Context
from projects.dictionaries import duties
from projects.facts.purchasers import standing_on
from projects.facts.signing import SignatureFact, last_chain
from projects.models import (
    CatalogueItem,
    GroupMeeting,
    InternalSignature,
    MeetingConclusion,
    PlanLine,
    Project,
    SignatureStatus,
)


@dataclass(frozen=True)
class EstimateFact:
    position: int
    name: str
    code: str
    category: int
    in_force: bool
    expense_kind: str
    expense_label: str
    quantity: Decimal
    unit_price_fen: int
    amount_fen: int


@dataclass(frozen=True)
class FundFact:
    name: str
    kind: str
    amount_fen: int


@dataclass(frozen=True)
class IndicatorFact:
    name: str
    level: str
    has_value: bool
    unit: str
    weight: Decimal


@dataclass(frozen=True)
class FilingFacts:
    """一个项目申报时的全部事实；金额单位为分。"""

    page: str
    on: date
    exclusions: dict[str, bool]
    negative_list: dict[str, bool]
    item_code: str
    item_category: int
    item_in_force: bool
    purchaser: str
    purchaser_nature: str
    purchaser_nature_label: str
    purchaser_since: date | None
    staffing: str
    staffing_label: str
    funding: str
    funding_label: str
    is_market_suitable: bool
    is_provider_capable: bool
    year: int
    plan_year: int
    plan_is_own: bool
    basis: str
    duty: str
    duty_code: str
    is_duty_in_force: bool
    need: str
    programme: str
    kind: str
    total_fen: int
    requested_fen: int
    estimate: tuple[EstimateFact, ...]
    funds: tuple[FundFact, ...]
    indicators: tuple[IndicatorFact, ...]
    is_partly_commercial: bool
    subsidy_fen: int
    commercial_income: str
    is_full_purchase: bool
    vulnerable_group: str
    full_purchase_evidence: str
    leading_group_minutes: str
    group_approved: bool
    signatures: tuple[SignatureFact, ...]


def filing_facts(project: Project, context: Context) -> FilingFacts:
    """收集申报事实；查询次数与行数无关。"""
    binding = project.first_filed_on or context.on
    purchaser, item = project.purchaser, project.catalogue_item
    standing, duty = standing_on(purchaser, binding), duties().get(project.duty_code)
    in_force = set(
        CatalogueItem.objects.in_force(project.jurisdiction(), binding).values_list("pk", flat=True)
    )
    line = PlanLine.objects.filter(project=project).select_related("plan").first()
    return FilingFacts(
        page=project.get_absolute_url(),
        on=context.on,
        exclusions=project.exclusions,
        negative_list=project.negative_list,
        item_code=item.code if item else "",
        item_category=item.category if item else 0,
        item_in_force=item is not None and item.pk in in_force,
        purchaser=str(purchaser),
        purchaser_nature=standing.nature,
        purchaser_nature_label=standing.nature_label,
        purchaser_since=standing.since,
        staffing=standing.staffing,
        staffing_label=standing.staffing_label,
        funding=standing.funding,
        funding_label=standing.funding_label,
        is_market_suitable=project.is_market_suitable,
        is_provider_capable=project.is_provider_capable,
        year=project.year,
        plan_year=line.plan.year if line else 0,
        plan_is_own=line is not None and line.plan.purchaser_id == purchaser.pk,
        basis=project.basis,
        duty=project.duty,
        duty_code=project.duty_code,
        is_duty_in_force=duty is not None and duty.in_force(binding),
        need=project.need,
        programme=project.programme,
        kind=project.kind,
        total_fen=project.total_fen,
        requested_fen=project.requested_fen,
        estimate=_estimate(project, in_force),
        funds=tuple(
            FundFact(str(f.fund), f.fund.kind, f.amount_fen)
            for f in project.fund_lines.select_related("fund")
        ),
        indicators=tuple(
            IndicatorFact(i.name, i.level, i.value is not None, i.unit, i.weight)
            for i in project.indicators.all()
        ),
        is_partly_commercial=project.is_partly_commercial,
        subsidy_fen=project.subsidy_fen,
        commercial_income=project.commercial_income,
        is_full_purchase=project.is_full_purchase,
        vulnerable_group=project.vulnerable_group,
        full_purchase_evidence=project.full_purchase_evidence,
        leading_group_minutes=project.leading_group_minutes,
        group_approved=_is_group_approved(project),
        signatures=last_chain(InternalSignature.objects.filter(project=project)),
    )


def _is_group_approved(project: Project) -> bool:
    """领导小组开过会，同意，签批的一步已经办结。"""
    return GroupMeeting.objects.filter(
        signature__project=project,
        signature__status=SignatureStatus.SIGNED,
        conclusion=MeetingConclusion.APPROVE,
    ).exists()


def _estimate(project: Project, in_force: set[int]) -> tuple[EstimateFact, ...]:
    return tuple(
        EstimateFact(
            position=e.position,
            name=e.name,
            code=e.catalogue_item.code,
            category=e.catalogue_item.category,
            in_force=e.catalogue_item_id in in_force,
            expense_kind=e.expense_kind,
            expense_label=e.get_expense_kind_display(),
            quantity=e.quantity,
            unit_price_fen=e.unit_price_fen,
            amount_fen=e.amount_fen,
        )
        for e in project.estimate_lines.select_related("catalogue_item")
    )
