"""以往的同一项目，成批：上年、再上年……的，查询数与项目的多少无关。"""

from __future__ import annotations

from collections.abc import Sequence

from projects.models import PlanLine, Project


def precedents_of_all(projects: Sequence[Project], *, most: int = 3) -> dict[int, list[Project]]:
    """各项目（主键）以往的同一项目，近的在前；口径同 `precedent_of`，每上溯一年两次查询。"""
    found: dict[int, list[Project]] = {project.pk: [] for project in projects}
    last = {project.pk: project for project in projects}
    for _ in range(most):
        before = _before(list(last.values()))
        last = {
            pk: before[project.pk]
            for pk, project in last.items()
            if project.pk in before and before[project.pk] not in found[pk]
        }
        for pk, project in last.items():
            found[pk].append(project)
        if not last:
            break
    return found


def _before(projects: Sequence[Project]) -> dict[int, Project]:
    """各项目上年的同一项目：计划行写明的，否则本单位上年同名的。"""
    lines = PlanLine.objects.filter(project__in=projects, precedent__isnull=False)
    stated = {
        line.project_id: line.precedent.project
        for line in lines.select_related("precedent__project")
        if line.precedent is not None
    }
    rows = Project.objects.filter(
        purchaser__in={p.purchaser_id for p in projects},
        year__in={p.year - 1 for p in projects},
        name__in={p.name for p in projects},
    ).order_by("pk")
    alike = {(p.purchaser_id, p.year, p.name): p for p in rows}
    named = {p.pk: alike.get((p.purchaser_id, p.year - 1, p.name)) for p in projects}
    return {pk: project for pk, project in named.items() if project is not None} | stated
