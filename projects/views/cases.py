"""项目台账，以及项目页的概况与历史两个分页。"""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from core.history.reading import events_of
from core.views.acts import (
    SignedInRequest,
    has_right,
)
from core.views.listing import Column, Listing, listing
from projects.facts.chain import chain_parts
from projects.forms import ProjectFilter
from projects.models import Project, Stage
from projects.selectors import case_overview, stage_counts
from projects.services import ASSIGN
from projects.views.frame import case_context
from projects.views.rights import may_revise

COLUMNS = (
    Column("编号", lambda p: p.number, sort="number"),
    Column("项目名称", lambda p: p.name, sort="name"),
    Column("购买主体", lambda p: str(p.purchaser), sort="purchaser__organisation__name"),
    Column("年度", lambda p: p.year, sort="year"),
    Column("特定目标类", lambda p: p.get_programme_display() if p.programme else ""),
    Column("项目总额", lambda p: p.total_fen, sort="total_fen", is_money=True),
    Column("阶段", lambda p: p.get_stage_display(), sort="stage"),
)


@require_safe
def project_list(request: SignedInRequest) -> HttpResponseBase:
    """台账：此人可见的全部项目。"""
    visible = Project.objects.visible_to(request.user)
    years = visible.order_by("-year").values_list("year", flat=True).distinct()
    form = ProjectFilter(request.GET, user=request.user, years=years)
    rows = visible.filter(form.condition()).with_owner()
    page = listing(request, rows, COLUMNS, filename="项目台账")
    if not isinstance(page, Listing):
        return page
    counts = stage_counts(request.user, form.condition(without="stage"))
    context = {
        "listing": page,
        "filter_form": form,
        "tabs": _stage_tabs(request, counts),
        "is_narrowed": form.is_narrowed(),
    }
    return render(request, "projects/project_list.html", context)


def _stage_tabs(request: SignedInRequest, counts: dict[str, int]) -> list[dict[str, Any]]:
    """全部，以及有项目的各阶段，各带数目。"""
    chosen = request.GET.get("stage", "")
    stages = [
        (value, label) for value, label in Stage.choices if value in counts or value == chosen
    ]
    tabs = [("", "全部", sum(counts.values()))]
    tabs += [(value, label, counts.get(value, 0)) for value, label in stages]
    return [
        {
            "title": title,
            "count": n,
            "url": _with_stage(request, value),
            "is_current": value == chosen,
        }
        for value, title, n in tabs
    ]


def _with_stage(request: SignedInRequest, stage: str) -> str:
    query = request.GET.copy()
    for key in ("after", "before", "stage"):
        query.pop(key, None)
    if stage:
        query["stage"] = stage
    return f"?{query.urlencode()}"


@require_safe
def case(request: SignedInRequest, pk: int) -> HttpResponse:
    """概况：申报的全部内容。"""
    project = _project(request, pk)
    context = (
        case_context(request, project, "projects:case")
        | case_overview(project)
        | chain_parts(project)
    )
    context["can_revise"] = may_revise(request, project)
    context["may_assign"] = not project.has_ended and has_right(request, ASSIGN, on=project)
    return render(request, "projects/project_case.html", context)


@require_safe
def history(request: SignedInRequest, pk: int) -> HttpResponse:
    """历史：办过的、改过的、没有获准的，最新的在前。"""
    project = _project(request, pk)
    context = case_context(request, project, "projects:history")
    context["events"] = events_of(project.stream())
    return render(request, "projects/project_history.html", context)


def _project(request: SignedInRequest, pk: int) -> Project:
    rows = Project.objects.visible_to(request.user).with_owner()
    return get_object_or_404(
        rows.select_related("officer", "catalogue_item", "purchaser__organisation__jurisdiction"),
        pk=pk,
    )
