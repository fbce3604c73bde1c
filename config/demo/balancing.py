"""A shortfall of released money: one project, balanced in three ways, a part still open."""

from __future__ import annotations

from datetime import date

from budgeting.models import Allocation, BudgetAdjustment, Ceiling
from budgeting.services import approve_adjustment, draft_adjustment
from config.demo.telling import Telling, days
from core.events import drain
from projects.models import FundSource, Package, Project
from projects.services import FundInput

ON, DRAFTED = date(2026, 1, 26), date(2026, 2, 25)
WAN = 1_000_000


def tell_balancing(t: Telling, place: str, fund: FundSource) -> None:
    """政务办: 1,500,000.00 reserved, 1,200,000.00 released; 100,000.00 are still to be balanced."""
    project = _replied(t, place, fund)
    other = Ceiling.objects.get(
        purchaser=project.purchaser, year=project.year, fund=t.district.funds["部门预算"]
    )
    package = Package.objects.get(project=project)
    reason = "上级转移支付第二批没有全部到位，由部门预算承担一部分。"
    _approve(t, _draft(t, project, "switch", 12, 21, reason, target=other))
    reason = "压减一个街道的接入点，按到位的资金实施。"
    _approve(t, _draft(t, project, "cut", 8, 22, reason, package=package))
    reason = "其余缺口拟再由部门预算承担一部分。"
    _draft(t, project, "switch", 6, 23, reason, target=other)


def _replied(t: Telling, place: str, fund: FundSource) -> Project:
    project = t.file(
        place,
        "基层政务服务一体机接入",
        ON,
        [("接入和运维", "C16070300", 30, "个点位", 50_000)],
        funds=[FundInput(fund, 150 * WAN)],
    )
    t.submit(place, project, days(ON, 2))
    t.all_agree(project, days(ON, 9))
    t.conclude(project, days(ON, 11))
    he = t.actor("常务会", "decision_secretary")
    t.decide([project], days(ON, 14), "常务会", he, "区政府第 6 次常务会议", "示府阅〔2026〕6号")
    t.reply(place, [project], days(ON, 16))
    return Project.objects.get(pk=project.pk)


def _draft(
    t: Telling,
    project: Project,
    kind: str,
    wan: int,
    serial: int,
    reason: str,
    *,
    target: Ceiling | None = None,
    package: Package | None = None,
) -> BudgetAdjustment:
    return draft_adjustment(
        project,
        kind=kind,
        allocation=Allocation.objects.filter(project=project).earliest("pk"),
        amount_fen=wan * WAN,
        number=f"示财预调〔2026〕{serial}号",
        reason=reason,
        target=target,
        package=package,
        **t.finance().acts(DRAFTED),
    )


def _approve(t: Telling, row: BudgetAdjustment) -> None:
    approve_adjustment(row, **t.district.actors["bai"].acts(days(DRAFTED, 1)))
    drain()
