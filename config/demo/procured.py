"""The demonstration's purchases of the budget year 2025: run through, or stranded on the way."""

from __future__ import annotations

from datetime import date

from config.demo.assessed import fail_and_mend, finish, wait_for_the_third_party
from config.demo.performing import INCIDENT, Performing
from config.demo.providers import Names, providers
from config.demo.purchasing import approve
from config.demo.telling import Telling
from contracts.services import (
    answer_rectification,
    carry_over,
    close_rectification,
    fail_acceptance,
    order_mending,
    record_incident,
    record_inspection,
    refuse_rectification,
    return_filing,
    send_back_payment,
    terminate_contract,
)
from core.events import drain
from procurement.services import (
    fail_tender,
    start_own_purchase,
)
from projects.services import send_back

FILED, REPLIED, INTENDED = date(2025, 1, 6), date(2025, 2, 10), date(2025, 2, 12)
IN_2025 = {
    "published": date(2025, 3, 17),
    "until": date(2025, 3, 24),
    "deadline": date(2025, 3, 28),
    "reported": date(2025, 4, 1),
    "decided": date(2025, 4, 3),
    "notified": date(2025, 4, 7),
}
MONTHLY = "C16070300"
FOR_THE_PUBLIC = ("卫健委", "民政局")


def tell_purchases(t: Telling) -> Names:
    """The purchases of the budget year 2025; returns the providers."""
    names = providers(t)
    _running(t, names)
    _finished(t, names)
    _terminated(t, names)
    _second_attempt(t, names)
    _under_evaluation(t, names)
    _failed(t, names)
    _small(t, names)
    return names


def _awarded(t: Telling, names: Names, place: str, name: str, yuan: int, price: int) -> Performing:
    """A 2025 purchase awarded to 明川 at `price` 元."""
    project = approve(
        t, place, name, [("服务费", MONTHLY, 12, "月", yuan)], filed=FILED, replied=REPLIED,
        year=2025, service_nature="public" if place in FOR_THE_PUBLIC else "duty",
    )  # fmt: skip
    b = Performing(t, place, project)
    b.prepare(INTENDED)
    b.announce(INTENDED)
    b.start(date(2025, 3, 10))
    prices = (("明川信息", price), ("远桥科技", price + 4_000), ("云栈数据", price + 9_000))
    b.award_all(IN_2025, {names[who]: fen for who, fen in prices})
    return b


def _contracted(
    t: Telling, names: Names, place: str, name: str, yuan: int, price: int
) -> Performing:
    """The same, signed, filed and its advance paid."""
    b = _awarded(t, names, place, name, yuan, price)
    b.draft(date(2025, 4, 8), date(2025, 5, 1), date(2026, 4, 30), date(2025, 10, 31))
    b.sign(date(2025, 4, 14))
    b.announce(date(2025, 4, 15))
    b.submit_filing(date(2025, 4, 16))
    b.accept_filing(date(2025, 4, 18))
    b.pay(date(2025, 4, 25), 1)
    return b


def _half_done(b: Performing) -> None:
    b.deliver(date(2025, 10, 28))
    b.accept(date(2025, 11, 4), "0.5", is_final=False)
    b.pay(date(2025, 11, 14), 2, "0.5")


def _running(t: Telling, names: Names) -> None:
    """教委: mended once, deducted once, carried over at the year's end, mending again."""
    b = _contracted(t, names, "教委", "教育城域网运行维护", 50_000, 584_000)
    order = order_mending(
        b.contract,
        demand="核心交换机告警未在 2 小时内处置，限期完善值守安排。",
        workdays=10,
        **b.officer.acts(date(2025, 8, 4)),
    )
    answer_rectification(
        order,
        reply="已增加夜间值守，附排班表。",
        replied_on=date(2025, 8, 14),
        **b.officer.acts(date(2025, 8, 14)),
    )
    close_rectification(order, check_note="抽查三晚值守到位。", **b.head.acts(date(2025, 8, 18)))
    record_incident(
        b.contract,
        term=INCIDENT,
        occurred_on=date(2025, 9, 12),
        note="一所学校门户网页被篡改，2 小时内恢复。",
        **b.officer.acts(date(2025, 9, 15)),
    )
    _half_done(b)
    carry_over(b.contract, year=2025, **t.finance().acts(date(2025, 12, 31)))
    again = order_mending(
        b.contract,
        demand="寒假期间巡检记录缺失，限期补齐并说明。",
        workdays=10,
        **b.officer.acts(date(2026, 2, 10)),
    )
    answer_rectification(
        again,
        reply="已补报巡检记录。",
        replied_on=date(2026, 2, 27),
        **b.officer.acts(date(2026, 2, 27)),
    )
    drain()


def _finished(t: Telling, names: Names) -> None:
    """卫健委: accepted, evaluated, settled and paid within the year."""
    b = _contracted(t, names, "卫健委", "基层医疗影像平台运维", 46_000, 540_000)
    record_inspection(
        b.contract,
        inspected_on=date(2025, 7, 8),
        finding="现场检查机房和台账，服务正常。",
        is_deviating=False,
        **b.officer.acts(date(2025, 7, 8)),
    )
    _half_done(b)
    b.accept(date(2025, 12, 1), "0.5", is_final=True)
    finish(b)


def _terminated(t: Telling, names: Names) -> None:
    """民政局: the provider refused to mend; the contract was terminated."""
    b = _contracted(t, names, "民政局", "智慧养老平台运营", 40_000, 468_000)
    record_inspection(
        b.contract,
        inspected_on=date(2025, 7, 28),
        finding="座席常年缺员，接通率 61%，偏离合同约定的 95%。",
        is_deviating=True,
        **b.officer.acts(date(2025, 7, 28)),
    )
    order = order_mending(
        b.contract,
        demand="十个工作日内补足座席，接通率达到 95%。",
        workdays=10,
        **b.officer.acts(date(2025, 8, 4)),
    )
    refuse_rectification(
        order,
        check_note="期限届满未补足座席，书面表示不再增员。",
        **b.head.acts(date(2025, 8, 25)),
    )
    terminate_contract(
        b.contract,
        note="拒不整改，按合同违约责任条款终止。",
        **b.leader.acts(date(2025, 9, 1)),
    )
    b.announce(date(2025, 9, 3))


def _second_attempt(t: Telling, names: Names) -> None:
    """人社局: failed once, awarded at the second attempt, filed late, half accepted."""
    project = approve(
        t, "人社局", "社保自助终端运维服务", [("服务费", MONTHLY, 12, "月", 32_000)],
        filed=FILED, replied=REPLIED, year=2025,
    )  # fmt: skip
    b = Performing(t, "人社局", project)
    b.prepare(INTENDED)
    b.announce(INTENDED)
    b.start(date(2025, 3, 10))
    b.publish(IN_2025["published"], until=IN_2025["until"], deadline=IN_2025["deadline"])
    b.open(IN_2025["deadline"])
    b.bids(IN_2025["deadline"], {names["明川信息"]: 372_000, names["远桥科技"]: 378_000})
    fail_tender(
        b.tender,
        ground="too_few",
        reason="有效响应只有 2 家。",
        **b.officer.acts(date(2025, 3, 31)),
    )
    b.announce(date(2025, 4, 1))
    b.start(date(2025, 4, 14))
    prices = {names["远桥科技"]: 366_000, names["明川信息"]: 370_000, names["云栈数据"]: 375_000}
    days = {
        "published": date(2025, 4, 21),
        "until": date(2025, 4, 28),
        "deadline": date(2025, 5, 6),
        "reported": date(2025, 5, 8),
        "decided": date(2025, 5, 12),
        "notified": date(2025, 5, 13),
    }
    b.award_all(days, prices)
    _filed_late(t, b)
    _accepted_in_part(b)


def _filed_late(t: Telling, b: Performing) -> None:
    b.draft(date(2025, 5, 14), date(2025, 6, 1), date(2026, 5, 31), date(2025, 11, 20))
    b.sign(date(2025, 5, 20))
    b.announce(date(2025, 5, 21))
    b.submit_filing(date(2025, 6, 3))
    return_filing(
        b.contract.filings.get(status="submitted"),
        reason="缺少分管领导签批页扫描件，请补齐后重报。",
        **t.finance().acts(date(2025, 6, 5)),
    )
    b.submit_filing(date(2025, 6, 9))
    b.accept_filing(date(2025, 6, 11))
    wrong = b.request(date(2025, 6, 12), 1, "0")
    send_back_payment(
        wrong, reason="发票抬头与购买主体不一致。", **b.leader.acts(date(2025, 6, 13))
    )
    b.pay(date(2025, 6, 16), 1)


def _accepted_in_part(b: Performing) -> None:
    b.deliver(date(2025, 11, 24))
    failing = b.acceptance(date(2025, 11, 26), "0.5", is_final=False)
    fail_acceptance(
        failing, conclusion="三台终端未按约定更换配件。", **b.head.acts(date(2025, 11, 27))
    )
    b.deliver(date(2025, 12, 10))
    b.acceptance(date(2025, 12, 15), "0.5", is_final=False)
    order_mending(
        b.contract,
        demand="更换三台终端配件并提交照片。",
        workdays=10,
        **b.officer.acts(date(2026, 2, 24)),
    )
    drain()


def _under_evaluation(t: Telling, names: Names) -> None:
    """应急局: everything accepted, the third party still to speak."""
    b = _contracted(t, names, "应急局", "应急广播平台运维", 30_000, 351_000)
    _half_done(b)
    b.accept(date(2025, 12, 22), "0.5", is_final=True)
    wait_for_the_third_party(b)


def _failed(t: Telling, names: Names) -> None:
    """交通局: evaluated as failed, mended, evaluated again."""
    b = _contracted(t, names, "交通局", "公交站牌信息发布运维", 24_000, 278_000)
    _half_done(b)
    b.accept(date(2025, 12, 22), "0.5", is_final=True)
    fail_and_mend(b)


def _small(t: Telling, names: Names) -> None:
    """市监局: a small purchase by three quotations; its contract came back for correction."""
    project = approve(
        t, "市监局", "电梯物联网流量服务", [("流量服务", "C17010200", 12, "月", 9_000)],
        filed=FILED, replied=REPLIED, year=2025, kind="small", proposed_method="own",
    )  # fmt: skip
    b = Performing(t, "市监局", project)
    b.prepare(INTENDED)
    b.announce(INTENDED)
    b.start(date(2025, 3, 10), method="own", weight=100)
    start_own_purchase(b.tender, **b.officer.acts(date(2025, 3, 12)))
    b.bids(date(2025, 3, 12), {names["鼎信软件"]: 99_600, names["云栈数据"]: 103_200})
    b.report(date(2025, 3, 13), [])
    b.decide(date(2025, 3, 14))
    b.notify(date(2025, 3, 17))
    b.draft(date(2025, 3, 18), date(2025, 4, 1), date(2026, 3, 31), date(2025, 9, 30))
    send_back(b.pending()[0], comment="请写明流量超出后的计费。", **b.head.acts(date(2025, 3, 19)))
