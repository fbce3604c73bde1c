"""Loading a year's calendar, and the calendar that answers questions."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path

from django.db import IntegrityError, transaction

from accounts.models import RoleAssignment, User
from core.calendar.arithmetic import DayRow, Workdays
from core.calendar.data_loader import read_year
from core.calendar.holidays import Holiday, days_of_year
from core.calendar.models import CalendarYear
from core.history.unit import RecordedRefusal
from core.history.writer import change

DATA = Path(__file__).parent / "data"
YEARS_AHEAD = 1


class CalendarRefused(RecordedRefusal):
    """The year is loaded already; what was loaded first stays as it is."""


def loadable_years(on: date) -> range:
    """The years an administrator may load on that day: this one and the next."""
    return range(on.year, on.year + YEARS_AHEAD + 1)


def missing_years(on: date) -> list[int]:
    """Which of the loadable years are not loaded yet, in order."""
    loaded = set(CalendarYear.objects.values_list("year", flat=True))
    return [year for year in loadable_years(on) if year not in loaded]


def load_year(year: int, *, by: User, on: date, path: Path | None = None) -> CalendarYear:
    """Load one year from its file; loading it again changes nothing."""
    known = CalendarYear.objects.filter(year=year).first()
    if known is not None:
        return known
    return _write(read_year(path or DATA / f"{year}.toml"), by=by, on=on)


def load_holidays(
    year: int,
    source: str,
    holidays: Sequence[Holiday],
    *,
    by: User,
    acting_as: RoleAssignment | None,
    on: date,
) -> CalendarYear:
    """Load one year from the holidays its notice (`source`, 文号) names.

    Raises `HolidaysContradict`, and `CalendarRefused` for a year that is loaded.
    """
    rows = days_of_year(year, source, holidays)
    if CalendarYear.objects.filter(year=year).exists():
        raise _refused(year)
    return _write(rows, by=by, acting_as=acting_as, on=on)


def _write(
    rows: Sequence[DayRow], *, by: User, on: date, acting_as: RoleAssignment | None = None
) -> CalendarYear:
    """One recorded row for the year; of two who load it at once, the later one is refused."""
    year, source = rows[0].date.year, rows[0].source
    days = [[r.date.isoformat(), r.is_workday, r.name] for r in rows]
    with change(
        title=f"载入 {year} 年工作日历",
        act="core.load_calendar",
        by=by,
        acting_as=acting_as,
        on=on,
    ) as changes:
        try:
            with transaction.atomic():
                return changes.create(CalendarYear(year=year, source=source, days=days))
        except IntegrityError as error:
            if not CalendarYear.objects.filter(year=year).exists():
                raise
            raise _refused(year) from error


def _refused(year: int) -> CalendarRefused:
    return CalendarRefused(f"{year} 年工作日历已经载入，不能再次载入。未作任何改动。")


def workdays() -> Workdays:
    """The calendar of all loaded years (one query)."""
    return Workdays.of(row for year in CalendarYear.objects.all() for row in year.rows())
