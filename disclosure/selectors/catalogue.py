"""公布目录的义务取数：期限由日历推算，推算不出的如实说；现在在谁手里，公开站点上是哪一页。"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q

from accounts.models import RoleAssignment, User
from accounts.roles import ACTS, Role
from core.calendar.arithmetic import CalendarUnknown
from core.history.values import reference
from core.rules import ParameterMissing
from disclosure.facts.catalogue import catalogue_due_on
from disclosure.models import CatalogueDuty, CatalogueDutyStatus, PublishedCatalogue
from disclosure.models.catalogue import CatalogueDutyQuerySet
from disclosure.selectors.duties import OVERDUE, UNKNOWN

MATTER = "指导性目录"
CATALOGUE = "catalogue"
REVIEWERS = ACTS["disclosure.review_catalogue"].roles


@dataclass(frozen=True)
class Due:
    """期限；`day` 为 None 的，`text` 写明无法确定。"""

    day: date | None
    text: str


@dataclass(frozen=True)
class CatalogueDutyRow:
    """一版目录的公布：期限、状态、在谁手里；`page` 是公开站点上的一页，还没有的为 None。"""

    duty: CatalogueDuty
    due: Due
    badge: dict[str, str]
    holder: str
    page: PublishedCatalogue | None

    # 以下与 DutyRow 同名，公开义务的清单一并导出；目录不属于哪个项目。
    project_number = ""
    matter = MATTER

    @property
    def is_late(self) -> bool:
        return self.badge["tone"] == "late"

    @property
    def about(self) -> str:
        return str(self.duty.revision)

    @property
    def due_text(self) -> str:
        return self.due.text

    @property
    def published(self) -> str:
        return self.duty.published_on.isoformat() if self.duty.published_on else ""


def catalogue_duties() -> CatalogueDutyQuerySet:
    return CatalogueDuty.objects.whole()


def due_of(duty: CatalogueDuty) -> Due:
    try:
        day = catalogue_due_on(duty)
    except (CalendarUnknown, ParameterMissing):
        return Due(None, UNKNOWN)
    return Due(day, day.isoformat())


def catalogue_row(duty: CatalogueDuty, on: date) -> CatalogueDutyRow:
    due = due_of(duty)
    subject = reference(duty.revision.catalogue)
    page = PublishedCatalogue.objects.filter(subject=subject).first()
    return CatalogueDutyRow(duty, due, _badge(duty, due.day, on), holder_of_catalogue(duty), page)


def _badge(duty: CatalogueDuty, due: date | None, on: date) -> dict[str, str]:
    is_done = duty.status == CatalogueDutyStatus.FULFILLED
    day = duty.published_on if is_done and duty.published_on else on
    late, label = (day - due).days if due else 0, duty.get_status_display()
    if late > 0:
        return {"label": f"{label}，逾期 {late} 日", "tone": "late"}
    return {"label": label, "tone": "ok" if is_done else "act"}


def holder_of_catalogue(duty: CatalogueDuty) -> str:
    """还没有公布的，现在在谁手里。"""
    bureau = duty.owner().short_name
    if duty.status == CatalogueDutyStatus.FULFILLED:
        return ""
    is_sent = duty.status == CatalogueDutyStatus.UNDER_REVIEW
    return f"{bureau}另一名审查人" if is_sent else f"{bureau}{Role.FINANCE.label}"


def catalogue_duties_on_desk(user: User, acting: RoleAssignment) -> CatalogueDutyQuerySet:
    """本单位待送审的；待审查的，送审人自己的除外。"""
    here = catalogue_duties().filter(revision__bureau=acting.organisation_id)
    mine = Q(pk__in=())
    if acting.role == Role.FINANCE:
        mine |= Q(status=CatalogueDutyStatus.OPEN)
    if acting.role in REVIEWERS:
        mine |= Q(status=CatalogueDutyStatus.UNDER_REVIEW) & ~Q(preparer=user)
    return here.filter(mine)


def catalogue_duty_rows(user: User, wanted: dict[str, Any], *, on: date) -> list[CatalogueDutyRow]:
    """公开义务清单里的各版目录，按筛选条件；按购买主体、按其他事项筛选的没有。"""
    if wanted.get("purchaser") or wanted.get("kind") not in (None, "", CATALOGUE):
        return []
    duties = CatalogueDuty.objects.visible_to(user).whole()
    rows = [catalogue_row(duty, on) for duty in duties]
    status = wanted.get("status")
    if status == OVERDUE:
        return [r for r in rows if r.is_late and r.duty.status != CatalogueDutyStatus.FULFILLED]
    if status == CatalogueDutyStatus.OPEN:
        return [r for r in rows if r.duty.status != CatalogueDutyStatus.FULFILLED]
    return [row for row in rows if not status or row.duty.status == status]
