"""公布目录的义务取数：期限由日历推算，推算不出的如实说。"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet

from core.calendar.arithmetic import CalendarUnknown
from core.rules import ParameterMissing
from disclosure.facts.catalogue import catalogue_due_on
from disclosure.models import CatalogueDuty
from disclosure.selectors.duties import UNKNOWN


@dataclass(frozen=True)
class Due:
    """期限；`day` 为 None 的，`text` 写明无法确定。"""

    day: date | None
    text: str


def catalogue_duties() -> QuerySet[CatalogueDuty]:
    return CatalogueDuty.objects.whole()


def due_text(duty: CatalogueDuty) -> Due:
    try:
        day = catalogue_due_on(duty)
    except (CalendarUnknown, ParameterMissing):
        return Due(None, UNKNOWN)
    return Due(day, day.isoformat())
