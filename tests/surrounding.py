"""What surrounds a case: the catalogue, the lists, the funds of the year, the internal chain.

A row at least of each of their tables, by the services; `tests.whole` runs a purchase itself.
"""

from __future__ import annotations

from datetime import date

from budgeting.services import (
    close_ceiling,
    report_round,
    set_ceiling,
    set_programme_budget,
    sign_by_office,
)
from projects.services import register_status, sign
from tests import chains, steps
from tests.budgeting.opened import programmed
from tests.programme import programme
from tests.projects import catalogues, clouds, intentions, workbooks
from tests.world import DAY, World

# From 2026-03-01 on a leading group decides in a meeting.
MET = date(2026, 3, 2)


def surround(world: World) -> None:
    """All of it; a review must have been opened before, as the meeting's papers list one."""
    steps.meeting_sheet(world, steps.DECIDED)
    keep_purchaser(world)
    sign_inside(world)
    fund(world)
    workbooks.reported(world)
    intentions.opened(world)
    clouds.opened(world)
    adopt_catalogue(world)


def keep_purchaser(world: World) -> None:
    """What the purchaser is, registered by finance."""
    register_status(
        world.purchasers["文旅委"],
        since=DAY,
        nature="department",
        staffing="administrative",
        funding="treasury",
        basis="示编〔2019〕3号",
        **world.zhao.acts(),
    )


def sign_inside(world: World) -> None:
    """A tier, a point sent back, a task, a handover, a delegation; the leading group meets."""
    opened = chains.opened(world, steps.file(world, name="有配合事项的项目"))
    members = [opened["member"], chains.member(world, "于波", "中心负责人")]
    asked = programme(world, leading_group_minutes="")
    project = steps.file(world, MET, name="经领导小组会议的项目", **asked)
    for role, signer in (("section_head", world.li), ("division_leader", world.wang)):
        sign(project.signatures.get(role=role), **signer.acts(MET))
    chains.meet(world, project, dict.fromkeys(members, "present"), MET)


def fund(world: World) -> None:
    """A programme with its budget and conclusion, a ceiling in rounds, a year closed."""
    purchaser, source = world.purchasers["文旅委"], world.funds["本级财政管理资金"]
    opened = programmed(world, steps.REPLIED)
    acts = world.zhao.acts(steps.REPLIED)
    number = {"amount_fen": 10**9, "number": "示财预〔2025〕1号"}
    set_programme_budget(opened["programme"], year=2026, **number, **acts)
    sign_by_office(opened["conclusion"], **world.wang.acts(steps.REPLIED))
    said = {"round_name": "first_up", "figures": [(source, 10**9)], "note": ""}
    report_round(purchaser, year=2028, **said, **world.zhang.acts(steps.REPLIED))
    old = set_ceiling(purchaser, year=2024, fund=source, **number, **acts)
    close_ceiling(old, **acts)


def adopt_catalogue(world: World) -> None:
    """A version consulted on, adopted, reviewed and on the public site."""
    catalogues.published(world, catalogues.owed(world))
