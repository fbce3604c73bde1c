"""A year of the calendar from what its notice says: the one place where holidays become days.

Saturdays and Sundays follow by themselves. The file that ships with the system and the page of the
administrators both come through here, so that both are held to the same checks.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final, Literal

from core.calendar.arithmetic import DayRow

REST: Final = "放假"
MADE_UP: Final = "调休上班"
_SATURDAY = 5

Part = Literal["starts_on", "ends_on", "make_up"]


@dataclass(frozen=True)
class Holiday:
    """One holiday of the notice: its first and last day, the days of rest worked in exchange."""

    name: str
    starts_on: date
    ends_on: date
    make_up: tuple[date, ...] = ()


@dataclass(frozen=True)
class Fault:
    """What cannot be: in which holiday (from 0), in which part of it, in Chinese without 。."""

    at: int
    part: Part
    message: str


class HolidaysContradict(ValueError):
    """The holidays of a year that cannot be: all `faults`; the message is that of the first."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__(self.faults[0].message)


def days_of_year(year: int, source: str, holidays: Sequence[Holiday]) -> list[DayRow]:
    """Every day of the year, in order. Raises `HolidaysContradict` with every fault found."""
    faults = [*_bound_faults(year, holidays), *_rest_faults(holidays), *_work_faults(holidays)]
    if faults:
        raise HolidaysContradict(faults)
    names = {day: f"{h.name}{REST}" for h in holidays for day in _span(h)}
    names |= {day: f"{h.name}{MADE_UP}" for h in holidays for day in h.make_up}
    worked = {day for h in holidays for day in h.make_up}
    return [
        DayRow(
            day,
            is_workday=day in worked if day in names else day.weekday() < _SATURDAY,
            name=names.get(day, ""),
            source=source,
        )
        for day in _days_between(date(year, 1, 1), date(year, 12, 31))
    ]


def _bound_faults(year: int, holidays: Iterable[Holiday]) -> Iterator[Fault]:
    """A holiday that ends before it begins; days of another year."""
    for at, holiday in enumerate(holidays):
        if holiday.ends_on < holiday.starts_on:
            yield Fault(at, "ends_on", f"{holiday.name}的止日早于起日")
        for part, day in _dates(holiday):
            if day.year != year:
                yield Fault(at, part, f"{day} 不在 {year} 年")


def _rest_faults(holidays: Iterable[Holiday]) -> Iterator[Fault]:
    """A day of rest that two holidays claim: once for each later holiday."""
    taken: set[date] = set()
    for at, holiday in enumerate(holidays):
        own = set(_span(holiday))
        if twice := own & taken:
            yield Fault(at, "starts_on", f"{min(twice)} 重复")
        taken |= own


def _work_faults(holidays: Sequence[Holiday]) -> Iterator[Fault]:
    """A day worked in exchange that stands twice, is a holiday, or was a working day anyway."""
    rest = {day for holiday in holidays for day in _span(holiday)}
    taken: set[date] = set()
    for at, holiday in enumerate(holidays):
        for day in holiday.make_up:
            if day in taken:
                yield Fault(at, "make_up", f"{day} 重复")
            elif day in rest:
                yield Fault(at, "make_up", f"{day} 既放假又上班")
            elif day.weekday() < _SATURDAY:
                yield Fault(at, "make_up", f"{day} 不是周末，无须调休上班")
            taken.add(day)


def _dates(holiday: Holiday) -> Iterator[tuple[Part, date]]:
    yield "starts_on", holiday.starts_on
    yield "ends_on", holiday.ends_on
    for day in holiday.make_up:
        yield "make_up", day


def _span(holiday: Holiday) -> Iterator[date]:
    # A slip of the pen in the year is told by `_bound_faults`; it is not walked through.
    if holiday.starts_on.year == holiday.ends_on.year:
        yield from _days_between(holiday.starts_on, holiday.ends_on)


def _days_between(first: date, last: date) -> Iterator[date]:
    return (first + timedelta(days=at) for at in range((last - first).days + 1))
