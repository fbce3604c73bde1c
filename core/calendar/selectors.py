"""The loaded calendar as its pages show it: a line per year, a year's holidays and months."""

from __future__ import annotations

from calendar import Calendar
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from core.calendar.arithmetic import DayRow
from core.calendar.holidays import MADE_UP, REST
from core.calendar.models import CalendarYear

MONTHS = range(1, 13)


@dataclass(frozen=True)
class YearLine:
    """One loaded year in numbers, all of them days of the calendar."""

    year: int
    source: str
    rest: int
    made_up: int
    workdays: int


@dataclass
class HolidayLine:
    """One holiday: its spans (a new year's day may have two in one year) and days worked for it."""

    name: str
    spans: list[tuple[date, date]] = field(default_factory=list)
    made_up: list[date] = field(default_factory=list)

    @property
    def days(self) -> int:
        """Days of rest, both ends counted."""
        return sum((last - first).days + 1 for first, last in self.spans)


@dataclass(frozen=True)
class Cell:
    """One day of a month's grid; `kind` is holiday, made_up, rest or work."""

    day: date
    kind: str
    note: str
    is_today: bool


@dataclass(frozen=True)
class Month:
    """One month: weeks from Monday to Sunday, None for the days of its neighbours."""

    number: int
    weeks: list[list[Cell | None]]


@dataclass(frozen=True)
class YearPage:
    """What the page of one year shows."""

    line: YearLine
    holidays: list[HolidayLine]
    months: list[Month]


def year_lines() -> list[YearLine]:
    """Every loaded year, the latest first (one query)."""
    return [_line(year, list(year.rows())) for year in CalendarYear.objects.order_by("-year")]


def year_page(year: CalendarYear, *, on: date) -> YearPage:
    """A year's holidays in order and its twelve months, with `on` marked as today."""
    rows = list(year.rows())
    cells = {row.date: _cell(row, on) for row in rows}
    return YearPage(
        line=_line(year, rows),
        holidays=_holidays(rows),
        months=[Month(number, _weeks(year.year, number, cells)) for number in MONTHS],
    )


def _line(year: CalendarYear, rows: Sequence[DayRow]) -> YearLine:
    kinds = [_kind(row) for row in rows]
    return YearLine(
        year=year.year,
        source=year.source,
        rest=kinds.count("holiday"),
        made_up=kinds.count("made_up"),
        workdays=sum(row.is_workday for row in rows),
    )


def _kind(row: DayRow) -> str:
    if row.is_workday:
        return "made_up" if row.name else "work"
    return "holiday" if row.name else "rest"


def _cell(row: DayRow, on: date) -> Cell:
    return Cell(row.date, _kind(row), row.name, row.date == on)


def _holidays(rows: Iterable[DayRow]) -> list[HolidayLine]:
    """By name, in the order in which they first appear; their days put together to spans."""
    found: dict[str, HolidayLine] = {}
    for row in rows:
        name = row.name.removesuffix(MADE_UP if row.is_workday else REST)
        if not name:
            continue
        line = found.setdefault(name, HolidayLine(name))
        if row.is_workday:
            line.made_up.append(row.date)
        else:
            _lengthen(line.spans, row.date)
    return sorted(found.values(), key=lambda line: line.spans)


def _lengthen(spans: list[tuple[date, date]], day: date) -> None:
    if spans and spans[-1][1] + timedelta(days=1) == day:
        spans[-1] = (spans[-1][0], day)
    else:
        spans.append((day, day))


def _weeks(year: int, month: int, cells: dict[date, Cell]) -> list[list[Cell | None]]:
    return [
        [cells[day] if day.month == month else None for day in week]
        for week in Calendar().monthdatescalendar(year, month)
    ]
