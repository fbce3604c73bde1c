"""Requests for what the year's budget does not hold: every state, every route."""

from __future__ import annotations

from datetime import date

from budgeting.models import OffBudgetRequest
from budgeting.services import choose_route, record_funding
from config.demo.telling import Telling, days
from core.events import drain
from projects.models import Project
from projects.services import withdraw_project

FILED = date(2026, 1, 14)
ROUTED, DECIDED, FUNDED = date(2026, 2, 5), date(2026, 2, 11), date(2026, 2, 25)
CONSULTING, MAINTENANCE, DATA = "C16090100", "C16070300", "C16030200"


def tell_off_budget(t: Telling) -> None:
    """Eight cases of 2026 that no budget line was made for."""
    _waiting(t)
    _added_up(t)
    _both_bodies(t)
    _refused(t)
    _gone(t)


def _file(t: Telling, place: str, name: str, code: str, yuan: int) -> Project:
    lines = [("服务费", code, 1, "项", yuan)]
    project = t.file(place, name, FILED, lines, is_off_budget=True)
    t.submit(place, project, days(FILED, 2))
    return project


def _reviewed(t: Telling, place: str, name: str, code: str, yuan: int) -> Project:
    project = _file(t, place, name, code, yuan)
    t.all_agree(project, days(FILED, 9))
    t.conclude(project, days(FILED, 14))
    return project


def _routed(t: Telling, project: Project) -> OffBudgetRequest:
    request = OffBudgetRequest.objects.get(project=project)
    choose_route(request, **t.finance().acts(ROUTED))
    return request


def _decided(t: Telling, body: str, number: int, *projects: Project, reject: bool = False) -> None:
    role = "finance" if body == "财政局" else "decision_secretary"
    words = {"财政局": "财审", "常务会": "府阅", "常委会": "委阅"}[body]
    t.decide(
        list(projects),
        DECIDED,
        body,
        t.actor(body, role),
        f"2026 年追加事项第 {number} 次会议",
        f"示{words}〔2026〕{20 + number}号",
        outcome="reject" if reject else "approve",
    )
    drain()


def _funded(t: Telling, project: Project, number: int, fen: int, kind: str = "supplement") -> None:
    record_funding(
        OffBudgetRequest.objects.get(project=project),
        funding_kind=kind,
        funding_number=f"示财追〔2026〕{number}号",
        funding_fen=fen,
        funding_on=FUNDED,
        **t.finance().acts(FUNDED),
    )


def _waiting(t: Telling) -> None:
    """One in review, one whose route is to be chosen, one before the finance bureau."""
    _file(t, "应急局", "汛期会商视频保障服务", MAINTENANCE, 260_000)
    _reviewed(t, "市监局", "特种设备风险数据分析", DATA, 420_000)
    _routed(t, _reviewed(t, "石船镇", "集镇停车引导系统咨询", CONSULTING, 180_000))


def _added_up(t: Telling) -> None:
    """Two of one item: together over the limit, so the standing committee decides on both."""
    first = _reviewed(t, "民政局", "流浪救助信息平台运维", MAINTENANCE, 620_000)
    second = _reviewed(t, "民政局", "婚姻登记自助终端运维", MAINTENANCE, 480_000)
    for project in (first, second):
        _routed(t, project)
    _decided(t, "常务会", 1, first, second)
    _funded(t, first, 3, 62_000_000)
    t.reply("民政局", [first], date(2026, 2, 26))


def _both_bodies(t: Telling) -> None:
    """Over the second limit: passed by the first body, before the second."""
    project = _reviewed(t, "交通局", "智慧交通综合治理平台服务", MAINTENANCE, 21_000_000)
    _routed(t, project)
    _decided(t, "常务会", 2, project)


def _refused(t: Telling) -> None:
    """Refused by the finance bureau: it ends there."""
    project = _reviewed(t, "龙溪街道", "社区直播间运营服务", CONSULTING, 150_000)
    _routed(t, project)
    _decided(t, "财政局", 3, project, reject=True)


def _gone(t: Telling) -> None:
    """Withdrawn by the purchaser when the route was known."""
    project = _reviewed(t, "城管局", "园林古树数字建档", DATA, 350_000)
    _routed(t, project)
    officer = t.actor("城管局", "officer").acts(days(ROUTED, 4))
    withdraw_project(project, note="改由市级项目统一建档。", **officer)
    drain()
