"""经办人的动作：处理公告稿、送审查、拟更正公告、作废。"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from accounts.models import RoleAssignment, User
from core.history import unit_of_work
from core.transitions import Outcome, perform
from disclosure.documents import notice_text, numbers_of, source_of
from disclosure.models import NoticeDraft, NoticeKind, fields_of
from disclosure.services.drafting import Announcement, draft_notice


def prepare_draft(
    draft: NoticeDraft,
    *,
    medium: str,
    address: str,
    published_on: date | None = None,
    withheld: dict[str, str] | None = None,
    by: User,
    acting_as: RoleAssignment | None,
    on: date,
    **shown: Any,
) -> Outcome:
    """登记媒体、网址和公告日期，选定不予公开的栏；内容按所据文件重取并重新遮盖。

    Raises as `perform`. 公告日期已经随事项登记的，以登记的为准。`withheld` 为 `{栏的记号: 理由}`。
    """
    subject = source_of(draft.subject)
    day = draft.published_on if draft.is_dated else published_on
    text = notice_text(draft.kind, subject, day, draft.details)
    known = {field.key for field in fields_of(text.sections)}
    data = {
        "preparer": by,
        "medium": medium,
        "address": address,
        "published_on": day,
        "title": text.title,
        "sections": text.sections,
        "masked": text.masked,
        "own_numbers": list(numbers_of(subject)),
        "withheld": {key: ground for key, ground in (withheld or {}).items() if key in known},
    }
    return perform(draft, "prepare", data=data, by=by, acting_as=acting_as, on=on, **shown)


def send_draft(
    draft: NoticeDraft, *, by: User, acting_as: RoleAssignment | None, on: date, **shown: Any
) -> Outcome:
    """送第二人审查。Raises as `perform`."""
    data = {"preparer": by, "on": on}
    return perform(draft, "send", data=data, by=by, acting_as=acting_as, on=on, **shown)


def correct_notice(
    draft: NoticeDraft,
    *,
    items: Sequence[dict[str, str]],
    reason: str,
    by: User,
    acting_as: RoleAssignment | None,
    on: date,
    **shown: Any,
) -> NoticeDraft:
    """为已发布的公告拟一份更正公告：`items` 为 `[{"field": 栏的记号, "after": 改为什么}]`。

    Raises as `perform`.
    """
    acts: dict[str, Any] = {"by": by, "acting_as": acting_as, "on": on}
    with unit_of_work():
        data = {"items": list(items), "reason": reason}
        outcome = perform(draft, "correct", note=reason, data=data, **acts, **shown)
        if outcome.is_repeat:
            return NoticeDraft.objects.filter(supersedes=draft.notice_number).latest("pk")
        original = NoticeDraft.objects.with_case().get(pk=draft.pk)
        after = {item["field"]: item["after"].strip() for item in items}
        changed = [
            {"place": field.place, "before": field.value, "after": after[field.key]}
            for field in fields_of(original.shown_sections())
            if field.key in after
        ]
        news = Announcement(
            kind=NoticeKind.CORRECTION,
            subject=original,
            project=original.project,
            opened_on=on,
            details={"items": changed, "reason": reason},
        )
        return draft_notice(news, None, supersedes=original.notice_number, **acts)


def discard_draft(
    draft: NoticeDraft,
    *,
    note: str,
    by: User,
    acting_as: RoleAssignment | None,
    on: date,
    **shown: Any,
) -> Outcome:
    """作废拟错的更正稿。Raises as `perform`."""
    return perform(draft, "discard", note=note, by=by, acting_as=acting_as, on=on, **shown)
