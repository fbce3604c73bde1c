"""Loading a year's calendar, and the calendar that answers questions."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from accounts.models import User
from core.calendar.arithmetic import DayRow, Workdays
from core.calendar.data_loader import read_year
from core.calendar.models import CalendarYear
from core.history.writer import change

DATA = Path(__file__).parent / "data"


def load_year(year: int, *, by: User, on: date, path: Path | None = None) -> CalendarYear:
    """Load one year from its file; loading it again changes nothing."""
    known = CalendarYear.objects.filter(year=year).first()
    if known is not None:
        return known
    rows = read_year(path or DATA / f"{year}.toml")
    days = [[r.date.isoformat(), r.is_workday, r.name] for r in rows]
    with change(title=f"载入 {year} 年工作日历", act="core.load_calendar", by=by, on=on) as changes:
        return changes.create(CalendarYear(year=year, source=rows[0].source, days=days))


def workdays() -> Workdays:
    """The calendar of all loaded years (one query)."""
    years = list(CalendarYear.objects.all())
    return Workdays.of(
        DayRow(date.fromisoformat(day), is_workday, name, year.source)
        for year in years
        for day, is_workday, name in year.days
    )
