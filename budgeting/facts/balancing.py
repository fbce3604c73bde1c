"""平衡下达缺口所问的事实：缺多少，这条分配预留多少，改由承担的资金和采购包容得下多少；金额为分。"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from budgeting.facts.released import gap_of, governed, pool_of
from budgeting.facts.review import review_page
from budgeting.models import (
    BALANCING,
    AdjustmentKind,
    Allocation,
    BudgetAdjustment,
    Ceiling,
    YearClosing,
    available,
)
from core.rules import Context
from projects.models import Package, PackageStatus, Project


@dataclass(frozen=True)
class BalancingFacts:
    """一次资金调剂或者核减，拟订或者批准时；不是这两种的 `kind` 为空，规则不判断。"""

    page: str
    kind: str
    line: str
    amount_fen: int
    gap_fen: int
    reserved_fen: int
    target: str = ""
    target_fits: bool = False
    target_available_fen: int = 0
    target_ahead_fen: int | None = None
    package: str = ""
    package_fits: bool = False
    package_fen: int = 0
    granted_fen: int = 0

    @property
    def is_switch(self) -> bool:
        return self.kind == AdjustmentKind.SWITCH

    @property
    def is_cut(self) -> bool:
        return self.kind == AdjustmentKind.CUT


NOTHING = BalancingFacts("", "", "", 0, 0, 0)


def balancing_facts(subject: Project | BudgetAdjustment, context: Context) -> BalancingFacts:
    """以项目（拟订，问表单所填）或者一份调整（批准）为对象。"""
    row = subject if isinstance(subject, BudgetAdjustment) else None
    names = ("kind", "allocation", "amount_fen", "target", "package")
    given = {n: context.data.get(n) if row is None else getattr(row, n) for n in names}
    if given["kind"] not in BALANCING or given["allocation"] is None:
        return NOTHING
    near = Allocation.objects.select_related("ceiling__fund", "ceiling__purchaser")
    line = near.get(pk=given["allocation"].pk)
    project = subject.case()
    own = line.project_id == project.pk
    more: dict[str, Any] = {}
    if given["kind"] == AdjustmentKind.SWITCH:
        more = _of_target(line, given["target"])
    else:
        more = _of_package(project, given["package"])
    return BalancingFacts(
        page=review_page(project),
        kind=given["kind"],
        line=f"{line.ceiling.year} 年{line.ceiling.fund}",
        amount_fen=int(given["amount_fen"] or 0),
        gap_fen=gap_of(line.ceiling) if own else 0,
        reserved_fen=line.reserved_fen,
        granted_fen=line.ceiling.granted_fen,
        **more,
    )


def _of_target(line: Allocation, named: Ceiling | None) -> dict[str, Any]:
    target = targets(line).filter(pk=named.pk).first() if named is not None else None
    if target is None:
        return {"target": str(named.fund) if named is not None else ""}
    asked = governed(target.fund, target.year)
    return {
        "target": f"{target.year} 年{target.fund}",
        "target_fits": True,
        "target_available_fen": available(target),
        "target_ahead_fen": pool_of(target).ahead_fen if asked else None,
    }


def _of_package(project: Project, named: Package | None) -> dict[str, Any]:
    package = cuttable(project).filter(pk=named.pk).first() if named is not None else None
    if package is None:
        return {"package": str(named) if named is not None else ""}
    return {"package": str(package), "package_fits": True, "package_fen": package.budget_fen}


def targets(line: Allocation) -> QuerySet[Ceiling]:
    """可以改由承担的：同一购买主体、同一年度、另一项资金，已经下达控制数、没有结账。"""
    here = line.ceiling
    rows = Ceiling.objects.filter(
        purchaser=here.purchaser_id, year=here.year, set_on__isnull=False
    ).exclude(fund=here.fund_id)
    closed = YearClosing.objects.values("ceiling")
    return rows.exclude(pk__in=closed).select_related("fund", "purchaser").order_by("pk")


def cuttable(project: Project) -> QuerySet[Package]:
    """可以核减的采购包：还没有进入采购的。"""
    rows = Package.objects.filter(project=project, status=PackageStatus.PLANNED)
    return rows.order_by("position", "pk")
