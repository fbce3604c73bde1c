"""预算调整所问的事实：动哪一条分配、多少、还有多少可动；金额单位为分。"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import QuerySet, Sum

from budgeting.facts.review import review_page
from budgeting.models import (
    AdjustmentKind,
    AdjustmentStatus,
    Allocation,
    BudgetAdjustment,
    YearClosing,
    available,
    unreserved,
)
from core.rules import Context
from projects.models import ENDED_STAGES, Project, ProjectKind, Stage


@dataclass(frozen=True)
class AdjustmentFacts:
    """一次调整，拟订或者批准时；还没有填的栏为空，规则不判断。"""

    page: str
    kind: str
    amount_fen: int
    number: str
    reason: str
    line: str
    year: int | None
    on: date
    line_is_own: bool
    is_closed: bool
    is_live: bool
    takes_more: bool
    receiver: str
    receiver_fits: bool
    available_fen: int
    ceiling_left_fen: int
    increased_fen: int
    own_hands: tuple[tuple[str, str], ...]

    @property
    def is_stated(self) -> bool:
        return bool(self.kind and self.line)


def increased_fen(project: Project, year: int, but: BudgetAdjustment | None = None) -> int:
    """项目在某预算年度已经批准的追加合计（分）。"""
    rows = BudgetAdjustment.objects.filter(
        project=project,
        kind=AdjustmentKind.INCREASE,
        status=AdjustmentStatus.APPROVED,
        allocation__ceiling__year=year,
    )
    if but is not None:
        rows = rows.exclude(pk=but.pk)
    return int(rows.aggregate(total=Sum("amount_fen"))["total"] or 0)


def adjustment_facts(subject: Project | BudgetAdjustment, context: Context) -> AdjustmentFacts:
    """以项目（拟订，问表单所填）或者一份调整（批准）为对象。"""
    row = subject if isinstance(subject, BudgetAdjustment) else None
    project = subject.case()
    values = _values(row, context.data)
    line = _fresh(values["allocation"])
    receiver: Project | None = values["receiver"]
    year = line.ceiling.year if line else None
    return AdjustmentFacts(
        page=review_page(project),
        kind=values["kind"],
        amount_fen=values["amount_fen"],
        number=values["number"],
        reason=values["reason"],
        line=f"{line.ceiling.year} 年 {line.ceiling.fund}" if line else "",
        year=year,
        on=context.on,
        line_is_own=line is not None and line.project_id == project.pk,
        is_closed=line is not None and YearClosing.objects.filter(ceiling=line.ceiling).exists(),
        is_live=_is_live(project),
        takes_more=project.kind != ProjectKind.SUBSIDY,
        receiver=str(receiver) if receiver else "",
        receiver_fits=_fits(project, line, receiver),
        available_fen=unreserved(line) if line else 0,
        ceiling_left_fen=available(line.ceiling) if line else 0,
        increased_fen=increased_fen(project, year, row) if year else 0,
        own_hands=_hands(row, context),
    )


def _values(row: BudgetAdjustment | None, data: dict[str, Any]) -> dict[str, Any]:
    names = ("kind", "amount_fen", "number", "reason", "allocation", "receiver")
    if row is not None:
        return {name: getattr(row, name) for name in names}
    empty = {"kind": "", "amount_fen": 0, "number": "", "reason": ""}
    return {name: data.get(name) or empty.get(name) for name in names}


def _fresh(line: Allocation | None) -> Allocation | None:
    """The line and its ceiling as the database holds them now."""
    rows = Allocation.objects.select_related("ceiling__fund")
    return rows.get(pk=line.pk) if line is not None else None


def _is_live(project: Project) -> bool:
    early = (Stage.FILING, Stage.BUDGET)
    return project.stage not in ENDED_STAGES and project.stage not in early


def _fits(project: Project, line: Allocation | None, receiver: Project | None) -> bool:
    """调入项目：另一个项目，同一购买主体，同一年度同一资金，批复过，没有结束，不是补助。"""
    if line is None or receiver is None or receiver.pk == project.pk:
        return False
    return receivers(line).filter(pk=receiver.pk).exists()


def receivers(line: Allocation) -> QuerySet[Project]:
    """可以调入的项目：在同一控制数（购买主体、年度、资金）上有分配的其他项目。"""
    same = Allocation.objects.filter(ceiling=line.ceiling_id).exclude(project=line.project_id)
    early = (Stage.FILING, Stage.BUDGET)
    return (
        Project.objects.filter(pk__in=same.values("project"))
        .exclude(stage__in=(*ENDED_STAGES, *early))
        .exclude(kind=ProjectKind.SUBSIDY)
        .order_by("pk")
    )


def _hands(row: BudgetAdjustment | None, context: Context) -> tuple[tuple[str, str], ...]:
    """审批人本人此前经的手：拟订人，项目的经办人。"""
    if row is None:
        return ()
    hands = (("拟订人", row.drafted_by), ("项目经办人", row.case().officer))
    return tuple((hand, who.full_name) for hand, who in hands if context.is_by(who.pk))
