"""未列预算的追加申请：台账，确定路径、改报、登记追加（调剂）文号的办理页。"""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from budgeting import forms, services
from budgeting.models import OffBudgetRequest
from budgeting.selectors import (
    badge_of,
    off_budget_ledger,
    off_budget_of,
    purchasers_reviewed_by,
)
from budgeting.views.opinions import case_page, form_or_act
from core.calendar.clock import today
from core.money import format_yuan
from core.views.acts import ActPage, SignedInRequest, act_page
from core.views.listing import Column, Listing, listing

COLUMNS = (
    Column("项目编号", lambda r: r.project.number, sort="project__number"),
    Column("年度", lambda r: r.project.year, sort="project__year", numeric=True),
    Column("项目总额", lambda r: r.project.total_fen, sort="project__total_fen", is_money=True),
    Column("同品目合计", lambda r: r.same_item_fen, sort="same_item_fen", is_money=True),
    Column("审议路径", lambda r: r.get_route_display(), sort="route"),
    Column("追加（调剂）金额", lambda r: r.funding_fen, sort="funding_fen", is_money=True),
    Column("立项日", lambda r: r.opened_on.isoformat(), sort="opened_on"),
    Column("状态", lambda r: r.get_status_display(), sort="status"),
)
# What stands below the columns above on the page, and in columns of its own in the CSV.
MORE = (
    Column("项目", lambda r: r.project.name),
    Column("购买主体", lambda r: r.project.purchaser.organisation.short_name),
    Column("当前审议机构", lambda r: str(r.body) if r.body else ""),
    Column("追加（调剂）文号", lambda r: r.funding_number),
    Column("追加（调剂）文件日期", lambda r: r.funding_on.isoformat() if r.funding_on else ""),
)


@require_safe
def requests(request: SignedInRequest) -> HttpResponseBase:
    form = forms.OffBudgetFilter(
        request.GET or None, purchasers=purchasers_reviewed_by(request.user)
    )
    wanted = form.cleaned_data if form.is_bound and form.is_valid() else {}
    rows = off_budget_ledger(request.user, wanted)
    page = listing(request, rows, COLUMNS + MORE, filename="未列预算的追加申请", default_sort="-pk")
    if not isinstance(page, Listing):
        return page
    context = {
        "listing": page,
        "headers": page.headers[: len(COLUMNS)],
        "rows": [(row, badge_of(row)) for row in page.rows],
        "filter_form": form,
    }
    return render(request, "budgeting/off_budget_list.html", context)


@form_or_act
def choose_route(request: SignedInRequest, pk: int) -> HttpResponse:
    row = _row(request, pk)
    page = _page(request, row, "路径按同品目合计确定，不由人选；此后由轮到的机构登记审定。")
    return act_page(request, row, "choose_route", do=services.choose_route, page=page)


@form_or_act
def raise_route(request: SignedInRequest, pk: int) -> HttpResponse:
    row = _row(request, pk)
    page = _page(request, row, "改报之后由还没有通过的一级审议；追加（调剂）文号须重新登记。")
    return act_page(request, row, "raise_route", do=services.raise_route, page=page)


@form_or_act
def record_funding(request: SignedInRequest, pk: int) -> HttpResponse:
    row = _row(request, pk)
    page = _page(
        request,
        row,
        "会议通过不等于有预算：未列入预算的不得支出，登记之后方可批复。控制数另在“控制数”下达。",
    )
    initial = {
        "funding_kind": row.funding_kind,
        "funding_number": row.funding_number,
        "funding_fen": row.funding_fen,
        "funding_on": row.funding_on,
    }
    return act_page(
        request,
        row,
        "record_funding",
        do=services.record_funding,
        page=page,
        form_class=forms.funding_form(today()),
        initial=initial if row.funding_number else None,
    )


def _row(request: SignedInRequest, pk: int) -> OffBudgetRequest:
    rows = OffBudgetRequest.objects.visible_to(request.user).with_case()
    return get_object_or_404(rows, pk=pk)


def _page(request: SignedInRequest, row: OffBudgetRequest, note: str) -> ActPage:
    shown = off_budget_of(row.case(), request.user) or {"same_item": [], "due": None, "silence": ""}
    items: tuple[tuple[str, Any], ...] = tuple(
        (f"同品目：{p.number}", f"{p.name}　{format_yuan(p.total_fen)} 元")
        for p, _ in shown["same_item"]
    )
    total = sum(p.total_fen for p, _ in shown["same_item"])
    facts = (*items, ("同品目合计（元）", format_yuan(total)))
    if row.route:
        facts += (("审议路径", row.get_route_display()),)
    if shown["due"] is not None and shown["due"] != row.route:
        facts += (("应走的路径", shown["due"].label),)
    return case_page(row, facts=facts, note=f"{note}{shown['silence']}")
