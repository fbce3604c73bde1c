"""公开义务取数：期限由日历推算，推算不出的如实说；连同现在在谁手里。"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import QuerySet

from accounts.models import User
from accounts.roles import Role
from core.calendar.arithmetic import CalendarUnknown
from core.rules import ParameterMissing
from disclosure.facts.deadlines import Deadlines
from disclosure.models import DisclosureDuty, DraftStatus, DutyStatus, NoticeDraft
from projects.models import Project, Purchaser

UNKNOWN, UNSET = "暂无法确定", "法律未定"
OVERDUE = "overdue"
RELATED = ("project__purchaser__organisation__jurisdiction", "draft")


@dataclass(frozen=True)
class DutyRow:
    """一项公开义务、它的期限和公告稿；`due` 为 None 的，`due_text` 写明是未定还是无法确定。"""

    duty: DisclosureDuty
    draft: NoticeDraft | None
    due: date | None
    due_text: str
    badge: dict[str, str]
    holder: str

    @property
    def is_late(self) -> bool:
        return self.badge["tone"] == "late"

    @property
    def project_number(self) -> str:
        return self.duty.project.number

    @property
    def about(self) -> str:
        return self.duty.project.name

    @property
    def matter(self) -> str:
        return self.duty.matter

    @property
    def published(self) -> str:
        return self.duty.published_on.isoformat() if self.duty.published_on else ""


class DutyTable:
    """一页之内各项义务连同期限；日历和参数各读一次。"""

    def __init__(self, on: date) -> None:
        self.on = on
        self._deadlines = Deadlines()

    def row(self, duty: DisclosureDuty) -> DutyRow:
        due, due_text = self._due(duty)
        draft = getattr(duty, "draft", None)
        return DutyRow(duty, draft, due, due_text, self._badge(duty, due), holder_of(duty, draft))

    def _due(self, duty: DisclosureDuty) -> tuple[date | None, str]:
        try:
            due = self._deadlines.due_on(duty)
        except (CalendarUnknown, ParameterMissing):
            return None, UNKNOWN
        return due, due.isoformat() if due else UNSET

    def _badge(self, duty: DisclosureDuty, due: date | None) -> dict[str, str]:
        is_done = duty.status == DutyStatus.FULFILLED
        day = duty.published_on if is_done and duty.published_on else self.on
        late = (day - due).days if due else 0
        if late > 0:
            words = f"已公开，逾期 {late} 日" if is_done else f"待公开，逾期 {late} 日"
            return {"label": words, "tone": "late"}
        return {"label": duty.get_status_display(), "tone": "ok" if is_done else "act"}


def holder_of(duty: DisclosureDuty, draft: NoticeDraft | None) -> str:
    """还没有公开的，现在在谁手里。"""
    if duty.status == DutyStatus.FULFILLED:
        return ""
    is_reviewed = draft is not None and draft.status == DraftStatus.UNDER_REVIEW
    role = Role.SECTION_HEAD if is_reviewed else Role.OFFICER
    return f"{duty.owner().short_name}{role.label}"


def duties_visible_to(user: User) -> QuerySet[DisclosureDuty]:
    return DisclosureDuty.objects.visible_to(user).select_related(*RELATED)


def duty_list(user: User, wanted: dict[str, Any], *, on: date) -> QuerySet[DisclosureDuty]:
    """公开义务，按筛选条件。"""
    rows = duties_visible_to(user)
    if wanted.get("status") == OVERDUE:
        rows = rows.filter(pk__in=_overdue(rows.filter(status=DutyStatus.OPEN), on))
    elif wanted.get("status"):
        rows = rows.filter(status=wanted["status"])
    if wanted.get("kind"):
        rows = rows.filter(kind=wanted["kind"])
    if wanted.get("purchaser"):
        rows = rows.filter(project__purchaser=wanted["purchaser"])
    return rows


def _overdue(rows: QuerySet[DisclosureDuty], on: date) -> list[int]:
    """期限不存，逾期的逐项推算；还没有公开的不多。"""
    table = DutyTable(on)
    return [duty.pk for duty in rows if table.row(duty).is_late]


def duties_of(project: Project, *, on: date) -> list[DutyRow]:
    """案卷的“公告”分页。"""
    table = DutyTable(on)
    rows = DisclosureDuty.objects.filter(project=project).select_related(*RELATED)
    return [table.row(duty) for duty in rows]


def purchasers_seen_by(user: User) -> QuerySet[Purchaser]:
    return Purchaser.objects.visible_to(user).select_related("organisation")
