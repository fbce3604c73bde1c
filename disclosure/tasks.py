"""Doors for the worker: what is overdue is put in the right inbox, once."""

from __future__ import annotations

from datetime import date

from accounts.roles import Role
from core.calendar.arithmetic import CalendarUnknown
from core.inbox import notify
from core.rules import ParameterMissing
from core.tasks import DUE_CHECKS
from disclosure.facts.deadlines import Deadlines
from disclosure.models import DisclosureDuty, DutyStatus
from disclosure.services import complete_drafts


def notify_overdue_duties(on: date) -> int:
    """逾期未公开的，通知购买主体经办人和分管领导各一次；返回逾期项数。"""
    deadlines = Deadlines()
    overdue = [d for d in _open_duties() if _is_overdue(d, deadlines, on)]
    for duty in overdue:
        for role in (Role.OFFICER, Role.DIVISION_LEADER):
            notify(
                key=f"duty-overdue:{duty.pk}",
                organisation=duty.owner(),
                role=role,
                title=f"公开逾期：{duty.project}，{duty.matter}",
                url=duty.project.get_absolute_url(),
                on=on,
            )
    return len(overdue)


def _open_duties() -> list[DisclosureDuty]:
    return list(
        DisclosureDuty.objects.filter(status=DutyStatus.OPEN).select_related(
            "project__purchaser__organisation__jurisdiction"
        )
    )


def _is_overdue(duty: DisclosureDuty, deadlines: Deadlines, on: date) -> bool:
    """An undecidable deadline is not overdue: the worklist shows it as 暂无法确定."""
    try:
        due = deadlines.due_on(duty)
        return due is not None and due < on
    except (CalendarUnknown, ParameterMissing):
        return False


DUE_CHECKS += [complete_drafts, notify_overdue_duties]
