"""领导小组：名单的增减，会议的登记。"""

from __future__ import annotations

from datetime import date
from typing import Any

from accounts.models import RoleAssignment, User
from core.attachments import attach, checked_upload
from core.attachments.upload import Uploaded
from core.history import change, unit_of_work
from core.history.values import referenced_pk
from core.transitions import ActError, answered_with, claim, perform, require_may
from projects.models import (
    GroupAttendance,
    GroupMeeting,
    GroupMember,
    InternalSignature,
    MeetingConclusion,
    Project,
    Purchaser,
)
from projects.services.signing import send_back, sign

KEEP = "projects.keep_group"


class GroupRefused(ActError):
    """名单不能这样改；`str()` 说明理由。"""

    is_of_form = True


def add_member(
    purchaser: Purchaser,
    *,
    name: str,
    title: str,
    since: date,
    by: User,
    acting_as: RoleAssignment | None,
    on: date,
    user: User | None = None,
    key: str | None = None,
) -> GroupMember:
    """名单增加一人，自 `since` 起。Raises `NotPermitted`, `GroupRefused`."""
    acts: dict[str, Any] = {"by": by, "acting_as": acting_as, "on": on}
    with unit_of_work():
        known = claim(key, by=by, act=KEEP, content=[purchaser, name, title, since, user])
        if known is not None:
            return GroupMember.objects.get(pk=referenced_pk(known.result))
        _require_keeper(purchaser, **acts)
        Purchaser.objects.select_for_update(no_key=True).get(pk=purchaser.pk)
        if since < on:
            raise GroupRefused("起始日不能早于今天：以前的会议以当时的名单为准。未作改动。")
        same = GroupMember.objects.in_force(since).filter(purchaser=purchaser)
        if same.filter(name=name, title=title).exists() or (
            user is not None and same.filter(user=user).exists()
        ):
            raise GroupRefused(f"{name}已在名单上。未作改动。")
        with change(title="领导小组增加成员", act=KEEP, **acts) as changes:
            row = changes.create(
                GroupMember(purchaser=purchaser, name=name, title=title, user=user, since=since)
            )
        answered_with(key, row)
        return row


def end_member(
    member: GroupMember,
    *,
    until: date,
    reason: str,
    by: User,
    acting_as: RoleAssignment | None,
    on: date,
) -> GroupMember:
    """自 `until` 起不再是成员；此前的会议不变。Raises `NotPermitted`, `GroupRefused`."""
    acts: dict[str, Any] = {"by": by, "acting_as": acting_as, "on": on}
    with unit_of_work():
        row = GroupMember.objects.select_for_update(no_key=True).get(pk=member.pk)
        _require_keeper(row.purchaser, **acts)
        if row.until is not None and row.until <= on:
            raise GroupRefused(f"{row}已于 {row.until.isoformat()} 退出。未作改动。")
        if until < max(on, row.since):
            raise GroupRefused("退出日不能早于今天，也不能早于起始日。未作改动。")
        with change(
            title="领导小组成员退出", act=KEEP, subject=row, reason=reason, **acts
        ) as changes:
            changes.update(row, until=until)
        return row


def _require_keeper(
    purchaser: Purchaser, *, by: User, acting_as: RoleAssignment | None, on: date
) -> None:
    require_may(
        KEEP,
        on=Project(purchaser=purchaser),
        stream=f"projects.purchaser:{purchaser.pk}",
        by=by,
        acting_as=acting_as,
        day=on,
    )


def record_meeting(
    signature: InternalSignature,
    *,
    held_on: date,
    number: str,
    conclusion: str,
    opinion: str,
    attendance: dict[int, str],
    file: Uploaded,
    by: User,
    acting_as: RoleAssignment | None,
    on: date,
    **shown: Any,
) -> GroupMeeting:
    """登记领导小组对一个项目的审议，随即签批或者退回（《平湖办法》第十五条）。

    `attendance` 是 {成员主键: 情形}；不同意的，`opinion` 一行一条，经办人逐条答复。
    Raises as `perform`, and `UploadRefused`.
    """
    upload = checked_upload(file)
    acts: dict[str, Any] = {"by": by, "acting_as": acting_as, "on": on}
    data = {
        "held_on": held_on,
        "number": number,
        "conclusion": conclusion,
        "opinion": opinion,
        "attendance": attendance,
    }
    with unit_of_work():
        outcome = perform(signature, "hold_meeting", note=opinion, data=data, **acts, **shown)
        if outcome.is_repeat:
            return GroupMeeting.objects.filter(signature=signature).latest("pk")
        meeting = _write(signature, data, upload, **acts)
        said = f"领导小组{meeting.get_conclusion_display()}，{number}"
        if conclusion == MeetingConclusion.APPROVE:
            sign(signature, comment=said, **acts)
        else:
            points = [line.strip() for line in opinion.splitlines() if line.strip()]
            send_back(signature, comment=said, points=points or [said], **acts)
        return meeting


def _write(
    signature: InternalSignature,
    data: dict[str, Any],
    upload: tuple[str, str, bytes],
    *,
    by: User,
    acting_as: RoleAssignment | None,
    on: date,
) -> GroupMeeting:
    columns = {name: value for name, value in data.items() if name != "attendance"}
    with change(
        title="领导小组会议的内容",
        act="projects.write_meeting",
        by=by,
        acting_as=acting_as,
        on=on,
        stream=signature.stream(),
    ) as changes:
        meeting: GroupMeeting = changes.create(
            GroupMeeting(
                project=signature.project,
                signature=signature,
                recorded_by=by,
                recorded_on=on,
                **columns,
            )
        )
        for pk, state in data["attendance"].items():
            changes.create(GroupAttendance(meeting=meeting, member_id=pk, state=state))
        attach(changes, upload, to=meeting, purpose="会议纪要", by=by, on=on)
    return meeting
