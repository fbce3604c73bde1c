"""审查人的动作：通过并发布、退回拟稿。通过的一刻公告冻结，义务履行，三者同成同败。"""

from __future__ import annotations

from datetime import date
from typing import Any

from accounts.models import Jurisdiction, RoleAssignment, User
from core.history import change, unit_of_work
from core.transitions import Outcome, perform
from disclosure.documents import source_of
from disclosure.masking import mask
from disclosure.models import NoticeDraft, NoticeKind, PublishedNotice
from disclosure.ocds.releases import release_for

# 公告编号里的种类字母。
LETTERS: dict[str, str] = {
    NoticeKind.REQUIREMENTS: "Q",
    NoticeKind.INTENTION: "I",
    NoticeKind.TENDER_OPEN: "T",
    NoticeKind.TENDER_CONSULTATION: "N",
    NoticeKind.RESULT: "R",
    NoticeKind.FAILED: "F",
    NoticeKind.TERMINATION: "S",
    NoticeKind.CONTRACT: "C",
    NoticeKind.ACCEPTANCE: "A",
    NoticeKind.EVALUATION: "E",
    NoticeKind.CORRECTION: "M",
}


def approve_draft(
    draft: NoticeDraft, *, by: User, acting_as: RoleAssignment | None, on: date, **shown: Any
) -> Outcome:
    """审查通过：公告冻结为快照，公开义务随之履行（第十六条）。Raises as `perform`."""
    acts: dict[str, Any] = {"by": by, "acting_as": acting_as, "on": on}
    with unit_of_work():
        data = {"reviewer": by, "on": on}
        outcome = perform(draft, "approve", data=data, **acts, **shown)
        if outcome.is_repeat:
            return outcome
        row = NoticeDraft.objects.with_case().get(pk=draft.pk)
        freeze(row, **acts)
        if row.duty is not None:
            place = {"medium": row.medium, "address": row.address}
            stated = {**place, "published_on": row.published_on}
            perform(row.duty, "fulfil", note=f"{row.medium} {row.address}", data=stated, **acts)
        return outcome


def send_back_draft(
    draft: NoticeDraft,
    *,
    reason: str,
    by: User,
    acting_as: RoleAssignment | None,
    on: date,
    **shown: Any,
) -> Outcome:
    """退回拟稿，写明理由。Raises as `perform`."""
    data = {"reviewer": by, "on": on, "reason": reason}
    acts: dict[str, Any] = {"by": by, "acting_as": acting_as, "on": on}
    return perform(draft, "send_back", note=reason, data=data, **acts, **shown)


def freeze(
    draft: NoticeDraft, *, by: User, acting_as: RoleAssignment | None, on: date
) -> PublishedNotice:
    """把审查通过的公告稿冻结为公告，连同它的 OCDS 发布件；稿上记下公告编号。"""
    project, keep = draft.project, draft.own_numbers
    day = draft.published_on or on
    with change(
        title=f"发布{draft.get_kind_display()}",
        act="disclosure.publish_notice",
        by=by,
        acting_as=acting_as,
        on=on,
        stream=draft.stream(),
    ) as changes:
        jurisdiction = _locked(project.jurisdiction())
        notice = PublishedNotice(
            number=_next_number(jurisdiction, draft.kind, day.year),
            kind=draft.kind,
            jurisdiction_code=jurisdiction.code,
            jurisdiction_name=jurisdiction.name,
            project_number=project.number,
            project_name=mask(project.name, keep)[0],
            purchaser_name=mask(str(project.purchaser), keep)[0],
            title=draft.title,
            fields=draft.shown_sections(),
            medium=draft.medium,
            address=draft.address,
            published_on=day,
            subject=draft.subject,
            supersedes=draft.supersedes or _ended_by(draft),
        )
        notice.sha256 = notice.digest()
        changes.create(notice)
        changes.create(release_for(notice, source_of(draft.subject)))
        changes.update(draft, notice_number=notice.number)
        return notice


def _ended_by(draft: NoticeDraft) -> str:
    """采购失败、终止公告所终止的那份公告的编号；没有发布过的为空。"""
    ended = draft.details.get("ends", [])
    notices = PublishedNotice.objects.filter(subject__in=ended).exclude(
        kind__in=(NoticeKind.FAILED, NoticeKind.TERMINATION)
    )
    return notices.order_by("-pk").values_list("number", flat=True).first() or ""


def _locked(jurisdiction: Jurisdiction) -> Jurisdiction:
    """辖区一行是编号的锁：两份公告不会取到同一个号。"""
    return Jurisdiction.objects.select_for_update(no_key=True).get(pk=jurisdiction.pk)


def _next_number(jurisdiction: Jurisdiction, kind: str, year: int) -> str:
    """如 SF-C-2026-0001：辖区、种类、年份、流水号。"""
    prefix = f"{jurisdiction.code.upper()}-{LETTERS[kind]}-{year}-"
    serial = PublishedNotice.objects.filter(number__startswith=prefix).count() + 1
    return f"{prefix}{serial:04d}"
