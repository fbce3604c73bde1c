"""年终结账一页：某年度各购买主体、各资金来源的各数；金额单位为分。"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from accounts.models import User
from budgeting.facts.closing import Remainder, remainder_of
from budgeting.models import Allocation, Ceiling, YearClosing
from projects.models import FundSource, Purchaser

AMOUNTS = (
    ("ceiling_fen", "控制数"),
    ("unallocated_fen", "未分配"),
    ("approved_fen", "批复"),
    ("reserved_fen", "预留"),
    ("committed_fen", "待结转"),
    ("idle_fen", "待收回"),
    ("paid_fen", "已付"),
    ("carried_fen", "已结转"),
)


@dataclass(frozen=True)
class YearLine:
    """一项控制数的一行。"""

    ceiling: Ceiling
    rest: Remainder
    closing: YearClosing | None
    next_ceiling: Ceiling | None

    def fen(self, name: str) -> int:
        if name == "ceiling_fen":
            return self.ceiling.amount_fen
        return int(getattr(self.rest, name))

    @property
    def is_opened(self) -> bool:
        """下一年度的这项控制数已经下达。"""
        return self.next_ceiling is not None and self.next_ceiling.set_on is not None

    @property
    def state(self) -> tuple[str, str]:
        if self.closing is not None:
            return "已结账", "ok"
        return ("可以结账", "info") if self.rest.is_settled else ("有没办完的", "act")


def year_lines(
    user: User,
    year: int,
    *,
    purchaser: Purchaser | None = None,
    fund: FundSource | None = None,
) -> list[YearLine]:
    """看得见的各项控制数；查询数与行数无关。"""
    asked = {"purchaser": purchaser, "fund": fund}
    given = {name: value for name, value in asked.items() if value is not None}
    visible = Ceiling.objects.visible_to(user).filter(**given)
    near = ("purchaser__organisation__jurisdiction", "fund")
    rows = list(visible.filter(year=year).select_related(*near).order_by("purchaser", "fund"))
    held: dict[int, list[Allocation]] = defaultdict(list)
    lines = Allocation.objects.filter(ceiling__in=rows).select_related("project").order_by("pk")
    for line in lines:
        held[line.ceiling_id].append(line)
    closed = {c.ceiling_id: c for c in YearClosing.objects.filter(ceiling__in=rows)}
    after = {(c.purchaser_id, c.fund_id): c for c in visible.filter(year=year + 1)}
    return [
        YearLine(
            row,
            remainder_of(row, held[row.pk]),
            closed.get(row.pk),
            after.get((row.purchaser_id, row.fund_id)),
        )
        for row in rows
    ]


def totals(lines: Iterable[YearLine]) -> list[int]:
    """各栏合计（分）。"""
    rows = list(lines)
    return [sum(line.fen(name) for line in rows) for name, _ in AMOUNTS]
