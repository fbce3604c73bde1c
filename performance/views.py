"""案卷的“绩效”分页，登记评估意见，作出评估结论。"""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from core.calendar.clock import today
from core.money import format_yuan
from core.views.acts import ActPage, SignedInRequest, act_page
from performance.forms import OpinionForm, conclusion_form
from performance.models import Evaluation
from performance.selectors import evaluations_of, evaluations_visible_to
from performance.services import conclude_evaluation, record_opinion
from projects.models import Indicator, Project
from projects.views.frame import case_context

form_or_act = require_http_methods(["GET", "HEAD", "POST"])


@require_safe
def case(request: SignedInRequest, pk: int) -> HttpResponse:
    """绩效 tab of a case."""
    project = get_object_or_404(Project.objects.visible_to(request.user).with_owner(), pk=pk)
    context = case_context(request, project, "performance:case") | {
        "indicators": Indicator.objects.filter(project=project),
        "rows": evaluations_of(project),
    }
    return render(request, "performance/case.html", context)


@form_or_act
def opinion(request: SignedInRequest, pk: int) -> HttpResponse:
    row = _evaluation(request, pk)
    page = _page(row, "第三方和职能部门的意见由经办人凭书面意见登记，原件附入案卷。")
    return act_page(
        request,
        row,
        "record_opinion",
        do=record_opinion,
        page=page,
        form_class=OpinionForm,
        initial={"given_on": today()},
    )


@form_or_act
def conclude(request: SignedInRequest, pk: int) -> HttpResponse:
    row = _evaluation(request, pk)
    note = (
        "结论作出后合同随即结算：合同金额按等级比例计，减去扣款。"
        "定为不合格的，接着责令限期整改；复查合格后合同方告付清，拒不整改的按约定终止。"
    )
    page = _page(row, note)
    return act_page(
        request,
        row,
        "conclude",
        do=conclude_evaluation,
        page=page,
        form_class=conclusion_form(row.contract),
    )


def _page(row: Evaluation, note: str) -> ActPage:
    contract = row.contract
    incidents = "；".join(f"{i.term} {i.percent}%" for i in contract.incidents.all())
    return ActPage(
        back=reverse("performance:case", args=[row.case().pk]),
        about=str(row),
        facts=(
            ("合同", contract),
            ("合同金额（元）", format_yuan(contract.amount_fen)),
            ("扣款事件", incidents or "无"),
            *((o.get_party_display(), o.get_grade_display()) for o in row.opinions.all()),
        ),
        note=note,
    )


def _evaluation(request: SignedInRequest, pk: int) -> Evaluation:
    return get_object_or_404(evaluations_visible_to(request.user), pk=pk)
