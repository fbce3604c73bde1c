"""预算调整：案卷上的一栏，台账。"""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet

from accounts.models import User
from budgeting.facts import receivers
from budgeting.models import AdjustmentKind, AdjustmentStatus, Allocation, BudgetAdjustment
from budgeting.selectors.badges import badge_of
from projects.models import Project


def lines_of(project: Project) -> QuerySet[Allocation]:
    """项目的各条资金分配。"""
    rows = Allocation.objects.select_related("ceiling__fund").filter(project=project)
    return rows.order_by("pk")


def receivers_of(project: Project) -> QuerySet[Project]:
    """可以从这个项目的资金调入的其他项目。"""
    found = [receivers(line).values("pk") for line in lines_of(project)]
    wanted = Q(pk__in=[])
    for each in found:
        wanted |= Q(pk__in=each)
    return Project.objects.filter(wanted).order_by("pk")


def adjustments_of(project: Project, user: User) -> list[dict[str, Any]]:
    """一个项目调出、调入的各次调整，由早到晚；调整前后是这个项目自己的。"""
    rows = BudgetAdjustment.objects.visible_to(user).with_case()
    found = rows.filter(Q(project=project) | Q(receiver=project)).order_by("pk")
    return [_shown(row, is_receiver=row.receiver_id == project.pk) for row in found]


def _shown(row: BudgetAdjustment, *, is_receiver: bool) -> dict[str, Any]:
    takes = is_receiver or row.kind == "increase"
    return {
        "row": row,
        "badge": badge_of(row),
        "sign": "+" if takes else "−",
        "before_fen": row.receiver_before_fen if is_receiver else row.before_fen,
        "after_fen": row.receiver_after_fen if is_receiver else row.after_fen,
        "other": row.project if is_receiver else row.receiver,
        "direction": "调自" if is_receiver else "调给",
    }


def adjusted_fen(project: Project) -> int | None:
    """批复金额经各次批准的调整之后的数（分）；没有调整过的为 None。"""
    # 资金调剂只换资金来源，项目的合计不变。
    rows = BudgetAdjustment.objects.filter(
        Q(project=project) | Q(receiver=project), status=AdjustmentStatus.APPROVED
    ).exclude(kind=AdjustmentKind.SWITCH)
    if project.approved_fen is None or not rows:
        return None
    total = project.approved_fen
    for row in rows:
        is_receiver = row.receiver_id == project.pk
        after = row.receiver_after_fen if is_receiver else row.after_fen
        before = row.receiver_before_fen if is_receiver else row.before_fen
        total += (after or 0) - (before or 0)
    return total


def adjustment_ledger(user: User, wanted: dict[str, Any]) -> QuerySet[BudgetAdjustment]:
    """看得见的预算调整，按筛选条件。"""
    asked = {name: value for name, value in wanted.items() if value}
    return BudgetAdjustment.objects.visible_to(user).with_case().filter(**asked)
