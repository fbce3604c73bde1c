"""The demonstration's subsidy: eight township service centres, 《平湖办法》第七条第（四）项."""

from __future__ import annotations

from datetime import date

from config.demo.district import Actor
from config.demo.papers import studied
from config.demo.purchasing import approve
from config.demo.telling import Telling
from contracts.models import SpendingReport, SubsidyShare
from contracts.services import (
    accept_report,
    allot_subsidy,
    release_part,
    report_spending,
    return_unspent,
    send_back_report,
    settle_share,
)
from core.events import drain

CENTRES = ("东湖", "西塘", "南桥", "北门", "石船", "龙溪", "古路", "大湾")
SHARE_YUAN = 50_000


def tell_subsidy(t: Telling) -> None:
    """政务办: allotted to eight centres; one settled, others at every step on the way."""
    project = approve(
        t,
        "政务办",
        "镇街道便民服务中心补助",
        [("中心运行补助", "C23070100", 8, "个", SHARE_YUAN)],
        filed=date(2025, 1, 6),
        replied=date(2025, 2, 10),
        year=2025,
        fund="本级财政管理资金",
        kind="subsidy",
        programme="township_subsidy",
        service_nature="public",
        duty_code="office-2",
        **studied(date(2024, 12, 27), section="政务服务科 袁正平")
        | {"feasibility": "归口科室论证意见：可行，按中心数和上年办件量测算。"},
        leading_group_minutes="领导小组纪要〔2024〕12号",
        proposed_method="",
    )
    officer, leader = t.actor("政务办", "officer"), t.actor("政务办", "division_leader")
    allot_subsidy(
        project,
        shares=[
            {"recipient": f"{name}便民服务中心", "amount_fen": SHARE_YUAN * 100} for name in CENTRES
        ],
        **officer.acts(date(2025, 2, 18)),
    )
    for n, share in enumerate(SubsidyShare.objects.filter(project=project), 1):
        on = date(2025, 3, 3)
        release_part(
            share, amount_fen=3_000_000, voucher=f"国库20250303-{n:02d}", **t.finance().acts(on)
        )
    first, second, third, *_ = SubsidyShare.objects.filter(project=project)
    _settled(t, first, officer, leader)
    _report(second, 2_600_000, date(2025, 9, 8), officer)
    _report(third, 2_900_000, date(2025, 9, 9), officer)
    send_back_report(
        SpendingReport.objects.get(share=third),
        reason="凭证号与发票不符，请核对后重报。",
        **leader.acts(date(2025, 9, 12)),
    )
    drain()


def _report(share: SubsidyShare, fen: int, on: date, officer: Actor) -> SpendingReport:
    report_spending(
        share,
        period=f"{on:%Y年%m月}前",
        lines=[
            {"item": "窗口设备维护", "expense_kind": "maintenance", "amount_fen": fen // 2,
             "voucher": f"记-{share.position:02d}01"},
            {"item": "政务网络租用", "expense_kind": "rental", "amount_fen": fen - fen // 2,
             "voucher": f"记-{share.position:02d}02"},
        ],
        **officer.acts(on),
    )  # fmt: skip
    return SpendingReport.objects.filter(share=share).latest("pk")


def _settled(t: Telling, share: SubsidyShare, officer: Actor, leader: Actor) -> None:
    """Reported, topped up, the rest returned, settled."""
    report = _report(share, 2_800_000, date(2025, 7, 7), officer)
    accept_report(report, **leader.acts(date(2025, 7, 10)))
    finance = t.finance()
    release_part(
        share, amount_fen=2_000_000, voucher="国库20250714-01", **finance.acts(date(2025, 7, 14))
    )
    report = _report(share, 1_900_000, date(2025, 12, 8), officer)
    accept_report(report, **leader.acts(date(2025, 12, 10)))
    return_unspent(
        share,
        amount_fen=300_000,
        returned_on=date(2025, 12, 15),
        reason="年末结余退回",
        **finance.acts(date(2025, 12, 15)),
    )
    settle_share(share, gives_up_rest=False, **leader.acts(date(2025, 12, 22)))
