"""Loading the demonstration into an empty database, and telling what a database holds."""

from __future__ import annotations

from datetime import date

from django.db import DatabaseError, connection

from accounts.models import User
from accounts.services import SYSTEM_USERNAME, system_actor
from config.demo.adjusting import tell_adjustments
from config.demo.astray import tell_astray
from config.demo.catalogues import (
    tell_first_catalogues,
    tell_later_catalogues,
    tell_small_catalogue,
)
from config.demo.ceilings import tell_ceilings
from config.demo.chaining import tell_chains
from config.demo.clouds import tell_cloud_past, tell_cloud_present
from config.demo.desk import tell_desk
from config.demo.district import build_district
from config.demo.ended import tell_ends
from config.demo.guided import tell_pilots, tell_purchasers
from config.demo.intentions import tell_intentions
from config.demo.notices import tell_corrections
from config.demo.off_budget import tell_off_budget
from config.demo.pending import tell_pending
from config.demo.people import SHOWN_ACCOUNTS, main_district, small_districts
from config.demo.planning import tell_workbooks
from config.demo.procured import tell_purchases
from config.demo.small import tell_lake, tell_north
from config.demo.story import tell_main
from config.demo.subsidised import tell_subsidy
from config.demo.telling import Telling
from core.calendar.clock import start_demo_clock
from core.calendar.models import DemoClock
from core.reference import load_reference
from core.tasks import sign_checkpoint

FIRST_DAY = date(2026, 3, 2)
LOADED_ON = date(2025, 1, 1)


class NotEmpty(RuntimeError):
    """The database holds something else; nothing was written."""


def holds() -> str:
    """“demo”, “empty” or “other”: what the database holds. Any doubt is “other”."""
    try:
        if not connection.introspection.table_names():
            return "empty"
        if DemoClock.objects.exists():
            return "demo"
        others = User.objects.exclude(username=SYSTEM_USERNAME).exists()
    except DatabaseError:
        return "other"
    return "other" if others else "empty"


def load_demo() -> bool:
    """Build the three districts and their past; False when they are there already.

    Raises `NotEmpty` on a database that holds anything else.
    """
    state = holds()
    if state == "demo":
        return False
    if state == "other":
        raise NotEmpty("此数据库已有其他数据，没有载入演示数据，未作任何改动。")
    load_reference(on=LOADED_ON)
    north, lake = small_districts()
    main = Telling(build_district(main_district()))
    tell_first_catalogues(main)
    tell_cloud_past(main)
    tell_main(main)
    names = tell_purchases(main)
    tell_astray(main, names)
    tell_pending(main, names)
    tell_off_budget(main)
    tell_adjustments(main)
    tell_corrections(main)
    tell_subsidy(main)
    tell_ends(main)
    tell_desk(main)
    tell_workbooks(main)
    tell_chains(main)
    tell_purchasers(main)
    tell_pilots(main)
    tell_later_catalogues(main)
    tell_intentions(main)
    tell_cloud_present(main)
    # Last: it closes a year.
    tell_ceilings(main)
    northern = Telling(build_district(north))
    tell_small_catalogue(northern)
    tell_north(northern)
    tell_lake(Telling(build_district(lake)))
    system, _ = system_actor()
    start_demo_clock(FIRST_DAY, by=system)
    sign_checkpoint()
    return True


def shown_accounts() -> list[tuple[str, str, str]]:
    """(sign-in name, person, desk) of one account per role, in the order of the walk."""
    users = {u.username: u for u in User.objects.filter(username__in=SHOWN_ACCOUNTS)}
    return [
        (name, users[name].full_name, "、".join(str(r) for r in users[name].active_roles()))
        for name in SHOWN_ACCOUNTS
        if name in users
    ]
