"""The internal chain in the demonstration: tiers, a meeting, a deputy, paper, tasks, a handover."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.services import delegate, end_delegation
from config.demo.district import Actor, make_filing
from config.demo.telling import MINUTES, Telling, days
from core.attachments.upload import Uploaded
from core.events import drain
from projects.models import GroupMember, InternalSignature, Project
from projects.services import (
    TierInput,
    accept_task,
    add_member,
    add_tier,
    answer_point,
    assign_task,
    call_off_task,
    decline_task,
    file_project,
    finish_task,
    hand_over,
    items_of,
    record_meeting,
    register_paper,
    send_back,
    sign,
)

ON = date(2026, 2, 24)


def tell_chains(t: Telling) -> None:
    """All of it in 示范区, in the week before the clock's first day."""
    _tiers(t)
    _deputies(t)
    big = _paper(t)
    _tasks(t, big)
    _points(t)
    _meeting(t)
    _handover(t)
    drain()


def _pdf(name: str) -> Uploaded:
    file: Any = SimpleUploadedFile(name, MINUTES, "application/pdf")
    return file


def _tiers(t: Telling) -> None:
    """A township with one clerk; from two million up the principal signs as well."""
    keeper = t.actor("信息中心", "security_admin").acts(ON)
    add_tier(
        t.district.jurisdiction,
        TierInput(
            title="石船镇：经办、分管两级",
            roles=("division_leader",),
            basis="石府发〔2026〕3号",
            since=ON,
            purchaser=t.district.purchasers["石船镇"],
        ),
        **keeper,
    )
    add_tier(
        t.district.jurisdiction,
        TierInput(
            title="二百万元以上经主要领导",
            roles=("section_head", "division_leader", "principal"),
            basis="示府办发〔2026〕8号",
            since=ON,
            from_fen=200_000_000,
        ),
        **keeper,
    )
    kiosk = t.file(
        "石船镇", "便民大厅排队叫号维护", days(ON, 2), [("系统维护", "C16070300", 12, "月", 8_000)]
    )
    t.sign_next("石船镇", kiosk, days(ON, 3))


def _deputies(t: Telling) -> None:
    """何敏 is away and 贺鸣 signs for her; an earlier delegation elsewhere was ended early."""
    leader, principal = t.actor("卫健委", "division_leader"), t.actor("卫健委", "principal")
    delegate(
        leader.role,
        deputy=principal.user,
        since=days(ON, 1),
        until=date(2026, 3, 14),
        scope="signing",
        acts=(),
        reason="赴市委党校学习",
        **leader.acts(ON),
    )
    other, head = t.actor("城管局", "division_leader"), t.actor("城管局", "section_head")
    row = delegate(
        other.role,
        deputy=head.user,
        since=ON,
        until=date(2026, 3, 7),
        scope="acts",
        acts=("contracts.verify_payment",),
        reason="休假",
        **other.acts(ON),
    )
    end_delegation(row, reason="提前返岗", **other.acts(days(ON, 2)))
    chain = t.file(
        "卫健委", "疫苗冷链数据监测服务", days(ON, 1), [("数据监测", "C16030200", 12, "月", 20_000)]
    )
    t.sign_next("卫健委", chain, days(ON, 2))
    deputy: dict[str, Any] = {"by": principal.user, "acting_as": leader.role, "on": days(ON, 3)}
    sign(t.pending(chain)[0], comment="同意报出。", **deputy)


def _paper(t: Telling) -> Project:
    """A big one: the head signed on paper and has still to confirm it."""
    project = t.file(
        "卫健委",
        "区域卫生健康信息平台运维",
        days(ON, 1),
        [("平台运维", "C16070300", 12, "月", 205_000)],
    )
    register_paper(
        t.pending(project)[0],
        signer=t.actor("卫健委", "section_head").user,
        signed_on=days(ON, 2),
        file=_pdf("签批单扫描件.pdf"),
        comment="同意，报分管领导。",
        **t.actor("卫健委", "officer").acts(days(ON, 3)),
    )
    return project


def _tasks(t: Telling, project: Project) -> None:
    """One task of every state."""
    officer, head = t.actor("卫健委", "officer"), t.actor("卫健委", "section_head")
    demands = (
        ("entrust", "拟订委托代理协议", "办公室"),
        ("procure", "核对政府采购目录和限额", "财务科"),
        ("licence", "办理等级保护定级备案", "信息科"),
        ("other", "提供上年运维工单", "信息科"),
        ("licence", "更新机房消防许可", "办公室"),
    )
    _waiting, accepted, done, declined, gone = (
        assign_task(
            project,
            kind=kind,
            demand=demand,
            section=section,
            doer=head.user,
            due_on=date(2026, 3, 13),
            **officer.acts(days(ON, 2)),
        )
        for kind, demand, section in demands
    )
    accept_task(accepted, **head.acts(days(ON, 3)))
    accept_task(done, **head.acts(days(ON, 3)))
    finish_task(
        done,
        result="已取得定级备案证明。",
        file=_pdf("定级备案证明.pdf"),
        **head.acts(days(ON, 4)),
    )
    decline_task(declined, note="工单在统计科。", **head.acts(days(ON, 3)))
    call_off_task(gone, note="许可尚未到期。", **officer.acts(days(ON, 4)))


def _points(t: Telling) -> None:
    """Returned with two points, one of them answered."""
    project = t.file("教委", "校园网络安全巡检", ON, [("安全巡检", "C16070400", 12, "月", 18_000)])
    step = t.pending(project)[0]
    send_back(
        step,
        points=["巡检范围是否含民办学校，请写明。", "单价高于上年，请说明。"],
        **t.actor("教委", "section_head").acts(days(ON, 1)),
    )
    answer_point(
        step.points.get(number=1),
        text="只含公办学校，需求中已写明。",
        **t.actor("教委", "officer").acts(days(ON, 2)),
    )


def _meeting(t: Telling) -> None:
    """政务办's leading group: five members, one avoids, the project is approved."""
    secretary = t.actor("政务办", "leading_group")
    members = [
        _member(t, name, title, user, secretary)
        for name, title, user in (
            ("董海", "分管负责人", t.actor("政务办", "division_leader")),
            ("袁正平", "数据管理科", t.actor("政务办", "section_head")),
            ("柳青", "财务科", None),
            ("江帆", "政务服务中心主任", None),
            ("袁洁", "信息科", t.actor("政务办", "officer")),
        )
    ]
    project = t.file(
        "政务办",
        "一网通办智能客服",
        days(ON, 1),
        [("智能客服", "C16100000", 12, "月", 30_000)],
        fund="本级财政管理资金",
        programme="information",
        duty="统筹推进一网通办",
        feasibility="归口科室论证意见：可行。",
        pre_review="示政数预审〔2026〕4号",
    )
    for day in (1, 2):
        t.sign_next("政务办", project, days(ON, day))
    states = ("present", "present", "present", "absent", "avoiding")
    record_meeting(
        InternalSignature.objects.get(project=project, role="leading_group"),
        held_on=days(ON, 3),
        number="领导小组纪要〔2026〕2号",
        conclusion="approve",
        opinion="同意立项，费用按测算控制。",
        attendance={m.pk: state for m, state in zip(members, states, strict=True)},
        file=_pdf("领导小组纪要.pdf"),
        **secretary.acts(days(ON, 3)),
    )


def _member(
    t: Telling, name: str, title: str, actor: Actor | None, secretary: Actor
) -> GroupMember:
    return add_member(
        t.district.purchasers["政务办"],
        name=name,
        title=title,
        user=actor.user if actor else None,
        since=ON,
        **secretary.acts(ON),
    )


def _handover(t: Telling) -> None:
    """汤敏 leaves; 唐波 takes over what she had filed."""
    leaver, heir = t.district.actors["tang-two"], t.actor("应急局", "officer")
    filing = make_filing(
        t.district,
        "避难场所信息更新服务",
        [("信息更新", "C16030200", 1, "项", 120_000)],
        "部门预算",
    )
    file_project(t.district.plans_of["应急局", 2026], filing, **leaver.acts(ON))
    keys = [item.key for item in items_of(leaver.role)]
    hand_over(
        leaver.role,
        successors=dict.fromkeys(keys, heir.user),
        ends_on=date(2026, 3, 1),
        reason="调任区委编办",
        shown=keys,
        **t.actor("应急局", "section_head").acts(days(ON, 3)),
    )
