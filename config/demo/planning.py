"""The year's plans: last year's projects carried on by workbook; plans reported to finance."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from datetime import date
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from config.demo.telling import Telling
from core.events import drain
from projects.documents import Cells
from projects.documents.exporting import cells_by_project, options_of
from projects.documents.package import package_rows
from projects.documents.writing import Entry, plan_book
from projects.models import AnnualPlan, PlanImport, Project
from projects.selectors import last_year_projects
from projects.services import (
    BudgetInput,
    confirm_import,
    listed_projects,
    receive_import,
    submit_plan,
)

ON = date(2026, 2, 24)


def tell_workbooks(t: Telling) -> None:
    """Each of three units starts this year's plan from last year's lines, in a workbook."""
    units = [place for place in t.district.purchasers if _last_year(t, place)][:3]
    waiting, written, faulty = units
    row = _received(t, written, "2026年计划.xlsx", dearer=True)
    confirm_import(row, **t.actor(written, "officer").acts(ON))
    drain()
    _received(t, waiting, "2026年计划（征求意见后）.xlsx", dearer=True)
    _received(t, faulty, "2026年计划（初稿）.xlsx", dearer=False)
    tell_reports(t, written)


def tell_reports(t: Telling, unsigned: str) -> None:
    """A plan reported twice, its budget short at first; one with projects nobody has signed yet."""
    _reported(t, "交通局", date(2026, 2, 24), -20_000_00, "部门预算编制在前，差额在二上时补足。")
    _reported(t, "交通局", date(2026, 2, 27), 0, "")
    _reported(t, unsigned, date(2026, 2, 27), 5_000_00, "预留物价变动的余地。")


def _reported(t: Telling, place: str, on: date, more_fen: int, note: str) -> None:
    """The department's budget by fund and item as the plan has it, but for one line."""
    plan = _plan(t, place)
    sums: dict[tuple[str, str], int] = defaultdict(int)
    for row in package_rows(listed_projects(plan)):
        for fund, fen in row["funds"].items():
            sums[fund, row["code"]] += 0 if row["is_off_budget"] else fen
    first = next(iter(sums))
    sums[first] += more_fen
    lines = [
        BudgetInput(t.district.funds[fund], t.district.item(code), fen)
        for (fund, code), fen in sums.items()
        if fen
    ]
    submit_plan(plan, budget=lines, note=note, **t.actor(place, "officer").acts(on))
    drain()


def _plan(t: Telling, place: str) -> AnnualPlan:
    return t.district.plans_of[place, 2026]


def _last_year(t: Telling, place: str) -> list[Project]:
    officer = t.actor(place, "officer").user
    return list(last_year_projects(_plan(t, place), officer).select_related("catalogue_item")[:2])


def _received(t: Telling, place: str, name: str, *, dearer: bool) -> PlanImport:
    """Last year's lines a tenth dearer; or with a unit price nobody carried into the sums."""
    plan, projects = _plan(t, place), _last_year(t, place)
    cells = cells_by_project(projects)
    entries = [
        Entry(
            p.number,
            _raised(cells[p.pk]) if dearer else _half_done(cells[p.pk]),
            precedent=p.number,
        )
        for p in projects
    ]
    data = plan_book(entries, *options_of(t.district.jurisdiction, ON))
    upload: Any = SimpleUploadedFile(name, data)
    return receive_import(plan, upload, **t.actor(place, "officer").acts(ON))


def _raised(cells: Cells) -> Cells:
    """Prices, funds and total a tenth up: whole 分 as long as last year's are whole 元."""
    own = cells.own | {"total": cells.own["total"] * 11 // 10, "subsidy": None}
    estimate = tuple(r | {"unit_price": r["unit_price"] * 11 // 10} for r in cells.estimate)
    funds = tuple(r | {"amount": r["amount"] * 11 // 10} for r in cells.funds)
    return replace(cells, own=own, estimate=estimate, funds=funds)


def _half_done(cells: Cells) -> Cells:
    first = cells.estimate[0]
    estimate = (first | {"unit_price": first["unit_price"] + 100_000}, *cells.estimate[1:])
    return replace(cells, own=cells.own | {"basis": ""}, estimate=estimate)
