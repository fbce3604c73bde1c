"""The cast and a small district, built only through the product's services."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from accounts.models import Jurisdiction, Organisation, RoleAssignment, User
from accounts.roles import Role
from accounts.services import assign_role, create_jurisdiction, create_organisation, create_user
from accounts.services import give_mandate
from core.events import drain
from core.reference import load_reference
from budgeting.services import set_ceiling
from projects.declarations import EXCLUSIONS, NEGATIVE_LIST
from projects.models import AnnualPlan, CatalogueItem, FundSource, Purchaser
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

DAY = date(2025, 10, 20)
SINCE = date(2025, 1, 1)
PASSWORD = "minggou-demo-2026"


@dataclass
class Actor:
    """A person with the role acted in; unpacks into the keywords of a service."""

    user: User
    role: RoleAssignment

    def acts(self, on: date = DAY) -> dict[str, Any]:
        return {"by": self.user, "acting_as": self.role, "on": on}


@dataclass
class World:
    """One district: the cast of walk A, a neighbour department and an outsider."""

    jurisdiction: Jurisdiction
    system: User
    organisations: dict[str, Organisation] = field(default_factory=dict)
    actors: dict[str, Actor] = field(default_factory=dict)
    purchasers: dict[str, Purchaser] = field(default_factory=dict)
    plans: dict[str, AnnualPlan] = field(default_factory=dict)
    funds: dict[str, FundSource] = field(default_factory=dict)

    def __getattr__(self, name: str) -> Actor:
        try:
            return self.__dict__["actors"][name]
        except KeyError:
            raise AttributeError(name) from None

    def item(self, code: str = "C16070300") -> CatalogueItem:
        return CatalogueItem.objects.get(catalogue__jurisdiction=self.jurisdiction, code=code)

    def filing(self, **changes: Any) -> Filing:
        """Walk A's filing: 12 months × (95,000 + 35,000 + 25,000) = 1,860,000.00 元."""
        values: dict[str, Any] = {
            "name": "公共文化信息服务平台运维",
            "service_nature": "public",
            "catalogue_item": self.item(),
            "exclusions": dict.fromkeys(EXCLUSIONS, False),
            "negative_list": dict.fromkeys(NEGATIVE_LIST, False),
            "need": "保障平台全年稳定运行，服务全区读者与场馆。",
            "basis": "区委、区政府公共文化数字化工作部署。",
            "is_market_suitable": True,
            "is_provider_capable": True,
            "proposed_method": "consultation",
            "estimate": [
                EstimateInput("运维", self.item(), Decimal(12), "月", 9_500_000),
                EstimateInput("安全", self.item("C16070400"), Decimal(12), "月", 3_500_000),
                EstimateInput("呼叫", self.item("C16100000"), Decimal(12), "月", 2_500_000),
            ],
            "funds": [FundInput(self.funds["部门预算"], 186_000_000)],
            "indicators": [
                IndicatorInput("output", "系统可用率", "ge", Decimal("99.5"), "%", Decimal(40)),
                IndicatorInput("output", "故障响应时间", "le", Decimal(2), "小时", Decimal(20)),
                IndicatorInput("benefit", "年服务人次", "ge", Decimal(500000), "人次", Decimal(20)),
                IndicatorInput("satisfaction", "服务对象满意度", "ge", Decimal(90), "%", Decimal(20)),
            ],
        }
        return Filing(**{**values, **changes})


CAST = {
    "zhang": ("张敏", "文旅委", Role.OFFICER),
    "li": ("李建国", "文旅委", Role.SECTION_HEAD),
    "wang": ("王芳", "文旅委", Role.DIVISION_LEADER),
    "leading": ("陆琴", "文旅委", Role.LEADING_GROUP),
    "zhao": ("赵磊", "财政局", Role.FINANCE),
    "qian": ("钱伟", "发改委", Role.JOINT_REVIEWER),
    "sun": ("孙丽", "经信委", Role.JOINT_REVIEWER),
    "wu": ("吴刚", "审计局", Role.AUDITOR),
    "secretary": ("何静", "常务会", Role.DECISION_SECRETARY),
    "chen": ("陈晨", "教委", Role.OFFICER),
    "gao": ("高远", "教委", Role.DIVISION_LEADER),
    "admin": ("周凯", "信息中心", Role.SYSTEM_ADMIN),
}
ORGANISATIONS = {
    "文旅委": ("区文化和旅游发展委员会", "department"),
    "教委": ("区教育委员会", "department"),
    "财政局": ("区财政局", "finance"),
    "发改委": ("区发展和改革委员会", "reform"),
    "经信委": ("区经济和信息化委员会", "information"),
    "审计局": ("区审计局", "audit"),
    "常务会": ("区政府常务会议", "decision_body"),
    "常委会": ("区委常委会议", "decision_body"),
    "信息中心": ("区信息中心", "operator"),
}


def build_world(
    code: str = "sf", adopts: tuple[str, ...] = ("YB", "PH"), prefix: str = ""
) -> World:
    """A district ready for its first filing."""
    from accounts.services import system_actor  # noqa: PLC0415

    load_reference(on=SINCE)
    system, _ = system_actor()
    by: dict[str, Any] = {"by": system, "on": SINCE}
    jurisdiction = create_jurisdiction(
        code=code, name=f"示范区{code}", adopts=dict.fromkeys(adopts, SINCE), **by
    )
    world = World(jurisdiction, system)
    for short, (name, kind) in ORGANISATIONS.items():
        world.organisations[short] = create_organisation(
            jurisdiction=jurisdiction, name=name, short_name=short, kind=kind,
            document_code="示财购复" if short == "财政局" else "", **by,
        )
    for position, short in enumerate(("财政局", "发改委", "经信委"), 1):
        give_mandate(
            world.organisations[short], kind="joint_reviewer", position=position, **by
        )
    for position, (short, body) in enumerate(
        (("财政局", "finance"), ("常务会", "standing_committee"), ("常委会", "party_committee")), 1
    ):
        give_mandate(
            world.organisations[short], kind="decision_body", position=position, code=body, **by
        )
    for name, (full_name, short, role) in CAST.items():
        user = create_user(
            username=prefix + name, full_name=full_name, organisation=world.organisations[short],
            password=PASSWORD, **by,
        )
        assignment = assign_role(
            user, role=role, organisation=world.organisations[short], since=SINCE, **by
        )
        world.actors[name] = Actor(user, assignment)
    _provide(world, by)
    return world


def _provide(world: World, by: dict[str, Any]) -> None:
    adopt_catalogue(world.jurisdiction, title="2025 年指导性目录", since=SINCE, **by)
    kinds = {"部门预算": "department_budget", "本级财政管理资金": "local_treasury"}
    for name, kind in kinds.items():
        world.funds[name] = register_fund(world.jurisdiction, kind=kind, name=name, **by)
    for short in ("文旅委", "教委"):
        purchaser = register_purchaser(world.organisations[short], nature="department", **by)
        world.purchasers[short] = purchaser
        world.plans[short] = open_plan(
            purchaser, year=2026, budget_total_fen=1_000_000_000, **by
        )
        for fund in world.funds.values():
            set_ceiling(
                purchaser, year=2026, fund=fund, amount_fen=300_000_000, number="示财预〔2025〕1号",
                **world.zhao.acts(SINCE),
            )


def deliver_all() -> int:
    """What the worker would do: deliver every waiting event."""
    return drain()
