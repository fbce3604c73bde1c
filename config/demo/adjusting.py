"""Budget adjustments: one of each kind and state, and the supplement one of them made possible."""

from __future__ import annotations

from datetime import date
from typing import Any

from budgeting.models import Allocation, BudgetAdjustment
from budgeting.services import (
    approve_adjustment,
    draft_adjustment,
    return_adjustment,
    withdraw_adjustment,
)
from config.demo.telling import Telling, days
from contracts.models import Contract
from contracts.services import agree_supplement, draft_supplement
from core.events import drain
from projects.models import Project

LAST_YEAR, YEAR_END, NOW = date(2025, 11, 20), date(2025, 12, 31), date(2026, 2, 26)


def tell_adjustments(t: Telling) -> None:
    """示范区: what zhao drew up and bai decided."""
    _supplemented(t)
    _moved(t)
    _reclaimed(t)
    _undone(t)


def _draft(
    t: Telling, name: str, kind: str, yuan: int, serial: int, on: date, **more: Any
) -> BudgetAdjustment:
    project = Project.objects.get(name=name)
    line = Allocation.objects.filter(project=project, ceiling__year=on.year).order_by("pk")[0]
    reason = more.pop("reason")
    return draft_adjustment(
        project,
        kind=kind,
        allocation=line,
        amount_fen=yuan * 100,
        number=f"示财预调〔{on.year}〕{serial}号",
        reason=reason,
        **more,
        **t.finance().acts(on),
    )


def _approve(t: Telling, row: BudgetAdjustment, on: date) -> None:
    approve_adjustment(row, **t.district.actors["bai"].acts(on))
    drain()


def _supplemented(t: Telling) -> None:
    """人社局: increased, so that a supplement with money is signed; what is over goes back."""
    name = "就业服务平台运维"
    reason = "新增三个就业服务站接入，补充合同需要追加。"
    _approve(t, _draft(t, name, "increase", 14_000, 11, NOW, reason=reason), days(NOW, 1))
    contract = Contract.objects.get(package__project__name=name)
    supplement = draft_supplement(
        contract,
        number="补 4",
        amount_fen=1_000_000,
        reason="增加三个就业服务站的接入和巡检。",
        **t.actor("人社局", "officer").acts(days(NOW, 1)),
    )
    agree_supplement(supplement, **t.actor("人社局", "division_leader").acts(days(NOW, 2)))
    drain()
    back = "补充合同签订后的结余退回控制数。"
    _approve(t, _draft(t, name, "decrease", 4_000, 12, days(NOW, 2), reason=back), days(NOW, 3))


def _moved(t: Telling) -> None:
    """文旅委: increased for one project, part of it moved to another of the same fund."""
    name, other = "博物馆票务系统运维", Project.objects.get(name="数字图书馆资源加工")
    reason = "票务闸机纳入运维范围。"
    _approve(t, _draft(t, name, "increase", 20_000, 13, NOW, reason=reason), days(NOW, 1))
    moved = _draft(
        t, name, "transfer", 8_000, 14, days(NOW, 1), receiver=other,
        reason="闸机运维询价结余，调剂用于馆藏图像加工。",
    )  # fmt: skip
    _approve(t, moved, days(NOW, 2))
    reason = "馆藏图像加工量增加，拟再追加。"
    _draft(t, other.name, "increase", 15_000, 15, days(NOW, 2), reason=reason)


def _reclaimed(t: Telling) -> None:
    """教委 2025: increased late in the year, not used, taken back on its last day."""
    name = "教育城域网运行维护"
    reason = "期末考试专线保障，拟签补充合同。"
    made = _draft(t, name, "increase", 30_000, 41, LAST_YEAR, reason=reason)
    _approve(t, made, days(LAST_YEAR, 3))
    back = "考试专线由市级统一保障，年末收回。"
    _approve(t, _draft(t, name, "reclaim", 30_000, 47, YEAR_END, reason=back), YEAR_END)


def _undone(t: Telling) -> None:
    """One sent back by who was to approve it, one withdrawn by who drew it up."""
    name = "博物馆票务系统运维"
    row = _draft(t, name, "increase", 60_000, 16, NOW, reason="拟增加夜场票务服务。")
    by = t.district.actors["bai"]
    return_adjustment(row, note="夜场方案尚未审定，资料不全。", **by.acts(days(NOW, 1)))
    row = _draft(t, name, "increase", 6_000, 17, NOW, reason="打印耗材。")
    withdraw_adjustment(row, note="金额有误，另行拟订。", **t.finance().acts(NOW))
