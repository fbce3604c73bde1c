"""会审台、审核卡，以及汇总、退回、不予批准的办理页。"""

from __future__ import annotations

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from budgeting import forms, services
from budgeting.models import BudgetReview
from budgeting.selectors import (
    budget_case,
    purchasers_reviewed_by,
    review_card,
    review_desk,
    review_queue,
)
from budgeting.views.opinions import case_page, form_or_act, project_page
from budgeting.views.panel import next_step
from core.calendar.clock import today
from core.money import format_yuan
from core.views.acts import ActPage, SignedInRequest, act_page
from core.views.listing import Column, Listing, listing
from projects.models import Project
from projects.views.frame import case_context

COLUMNS = (
    Column("编号", lambda r: r.project.number, sort="project__number"),
    Column("项目", lambda r: r.project.name),
    Column("购买主体", lambda r: r.project.purchaser.organisation.short_name),
    Column("轮次", lambda r: r.round_number, numeric=True),
    Column("申请", lambda r: r.project.requested_fen, is_money=True),
    Column("建议", lambda r: r.proposed_fen, sort="proposed_fen", is_money=True),
    Column("意见", lambda r: review_desk(r).progress),
    Column("等待", lambda r: "、".join(review_desk(r).waiting)),
    Column("等待自", lambda r: str(r.waiting_on or ""), sort="waiting_on"),
    Column("状态", lambda r: r.get_status_display(), sort="status"),
)


@require_safe
def case(request: SignedInRequest, pk: int) -> HttpResponse:
    """预算 tab of a case."""
    project = get_object_or_404(Project.objects.visible_to(request.user).with_owner(), pk=pk)
    context = case_context(request, project, "budgeting:case")
    return render(request, "budgeting/case.html", context | budget_case(project, request.user))


@require_safe
def reviews(request: SignedInRequest) -> HttpResponseBase:
    """The review desk."""
    form = forms.ReviewFilter(request.GET or None, purchasers=purchasers_reviewed_by(request.user))
    wanted = form.cleaned_data if form.is_bound and form.is_valid() else {}
    desk = request.acting.organisation if request.acting else None
    queue = review_queue(request.user, desk=desk, wanted=wanted)
    page = listing(request, queue.rows, COLUMNS, filename="会审", default_sort="-pk")
    if not isinstance(page, Listing):
        return page
    rows = [review_desk(row) for row in page.rows]
    context = {"listing": page, "rows": rows, "counts": queue.counts, "filter_form": form}
    return render(request, "budgeting/review_list.html", context)


@require_safe
def review(request: SignedInRequest, pk: int) -> HttpResponse:
    """The review card: what is asked, what it does to the ceiling, who has said what."""
    row = _review(request, pk)
    context = review_card(row, request.user, on=today()) | next_step(request, row)
    return render(request, "budgeting/review_card.html", context)


@form_or_act
def conclude(request: SignedInRequest, pk: int) -> HttpResponse:
    row = _review(request, pk)
    return act_page(
        request,
        row,
        "conclude",
        do=services.conclude_review,
        page=_page(row),
        form_class=forms.ConcludeForm,
        initial={"proposed_fen": row.project.requested_fen},
    )


@form_or_act
def return_for_correction(request: SignedInRequest, pk: int) -> HttpResponse:
    row = _review(request, pk)
    return act_page(
        request,
        row,
        "return_for_correction",
        do=services.return_project,
        page=_page(row, "本轮会审就此结束，意见保留；修改后重新提交时另起一轮。"),
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


def _review(request: SignedInRequest, pk: int) -> BudgetReview:
    rows = BudgetReview.objects.visible_to(request.user).with_case()
    return get_object_or_404(rows.select_related("filed_version"), pk=pk)


def _page(row: BudgetReview, note: str = "") -> ActPage:
    spoken = tuple(
        (str(o.reviewer), f"{o.get_status_display()} {o.text}".strip())
        for o in row.opinions.select_related("reviewer")
    )
    page = case_page(row, facts=spoken, note=note)
    return ActPage(**{**vars(page), "back": row.get_absolute_url()})
