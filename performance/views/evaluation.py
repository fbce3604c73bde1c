"""案卷的“绩效”分页；登记指标完成情况、各方意见、服务对象意见，作出评估结论。"""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from contracts.models import Grade
from core.attachments import checked_upload
from core.calendar.clock import today
from core.money import format_yuan
from core.views.acts import ActPage, SignedInRequest, act_page
from performance.facts.evaluation import COMPONENTS, score_parts
from performance.facts.results import lines_kept, typed_of
from performance.forms.evaluation import OpinionForm, SurveyForm, conclusion_form
from performance.forms.results import ResultsForm, with_results
from performance.models import Evaluation
from performance.selectors.case import (
    contract_rows,
    evaluations_visible_to,
    self_evaluations_of,
    targets,
)
from performance.services import (
    conclude_evaluation,
    record_opinion,
    record_survey,
    score_indicators,
)
from performance.services.evaluation import scored
from projects.models import Project
from projects.views.frame import case_context

form_or_act = require_http_methods(["GET", "HEAD", "POST"])


@require_safe
def case(request: SignedInRequest, pk: int) -> HttpResponse:
    """绩效 tab of a case."""
    project = get_object_or_404(Project.objects.visible_to(request.user).with_owner(), pk=pk)
    context = case_context(request, project, "performance:case") | {
        "targets": targets(project),
        "rows": contract_rows(project),
        "self_evaluations": self_evaluations_of(project),
    }
    return render(request, "performance/case.html", context)


@form_or_act
def indicators(request: SignedInRequest, pk: int) -> HttpResponse:
    row = evaluation_of(request, pk)
    lines = lines_kept(row)
    page = page_of(
        row,
        "达到目标得满分；≥ 按完成值÷目标值、≤ 和 < 按目标值÷完成值的比例计分，四舍五入到 0.01。"
        "系统算分，人工改分须写理由；未满分的写偏差原因及改进措施。",
        template="performance/results_act.html",
        extra={"lines": lines},
    )
    return act_page(
        request,
        row,
        "score_indicators",
        do=_score,
        page=page,
        form_class=with_results(ResultsForm, lines),
        initial={"results": kept_values(row, lines)},
    )


def _score(row: Evaluation, *, file: Any, **values: Any) -> Any:
    return score_indicators(row, file=checked_upload(file) if file else None, **values)


def kept_values(row: Any, lines: list[Any]) -> list[dict[str, Any]]:
    """每项指标已登记的内容，依各行的次序。"""
    kept = {result.indicator_id: typed_of(result) for result in row.results.all()}
    return [kept.get(line.indicator, {}) for line in lines]


@form_or_act
def opinion(request: SignedInRequest, pk: int) -> HttpResponse:
    row = evaluation_of(request, pk)
    note = "职能部门和第三方的意见凭书面意见登记，原件附入案卷；第三方也可以凭链接填报。"
    return act_page(
        request,
        row,
        "record_opinion",
        do=record_opinion,
        page=page_of(row, note),
        form_class=OpinionForm,
        initial={"given_on": today()},
    )


@form_or_act
def survey(request: SignedInRequest, pk: int) -> HttpResponse:
    row = evaluation_of(request, pk)
    names = ("asked", "answered", "satisfied", "users_opinion")
    return act_page(
        request,
        row,
        "record_survey",
        do=record_survey,
        page=page_of(row, "满意率 = 表示满意的份数 ÷ 收回的份数，计入总分。"),
        form_class=SurveyForm,
        initial={name: getattr(row, name) for name in names},
    )


@form_or_act
def conclude(request: SignedInRequest, pk: int) -> HttpResponse:
    row = evaluation_of(request, pk)
    now = scored(row, today())
    note = (
        "等级由总分得出，另定等级须写明理由。结论作出后合同随即结算；"
        "评为不合格的先责令限期整改，销号之后重新评估。"
    )
    grade = now["scored_grade"]
    label = f"{now['score']}，{Grade(grade).label}" if grade else "各部分还没有登记齐全"
    facts = (*_parts(row), ("总分与等级", label))
    return act_page(
        request,
        row,
        "conclude",
        do=conclude_evaluation,
        page=page_of(row, note, facts=facts),
        form_class=conclusion_form(row.contract),
        initial={"grade": grade, "workdays": row.contract.mending_workdays},
    )


def _parts(row: Evaluation) -> tuple[tuple[str, Any], ...]:
    return tuple((COMPONENTS[name], score) for name, score in (score_parts(row) or {}).items())


def page_of(
    row: Evaluation,
    note: str,
    *,
    facts: tuple[tuple[str, Any], ...] = (),
    template: str = "core/act_page.html",
    extra: dict[str, Any] | None = None,
) -> ActPage:
    """综合评估的办理页：先写明是哪份合同，办完回到绩效分页。"""
    contract = row.contract
    incidents = "；".join(f"{i.term} {i.percent}%" for i in contract.incidents.all())
    return ActPage(
        back=reverse("performance:case", args=[row.case().pk]),
        about=str(row),
        facts=(
            ("合同", contract),
            ("承接主体", contract.award.provider),
            ("合同金额（元）", format_yuan(contract.amount_fen)),
            ("扣款事件", incidents or "无"),
            *facts,
        ),
        note=note,
        template=template,
        extra=extra or {},
    )


def evaluation_of(request: SignedInRequest, pk: int) -> Evaluation:
    return get_object_or_404(evaluations_visible_to(request.user), pk=pk)
