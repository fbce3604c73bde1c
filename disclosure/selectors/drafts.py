"""公告稿取数：清单，预览（遮盖和不予公开之处都标出来），更正和被更正。"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet

from accounts.models import RoleAssignment, User
from accounts.roles import Role
from disclosure.masking import dwellings
from disclosure.models import (
    DraftStatus,
    Ground,
    NoticeDraft,
    PublishedNotice,
    Section,
    fields_of,
)
from disclosure.models.draft import WITH_OFFICER
from disclosure.public.selectors import notices
from disclosure.selectors.duties import DutyRow, DutyTable
from projects.models import Project

TONES: dict[str, str] = {
    DraftStatus.DRAFTED: "act",
    DraftStatus.RETURNED: "late",
    DraftStatus.UNDER_REVIEW: "info",
    DraftStatus.PUBLISHED: "ok",
    DraftStatus.DISCARDED: "neutral",
}
MINE, OPEN = "mine", "open"
# 某岗位手里的公告稿处在哪些状态。
DESKS: dict[str, tuple[str, ...]] = {
    Role.OFFICER: WITH_OFFICER,
    Role.SECTION_HEAD: (DraftStatus.UNDER_REVIEW,),
}


def drafts_visible_to(user: User) -> QuerySet[NoticeDraft]:
    return NoticeDraft.objects.visible_to(user).with_case()


def on_desk(user: User, acting: RoleAssignment | None) -> QuerySet[NoticeDraft]:
    """等这个岗位办理的公告稿。"""
    if acting is None or acting.role not in DESKS:
        return drafts_visible_to(user).none()
    return drafts_visible_to(user).filter(
        project__purchaser__organisation=acting.organisation_id, status__in=DESKS[acting.role]
    )


def draft_list(
    user: User, acting: RoleAssignment | None, wanted: dict[str, Any]
) -> QuerySet[NoticeDraft]:
    """公告稿清单，按筛选条件；`scope` 为 mine 待我办理、open 尚未发布，或者某一状态。"""
    scope = wanted.get("scope") or OPEN
    rows = on_desk(user, acting) if scope == MINE else drafts_visible_to(user)
    if scope == OPEN:
        rows = rows.unpublished()  # type: ignore[attr-defined]
    elif scope in DraftStatus.values:
        rows = rows.filter(status=scope)
    if wanted.get("kind"):
        rows = rows.filter(kind=wanted["kind"])
    if wanted.get("purchaser"):
        rows = rows.filter(project__purchaser=wanted["purchaser"])
    return rows


def badge_of(draft: NoticeDraft) -> dict[str, str]:
    return {"label": draft.get_status_display(), "tone": TONES[draft.status]}


@dataclass(frozen=True)
class Part:
    """一段文字；`why` 说明它为什么不是原文，原文的为空。"""

    text: str
    why: str = ""


@dataclass(frozen=True)
class ShownSection:
    heading: str
    text: list[list[Part]]
    rows: list[tuple[str, list[Part]]]


def preview(draft: NoticeDraft) -> list[ShownSection]:
    """发布出去的样子；遮盖的、不予公开的各处带着理由。"""
    masks = {found["shown"]: found["kind"] for found in draft.masked}
    withheld = {Ground(ground).printed for ground in draft.withheld.values()}
    return [_shown(section, masks, withheld) for section in draft.shown_sections()]


def _shown(section: Section, masks: dict[str, str], withheld: set[str]) -> ShownSection:
    return ShownSection(
        section["heading"],
        [parts_of(paragraph, masks, withheld) for paragraph in section["text"]],
        [(label, parts_of(value, masks, withheld)) for label, value in section["rows"]],
    )


def parts_of(text: str, masks: dict[str, str], withheld: set[str]) -> list[Part]:
    """一段文字，遮盖之处分开来。"""
    if text in withheld:
        return [Part(text, "不予公开")]
    for shown, kind in masks.items():
        before, found, after = text.partition(shown)
        if found:
            return [
                *parts_of(before, masks, withheld),
                Part(found, f"{kind}已遮盖"),
                *parts_of(after, masks, withheld),
            ]
    return [Part(text)] if text else []


def withheld_of(draft: NoticeDraft) -> list[tuple[str, str]]:
    """不予公开的各栏和理由。"""
    return [
        (field.place, Ground(draft.withheld[field.key]).label)
        for field in fields_of(draft.sections)
        if field.key in draft.withheld
    ]


def suspected(draft: NoticeDraft) -> list[tuple[str, str]]:
    """像是住址的各处，请经办人自己判断。"""
    return [
        (field.place, found)
        for field in fields_of(draft.shown_sections())
        for found in dwellings(field.value)
    ]


def duty_row(draft: NoticeDraft, on: date) -> DutyRow | None:
    return DutyTable(on).row(draft.duty) if draft.duty else None


def drafts_of(project: Project) -> list[dict[str, Any]]:
    """案卷尚未发布的公告稿。"""
    rows = NoticeDraft.objects.filter(project=project).with_case().unpublished()
    return [{"draft": draft, "badge": badge_of(draft)} for draft in rows]


def notices_of(project: Project) -> list[dict[str, Any]]:
    """案卷已发布的公告，新的在前，连同公告稿和更正它的公告。"""
    found = list(notices().filter(project_number=project.number))
    drafts = {
        draft.notice_number: draft
        for draft in NoticeDraft.objects.filter(project=project).exclude(notice_number="")
    }
    later = {notice.supersedes: notice for notice in reversed(found) if notice.supersedes}
    return [
        {"notice": n, "draft": drafts.get(n.number), "later": later.get(n.number)} for n in found
    ]


def related_notices(draft: NoticeDraft) -> tuple[PublishedNotice | None, list[PublishedNotice]]:
    """这份公告稿所更正的公告；更正、终止它的公告。"""
    numbers = [number for number in (draft.supersedes, draft.notice_number) if number]
    rows = notices().filter(Q(number=draft.supersedes) | Q(supersedes=draft.notice_number))
    found = list(rows) if numbers else []
    earlier = next((n for n in found if draft.supersedes and n.number == draft.supersedes), None)
    is_published = bool(draft.notice_number)
    return earlier, [n for n in found if is_published and n.supersedes == draft.notice_number]
