"""Purchases that did not go as planned: given up, a contract refused, packages divided again."""

from __future__ import annotations

from datetime import date

from config.demo.performing import Performing
from config.demo.procured import FILED, IN_2025, INTENDED, MONTHLY, REPLIED
from config.demo.providers import Names
from config.demo.purchasing import approve
from config.demo.telling import Telling
from core.events import drain
from procurement.models import Bid
from procurement.services import (
    abandon_tender,
    cancel_package,
    decide_award,
    fail_tender,
    record_refusal,
)
from projects.models import Package, Project
from projects.services import divide_packages

IN_JANUARY = {
    "published": date(2026, 1, 14),
    "until": date(2026, 1, 20),
    "deadline": date(2026, 1, 26),
    "reported": date(2026, 1, 28),
    "decided": date(2026, 1, 30),
    "notified": date(2026, 2, 3),
}


def tell_astray(t: Telling, names: Names) -> None:
    _given_up(t)
    _refused(t, names)
    _divided_again(t)


def _given_up(t: Telling) -> None:
    """城管局: failed, then given up; the reservation is released."""
    project = approve(
        t, "城管局", "数字城管案件派遣服务", [("服务费", MONTHLY, 12, "月", 26_000)],
        filed=FILED, replied=REPLIED, year=2025,
    )  # fmt: skip
    b = Performing(t, "城管局", project)
    b.prepare(INTENDED)
    b.announce(INTENDED)
    b.start(date(2025, 3, 10))
    b.publish(IN_2025["published"], until=IN_2025["until"], deadline=IN_2025["deadline"])
    fail_tender(
        b.tender,
        ground="grave_change",
        reason="市级统一建设派遣平台，本级不再采购。有疑问的，请致电经办人 13800138000。",
        **b.officer.acts(date(2025, 3, 26)),
    )
    cancel_package(
        Package.objects.get(project=project),
        note="任务取消，释放预留资金。",
        **b.leader.acts(date(2025, 3, 28)),
    )
    b.announce(date(2025, 3, 31))


def _refused(t: Telling, names: Names) -> None:
    """应急局: the winner refuses to sign; its draft is withdrawn, the next candidate is awarded."""
    b = _prepared(t, "应急局", "预警信息发布平台运维", 15_000)
    b.start(date(2026, 1, 9))
    prices = (("鼎信软件", 168_000), ("云栈数据", 172_000), ("远桥科技", 176_000))
    b.award_all(IN_JANUARY, {names[who]: price for who, price in prices})
    b.draft(date(2026, 2, 4), date(2026, 3, 1), date(2027, 2, 28), date(2026, 8, 31))
    record_refusal(
        b.award,
        refused_on=date(2026, 2, 6),
        reason="以人员紧张为由书面表示不签订合同。",
        evidence="鼎信软件〔2026〕3 号复函",
        **b.officer.acts(date(2026, 2, 6)),
    )
    drain()
    second = Bid.objects.get(tender=b.tender, rank=2)
    b.award = decide_award(b.tender, bid=second, **b.leader.acts(date(2026, 2, 10)))
    b.notify(date(2026, 2, 11))


def _divided_again(t: Telling) -> None:
    """应急局: documents put aside unpublished, the purchase divided into two packages."""
    b = _prepared(t, "应急局", "应急指挥系统运维", 20_000)
    b.start(date(2026, 1, 12))
    abandon_tender(b.tender, note="改为分两个包采购。", **b.officer.acts(date(2026, 1, 19)))
    divide_packages(
        Project.objects.get(pk=b.project.pk),
        packages=[
            {"name": "指挥平台运维", "budget_fen": 15_000_000},
            {"name": "现场通信保障", "budget_fen": 9_000_000},
        ],
        **b.officer.acts(date(2026, 1, 20)),
    )


def _prepared(t: Telling, place: str, name: str, yuan: int) -> Performing:
    project = approve(
        t, place, name, [("服务费", MONTHLY, 12, "月", yuan)],
        filed=date(2025, 10, 13), replied=date(2025, 12, 12), year=2026,
    )  # fmt: skip
    b = Performing(t, place, project)
    b.prepare(date(2025, 12, 15))
    b.announce(date(2025, 12, 15))
    return b
