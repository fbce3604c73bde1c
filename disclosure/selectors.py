"""公开各页取数：一律从 `visible_to` 开始；期限由日历推算，推算不出的如实说。"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import QuerySet

from accounts.models import User
from core.calendar.arithmetic import CalendarUnknown
from core.rules import ParameterMissing
from disclosure.facts import Deadlines
from disclosure.models import DisclosureDuty, DutyStatus, PublishedNotice
from disclosure.public.selectors import notices
from projects.models import Project, Purchaser

UNKNOWN = "暂无法确定"


@dataclass(frozen=True)
class DutyRow:
    """一项公开义务和它的期限；`due` 为 None 时日历或参数不足，无法确定。"""

    duty: DisclosureDuty
    due: date | None
    badge: dict[str, str]
    is_open: bool

    @property
    def due_text(self) -> str:
        return self.due.isoformat() if self.due else UNKNOWN


class DutyTable:
    """一页之内各项义务连同期限；日历和参数各读一次。"""

    def __init__(self, on: date) -> None:
        self.on = on
        self._deadlines = Deadlines()

    def row(self, duty: DisclosureDuty) -> DutyRow:
        due = self._due_on(duty)
        return DutyRow(duty, due, self._badge(duty, due), duty.status == DutyStatus.OPEN)

    def _due_on(self, duty: DisclosureDuty) -> date | None:
        try:
            return self._deadlines.due_on(duty)
        except (CalendarUnknown, ParameterMissing):
            return None

    def _badge(self, duty: DisclosureDuty, due: date | None) -> dict[str, str]:
        is_done = duty.status == DutyStatus.FULFILLED
        day = duty.published_on if is_done and duty.published_on else self.on
        late = (day - due).days if due else 0
        if late > 0:
            words = f"已公开，逾期 {late} 日" if is_done else f"待公开，逾期 {late} 日"
            return {"label": words, "tone": "late"}
        return {"label": duty.get_status_display(), "tone": "ok" if is_done else "act"}


def duties_visible_to(user: User) -> QuerySet[DisclosureDuty]:
    return DisclosureDuty.objects.visible_to(user).select_related(
        "project__purchaser__organisation__jurisdiction"
    )


def duty_list(user: User, wanted: dict[str, Any]) -> QuerySet[DisclosureDuty]:
    """公开义务，按筛选条件。"""
    rows = duties_visible_to(user)
    if wanted.get("status"):
        rows = rows.filter(status=wanted["status"])
    if wanted.get("purchaser"):
        rows = rows.filter(project__purchaser=wanted["purchaser"])
    return rows


def duties_of(project: Project, *, on: date) -> list[DutyRow]:
    """案卷的“公告”分页。"""
    table = DutyTable(on)
    rows = DisclosureDuty.objects.filter(project=project).select_related(
        "project__purchaser__organisation__jurisdiction"
    )
    return [table.row(duty) for duty in rows]


def notices_of(project: Project) -> QuerySet[PublishedNotice]:
    """案卷已发布的公告，新的在前。"""
    return notices().filter(project_number=project.number)


def purchasers_seen_by(user: User) -> QuerySet[Purchaser]:
    return Purchaser.objects.visible_to(user).select_related("organisation")
