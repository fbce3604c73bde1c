"""What happened in the demonstration districts until the clock's first day.

Every step is a call of a service; events are delivered as the worker would. Together the cases
show every state of every status machine (a test counts them).
"""

from __future__ import annotations

from datetime import date

from budgeting.models import BudgetReply, Decision, Obligation
from budgeting.services import (
    accept_obligation,
    agree,
    answer_opinion,
    discard_draft,
    oppose,
    reject_project,
    submit_evidence,
)
from config.demo.announcing import publish_all
from config.demo.clouds import cloud_estimate
from config.demo.district import make_filing
from config.demo.papers import pre_reviewed, studied
from config.demo.telling import Telling, days
from core.events import drain
from projects.models import Project
from projects.services import (
    revise_project,
    withdraw_project,
)


def tell_main(t: Telling) -> None:
    """示范区: nineteen cases, from a draft chain to a fulfilled duty."""
    _in_filing(t)
    _in_review(t)
    _returned(t)
    _approved(t)
    _ended(t)


def _in_filing(t: Telling) -> None:
    on = date(2026, 2, 9)
    t.file("教委", "智慧校园平台运行维护", on, [("平台运维", "C16070300", 12, "月", 48_000)])
    half = t.file(
        "卫健委", "基层卫生信息系统运维", on, [("系统运维", "C16070300", 12, "月", 62_000)]
    )
    t.sign_next("卫健委", half, days(on, 1))
    ready = t.file(
        "民政局",
        "养老服务热线呼叫中心",
        on,
        [("热线座席", "C16100000", 12, "月", 36_000)],
        service_nature="public",
    )
    for day in (1, 2):
        t.sign_next("民政局", ready, days(on, day))
    back = t.file("人社局", "就业数据治理服务", on, [("数据加工", "C16030200", 1, "项", 380_000)])
    t.send_back("人社局", back, days(on, 2), "请补充数据量测算依据后再报。")
    revised = t.file(
        "城管局", "城市管理视频运维", on, [("前端运维", "C16070200", 12, "月", 55_000)]
    )
    t.sign_next("城管局", revised, days(on, 1))
    filing = make_filing(
        t.district, "城市管理视频运维", [("前端运维", "C16070200", 12, "月", 52_000)], "部门预算"
    )
    revise_project(
        revised,
        filing,
        reason="按询价结果下调单价",
        **t.actor("城管局", "officer").acts(days(on, 3)),
    )
    t.file(
        "政务办",
        "政务云资源租用",
        on,
        [("政务云", "C16080300", 1, "年", 1)],
        fund="本级财政管理资金",
        **cloud_estimate(t, 2026, "本级财政管理资金"),
        programme="cloud",
        duty_code="office-5",
        **studied(date(2026, 1, 28), section="基础设施科 袁正平")
        | {"feasibility": "现用与新申请云资源测算见附表，复用率逐年提高。"},
    )


def _in_review(t: Telling) -> None:
    on = date(2026, 1, 12)
    fresh = t.file(
        "交通局",
        "公交到站信息服务",
        on,
        [("信息服务", "C17020000", 12, "月", 40_000)],
        service_nature="public",
    )
    t.submit("交通局", fresh, days(on, 2))
    partly = t.file(
        "市监局", "食品安全追溯平台运维", on, [("平台运维", "C16070300", 12, "月", 45_000)]
    )
    t.submit("市监局", partly, days(on, 2))
    agree(t.opinion(partly, "发改委"), text="同意。", **t.reviewer("发改委").acts(days(on, 6)))
    opposed = t.file(
        "应急局", "应急指挥平台升级咨询", on, [("规划咨询", "C16090100", 1, "项", 480_000)]
    )
    t.submit("应急局", opposed, days(on, 2))
    oppose(
        t.opinion(opposed, "经信委"),
        text="与市级应急平台功能重复，请说明差异。",
        **t.reviewer("经信委").acts(days(on, 7)),
    )
    answered = t.file(
        "龙溪街道", "社区网格信息采集服务", on, [("数据采集", "C16030200", 12, "月", 22_000)]
    )
    t.submit("龙溪街道", answered, days(on, 2))
    oppose(
        t.opinion(answered, "发改委"),
        text="采集频次偏高，请说明必要性。",
        **t.reviewer("发改委").acts(days(on, 7)),
    )
    answer_opinion(
        t.opinion(answered, "发改委"),
        text="频次已由每周改为每月，测算相应说明。",
        **t.actor("龙溪街道", "officer").acts(days(on, 9)),
    )
    concluded = t.file(
        "石船镇", "便民服务终端维护", on, [("终端维护", "C23120100", 12, "月", 15_000)]
    )
    t.submit("石船镇", concluded, days(on, 2))
    t.all_agree(concluded, days(on, 8))
    t.conclude(concluded, days(on, 10))
    t.decide(
        [concluded],
        date(2026, 2, 27),
        "常务会",
        t.actor("常务会", "decision_secretary"),
        "2026 年第 4 次会议",
        "示府阅〔2026〕4号",
        is_recorded=False,
    )


def _returned(t: Telling) -> None:
    on = date(2025, 11, 17)
    waiting = t.file(
        "教委", "教育资源平台内容审核", on, [("内容审核", "C16030300", 12, "月", 30_000)]
    )
    t.submit("教委", waiting, days(on, 3))
    agree(t.opinion(waiting, "发改委"), text="同意。", **t.reviewer("发改委").acts(days(on, 7)))
    t.return_with(waiting, days(on, 10), ["单价高于上年同类合同，请说明。", "缺少审核量测算。"])
    t.answer("教委", waiting, 1, days(on, 14), "上年合同不含夜间值守，本年增加两个班次。")
    again = t.file(
        "卫健委", "居民健康档案数据质控", on, [("数据质控", "C16030200", 12, "月", 41_000)]
    )
    t.submit("卫健委", again, days(on, 3))
    t.return_with(again, days(on, 8), ["请将质控范围限定在本级系统。"])
    t.answer("卫健委", again, 1, days(on, 12), "已限定为区级平台，范围见修改后的需求。")
    filing = make_filing(
        t.district,
        "居民健康档案数据质控",
        [("数据质控", "C16030200", 12, "月", 38_000)],
        "部门预算",
    )
    revise_project(
        again,
        filing,
        reason="按退回意见缩小范围",
        **t.actor("卫健委", "officer").acts(days(on, 13)),
    )
    t.submit("卫健委", Project.objects.get(pk=again.pk), days(on, 15))


def _approved(t: Telling) -> None:
    on = date(2025, 10, 20)
    library = t.file(
        "文旅委",
        "数字图书馆资源加工",
        on,
        [("数字内容加工", "C16030300", 1, "项", 620_000)],
        service_nature="public",
    )
    museum = t.file(
        "文旅委",
        "博物馆票务系统运维",
        on,
        [("系统运维", "C16070300", 12, "月", 28_000)],
        service_nature="public",
    )
    hotline = t.file(
        "人社局",
        "12333 热线智能客服运营",
        on,
        [("平台运营", "C16080200", 12, "月", 58_000)],
        service_nature="public",
    )
    for place, project in (("文旅委", library), ("文旅委", museum), ("人社局", hotline)):
        t.submit(place, project, days(on, 4))
        t.all_agree(project, days(on, 18), but=("经信委",))
    t.condition(library, "经信委", days(on, 19), "验收前交统一身份认证接入证明", "evaluation")
    second = t.condition(
        museum, "经信委", days(on, 19), "采购前提交等级保护定级备案证明", "procurement"
    )
    third = t.condition(hotline, "经信委", days(on, 19), "签订合同前明确录音保存期限", "contract")
    for project in (library, museum, hotline):
        t.conclude(project, days(on, 25))
    officer, reviewer = t.actor("文旅委", "officer"), t.reviewer("经信委")
    evidence = "定级备案证明（区公安分局）"
    submit_evidence(second, evidence=evidence, **officer.acts(date(2026, 1, 12)))
    accept_obligation(second, **reviewer.acts(date(2026, 1, 14)))
    secretary = t.actor("常务会", "decision_secretary")
    t.decide(
        [library, museum, hotline],
        date(2026, 1, 26),
        "常务会",
        secretary,
        "2026 年第 2 次会议",
        "示府阅〔2026〕2号",
    )
    t.reply("文旅委", [library, museum], date(2026, 1, 30))
    _drafts(t, hotline)
    _after_approval(t, third, library)


def _drafts(t: Telling, project: Project) -> None:
    """Two drafts drawn up wrongly and discarded, and the one that waits to be issued."""
    on = date(2026, 2, 26)
    secretary = t.actor("常务会", "decision_secretary")
    t.decide(
        [project],
        on,
        "常务会",
        secretary,
        "2026 年第 4 次会议",
        "示府阅〔2026〕3号",
        is_recorded=False,
    )
    wrong = Decision.objects.get(number="示府阅〔2026〕3号")
    discard_draft(wrong, note="文号有误，已审定过。", **secretary.acts(on))
    t.reply("人社局", [project], on, is_issued=False)
    discard_draft(
        BudgetReply.objects.latest("pk"),
        note="漏附资金来源说明，重新拟制。",
        **t.finance().acts(on),
    )
    t.reply("人社局", [project], date(2026, 2, 27), is_issued=False)


def _after_approval(t: Telling, hotline: Obligation, published: Project) -> None:
    publish_all(t, "文旅委", published, date(2026, 2, 9))
    submit_evidence(
        hotline,
        evidence="录音保存方案（六个月）",
        **t.actor("人社局", "officer").acts(date(2026, 2, 25)),
    )
    drain()


def _ended(t: Telling) -> None:
    on = date(2025, 11, 3)
    gone = t.file(
        "交通局", "停车诱导信息发布服务", on, [("信息发布", "C16080200", 12, "月", 33_000)]
    )
    t.submit("交通局", gone, days(on, 3))
    withdraw_project(
        gone,
        note="与市级项目合并建设，不再单独购买。",
        **t.actor("交通局", "officer").acts(days(on, 12)),
    )
    drain()
    rejected = t.file(
        "城管局",
        "垃圾分类小程序开发",
        on,
        [("应用开发", "C16010300", 1, "项", 460_000)],
        **pre_reviewed("示政数预审〔2025〕28号", date(2025, 10, 27), section="信息科 胡志刚"),
    )
    t.submit("城管局", rejected, days(on, 3))
    t.all_agree(rejected, days(on, 10))
    t.conclude(rejected, days(on, 14))
    t.decide(
        [rejected],
        date(2025, 12, 8),
        "财政局",
        t.finance(),
        "预算审核会第 9 次",
        "示财审〔2025〕9号",
        outcome="reject",
    )
    reject_project(
        rejected, note="市级已有统一小程序，不予重复建设。", **t.finance().acts(date(2025, 12, 10))
    )
    drain()
