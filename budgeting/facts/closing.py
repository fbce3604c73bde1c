"""年终结账所问的事实：一项控制数的各条分配还有没有没办完的；金额单位为分。"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet

from budgeting.models import Allocation, Ceiling, YearClosing, available, unreserved
from core.rules import Context
from projects.models import ENDED_STAGES, Project


@dataclass(frozen=True)
class OpenYearFacts:
    """一次过账：动用的控制数结账没有。"""

    page: str
    ceiling: str
    closed_on: date | None


def open_year_facts(project: Project, context: Context) -> OpenYearFacts:
    """`context.data`：`ceiling` 动用哪一项控制数。"""
    ceiling: Ceiling = context.data["ceiling"]
    made = YearClosing.objects.filter(ceiling=ceiling).first()
    return OpenYearFacts(
        page=f"/contracts/year-end/?year={ceiling.year}",
        ceiling=str(ceiling),
        closed_on=made.closed_on if made else None,
    )


@dataclass(frozen=True)
class Remainder:
    """一项控制数年末的各数（分）；`idle_fen` 是还没有结束的项目没有动用的批复。"""

    approved_fen: int = 0
    reserved_fen: int = 0
    committed_fen: int = 0
    paid_fen: int = 0
    carried_fen: int = 0
    idle_fen: int = 0
    unallocated_fen: int = 0
    returned_fen: int = 0

    @property
    def is_settled(self) -> bool:
        return not (self.reserved_fen or self.committed_fen or self.idle_fen)


def lines_under(ceiling: Ceiling) -> QuerySet[Allocation]:
    rows = Allocation.objects.filter(ceiling=ceiling)
    return rows.select_related("project__purchaser__organisation", "ceiling__fund").order_by("pk")


def remainder_of(ceiling: Ceiling, lines: list[Allocation]) -> Remainder:
    """各条分配合计；已结束的项目没有动用的，连同没有分配的，结账时收回总预算。"""
    idle = [line for line in lines if line.project.stage not in ENDED_STAGES]
    idle_fen = sum(unreserved(line) for line in idle)
    spare = sum(unreserved(line) for line in lines) - idle_fen
    left = available(ceiling)
    return Remainder(
        approved_fen=sum(line.approved_fen for line in lines),
        reserved_fen=sum(line.reserved_fen for line in lines),
        committed_fen=sum(line.committed_fen for line in lines),
        paid_fen=sum(line.paid_fen for line in lines),
        carried_fen=sum(line.carried_fen for line in lines),
        idle_fen=idle_fen,
        unallocated_fen=left,
        returned_fen=left + spare,
    )


@dataclass(frozen=True)
class ClosingFacts:
    """结账：哪一项控制数，年度最后一日，还有什么没有办完。"""

    page: str
    ceiling: str
    last_day: date
    on: date
    unsettled: tuple[tuple[str, int], ...]


def year_closing_facts(_scope: object, context: Context) -> ClosingFacts:
    """`context.data`：`ceiling` 拟结账的控制数。"""
    ceiling: Ceiling = context.data["ceiling"]
    rest = remainder_of(ceiling, list(lines_under(ceiling)))
    left = (
        ("预留而没有签合同", rest.reserved_fen),
        ("承诺而没有支付、结转", rest.committed_fen),
        ("没有动用、没有收回", rest.idle_fen),
    )
    return ClosingFacts(
        page=f"/contracts/year-end/?year={ceiling.year}",
        ceiling=str(ceiling),
        last_day=date(ceiling.year, 12, 31),
        on=context.on,
        unsettled=tuple((title, fen) for title, fen in left if fen),
    )
