"""A database for one story: reference data, the invented calendars, the demonstration district."""

from __future__ import annotations

from datetime import date

from accounts.services import system_actor
from config.demo.district import District, build_district
from config.demo.people import main_district
from config.story.case import Case
from core.calendar.clock import start_demo_clock
from core.calendar.loading import load_year
from core.reference import load_reference

LOADED_ON = date(2025, 1, 1)


def set_stage(case: Case) -> District:
    """The district as it stands before the first step; the database must be empty."""
    load_reference(on=LOADED_ON)
    system, _ = system_actor()
    for path in case.calendars:
        load_year(int(path.stem), by=system, on=LOADED_ON, path=path)
    return build_district(main_district())


def hold_the_clock(case: Case) -> None:
    """The demonstration clock on the case's last day, so that its database can be looked at."""
    system, _ = system_actor()
    start_demo_clock(case.until, by=system)
