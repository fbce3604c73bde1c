"""Reading one year of the working-day calendar from its TOML file.

A file holds what the State Council's notice says: the holidays with their first and last day, and
the days of rest worked in exchange. What they make of the year: `core.calendar.holidays`.
"""

import tomllib
from datetime import date
from pathlib import Path
from typing import Any, Final

from core.calendar.arithmetic import DayRow
from core.calendar.holidays import Holiday, days_of_year

DATA: Final = Path(__file__).parent / "data"


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
        if path.stem != str(year):
            raise ValueError(f"文件名与年份 {year} 不一致")
        return days_of_year(year, source, [_holiday(each) for each in file["holiday"]])
    except (tomllib.TOMLDecodeError, KeyError, TypeError, ValueError) as error:
        raise CalendarFileError(f"{path.name}：工作日历文件有误：{error}") from error


def _holiday(each: dict[str, Any]) -> Holiday:
    make_up = tuple(_day(day) for day in each["make_up"])
    return Holiday(str(each["name"]), _day(each["from"]), _day(each["to"]), make_up)


def _day(value: object) -> date:
    # A TOML date-time is a date to isinstance, so the exact type is asked.
    if type(value) is date:
        return value
    raise ValueError(f"{value} 不是日期")
