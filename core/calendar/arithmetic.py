"""Working days and deadlines, computed only from calendars that were loaded; never a guess.

The first day never counts (始日不计). A period in working days ends on a working day by itself; a
period in natural days moves to the next working day only where the rule says so. Every deadline
carries its proof: one line per day, with the reason it did or did not count.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from types import MappingProxyType
from typing import Literal

Kind = Literal["workdays", "days"]

ONE_DAY = timedelta(days=1)
_WEEKDAYS = "一二三四五六日"


class CalendarUnknown(LookupError):
    """The working-day calendar of a year has not been loaded, so nothing can be said."""

    def __init__(self, year: int) -> None:
        self.year = year
        super().__init__(f"{year} 年工作日历尚未载入，暂无法确定")


@dataclass(frozen=True)
class DayRow:
    """One day of the calendar: `name` is why it departs from its weekday, if it does."""

    date: date
    is_workday: bool
    name: str
    source: str


@dataclass(frozen=True)
class ProofDay:
    """One line of a derivation; `index` is the running number of a day that counted."""

    day: date
    counted: bool
    index: int | None
    reason: str


@dataclass(frozen=True)
class Deadline:
    """The last day of a period, how it was found and from which notices (文号)."""

    day: date
    start: date
    kind: Kind
    proof: tuple[ProofDay, ...]
    sources: tuple[str, ...] = ()

    @property
    def rolled(self) -> bool:
        """Whether the last day was moved past days of rest."""
        return not self.proof[-1].counted and self.day != self.start


@dataclass(frozen=True, eq=False)
class Workdays:
    """The calendars loaded, by day; a year counts only when every day of it is there."""

    days: Mapping[date, DayRow]
    years: frozenset[int]

    @classmethod
    def of(cls, rows: Iterable[DayRow]) -> "Workdays":
        """Build from rows in any order; raises ValueError when one day stands twice."""
        days: dict[date, DayRow] = {}
        for row in rows:
            if row.date in days:
                raise ValueError(f"{row.date} stands twice in the calendar")
            days[row.date] = row
        held: dict[int, int] = {}
        for day in days:
            held[day.year] = held.get(day.year, 0) + 1
        complete = frozenset(year for year, count in held.items() if count == _days_in(year))
        return cls(MappingProxyType(days), complete)

    def row(self, day: date) -> DayRow:
        """The row of a day; raises CalendarUnknown when its year is not complete."""
        if day.year not in self.years:
            raise CalendarUnknown(day.year)
        return self.days[day]

    def is_workday(self, day: date) -> bool:
        return self.row(day).is_workday

    def next_workday(self, day: date) -> date:
        """The first working day on or after `day`."""
        while not self.is_workday(day):
            day += ONE_DAY
        return day

    def count_workdays(self, first: date, last: date, *, include_first: bool = False) -> int:
        """Working days after `first` up to and including `last`; 0 or more, in that order only.

        `include_first` also counts `first`, as for a period during which something is offered.
        """
        if last < first:
            raise ValueError(f"{last} is before {first}")
        start = first if include_first else first + ONE_DAY
        return sum(self.is_workday(day) for day in _span(start, last))

    def add_workdays(self, start: date, count: int) -> Deadline:
        """`count` working days after `start`, which itself does not count."""
        _require_period(count)
        proof = [_first_day(start)]
        sources: dict[str, None] = {}
        day, index = start, 0
        while index < count:
            day += ONE_DAY
            row = self.row(day)
            sources[row.source] = None
            index += row.is_workday
            proof.append(
                ProofDay(day, row.is_workday, index if row.is_workday else None, _why(row))
            )
        return Deadline(day, start, "workdays", tuple(proof), tuple(sources))

    def add_days(self, start: date, count: int, *, roll: bool = False) -> Deadline:
        """`count` natural days after `start`.

        With `roll`, a last day that is not a working day moves to the next one, which needs the
        calendar; without it no calendar is asked.
        """
        _require_period(count)
        last = start + count * ONE_DAY
        proof = [_first_day(start)]
        for index, day in enumerate(_span(start + ONE_DAY, last), start=1):
            proof.append(ProofDay(day, counted=True, index=index, reason="自然日，计入"))
        if not roll:
            return Deadline(last, start, "days", tuple(proof))
        return self._rolled(last, start, proof)

    def _rolled(self, last: date, start: date, proof: list[ProofDay]) -> Deadline:
        end = self.next_workday(last)
        if end != last:
            final, why = proof[-1], f"届满日{_why(self.row(last), after='顺延')}"
            proof[-1] = ProofDay(final.day, final.counted, final.index, why)
        for day in _span(last + ONE_DAY, end - ONE_DAY):
            proof.append(ProofDay(day, False, None, _why(self.row(day), after="顺延")))
        if end != last:
            proof.append(ProofDay(end, False, None, "顺延至首个工作日，届满"))
        sources = dict.fromkeys(self.row(day).source for day in _span(last, end))
        return Deadline(end, start, "days", tuple(proof), tuple(sources))


def _days_in(year: int) -> int:
    return (date(year, 12, 31) - date(year, 1, 1)).days + 1


def _span(first: date, last: date) -> Iterable[date]:
    return (first + at * ONE_DAY for at in range((last - first).days + 1))


def _require_period(count: int) -> None:
    if count < 0:
        raise ValueError("a period has no negative length")


def _first_day(start: date) -> ProofDay:
    return ProofDay(start, counted=False, index=None, reason="始日，不计")


def _why(row: DayRow, after: str = "不计") -> str:
    weekday = f"周{_WEEKDAYS[row.date.weekday()]}"
    if row.is_workday:
        return f"{weekday}，{row.name}，计入" if row.name else f"{weekday}，工作日，计入"
    return f"{weekday}，{row.name or '休息日'}，{after}"
