"""Cloud resources collected by 政务办: a year closed, one in two rounds, one under way."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from config.demo.telling import Telling, days
from core.events import drain
from core.money import multiply
from projects.models import CloudAnswer, CloudCollection, CloudPrice
from projects.services import (
    CloudLineInput,
    FundInput,
    PriceInput,
    abandon_collection,
    close_collection,
    confirm_answer,
    estimate_from,
    fill_answer,
    hand_back_answer,
    open_collection,
    send_back_answer,
)

OFFICE = "政务办"
UNITS = (OFFICE, "教委", "卫健委", "民政局", "人社局")
# 编号、类别、规格、单位、年单价（元）。
SPECS = (
    ("P-CPU4", "private", "云主机 4 核 8G", "台·年", 4_200),
    ("P-CPU8", "private", "云主机 8 核 32G", "台·年", 11_800),
    ("P-SSD", "private", "块存储 1 TB", "TB·年", 2_160),
    ("U-OSS", "public", "对象存储 1 TB", "TB·年", 1_280),
    ("U-WAF", "public", "网站防护", "域名·年", 9_600),
    ("X-CPU8", "domestic", "信创云主机 8 核 16G", "台·年", 14_500),
    ("X-DB", "domestic", "信创数据库实例", "套·年", 36_000),
)
FRAMEWORK = "市级政务云服务框架协议"
Line = tuple[str, int, int, int, str]

# 一个单位的各行：编号、现用、拟退、新申请、理由。
FIRST: dict[str, tuple[Line, ...]] = {
    OFFICE: (
        ("P-CPU4", 18, 0, 2, "办件系统扩容"),
        ("U-WAF", 3, 0, 0, ""),
        ("X-DB", 2, 0, 1, "改造"),
    ),
    "教委": (("P-CPU4", 12, 0, 0, ""), ("U-OSS", 20, 0, 6, "课程资源入库")),
    "卫健委": (("P-CPU8", 8, 0, 2, "影像平台"), ("P-SSD", 24, 0, 8, "影像归档")),
    "民政局": (("P-CPU4", 4, 0, 0, ""),),
}  # fmt: skip
SECOND: dict[str, tuple[Line, ...]] = {
    OFFICE: (
        ("P-CPU4", 20, 2, 0, "旧办件系统停用"),
        ("U-WAF", 3, 0, 1, "新增域名"),
        ("X-DB", 3, 0, 0, ""),
    ),
    "教委": (("P-CPU4", 12, 0, 2, "招生系统"), ("U-OSS", 26, 0, 4, "课程资源")),
    "卫健委": (("P-CPU8", 10, 0, 2, "基层诊疗"), ("P-SSD", 32, 4, 12, "影像三年归档")),
    "人社局": (("P-CPU8", 0, 0, 6, "就业服务平台上云"), ("X-CPU8", 0, 0, 4, "信创适配")),
}  # fmt: skip
THIRD: dict[str, tuple[Line, ...]] = {
    OFFICE: (
        ("P-CPU4", 18, 0, 4, "共享节点"), ("U-WAF", 4, 0, 0, ""), ("X-DB", 3, 0, 1, "容灾"),
    ),
    "教委": (("P-CPU4", 14, 2, 0, "停用旧站"), ("U-OSS", 30, 0, 5, "课程资源")),
    "卫健委": (("P-CPU8", 12, 0, 4, "扩容"), ("P-SSD", 40, 0, 10, "影像归档")),
    "人社局": (("P-CPU8", 6, 0, 1, "智能客服"), ("X-CPU8", 4, 0, 0, "")),
}  # fmt: skip


def tell_cloud_past(t: Telling) -> None:
    """示范区: 2025 gathered and closed; 2026 in two rounds, one unit late and one returned."""
    first = _open(t, 2025, date(2025, 1, 6), date(2025, 1, 17), UNITS[:4])
    for place, lines in FIRST.items():
        _answer(t, first, place, lines, date(2025, 1, 8))
    _close(t, first, date(2025, 1, 20))
    on = date(2025, 9, 8)
    earlier = _open(t, 2026, on, date(2025, 9, 26), UNITS[:4])
    for place in UNITS[:3]:
        _answer(t, earlier, place, SECOND[place], days(on, 4))
    _hand_back(t, earlier, "教委", days(on, 8), "招生系统未见立项，请写明依据后重报。")
    again = ((*SECOND["教委"][0][:4], "招生系统（2025 年立项）"), SECOND["教委"][1])
    _answer(t, earlier, "教委", again, days(on, 10))
    _close(t, earlier, date(2025, 9, 29))
    on = date(2025, 11, 10)
    later = _open(t, 2026, on, date(2025, 11, 28), UNITS)
    for place, lines in SECOND.items():
        _answer(t, later, place, lines, days(on, 3))
    _close(t, later, date(2025, 12, 1))
    drain()


def tell_cloud_present(t: Telling) -> None:
    """示范区: a round for 2027 with a wrong price given up; the one under way, two units behind."""
    wrong = _open(t, 2027, date(2026, 2, 3), date(2026, 2, 20), UNITS)
    _answer(t, wrong, "民政局", (), date(2026, 2, 4))
    note = "价格表误用上年的单价，改后另起一轮。"
    abandon_collection(_fresh(wrong), note=note, **_officer(t, OFFICE, date(2026, 2, 5)))
    on = date(2026, 2, 6)
    row = _open(t, 2027, on, date(2026, 2, 27), (*UNITS, "交通局"))
    _answer(t, row, OFFICE, THIRD[OFFICE], days(on, 3))
    _answer(t, row, "民政局", (), days(on, 4))
    _answer(t, row, "教委", THIRD["教委"], days(on, 5))
    _hand_back(t, row, "教委", days(on, 10), "对象存储增速偏高，请说明测算依据。")
    again = (THIRD["教委"][0], ("U-OSS", 30, 0, 3, "按近三年平均增量测算"))
    _answer(t, row, "教委", again, days(on, 13))
    _answer(t, row, "卫健委", THIRD["卫健委"], days(on, 12))
    _hand_back(t, row, "卫健委", days(on, 18), "云主机扩容四台，请写明用于哪个系统。")
    _fill(t, row, "人社局", THIRD["人社局"], days(on, 14))
    reason = "信创云主机请与信息科核对台数。"
    head = t.actor("人社局", "section_head").acts(days(on, 15))
    send_back_answer(_of(t, row, "人社局"), reason=reason, **head)
    _fill(t, row, "人社局", THIRD["人社局"], days(on, 17))
    drain()


def cloud_estimate(t: Telling, year: int, fund: str) -> dict[str, Any]:
    """What a filing takes from the closed round of a year: the lines, and the fund to pay them."""
    found = CloudCollection.objects.get(
        organiser=t.district.purchasers[OFFICE], year=year, status="closed"
    )
    lines = estimate_from(found, t.district.item("C16080300"))
    total = sum(multiply(each.quantity, each.unit_price_fen) for each in lines)
    return {"estimate": lines, "funds": [FundInput(t.district.funds[fund], total)]}


def _open(t: Telling, year: int, on: date, due: date, places: tuple[str, ...]) -> CloudCollection:
    prices = [
        PriceInput(code, category, name, unit, yuan * 100, f"{FRAMEWORK}（{on.year} 年）", on)
        for code, category, name, unit, yuan in SPECS
    ]
    return open_collection(
        t.district.purchasers[OFFICE],
        year=year,
        answers_due_on=due,
        prices=prices,
        units=[t.district.purchasers[place] for place in places],
        note="现用的照云平台账单填；新申请的写明用于哪个系统。",
        **_officer(t, OFFICE, on),
    )


def _answer(
    t: Telling, row: CloudCollection, place: str, lines: tuple[Line, ...], on: date
) -> None:
    """Filled by the officer, confirmed by the leader a day later; no lines mean none used."""
    _fill(t, row, place, lines, on)
    leader = t.actor(place, "division_leader").acts(days(on, 1))
    confirm_answer(_of(t, row, place), **leader)


def _fill(t: Telling, row: CloudCollection, place: str, lines: tuple[Line, ...], on: date) -> None:
    prices = {p.code: p for p in CloudPrice.objects.filter(collection=row)}
    made = [
        CloudLineInput(
            prices[code], Decimal(current), Decimal(released), Decimal(requested), reason
        )
        for code, current, released, requested, reason in lines
    ]
    acts = _officer(t, place, on)
    fill_answer(_of(t, row, place), lines=made, is_none=not made, **acts)


def _hand_back(t: Telling, row: CloudCollection, place: str, on: date, reason: str) -> None:
    hand_back_answer(_of(t, row, place), reason=reason, **_officer(t, OFFICE, on))


def _close(t: Telling, row: CloudCollection, on: date) -> None:
    close_collection(_fresh(row), **_officer(t, OFFICE, on))


def _of(t: Telling, row: CloudCollection, place: str) -> CloudAnswer:
    answers = CloudAnswer.objects.filter(collection=row, purchaser=t.district.purchasers[place])
    return answers.whole().get()


def _fresh(row: CloudCollection) -> CloudCollection:
    return CloudCollection.objects.whole().get(pk=row.pk)


def _officer(t: Telling, place: str, on: date) -> dict[str, Any]:
    return t.actor(place, "officer").acts(on)
