"""一份申报的内容，连同三张明细和附件。"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import date
from decimal import Decimal
from typing import Any

from core.money import multiply
from projects.models import CatalogueItem, FundSource, Programme, ProjectKind

Upload = tuple[str, str, bytes]


@dataclass(frozen=True)
class EstimateInput:
    """一行测算；单价为分，金额由数量乘单价得出。"""

    name: str
    catalogue_item: CatalogueItem
    quantity: Decimal
    unit: str
    unit_price_fen: int
    expense_kind: str = "service"


@dataclass(frozen=True)
class FundInput:
    fund: FundSource
    amount_fen: int


@dataclass(frozen=True)
class IndicatorInput:
    level: str
    name: str
    operator: str
    value: Decimal | None
    unit: str
    weight: Decimal
    sublevel: str = ""


@dataclass(frozen=True)
class Filing:
    """一份完整的申报内容；金额一律为分。

    `papers` 是随申报上传的附件，按种类；没有再传的，照已有的。
    """

    name: str
    service_nature: str
    catalogue_item: CatalogueItem
    exclusions: dict[str, bool]
    negative_list: dict[str, bool]
    kind: str = ProjectKind.SERVICE
    programme: str = Programme.NONE
    need: str = ""
    basis: str = ""
    duty_code: str = ""
    duty: str = ""
    planning_item: str = ""
    planning_none_reason: str = ""
    open_data: str = ""
    open_data_content: str = ""
    is_function_transfer: bool = False
    transfer_item: str = ""
    is_pilot: bool = False
    pilot_until: date | None = None
    pilot_of: str = ""
    is_market_suitable: bool = False
    is_provider_capable: bool = False
    is_partly_commercial: bool = False
    subsidy_fen: int = 0
    commercial_income: str = ""
    is_full_purchase: bool = False
    vulnerable_group: str = ""
    full_purchase_evidence: str = ""
    feasibility: str = ""
    feasibility_section: str = ""
    feasibility_on: date | None = None
    feasibility_verdict: str = ""
    pre_review: str = ""
    pre_review_on: date | None = None
    pre_review_verdict: str = ""
    grant_number: str = ""
    splitting_reason: str = ""
    leading_group_minutes: str = ""
    proposed_method: str = ""
    is_off_budget: bool = False
    estimate: Sequence[EstimateInput] = ()
    funds: Sequence[FundInput] = ()
    indicators: Sequence[IndicatorInput] = ()
    papers: Mapping[str, Upload] = field(default_factory=dict)

    def own_fields(self) -> dict[str, Any]:
        """The columns of the project row itself."""
        parts = {"estimate", "funds", "indicators", "papers"}
        return {f.name: getattr(self, f.name) for f in fields(self) if f.name not in parts}

    def total_fen(self) -> int:
        return sum(multiply(e.quantity, e.unit_price_fen) for e in self.estimate)
