"""The cast and a small district for tests, built by the same services as the demonstration."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from accounts.roles import Role
from config.demo.district import (
    PASSWORD,
    SINCE,
    District,
    Person,
    Place,
    Plan,
    build_district,
    make_filing,
)
from config.demo.district import (
    Actor as DemoActor,
)
from core.events import drain
from core.reference import load_reference
from projects.models import CatalogueItem
from projects.services import EstimateInput, Filing, FundInput, IndicatorInput
from tests.staging import staged

__all__ = ["DAY", "PASSWORD", "SINCE", "Actor", "World", "build_world", "deliver_all"]

DAY = date(2025, 10, 20)

PEOPLE = {
    "zhang": ("张敏", "文旅委", Role.OFFICER),
    "li": ("李建国", "文旅委", Role.SECTION_HEAD),
    "wang": ("王芳", "文旅委", Role.DIVISION_LEADER),
    "leading": ("陆琴", "文旅委", Role.LEADING_GROUP),
    "zhao": ("赵磊", "财政局", Role.FINANCE),
    "bai": ("白薇", "财政局", Role.FINANCE),
    "qian": ("钱伟", "发改委", Role.JOINT_REVIEWER),
    "sun": ("孙丽", "经信委", Role.JOINT_REVIEWER),
    "wu": ("吴刚", "审计局", Role.AUDITOR),
    "secretary": ("何静", "常务会", Role.DECISION_SECRETARY),
    "party_secretary": ("谢宁", "常委会", Role.DECISION_SECRETARY),
    "chen": ("陈晨", "教委", Role.OFFICER),
    "gao": ("高远", "教委", Role.DIVISION_LEADER),
    "zhou": ("周航", "交易中心", Role.TRADING_CENTRE),
    "admin": ("周凯", "信息中心", Role.SYSTEM_ADMIN),
    "keeper": ("石磊", "信息中心", Role.SECURITY_ADMIN),
}
PLACES = {
    "文旅委": Place("区文化和旅游发展委员会", "department", nature="department"),
    "教委": Place("区教育委员会", "department", nature="department"),
    "财政局": Place("区财政局", "finance", reviews=1, decides="finance", document_code="示财购复"),
    "发改委": Place("区发展和改革委员会", "reform", reviews=2),
    "经信委": Place("区经济和信息化委员会", "information", reviews=3),
    "审计局": Place("区审计局", "audit"),
    "常务会": Place("区政府常务会议", "decision_body", decides="standing_committee"),
    "常委会": Place("区委常委会议", "decision_body", decides="party_committee"),
    "交易中心": Place("区招投标交易中心", "trading_centre"),
    "信息中心": Place("区信息中心", "operator"),
}


class Actor(DemoActor):
    """An actor whose acts fall on `DAY` unless said otherwise."""

    def acts(self, on: date = DAY) -> dict[str, Any]:
        return super().acts(on)

    def key_of_a_step(self) -> tuple[int, int]:
        return self.user.pk, self.role.pk


class World:
    """One district: the cast of walk A as attributes, a neighbour department, an outsider."""

    def __init__(self, district: District) -> None:
        self.district = district
        self.jurisdiction = district.jurisdiction
        self.organisations = district.organisations
        self.purchasers = district.purchasers
        self.plans = district.plans
        self.funds = district.funds
        self.actors = {
            name.rpartition("~")[2]: Actor(a.user, a.role) for name, a in district.actors.items()
        }

    def __getattr__(self, name: str) -> Actor:
        try:
            return self.__dict__["actors"][name]
        except KeyError:
            raise AttributeError(name) from None

    def key_of_a_step(self) -> int:
        return self.jurisdiction.pk

    def item(self, code: str = "C16070300") -> CatalogueItem:
        return self.district.item(code)

    def filing(self, **changes: Any) -> Filing:
        """Walk A's filing: 12 months × (95,000 + 35,000 + 25,000) = 1,860,000.00 元."""
        lines = [
            ("运维", "C16070300", 12, "月", 95_000),
            ("安全", "C16070400", 12, "月", 35_000),
            ("呼叫", "C16100000", 12, "月", 25_000),
        ]
        name = changes.pop("name", "公共文化信息服务平台运维")
        return make_filing(
            self.district, name, lines, "部门预算", **{"service_nature": "public", **changes}
        )

    def estimate(
        self, price_fen: int, quantity: str = "1", code: str = "C16070300"
    ) -> EstimateInput:
        return EstimateInput("运维", self.item(code), Decimal(quantity), "项", price_fen)

    def fund(self, amount_fen: int, name: str = "部门预算") -> FundInput:
        return FundInput(self.funds[name], amount_fen)

    def indicator(self, weight: str, level: str = "output", **changes: Any) -> IndicatorInput:
        values: dict[str, Any] = {
            "level": level,
            "name": "系统可用率",
            "operator": "ge",
            "value": Decimal("99.5"),
            "unit": "%",
            "weight": Decimal(weight),
        }
        return IndicatorInput(**{**values, **changes})


@staged
def build_world(
    code: str = "sf", adopts: tuple[str, ...] = ("YB", "PH"), prefix: str = ""
) -> World:
    """A district ready for its first filing. A second one needs its own `code` and `prefix`."""
    load_reference(on=SINCE)
    people = tuple(
        Person(f"{prefix}~{name}" if prefix else name, full_name, place, role)
        for name, (full_name, place, role) in PEOPLE.items()
    )
    plan = Plan(
        code=code,
        name=f"示范区{code}",
        adopts=adopts,
        places=PLACES,
        people=people,
        funds={"部门预算": "department_budget", "本级财政管理资金": "local_treasury"},
    )
    return World(build_district(plan))


def deliver_all() -> int:
    """What the worker would do: deliver every waiting event."""
    return drain()
