"""Reading one year of the working-day calendar from its TOML file.

A file holds what the State Council's notice says: the holidays with their first and last day, and
the days of rest worked in exchange. Saturdays and Sundays follow by themselves.
"""

import tomllib
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any, Final

from core.calendar.arithmetic import DayRow

DATA: Final = Path(__file__).parent / "data"

_SATURDAY = 5


class CalendarFileError(ValueError):
    """A calendar file that contradicts itself; the message says where."""


def shipped_years() -> dict[int, Path]:
    """The year files that come with the system, by year."""
    return {int(path.stem): path for path in sorted(DATA.glob("[0-9][0-9][0-9][0-9].toml"))}


def read_year(path: Path) -> list[DayRow]:
    """Every day of the file's year, in order. Raises CalendarFileError."""
    try:
        file = tomllib.loads(path.read_text(encoding="utf-8"))
        year, source = int(file["year"]), str(file["source"])
        holidays = _holidays(file)
        made_up = _made_up(file)
    except (tomllib.TOMLDecodeError, KeyError, TypeError, ValueError) as error:
        raise CalendarFileError(f"{path.name}：工作日历文件有误：{error}") from error
    _require_year(path, year, [*holidays, *made_up])
    _require_exchange(path, holidays, made_up)
    return [_row(day, source, holidays, made_up) for day in _days_of(year)]


def _row(day: date, source: str, holidays: dict[date, str], made_up: dict[date, str]) -> DayRow:
    if day in holidays:
        return DayRow(day, is_workday=False, name=f"{holidays[day]}放假", source=source)
    if day in made_up:
        return DayRow(day, is_workday=True, name=f"{made_up[day]}调休上班", source=source)
    return DayRow(day, is_workday=day.weekday() < _SATURDAY, name="", source=source)


def _holidays(file: dict[str, Any]) -> dict[date, str]:
    found: dict[date, str] = {}
    for holiday in file["holiday"]:
        first, last = _day(holiday["from"]), _day(holiday["to"])
        if last < first:
            raise ValueError(f"{holiday['name']}的止日早于起日")
        for at in range((last - first).days + 1):
            _add(found, first + timedelta(days=at), holiday["name"])
    return found


def _made_up(file: dict[str, Any]) -> dict[date, str]:
    found: dict[date, str] = {}
    for holiday in file["holiday"]:
        for day in holiday["make_up"]:
            _add(found, _day(day), holiday["name"])
    return found


def _add(found: dict[date, str], day: date, name: str) -> None:
    if day in found:
        raise ValueError(f"{day} 重复")
    found[day] = str(name)


def _day(value: object) -> date:
    # A TOML date-time is a date to isinstance, so the exact type is asked.
    if type(value) is date:
        return value
    raise ValueError(f"{value} 不是日期")


def _require_year(path: Path, year: int, days: list[date]) -> None:
    if path.stem != str(year):
        raise CalendarFileError(f"{path.name}：文件名与年份 {year} 不一致")
    for day in days:
        if day.year != year:
            raise CalendarFileError(f"{path.name}：{day} 不在 {year} 年")


def _require_exchange(path: Path, holidays: dict[date, str], made_up: dict[date, str]) -> None:
    for day in made_up:
        if day in holidays:
            raise CalendarFileError(f"{path.name}：{day} 既放假又上班")
        if day.weekday() < _SATURDAY:
            raise CalendarFileError(f"{path.name}：{day} 不是周末，无须调休上班")


def _days_of(year: int) -> Iterator[date]:
    day = date(year, 1, 1)
    while day.year == year:
        yield day
        day += timedelta(days=1)
