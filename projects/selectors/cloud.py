"""政务云资源收集的汇总表、单位一览、上一次的填报；金额单位为分。"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from core.money import multiply
from projects.models import (
    CloudAnswer,
    CloudAnswerLine,
    CloudAnswerStatus,
    CloudCategory,
    CloudCollection,
    CloudPrice,
    CollectionStatus,
)

DONE = (CollectionStatus.CLOSED, CollectionStatus.SUPERSEDED)


@dataclass(frozen=True)
class Quantities:
    """一行或者一处合计：现用、拟退、新申请、下一年度所需，和金额（分）。"""

    current: Decimal = Decimal(0)
    released: Decimal = Decimal(0)
    requested: Decimal = Decimal(0)
    amount_fen: int = 0

    @property
    def needed(self) -> Decimal:
        return self.current - self.released + self.requested


@dataclass(frozen=True)
class SheetLine:
    """一个单位的一种规格。"""

    unit: str
    price: CloudPrice
    quantities: Quantities
    reason: str


@dataclass(frozen=True)
class SpecSheet:
    """一种规格：各单位的行和合计。"""

    price: CloudPrice
    lines: tuple[SheetLine, ...]
    total: Quantities


@dataclass(frozen=True)
class CategorySheet:
    """一类云资源：各规格和金额合计（分）。"""

    label: str
    specs: tuple[SpecSheet, ...]
    amount_fen: int


@dataclass(frozen=True)
class UnitRow:
    """一个单位：各类的金额（分）与合计；没有计入的，`said` 说明为什么。"""

    answer: CloudAnswer
    unit: str
    amounts: tuple[int, ...]
    total_fen: int
    said: str


@dataclass(frozen=True)
class Consolidation:
    """一轮收集的汇总：按类别、规格、单位逐行，以及单位 × 类别的金额。"""

    collection: CloudCollection
    categories: tuple[CategorySheet, ...]
    units: tuple[UnitRow, ...]
    amounts: tuple[int, ...]
    total_fen: int

    @property
    def lines(self) -> list[SheetLine]:
        """全部明细，一行一个单位一种规格。"""
        return [line for c in self.categories for spec in c.specs for line in spec.lines]


def consolidation(collection: CloudCollection) -> Consolidation:
    """已确认报出的填报按类别、规格、单位汇总；查询次数与行数无关。"""
    rows = CloudAnswerLine.objects.filter(
        answer__collection=collection, answer__status=CloudAnswerStatus.CONFIRMED
    ).select_related("price", "answer__purchaser__organisation")
    lines = [_line(row) for row in rows.order_by("price__position", "answer__pk")]
    categories = tuple(
        found for category in CloudCategory if (found := _category(category, lines)).specs
    )
    answers = CloudAnswer.objects.filter(collection=collection).whole().order_by("pk")
    units = tuple(_unit(answer, lines) for answer in answers)
    amounts = tuple(sum(u.amounts[at] for u in units) for at in range(len(CloudCategory)))
    return Consolidation(collection, categories, units, amounts, sum(amounts))


def _line(row: CloudAnswerLine) -> SheetLine:
    amount = multiply(row.needed, row.price.price_fen)
    quantities = Quantities(row.current, row.released, row.requested, amount)
    unit = row.answer.purchaser.organisation.short_name
    return SheetLine(unit, row.price, quantities, row.reason)


def _category(category: CloudCategory, lines: Sequence[SheetLine]) -> CategorySheet:
    own = [line for line in lines if line.price.category == category]
    prices = dict.fromkeys(line.price for line in own)
    specs = tuple(_spec(price, [x for x in own if x.price == price]) for price in prices)
    return CategorySheet(str(category.label), specs, sum(s.total.amount_fen for s in specs))


def _spec(price: CloudPrice, lines: list[SheetLine]) -> SpecSheet:
    """规格的金额是数量合计乘单价，与测算明细同一算法。"""
    total = added(line.quantities for line in lines)
    amount = multiply(total.needed, price.price_fen)
    exact = Quantities(total.current, total.released, total.requested, amount)
    return SpecSheet(price, tuple(lines), exact)


def added(quantities: Iterable[Quantities]) -> Quantities:
    """逐项相加。"""
    found = list(quantities)
    return Quantities(
        sum((q.current for q in found), Decimal(0)),
        sum((q.released for q in found), Decimal(0)),
        sum((q.requested for q in found), Decimal(0)),
        sum(q.amount_fen for q in found),
    )


def _unit(answer: CloudAnswer, lines: Sequence[SheetLine]) -> UnitRow:
    short = answer.purchaser.organisation.short_name
    own = [line for line in lines if line.unit == short]
    amounts = tuple(
        sum(line.quantities.amount_fen for line in own if line.price.category == category)
        for category in CloudCategory
    )
    if answer.status != CloudAnswerStatus.CONFIRMED:
        said = f"{answer.state_label}，未计入"
    else:
        said = "不使用政务云" if answer.is_none else ""
    return UnitRow(answer, short, amounts, sum(amounts), said)


# --- 填报 ----------------------------------------------------------------------------------------

Typed = tuple[Decimal, Decimal, Decimal, str]
ZERO = Decimal(0)


def lines_of(answer: CloudAnswer) -> dict[str, Typed]:
    """一份填报已存的各行，按规格编号：现用、拟退、新申请、理由。"""
    rows = CloudAnswerLine.objects.filter(answer=answer).select_related("price")
    return {r.price.code: (r.current, r.released, r.requested, r.reason) for r in rows}


def previous_answer(answer: CloudAnswer) -> CloudAnswer | None:
    """这个单位最近一次报出的：同一年度的前一轮，没有的是以往年度的。"""
    rows = CloudAnswer.objects.filter(
        purchaser=answer.purchaser_id,
        status=CloudAnswerStatus.CONFIRMED,
        collection__status__in=DONE,
        collection__organiser=answer.collection.organiser_id,
        collection__year__lte=answer.collection.year,
    ).exclude(collection=answer.collection_id)
    near = rows.order_by("-collection__year", "-collection__round_number")
    return near.select_related("collection").first()


def starting_lines(answer: CloudAnswer) -> dict[str, Typed]:
    """预填的各行：同一年度的照前一轮所报；以往年度的，那一年所需的即现用的。"""
    before = previous_answer(answer)
    if before is None:
        return {}
    found = lines_of(before)
    if before.collection.year == answer.collection.year:
        return found
    return {
        code: (current - released + requested, ZERO, ZERO, "")
        for code, (current, released, requested, _) in found.items()
        if current - released + requested
    }
