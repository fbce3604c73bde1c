"""Building a district: organisations, people, mandates, catalogue, funds, plans and ceilings."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from accounts.models import Jurisdiction, Organisation, RoleAssignment, User
from accounts.services import (
    assign_role,
    create_jurisdiction,
    create_organisation,
    create_user,
    give_mandate,
    system_actor,
)
from budgeting.services import set_ceiling
from config.demo.papers import KEY_FEN, key_studied
from core.money import multiply
from procurement.services import register_mode
from projects.declarations import EXCLUSIONS, NEGATIVE_LIST
from projects.models import (
    AnnualPlan,
    CatalogueItem,
    FundSource,
    Purchaser,
    ServiceCatalogue,
)
from projects.services import (
    EstimateInput,
    Filing,
    FundInput,
    IndicatorInput,
    adopt_catalogue,
    open_plan,
    register_fund,
    register_purchaser,
)

SINCE = date(2025, 1, 1)
PASSWORD = "minggou-demo-2026"  # noqa: S105 - the demonstration accounts' printed password


# 采购方式表：公开招标进交易中心，磋商由购买主体分散采购，限额以下自行采购。
MODES = (("open", "centralised"), ("consultation", "decentralised"), ("own", "own"))


@dataclass(frozen=True)
class Place:
    """An organisation to be: full name, kind, and what it does here."""

    name: str
    kind: str
    nature: str = ""
    reviews: int = 0
    step: int = 1
    step_name: str = ""
    decides: str = ""
    document_code: str = ""


@dataclass(frozen=True)
class Person:
    """A person to be: sign-in name, full name, organisation (short name) and role."""

    username: str
    full_name: str
    place: str
    role: str


@dataclass(frozen=True)
class Plan:
    """A whole district as data."""

    code: str
    name: str
    adopts: tuple[str, ...]
    places: dict[str, Place]
    people: tuple[Person, ...]
    funds: dict[str, str]
    ceiling_fen: int = 300_000_000
    years: tuple[int, ...] = (2026,)


@dataclass
class Actor:
    """A person with the role acted in; `acts(on)` gives the keywords of a service."""

    user: User
    role: RoleAssignment

    def acts(self, on: date) -> dict[str, Any]:
        return {"by": self.user, "acting_as": self.role, "on": on}


@dataclass
class District:
    """A district built: everything by its short name."""

    jurisdiction: Jurisdiction
    organisations: dict[str, Organisation] = field(default_factory=dict)
    actors: dict[str, Actor] = field(default_factory=dict)
    purchasers: dict[str, Purchaser] = field(default_factory=dict)
    plans: dict[str, AnnualPlan] = field(default_factory=dict)
    plans_of: dict[tuple[str, int], AnnualPlan] = field(default_factory=dict)
    funds: dict[str, FundSource] = field(default_factory=dict)

    def item(self, code: str, on: date | None = None) -> CatalogueItem:
        """The item of the version in force on a day; of the one nothing has ended, if no day."""
        items = CatalogueItem.objects.filter(code=code)
        if on is not None:
            return items.in_force(self.jurisdiction, on).get()
        own = ServiceCatalogue.objects.own().filter(since__isnull=False, until__isnull=True)
        return items.get(catalogue__in=own.filter(jurisdiction=self.jurisdiction))


def build_district(plan: Plan) -> District:
    """Build one district as it stood on `SINCE`; reference data must be loaded."""
    system, _ = system_actor()
    by: dict[str, Any] = {"by": system, "on": SINCE}
    jurisdiction = create_jurisdiction(
        code=plan.code, name=plan.name, adopts=dict.fromkeys(plan.adopts, SINCE), **by
    )
    district = District(jurisdiction)
    for short, place in plan.places.items():
        _found(district, short, place, by)
    for person in plan.people:
        _appoint(district, person, by)
    _endow(district, plan, by)
    return district


def _found(district: District, short: str, place: Place, by: dict[str, Any]) -> None:
    made = create_organisation(
        jurisdiction=district.jurisdiction,
        name=place.name,
        short_name=short,
        kind=place.kind,
        document_code=place.document_code,
        **by,
    )
    district.organisations[short] = made
    if place.reviews:
        give_mandate(
            made,
            kind="joint_reviewer",
            position=place.reviews,
            step=place.step,
            step_name=place.step_name,
            **by,
        )
    if place.decides:
        position = len(district.organisations)
        give_mandate(made, kind="decision_body", position=position, code=place.decides, **by)
    if place.kind == "trading_centre":
        give_mandate(made, kind="trading_centre", position=1, **by)


def _appoint(district: District, person: Person, by: dict[str, Any]) -> None:
    organisation = district.organisations[person.place]
    user = create_user(
        username=person.username,
        full_name=person.full_name,
        organisation=organisation,
        password=PASSWORD,
        **by,
    )
    role = assign_role(user, role=person.role, organisation=organisation, since=SINCE, **by)
    district.actors[person.username] = Actor(user, role)


def _endow(district: District, plan: Plan, by: dict[str, Any]) -> None:
    title = f"{plan.name}政府购买信息服务指导性目录（2025 年版）"
    adopt_catalogue(district.jurisdiction, title=title, since=SINCE, **by)
    for name, kind in plan.funds.items():
        district.funds[name] = register_fund(district.jurisdiction, kind=kind, name=name, **by)
    for method, form in MODES:
        register_mode(district.jurisdiction, method=method, form=form, since=SINCE, **by)
    finance = next(a for a in district.actors.values() if a.role.role == "finance")
    for short, place in plan.places.items():
        if place.nature:
            purchaser = register_purchaser(district.organisations[short], nature=place.nature, **by)
            district.purchasers[short] = purchaser
            for year in plan.years:
                made = open_plan(purchaser, year=year, budget_total_fen=plan.ceiling_fen * 3, **by)
                district.plans[short] = district.plans_of[short, year] = made
                _set_ceilings(district, plan, purchaser, year, finance)


def _set_ceilings(
    district: District, plan: Plan, purchaser: Purchaser, year: int, finance: Actor
) -> None:
    for fund in district.funds.values():
        set_ceiling(
            purchaser,
            year=year,
            fund=fund,
            amount_fen=plan.ceiling_fen,
            number=f"示财预〔{year - 1}〕12号",
            **finance.acts(SINCE),
        )


Line = tuple[str, str, int, str, int]


def make_filing(
    district: District,
    name: str,
    lines: list[Line],
    fund: str,
    on: date | None = None,
    **changes: Any,
) -> Filing:
    """A complete filing; a line is (content, item code, quantity, unit, unit price in 元)."""
    estimate = [
        EstimateInput(content, district.item(code, on), Decimal(quantity), unit, price * 100)
        for content, code, quantity, unit, price in lines
    ]
    total = sum(quantity * price * 100 for _, _, quantity, _, price in lines)
    values: dict[str, Any] = {
        "name": name,
        "service_nature": "duty",
        "catalogue_item": estimate[0].catalogue_item,
        "exclusions": dict.fromkeys(EXCLUSIONS, False),
        "negative_list": dict.fromkeys(NEGATIVE_LIST, False),
        "need": f"{name}：现有服务将于年底到期，须保障业务连续，服务对象与工作量见测算明细。",
        "basis": "区委、区政府年度信息化工作部署。",
        "planning_item": "信息化发展规划“政务信息系统运行保障”一章",
        "open_data": "none",
        "is_market_suitable": True,
        "is_provider_capable": True,
        "proposed_method": "consultation",
        "estimate": estimate,
        "funds": [FundInput(district.funds[fund], total)],
        "indicators": standard_indicators(),
    }
    made = {**values, **changes}
    asked = sum(multiply(e.quantity, e.unit_price_fen) for e in made["estimate"])
    return Filing(**{**(key_studied() if asked >= KEY_FEN else {}), **made})


def standard_indicators() -> list[IndicatorInput]:
    """Four indicators whose weights make a hundred."""
    return [
        IndicatorInput("output", "系统可用率", "ge", Decimal("99.5"), "%", Decimal(40)),
        IndicatorInput("output", "故障响应时间", "le", Decimal(2), "小时", Decimal(20)),
        IndicatorInput("benefit", "年服务人次", "ge", Decimal(50000), "人次", Decimal(20)),
        IndicatorInput("satisfaction", "服务对象满意度", "ge", Decimal(90), "%", Decimal(20)),
    ]
