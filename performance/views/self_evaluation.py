"""年度自评：开始、填报、签署、自评表。"""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from budgeting.selectors.case import documents_by_subject
from budgeting.views.panel import next_step
from core.calendar.clock import today
from core.history.values import reference
from core.views.acts import ActPage, SignedInRequest, act_page
from performance.documents import self_evaluation_context
from performance.facts.results import lines_kept
from performance.forms.evaluation import year_form
from performance.forms.results import SelfEvaluationForm, with_results
from performance.models import SelfEvaluation
from performance.selectors.case import badge_of, self_evaluations_visible_to
from performance.selectors.todos import years_to_start
from performance.services import (
    fill_self_evaluation,
    sign_self_evaluation,
    start_self_evaluation,
)
from performance.views.evaluation import form_or_act, kept_values
from projects.models import Project


@form_or_act
def start(request: SignedInRequest, pk: int) -> HttpResponse:
    """开始某一年度的自评。"""
    project = get_object_or_404(Project.objects.visible_to(request.user).with_owner(), pk=pk)
    page = ActPage(
        back=reverse("performance:case", args=[project.pk]),
        about=str(project),
        note="预算数和执行数由系统从资金台账取得，不用填。",
    )
    form = year_form(years_to_start(project, today()))
    return act_page(
        request,
        project,
        "start_self_evaluation",
        do=start_self_evaluation,
        page=page,
        form_class=form,
    )


@require_safe
def detail(request: SignedInRequest, pk: int) -> HttpResponse:
    """自评表，连同下一步和文书。"""
    row = _self_evaluation(request, pk)
    context = {
        "row": row,
        "badge": badge_of(row),
        "sheet": self_evaluation_context(row),
        "documents": documents_by_subject([row])[reference(row)],
        "crumbs": [
            {"title": str(row.project), "url": reverse("performance:case", args=[row.project_id])},
            {"title": f"{row.year} 年度自评"},
        ],
    } | next_step(request, row)
    return render(request, "performance/self_evaluation.html", context)


@form_or_act
def fill(request: SignedInRequest, pk: int) -> HttpResponse:
    row = _self_evaluation(request, pk)
    lines = lines_kept(row)
    names = ("completion", "rate_reason", "adjustment_reason")
    page = _page(
        row,
        "各项指标的分值按权重折合，连同预算执行率合计一百分。未满分的写偏差原因及改进措施。",
    )
    return act_page(
        request,
        row,
        "fill",
        do=fill_self_evaluation,
        page=page,
        form_class=with_results(SelfEvaluationForm, lines),
        initial={name: getattr(row, name) for name in names} | {"results": kept_values(row, lines)},
    )


@form_or_act
def sign(request: SignedInRequest, pk: int) -> HttpResponse:
    row = _self_evaluation(request, pk)
    note = "签署人对自评的真实性和准确性负责。签署后台账上的数固定，形成自评表（PDF）。"
    return act_page(request, row, "sign", do=sign_self_evaluation, page=_page(row, note))


def _page(row: SelfEvaluation, note: str) -> ActPage:
    sheet = self_evaluation_context(row)
    return ActPage(
        back=row.get_absolute_url(),
        about=str(row),
        facts=(),
        note=note,
        template="performance/self_evaluation_act.html",
        extra={"sheet": sheet},
    )


def _self_evaluation(request: SignedInRequest, pk: int) -> SelfEvaluation:
    return get_object_or_404(self_evaluations_visible_to(request.user), pk=pk)
