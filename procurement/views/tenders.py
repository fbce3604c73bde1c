"""采购项目的清单、一次采购的页面、期限核对。"""

from __future__ import annotations

from datetime import date

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_safe

from budgeting.views.panel import next_step
from core.calendar.clock import today
from core.views.acts import SignedInRequest
from core.views.listing import Column, Listing, listing
from procurement import forms
from procurement.models import Tender
from procurement.selectors import (
    badge_of,
    said_of_deadline,
    said_of_publication,
    schedule_of,
    tender_list,
    tender_name,
    tender_page,
)
from procurement.views.pages import tab_of, tender_of


def _iso(day: date | None) -> str:
    return day.isoformat() if day else ""


COLUMNS = (
    Column("项目编号", lambda t: t.package.project.number, sort="package__project__number"),
    Column("项目", lambda t: t.package.project.name),
    Column("购买主体", lambda t: t.package.project.purchaser.organisation.short_name),
    Column("采购包", lambda t: str(t.package)),
    Column("次数", lambda t: t.attempt, sort="attempt", numeric=True),
    Column("采购方式", lambda t: str(t.mode), sort="mode__method"),
    Column("最高限价", lambda t: t.ceiling_price_fen, sort="ceiling_price_fen", is_money=True),
    Column("发布日", lambda t: _iso(t.published_on), sort="published_on"),
    Column("响应截止", lambda t: _iso(t.response_deadline), sort="response_deadline"),
    Column("状态", lambda t: t.get_status_display(), sort="status"),
)


@require_safe
def tenders(request: SignedInRequest) -> HttpResponseBase:
    form = forms.TenderFilter(request.GET or None)
    wanted = form.cleaned_data if form.is_bound and form.is_valid() else {}
    rows = tender_list(request.user, wanted)
    page = listing(request, rows, COLUMNS, filename="采购项目", default_sort="-pk")
    if not isinstance(page, Listing):
        return page
    context = {
        "listing": page,
        "rows": [(row, badge_of(row)) for row in page.rows],
        "filter_form": form,
    }
    return render(request, "procurement/tender_list.html", context)


@require_safe
def tender(request: SignedInRequest, pk: int) -> HttpResponse:
    """One tender: facts, schedule, bids and scores, report, award."""
    row = tender_of(request, pk)
    context = {"page": tender_page(row, on=today()), "case_url": tab_of(row.package.project)}
    return render(request, "procurement/tender_detail.html", context | next_step(request, row))


@require_safe
def schedule(request: SignedInRequest, pk: int) -> HttpResponse:
    """期限核对：填两个日期，逐项逐日推算。"""
    row = tender_of(request, pk)
    form = _asked(request, row)
    context = {
        "tender": row,
        "name": tender_name(row),
        "form": form,
        "crumbs": [{"title": str(row), "url": row.get_absolute_url()}, {"title": "期限核对"}],
    }
    if form.is_valid():
        published_on = form.cleaned_data["published_on"]
        deadline = form.cleaned_data["response_deadline"]
        said = (
            said_of_publication(row, published_on),
            said_of_deadline(row, published_on, deadline),
        )
        context["said"] = [one for one in said if one]
        context["schedule"] = schedule_of(row, published_on)
    status = 200 if form.is_valid() else 422
    return render(request, "procurement/schedule.html", context, status=status)


def _asked(request: SignedInRequest, row: Tender) -> forms.ScheduleForm:
    """网址里没有填的，用这次采购的日期；没有发布的，按今日发布。"""
    start = {
        "published_on": _iso(row.published_on or today()),
        "response_deadline": _iso(row.response_deadline),
    }
    return forms.ScheduleForm({name: request.GET.get(name, day) for name, day in start.items()})
