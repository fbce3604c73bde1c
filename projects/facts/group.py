"""领导小组会议的规则所问的事实：名单、到会、回避、日期。"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from core.history.reading import actors_of
from core.rules import Context
from projects.models import AttendanceState, GroupMember, InternalSignature


@dataclass(frozen=True)
class MeetingFacts:
    """一次会议：在任成员各是什么情形；本该回避的人里没有回避的；名单以会议日为准。"""

    page: str
    held_on: date | None
    opened_on: date
    on: date
    members: int
    present: int
    unaccounted: tuple[str, ...]
    strangers: int
    not_avoiding: tuple[str, ...]


def meeting_facts(signature: InternalSignature, context: Context) -> MeetingFacts:
    """`context.data` 里的 `attendance` 是 {成员主键: 情形}，`held_on` 是会议日期。"""
    case = signature.case()
    held_on: date | None = context.data.get("held_on")
    attendance: dict[int, str] = context.data.get("attendance") or {}
    members = list(
        GroupMember.objects.in_force(held_on or context.on).filter(purchaser=case.purchaser_id)
    )
    own = {case.officer_id, *actors_of(case.stream(), "projects.file", "projects.revise")}
    state = {m.pk: attendance.get(m.pk, "") for m in members}
    return MeetingFacts(
        page=case.get_absolute_url(),
        held_on=held_on,
        opened_on=signature.opened_on,
        on=context.on,
        members=len(members),
        present=sum(s == AttendanceState.PRESENT for s in state.values()),
        unaccounted=tuple(str(m) for m in members if not state[m.pk]),
        strangers=len(set(attendance) - set(state)),
        not_avoiding=tuple(
            str(m) for m in members if m.user_id in own and state[m.pk] == AttendanceState.PRESENT
        ),
    )
