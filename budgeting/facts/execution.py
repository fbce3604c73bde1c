"""一个项目一个年度的预算执行：年初预算数、全年预算数、全年执行数，都由台账分录加减而成（分）。

上年结转与当年拨款在同一条分配上的，支付和退回先计结转，后计当年。
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import QuerySet, Sum

from budgeting.models import Allocation, EntryKind, LedgerEntry
from projects.models import FundKind, Project

RAISED = (EntryKind.INCREASE, EntryKind.MOVE_IN, EntryKind.FUND_IN)
LOWERED = (
    EntryKind.DECREASE,
    EntryKind.MOVE_OUT,
    EntryKind.RECLAIM,
    EntryKind.FUND_OUT,
    EntryKind.CUT,
)


@dataclass(frozen=True)
class FundUse:
    """一类资金：年初预算数、全年预算数（加追加和调入，减调减、调出和未及承诺即收回的）、全年执行数（分）。"""

    initial_fen: int = 0
    budget_fen: int = 0
    executed_fen: int = 0

    @property
    def rate(self) -> Decimal | None:
        """执行率（%，两位小数）：全年执行数 ÷ 全年预算数；没有预算的为 None。"""
        if self.budget_fen <= 0:
            return None
        return (Decimal(self.executed_fen * 100) / self.budget_fen).quantize(Decimal("0.01"))

    def __add__(self, other: FundUse) -> FundUse:
        return FundUse(
            self.initial_fen + other.initial_fen,
            self.budget_fen + other.budget_fen,
            self.executed_fen + other.executed_fen,
        )


@dataclass(frozen=True)
class YearUse:
    """自评表上的三类资金：当年财政拨款、上年结转资金、其他资金。"""

    fiscal: FundUse
    carried: FundUse
    other: FundUse

    @property
    def total(self) -> FundUse:
        return self.fiscal + self.carried + self.other


def funded_years(project: Project) -> list[int]:
    """项目有资金分配的年度。"""
    years = Allocation.objects.filter(project=project).values_list("ceiling__year", flat=True)
    return sorted(set(years))


def fund_use(project: Project, year: int) -> YearUse:
    """某年度的预算执行；单位资金列入其他资金，其余为财政拨款。"""
    rows = LedgerEntry.objects.filter(
        allocation__project=project, allocation__ceiling__year=year
    ).values("allocation", "allocation__ceiling__fund__kind", "kind")
    sums: dict[tuple[int, str], dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for row in rows.annotate(total=Sum("amount_fen")).order_by():
        key = (row["allocation"], row["allocation__ceiling__fund__kind"])
        sums[key][row["kind"]] += row["total"]
    fiscal, carried, other = FundUse(), FundUse(), FundUse()
    for (_, kind), entries in sums.items():
        old, new = _split(entries)
        carried += old
        if kind == FundKind.UNIT_FUND:
            other += new
        else:
            fiscal += new
    return YearUse(fiscal, carried, other)


def use_by_fund(entries: QuerySet[LedgerEntry]) -> dict[int, FundUse]:
    """各资金来源的预算执行合计：年初预算数、全年预算数、全年执行数（分）；一次查询。"""
    rows = entries.order_by().values("allocation__ceiling__fund", "kind")
    sums: dict[int, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for row in rows.annotate(total=Sum("amount_fen")):
        sums[row["allocation__ceiling__fund"]][row["kind"]] += row["total"]
    return {fund: sum(_split(kinds), FundUse()) for fund, kinds in sums.items()}


def _split(entries: dict[str, int]) -> tuple[FundUse, FundUse]:
    """一条分配：上年结转的部分，当年批复的部分。"""
    carried, approved = entries[EntryKind.CARRY_IN], entries[EntryKind.APPROVE]
    executed = entries[EntryKind.PAY] - entries[EntryKind.REFUND]
    first = min(executed, carried)
    budget = approved - entries[EntryKind.RELEASE]
    budget += sum(entries[kind] for kind in RAISED)
    budget -= sum(entries[kind] for kind in LOWERED)
    return FundUse(carried, carried, first), FundUse(approved, budget, executed - first)
