"""The demonstration's purchases after the reply: every state of 采购, 合同, 实施 and 评估.

Two calendars: purchases of the budget year 2025, run through or stranded on the way, and purchases
of 2026 that stand at the desk on the clock's first day.
"""

from __future__ import annotations

from datetime import date

from config.demo.purchasing import INCIDENT, Buying, approve, provider
from config.demo.telling import Telling
from contracts.services import (
    agree_supplement,
    answer_rectification,
    carry_over,
    close_rectification,
    draft_supplement,
    fail_acceptance,
    order_mending,
    record_incident,
    record_inspection,
    refuse_rectification,
    return_filing,
    revise_contract,
    send_back_payment,
    terminate_contract,
    withdraw_supplement,
)
from core.events import drain
from procurement.models import Provider
from procurement.services import (
    abandon_tender,
    cancel_package,
    close_provider,
    debar_provider,
    fail_tender,
    invalidate_bid,
    start_own_purchase,
)
from projects.models import Package
from projects.services import divide_packages, send_back, sign

Names = dict[str, Provider]
FILED, REPLIED, INTENDED = date(2025, 1, 6), date(2025, 2, 10), date(2025, 2, 12)
IN_2025 = {
    "published": date(2025, 3, 17),
    "until": date(2025, 3, 24),
    "deadline": date(2025, 3, 28),
    "reported": date(2025, 4, 1),
    "decided": date(2025, 4, 3),
    "notified": date(2025, 4, 7),
}
IN_DECEMBER = {
    "published": date(2026, 1, 14),
    "until": date(2026, 1, 20),
    "deadline": date(2026, 1, 26),
    "reported": date(2026, 1, 28),
    "decided": date(2026, 1, 30),
    "notified": date(2026, 2, 3),
}
IN_2026 = {
    "published": date(2026, 2, 9),
    "until": date(2026, 2, 13),
    "deadline": date(2026, 2, 24),
}
MONTHLY = "C16070300"


def tell_purchases(t: Telling) -> None:
    """All purchases of 示范区, the finished ones first."""
    names = providers(t)
    _running(t, names)
    _finished(t, names)
    _terminated(t, names)
    _second_attempt(t, names)
    _given_up(t)
    _under_evaluation(t, names)
    _small(t, names)
    _signed_in_february(t, names)
    _at_the_desk(t, names)
    walk_a(t)


def providers(t: Telling) -> Names:
    """Six invented providers: four able, one debarred, one closed."""
    on = date(2025, 1, 10)
    able = ("明川信息技术有限公司", "远桥科技有限公司", "云栈数据服务有限公司", "鼎信软件有限公司")
    found = {name[:4]: provider(t, name, n, on) for n, name in enumerate(able, 1)}
    found["新启系统"] = provider(t, "新启系统集成有限公司", 5, on, conditions=3)
    found["捷讯网络"] = barred = provider(t, "捷讯网络科技有限公司", 6, on)
    found["旧川信息"] = gone = provider(t, "旧川信息服务部", 7, on, conditions=1)
    debar_provider(
        barred,
        authority="区财政局",
        decision_number="示财罚〔2025〕3号",
        decided_on=date(2025, 6, 1),
        grounds="以虚假业绩材料参加采购，冒领财政资金 4.2 万元。",
        since=date(2025, 6, 1),
        until=date(2027, 5, 31),
        **t.finance().acts(date(2025, 6, 3)),
    )
    centre = t.actor("交易中心", "trading_centre")
    close_provider(gone, note="已注销登记。", **centre.acts(date(2025, 9, 1)))
    return found


def _awarded(t: Telling, names: Names, place: str, name: str, yuan: int, price: int) -> Buying:
    """A 2025 purchase awarded to 明川 at `price` 元."""
    project = approve(
        t, place, name, [("服务费", MONTHLY, 12, "月", yuan)],
        filed=FILED, replied=REPLIED, year=2025,
    )  # fmt: skip
    buying = Buying(t, place, project)
    buying.prepare(INTENDED)
    buying.start(date(2025, 3, 10))
    prices = (("明川信息", price), ("远桥科技", price + 4_000), ("云栈数据", price + 9_000))
    buying.award_all(IN_2025, {names[who]: fen for who, fen in prices})
    return buying


def _contracted(t: Telling, names: Names, place: str, name: str, yuan: int, price: int) -> Buying:
    """The same, signed, filed and its advance paid."""
    buying = _awarded(t, names, place, name, yuan, price)
    buying.draft(date(2025, 4, 8), date(2025, 5, 1), date(2026, 4, 30), date(2025, 10, 31))
    buying.sign(date(2025, 4, 14))
    buying.submit_filing(date(2025, 4, 16))
    buying.accept_filing(date(2025, 4, 18))
    buying.pay(date(2025, 4, 25), 1)
    return buying


def _half_done(buying: Buying) -> None:
    buying.deliver(date(2025, 10, 28))
    buying.accept(date(2025, 11, 4), "0.5", is_final=False)
    buying.pay(date(2025, 11, 14), 2, "0.5")


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
    b.evaluate(date(2025, 12, 8), "good")
    b.pay(date(2025, 12, 15), 3, "0.5")


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
    drain()


def _second_attempt(t: Telling, names: Names) -> None:
    """人社局: failed once, awarded at the second attempt, filed late, half accepted."""
    project = approve(
        t, "人社局", "社保自助终端运维服务", [("服务费", MONTHLY, 12, "月", 32_000)],
        filed=FILED, replied=REPLIED, year=2025,
    )  # fmt: skip
    b = Buying(t, "人社局", project)
    b.prepare(INTENDED)
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


def _filed_late(t: Telling, b: Buying) -> None:
    b.draft(date(2025, 5, 14), date(2025, 6, 1), date(2026, 5, 31), date(2025, 11, 20))
    b.sign(date(2025, 5, 20))
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


def _accepted_in_part(b: Buying) -> None:
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


def _given_up(t: Telling) -> None:
    """城管局: failed, then given up; the reservation is released."""
    project = approve(
        t, "城管局", "数字城管案件派遣服务", [("服务费", MONTHLY, 12, "月", 26_000)],
        filed=FILED, replied=REPLIED, year=2025,
    )  # fmt: skip
    b = Buying(t, "城管局", project)
    b.prepare(INTENDED)
    b.start(date(2025, 3, 10))
    b.publish(IN_2025["published"], until=IN_2025["until"], deadline=IN_2025["deadline"])
    fail_tender(
        b.tender,
        ground="grave_change",
        reason="市级统一建设派遣平台，本级不再采购。",
        **b.officer.acts(date(2025, 3, 26)),
    )
    cancel_package(
        Package.objects.get(project=project),
        note="任务取消，释放预留资金。",
        **b.leader.acts(date(2025, 3, 28)),
    )
    drain()


def _under_evaluation(t: Telling, names: Names) -> None:
    """应急局: everything accepted, the three opinions in, no conclusion yet."""
    b = _contracted(t, names, "应急局", "应急广播平台运维", 30_000, 351_000)
    _half_done(b)
    b.accept(date(2025, 12, 22), "0.5", is_final=True)
    b.evaluate(date(2025, 12, 29), "fair", is_concluded=False)
    carry_over(b.contract, year=2025, **t.finance().acts(date(2025, 12, 31)))


def _small(t: Telling, names: Names) -> None:
    """市监局: a small purchase by three quotations; its contract came back for correction."""
    project = approve(
        t, "市监局", "电梯物联网流量服务", [("流量服务", "C17010200", 12, "月", 9_000)],
        filed=FILED, replied=REPLIED, year=2025, kind="small", proposed_method="own",
    )  # fmt: skip
    b = Buying(t, "市监局", project)
    b.prepare(INTENDED)
    b.start(date(2025, 3, 10), method="own", weight=100)
    start_own_purchase(b.tender, **b.officer.acts(date(2025, 3, 12)))
    b.bids(date(2025, 3, 12), {names["鼎信软件"]: 99_600, names["云栈数据"]: 103_200})
    b.report(date(2025, 3, 13), [])
    b.decide(date(2025, 3, 14))
    b.notify(date(2025, 3, 17))
    b.draft(date(2025, 3, 18), date(2025, 4, 1), date(2026, 3, 31), date(2025, 9, 30))
    send_back(b.pending()[0], comment="请写明流量超出后的计费。", **b.head.acts(date(2025, 3, 19)))


def _signed_in_february(t: Telling, names: Names) -> None:
    """Three purchases of 2026 just signed: one waits for filing, two for their advance."""
    for place, name, yuan, step in (
        ("人社局", "就业服务平台运维", 28_000, "submitted"),
        ("卫健委", "卫生专网运行维护", 35_000, "requested"),
        ("民政局", "社会救助信息平台运维", 31_000, "verified"),
    ):
        project = approve(
            t, place, name, [("服务费", MONTHLY, 12, "月", yuan)],
            filed=date(2025, 10, 13), replied=date(2025, 12, 12), year=2026,
        )  # fmt: skip
        b = Buying(t, place, project)
        b.prepare(date(2025, 12, 15))
        b.start(date(2026, 1, 9))
        price = yuan * 12 - 9_000
        who = {names["云栈数据"]: price, names["鼎信软件"]: price + 2_000}
        b.award_all(IN_DECEMBER, who | {names["远桥科技"]: price + 5_000})
        b.draft(date(2026, 2, 4), date(2026, 3, 1), date(2027, 2, 28), date(2026, 8, 31))
        b.sign(date(2026, 2, 10))
        b.submit_filing(date(2026, 2, 25))
        _after_filing(b, step)


def _after_filing(b: Buying, step: str) -> None:
    if step == "submitted":
        _supplements(b)
        return
    b.accept_filing(date(2026, 2, 26))
    row = b.request(date(2026, 2, 27), 1, "0")
    if step == "verified":
        b.verify(date(2026, 2, 28), row)


def _supplements(b: Buying) -> None:
    """One agreed that changes no money, one withdrawn, one being drafted."""
    on = date(2026, 2, 26)
    agreed = draft_supplement(
        b.contract,
        number="补 1",
        amount_fen=0,
        reason="服务地点增加区就业服务大厅，金额不变。",
        **b.officer.acts(on),
    )
    agree_supplement(agreed, **b.leader.acts(on))
    gone = draft_supplement(
        b.contract,
        number="补 2",
        amount_fen=1_000_000,
        reason="增加短信通知服务。",
        **b.officer.acts(on),
    )
    withdraw_supplement(gone, note="没有可用预算，待预算调整后再议。", **b.officer.acts(on))
    draft_supplement(
        b.contract,
        number="补 3",
        amount_fen=0,
        reason="月报提交日由 5 日改为 8 日。",
        **b.officer.acts(on),
    )
    drain()


def _at_the_desk(t: Telling, names: Names) -> None:
    """Purchases of 2026 at every step between preparing and contract."""
    filed, replied = date(2025, 10, 13), date(2026, 1, 9)
    made = {}
    for place, name, yuan in (
        ("市监局", "市场主体信用平台运维", 33_000),
        ("龙溪街道", "网格巡查系统运维", 27_000),
        ("石船镇", "便民终端远程维护服务", 29_000),
        ("政务办", "政务服务热线智能质检", 38_000),
        ("教委", "校园安全视频运维", 42_000),
        ("交通局", "智慧公交数据服务", 120_000),
    ):
        project = approve(
            t, place, name, [("服务费", MONTHLY, 12, "月", yuan)],
            filed=filed, replied=replied, year=2026,
        )  # fmt: skip
        made[place] = b = Buying(t, place, project)
        b.prepare(replied)
    _opened(made["市监局"], names)
    _evaluated(made["龙溪街道"], names)
    _decided(made["石船镇"], names)
    _drafted(made["政务办"], names)
    _in_preparation(made["教委"])
    made["交通局"].start(date(2026, 2, 5), method="open", weight=20)
    made["交通局"].publish(date(2026, 2, 10), until=date(2026, 2, 25), deadline=date(2026, 3, 9))


def _opened(b: Buying, names: Names) -> None:
    b.start(date(2026, 2, 5))
    b.publish(**IN_2026_ARGUMENTS)
    b.open(IN_2026["deadline"])
    prices = {names["明川信息"]: 389_000, names["远桥科技"]: 392_000, names["云栈数据"]: 380_000}
    bids = b.bids(IN_2026["deadline"], prices | {names["新启系统"]: 365_000})
    invalidate_bid(
        bids[-1],
        reason="未提交近三年无重大违法记录的声明。",
        **b.officer.acts(date(2026, 2, 25)),
    )


IN_2026_ARGUMENTS = {
    "on": IN_2026["published"],
    "until": IN_2026["until"],
    "deadline": IN_2026["deadline"],
}


def _evaluated(b: Buying, names: Names) -> None:
    b.start(date(2026, 2, 5))
    b.publish(**IN_2026_ARGUMENTS)
    b.open(IN_2026["deadline"])
    price = b.tender.ceiling_price_fen // 100 - 10_000
    able = ("云栈数据", "鼎信软件", "明川信息")
    bids = b.bids(IN_2026["deadline"], {names[n]: price + 2_000 * i for i, n in enumerate(able)})
    b.report(date(2026, 2, 26), [(bid, 78 - 3 * n) for n, bid in enumerate(bids)])


def _decided(b: Buying, names: Names) -> None:
    _evaluated(b, names)
    b.decide(date(2026, 2, 27))


def _drafted(b: Buying, names: Names) -> None:
    """The chain started anew after a correction; the head has signed, the leader has not."""
    _decided(b, names)
    b.notify(date(2026, 2, 28))
    on = date(2026, 2, 28)
    b.draft(on, date(2026, 3, 16), date(2027, 3, 15), date(2026, 9, 30))
    terms = b.terms(date(2026, 3, 16), date(2027, 3, 15), date(2026, 9, 15))
    revise_contract(b.contract, terms=terms, reason="中期节点提前。", **b.officer.acts(on))
    sign(b.pending()[0], comment="同意。", **b.head.acts(date(2026, 3, 2)))


def _in_preparation(b: Buying) -> None:
    """Two packages; the first has its documents in preparation, anew after a slip."""
    total = b.project.approved_fen or 0
    first = total // 3 * 2
    divide_packages(
        b.project,
        packages=[
            {"name": "中小学视频运维", "budget_fen": first},
            {"name": "幼儿园视频运维", "budget_fen": total - first},
        ],
        **b.officer.acts(date(2026, 2, 10)),
    )
    wrong = b.start(date(2026, 2, 24))
    abandon_tender(wrong, note="采购编号有误，重新拟制。", **b.officer.acts(date(2026, 2, 25)))
    b.start(date(2026, 2, 26))


def walk_a(t: Telling) -> None:
    """文旅委's “公共文化信息服务平台运维”: replied to and announced, waiting for its documents."""
    project = approve(
        t,
        "文旅委",
        "公共文化信息服务平台运维",
        [
            ("运维", "C16070300", 12, "月", 95_000),
            ("安全", "C16070400", 12, "月", 35_000),
            ("呼叫", "C16100000", 12, "月", 25_000),
        ],
        filed=date(2025, 10, 20),
        replied=date(2026, 1, 30),
        year=2026,
        fund="信息化专项资金",
        service_nature="public",
        condition="验收前交统一身份认证接入证明",
        fen=180_000_000,
    )
    buying = Buying(t, "文旅委", project)
    buying.prepare(date(2026, 2, 2))
