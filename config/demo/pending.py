"""Purchases of 2026 that stand at the desk on the first day of the demonstration clock."""

from __future__ import annotations

from datetime import date

from config.demo.notices import (
    tell_contract_notice,
    tell_intention_notice,
    tell_result_notice,
)
from config.demo.performing import Performing
from config.demo.procured import MONTHLY
from config.demo.providers import Names
from config.demo.purchasing import approve
from config.demo.telling import Telling
from contracts.services import (
    agree_supplement,
    draft_supplement,
    revise_contract,
    withdraw_supplement,
)
from core.events import drain
from procurement.services import (
    abandon_tender,
    invalidate_bid,
    record_refusal,
)
from projects.services import divide_packages, sign

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


def tell_pending(t: Telling, names: Names) -> None:
    """Signed in February, at every step before it, and walk A at its beginning."""
    _signed_in_february(t, names)
    _at_the_desk(t, names)
    walk_a(t)


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
        b = Performing(t, place, project)
        b.prepare(date(2025, 12, 15))
        b.announce(date(2025, 12, 15))
        b.start(date(2026, 1, 9))
        price = yuan * 12 - 9_000
        who = {names["云栈数据"]: price, names["鼎信软件"]: price + 2_000}
        b.award_all(IN_DECEMBER, who | {names["远桥科技"]: price + 5_000})
        b.draft(date(2026, 2, 4), date(2026, 3, 1), date(2027, 2, 28), date(2026, 8, 31))
        b.sign(date(2026, 2, 10))
        tell_contract_notice(b, step)
        b.submit_filing(date(2026, 2, 25))
        _after_filing(b, step)


def _after_filing(b: Performing, step: str) -> None:
    if step == "submitted":
        _supplements(b)
        return
    b.accept_filing(date(2026, 2, 26))
    row = b.request(date(2026, 2, 27), 1, "0")
    if step == "verified":
        b.verify(date(2026, 2, 28), row)


def _supplements(b: Performing) -> None:
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
        ("卫健委", "预约挂号平台运维", 36_000),
    ):
        project = approve(
            t, place, name, [("服务费", MONTHLY, 12, "月", yuan)],
            filed=filed, replied=replied, year=2026,
        )  # fmt: skip
        made[place] = b = Performing(t, place, project)
        b.prepare(replied)
        b.announce(replied)
    _opened(made["市监局"], names)
    _evaluated(made["龙溪街道"], names)
    _decided(made["石船镇"], names)
    _drafted(made["政务办"], names)
    _in_preparation(made["教委"])
    b = made["交通局"]
    b.start(date(2026, 2, 5), method="open", weight=20)
    b.publish(date(2026, 2, 10), until=date(2026, 2, 25), deadline=date(2026, 3, 9))
    _refused(made["卫健委"], names)


def _opened(b: Performing, names: Names) -> None:
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


def _evaluated(b: Performing, names: Names) -> None:
    b.start(date(2026, 2, 5))
    b.publish(**IN_2026_ARGUMENTS)
    b.open(IN_2026["deadline"])
    price = b.tender.ceiling_price_fen // 100 - 10_000
    able = ("云栈数据", "鼎信软件", "明川信息")
    bids = b.bids(IN_2026["deadline"], {names[n]: price + 2_000 * i for i, n in enumerate(able)})
    b.report(date(2026, 2, 26), [(bid, 78 - 3 * n) for n, bid in enumerate(bids)])


def _decided(b: Performing, names: Names) -> None:
    _evaluated(b, names)
    b.decide(date(2026, 2, 27))


def _drafted(b: Performing, names: Names) -> None:
    """The chain started anew after a correction; the head has signed, the leader has not."""
    _decided(b, names)
    b.notify(date(2026, 2, 28))
    on = date(2026, 2, 28)
    tell_result_notice(b, on)
    b.draft(on, date(2026, 3, 16), date(2027, 3, 15), date(2026, 9, 30))
    terms = b.terms(date(2026, 3, 16), date(2027, 3, 15), date(2026, 9, 15))
    revise_contract(b.contract, terms=terms, reason="中期节点提前。", **b.officer.acts(on))
    sign(b.pending()[0], comment="同意。", **b.head.acts(date(2026, 3, 2)))


def _refused(b: Performing, names: Names) -> None:
    """The winner refused to sign; its draft is withdrawn, the leader is to decide again."""
    _decided(b, names)
    b.notify(date(2026, 2, 28))
    b.draft(date(2026, 2, 28), date(2026, 3, 16), date(2027, 3, 15), date(2026, 9, 30))
    on = date(2026, 3, 2)
    record_refusal(
        b.award,
        refused_on=on,
        reason="核心技术人员离职，书面表示不能履约，放弃签订。",
        evidence="该公司 2026 年 3 月 2 日《关于放弃签订合同的函》。",
        **b.officer.acts(on),
    )
    drain()


def _in_preparation(b: Performing) -> None:
    """Two packages instead of one; the first has its documents in preparation."""
    wrong = b.start(date(2026, 2, 9))
    abandon_tender(wrong, note="应按学段分包采购，重新划分。", **b.officer.acts(date(2026, 2, 10)))
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
    b = Performing(t, "文旅委", project)
    b.prepare(date(2026, 2, 2))
    tell_intention_notice(b, date(2026, 2, 2))
