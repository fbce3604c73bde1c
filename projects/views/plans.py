"""年度购买计划（《渝北办法》第九条第（一）项）。"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from core.views.acts import SignedInRequest
from core.views.listing import Column, Listing, Value, listing
from projects.documents.exporting import against_last_year
from projects.forms.plans import LineFilter, PlanFilter
from projects.models import AnnualPlan, PlanLine, PlanSubmission, Stage
from projects.selectors import plan_lines, plan_states, plans_with_sums
from projects.views.rights import may_file

PLAN_COLUMNS = (
    Column("年度", lambda p: p.year, sort="year"),
    Column("购买主体", lambda p: str(p.purchaser), sort="purchaser__organisation__name"),
    Column("项目数", lambda p: p.project_count, sort="project_count", numeric=True),
    Column("项目合计", lambda p: p.planned_fen, sort="planned_fen", is_money=True),
    Column("部门预算合计", lambda p: p.budget_total_fen, sort="budget_total_fen", is_money=True),
    Column("报送轮次", lambda p: p.rounds or 0, sort="rounds", numeric=True),
    Column("最近报送", lambda p: p.reported_on.isoformat() if p.reported_on else ""),
)


def _of_project(name: str) -> Callable[[PlanLine], Value]:
    return lambda line: cast("Value", getattr(line.project, name))


LINE_COLUMNS = (
    Column("编号", _of_project("number"), sort="project__number"),
    Column("项目名称", _of_project("name"), sort="project__name"),
    Column("目录条目", lambda line: str(line.project.catalogue_item or "")),
    Column("经办人", lambda line: str(line.project.officer)),
    Column("项目总额", _of_project("total_fen"), sort="project__total_fen", is_money=True),
    Column("阶段", lambda line: line.project.get_stage_display(), sort="project__stage"),
    Column("上年项目", lambda line: line.precedent.project.number if line.precedent else ""),
)


@require_safe
def plan_list(request: SignedInRequest) -> HttpResponseBase:
    """可见的各单位各年度计划。"""
    seen = AnnualPlan.objects.visible_to(request.user)
    years = seen.order_by("-year").values_list("year", flat=True).distinct()
    form = PlanFilter(request.GET, user=request.user, years=years)
    rows = plans_with_sums(request.user).filter(form.condition())
    page = listing(request, rows, PLAN_COLUMNS, filename="年度购买计划", default_sort="-year")
    if not isinstance(page, Listing):
        return page
    context = {"listing": page, "filter_form": form, "is_narrowed": form.is_narrowed()}
    return render(request, "projects/plan_list.html", context)


@require_safe
def plan_detail(request: SignedInRequest, pk: int) -> HttpResponseBase:
    """一份计划：各行、合计与部门预算，以及填报新项目的入口。"""
    plan: Any = get_object_or_404(plans_with_sums(request.user), pk=pk)
    form = LineFilter(request.GET)
    lines = plan_lines(plan, request.user).filter(form.condition())
    page = listing(request, lines, LINE_COLUMNS, filename=str(plan), default_sort="-pk")
    if not isinstance(page, Listing):
        return page
    changed = against_last_year(page.rows)
    context = {
        "plan": plan,
        "listing": page,
        "lines": [(line, changed.get(line.project_id)) for line in page.rows],
        "left_fen": plan.budget_total_fen - plan.planned_fen,
        "can_file": may_file(request, plan),
        "filter_form": form,
        "is_narrowed": form.is_narrowed(),
        **_states(request, plan, form),
        "submissions": PlanSubmission.objects.visible_to(request.user)
        .filter(plan=plan)
        .defer("content")
        .select_related("submitted_by")
        .order_by("-round_number")[:10],
    }
    return render(request, "projects/plan_detail.html", context)


def _states(request: SignedInRequest, plan: AnnualPlan, form: LineFilter) -> dict[str, Any]:
    """各阶段的个数与合计（分）；点阶段只看这一类。"""
    found = plan_states(plan, request.user, form.condition(without="stage"))
    chosen = form.cleaned_data.get("stage", "")
    states = [
        {
            "label": str(label),
            "count": found.get(value, (0, 0))[0],
            "total_fen": found.get(value, (0, 0))[1],
            "url": _with_stage(request, "" if value == chosen else value),
            "is_current": value == chosen,
        }
        for value, label in Stage.choices
        if value in found or value == chosen
    ]
    return {"states": states, "whole": tuple(map(sum, zip((0, 0), *found.values(), strict=True)))}


def _with_stage(request: SignedInRequest, stage: str) -> str:
    query = request.GET.copy()
    for key in ("after", "before", "stage"):
        query.pop(key, None)
    if stage:
        query["stage"] = stage
    return f"?{query.urlencode()}"
