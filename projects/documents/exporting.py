"""一份计划写成工作簿：导出、模板、以上年计划预填。"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from typing import Any

from accounts.models import Jurisdiction, User
from projects.documents.cells import Cells, Difference, cells_of, differences
from projects.documents.reading import Lookups
from projects.documents.writing import Entry, plan_book
from projects.models import (
    AnnualPlan,
    CatalogueItem,
    EstimateLine,
    FundLine,
    FundSource,
    Indicator,
    PlanLine,
    Project,
)


def lookups_of(jurisdiction: Jurisdiction, on: date) -> tuple[Lookups, frozenset[int]]:
    """本辖区的品目与资金来源；后一项是这一天有效的品目。同一编码以有效的为准。"""
    known = CatalogueItem.objects.filter(catalogue__jurisdiction=jurisdiction)
    in_force = CatalogueItem.objects.in_force(jurisdiction, on)
    items = {i.code: i for i in known.order_by("catalogue__since")} | {i.code: i for i in in_force}
    funds = {f.name: f for f in FundSource.objects.filter(jurisdiction=jurisdiction)}
    return Lookups(items, funds), frozenset(i.pk for i in in_force)


def options_of(
    jurisdiction: Jurisdiction, on: date
) -> tuple[list[CatalogueItem], list[FundSource]]:
    """下拉所列：有效的品目、资金来源。"""
    items = CatalogueItem.objects.in_force(jurisdiction, on).order_by("code")
    return list(items), list(FundSource.objects.filter(jurisdiction=jurisdiction))


def cells_by_project(projects: Iterable[Project]) -> dict[int, Cells]:
    """各项目的各格；查询次数与项目数无关。"""
    found = list(projects)
    ids = [p.pk for p in found]
    parts = [
        _grouped(model, links, ids)
        for model, links in (
            (EstimateLine, ("catalogue_item",)),
            (FundLine, ("fund",)),
            (Indicator, ()),
        )
    ]
    return {p.pk: cells_of(p, p.total_fen, *(part[p.pk] for part in parts)) for p in found}


def _grouped(model: Any, links: tuple[str, ...], ids: list[int]) -> dict[int, list[Any]]:
    rows: dict[int, list[Any]] = defaultdict(list)
    for start in range(0, len(ids), 5000):
        chunk = model.objects.filter(project__in=ids[start : start + 5000])
        for row in chunk.select_related(*links) if links else chunk:
            rows[row.project_id].append(row)
    return rows


def plan_entries(plan: AnnualPlan, user: User) -> list[Entry]:
    """这个人在计划中看得见的全部项目，各成一份要写出的。"""
    seen = Project.objects.visible_to(user)
    lines = PlanLine.objects.filter(plan=plan, project__in=seen).order_by("pk")
    found = list(lines.select_related("project__catalogue_item", "precedent__project"))
    cells = cells_by_project(line.project for line in found)
    return [
        Entry(
            line.serial or line.project.number,
            cells[line.project_id],
            number=line.project.number,
            precedent=line.precedent.project.number if line.precedent else "",
            version=line.project.version,
            stage=line.project.get_stage_display(),
        )
        for line in found
    ]


def exported_book(plan: AnnualPlan, user: User, on: date) -> bytes:
    """这个人在计划中看得见的全部项目。"""
    options = options_of(plan.purchaser.organisation.jurisdiction, on)
    return plan_book(plan_entries(plan, user), *options)


def template_book(plan: AnnualPlan, on: date) -> bytes:
    """空白模板。"""
    return plan_book([], *options_of(plan.purchaser.organisation.jurisdiction, on))


def prefilled_entries(projects: Iterable[Project]) -> list[Entry]:
    """以上年项目预填：项目编号留空，上年项目编号写明；序号即上年编号，同一项目不会填报两次。"""
    found = list(projects)
    cells = cells_by_project(found)
    return [Entry(p.number, cells[p.pk], precedent=p.number) for p in found]


def prefilled_book(plan: AnnualPlan, projects: Iterable[Project], on: date) -> bytes:
    """以上年项目预填的工作簿。"""
    options = options_of(plan.purchaser.organisation.jurisdiction, on)
    return plan_book(prefilled_entries(projects), *options)


def against_last_year(lines: Iterable[PlanLine]) -> dict[int, list[Difference]]:
    """由上年延续而来的各计划项，与上年逐格不同之处，按项目；没有登记上年项目的不在其中。"""
    found = [line for line in lines if line.precedent is not None]
    before = [line.precedent.project for line in found if line.precedent is not None]
    cells = cells_by_project([*before, *(line.project for line in found)])
    return {
        line.project_id: differences(cells[old.pk], cells[line.project_id])
        for line, old in zip(found, before, strict=True)
    }
