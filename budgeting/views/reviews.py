"""案卷的预算分页、审核卡，以及汇总、退回、不予批准的办理页。"""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from budgeting import forms, services
from budgeting.models import BudgetReview
from budgeting.selectors import (
    budget_case,
)
from budgeting.views.card import CARD, END_OF_ROUND, card_context, concluding, on_card, review_of
from budgeting.views.opinions import case_page, form_or_act, project_page
from core.money import format_yuan
from core.views.acts import ActPage, SignedInRequest, act_page
from projects.models import Project
from projects.views.frame import case_context


@require_safe
def case(request: SignedInRequest, pk: int) -> HttpResponse:
    """预算 tab of a case."""
    project = get_object_or_404(Project.objects.visible_to(request.user).with_owner(), pk=pk)
    context = case_context(request, project, "budgeting:case")
    return render(request, "budgeting/case.html", context | budget_case(project, request.user))


@require_safe
def review(request: SignedInRequest, pk: int) -> HttpResponse:
    """The review card: what is asked, what it does to the ceiling, who has said what."""
    row = review_of(request, pk)
    return render(request, CARD, card_context(request, row))


@form_or_act
def conclude(request: SignedInRequest, pk: int) -> HttpResponse:
    row = review_of(request, pk)
    return act_page(
        request,
        row,
        "conclude",
        do=services.conclude_review,
        page=on_card(request, row, _page(row)),
        form_class=forms.ConcludeForm,
        initial=concluding(row),
    )


@form_or_act
def return_for_correction(request: SignedInRequest, pk: int) -> HttpResponse:
    row = review_of(request, pk)
    return act_page(
        request,
        row,
        "return_for_correction",
        do=services.return_project,
        page=on_card(request, row, _page(row, END_OF_ROUND)),
        form_class=forms.ReturnForm,
    )


@form_or_act
def reject_project(request: SignedInRequest, pk: int) -> HttpResponse:
    project = get_object_or_404(Project.objects.visible_to(request.user).with_owner(), pk=pk)
    facts = (
        ("购买主体", project.purchaser),
        ("申请金额（元）", format_yuan(project.requested_fen)),
    )
    page = ActPage(
        back=project_page(project),
        about=f"{project.number} {project.name}",
        facts=facts,
        note="依据“不予批准”的审定结论办理；办理后项目结束，不能恢复。",
    )
    return act_page(
        request,
        project,
        "reject",
        do=services.reject_project,
        page=page,
        form_class=forms.NoteForm,
    )


def _page(row: BudgetReview, note: str = "") -> ActPage:
    spoken = tuple(
        (str(o.reviewer), f"{o.get_status_display()} {o.text}".strip())
        for o in row.opinions.select_related("reviewer")
    )
    page = case_page(row, facts=spoken, note=note)
    return ActPage(**{**vars(page), "back": row.get_absolute_url()})
