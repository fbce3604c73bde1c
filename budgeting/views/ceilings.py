"""控制数：列表、下达、调整。"""

from __future__ import annotations

from typing import Any

from django import forms as django_forms
from django.contrib import messages
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from budgeting import forms, services
from budgeting.models import Ceiling
from budgeting.selectors import purchasers_reviewed_by
from core.transitions import ActError, StaleAct
from core.views.acts import (
    SignedInRequest,
    actor_arguments,
    has_right,
    new_key,
    request_key,
    require_right,
    status_of,
)
from core.views.listing import Column, Listing, listing
from projects.models import FundSource

ACT = "budgeting.set_ceiling"
COLUMNS = (
    Column("购买主体", lambda c: str(c.purchaser), sort="purchaser_id"),
    Column("年度", lambda c: c.year, sort="year", numeric=True),
    Column("资金来源", lambda c: str(c.fund), sort="fund_id"),
    Column("控制数", lambda c: c.amount_fen, sort="amount_fen", is_money=True),
    Column("其中上年结转", lambda c: c.carried_in_fen, sort="carried_in_fen", is_money=True),
    Column("已分配", lambda c: c.allocated_fen, sort="allocated_fen", is_money=True),
    Column("可用", services.available, is_money=True),
    Column("下达日期", lambda c: c.set_on.isoformat() if c.set_on else "", sort="set_on"),
    Column("下达文号", lambda c: c.number),
)


@require_safe
def ceilings(request: SignedInRequest) -> HttpResponseBase:
    form = forms.CeilingFilter(request.GET or None, purchasers=purchasers_reviewed_by(request.user))
    wanted = form.cleaned_data if form.is_bound and form.is_valid() else {}
    asked = {name: value for name, value in wanted.items() if value}
    rows = _visible(request).filter(**asked)
    page = listing(request, rows, COLUMNS, filename="控制数", default_sort="-year")
    if not isinstance(page, Listing):
        return page
    can_set = has_right(request, ACT)
    context = {
        "listing": page,
        "rows": [(c, services.available(c)) for c in page.rows],
        "filter_form": form,
        "can_set": can_set,
        "headers": [*page.headers, {"title": "办理"}] if can_set else page.headers,
    }
    return render(request, "budgeting/ceiling_list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def new_ceiling(request: SignedInRequest) -> HttpResponse:
    acting = require_right(request, ACT)
    jurisdiction = acting.organisation.jurisdiction
    form = forms.CeilingForm(
        request.POST if request.method == "POST" else None,
        purchasers=purchasers_reviewed_by(request.user).filter(
            organisation__jurisdiction=jurisdiction
        ),
        funds=FundSource.objects.filter(jurisdiction=jurisdiction),
    )
    return _answer(request, form, title="下达控制数")


@require_http_methods(["GET", "HEAD", "POST"])
def adjust_ceiling(request: SignedInRequest, pk: int) -> HttpResponse:
    require_right(request, ACT)
    ceiling = get_object_or_404(_visible(request), pk=pk)
    form = forms.AdjustForm(
        request.POST if request.method == "POST" else None,
        initial={"amount_fen": ceiling.granted_fen, "number": ceiling.number},
    )
    return _answer(request, form, title="调整控制数", ceiling=ceiling)


def _answer(
    request: SignedInRequest, form: django_forms.Form, *, title: str, ceiling: Ceiling | None = None
) -> HttpResponse:
    """Show the form, or set the ceiling and go back to the list."""
    context: dict[str, Any] = {
        "form": form,
        "title": title,
        "ceiling": ceiling,
        "key": new_key(),
        "left_fen": services.available(ceiling) if ceiling else None,
    }
    if request.method != "POST":
        return render(request, "budgeting/ceiling_form.html", context)
    if not form.is_valid():
        return render(request, "budgeting/ceiling_form.html", context, status=422)
    try:
        services.set_ceiling(**_values(request, form, ceiling))
    except ActError as error:
        context["refusals"] = getattr(error, "refusals", ())
        context["error"] = "" if context["refusals"] else _sentence(error, ceiling)
        return render(request, "budgeting/ceiling_form.html", context, status=status_of(error))
    messages.success(request, f"“{title}”已办理。")
    return redirect("budgeting:ceilings")


def _values(
    request: SignedInRequest, form: django_forms.Form, ceiling: Ceiling | None
) -> dict[str, Any]:
    """What the page states; a new ceiling states version 0, so it never overwrites a set one."""
    named = form.cleaned_data
    if ceiling is not None:
        named = named | {"purchaser": ceiling.purchaser, "year": ceiling.year, "fund": ceiling.fund}
    posted = request.POST.get("version", "0")
    version = int(posted) if posted.isascii() and posted.isdigit() and len(posted) < 10 else 0
    key = request_key(request)
    return named | actor_arguments(request) | {"version": version, "key": key}


def _sentence(error: ActError, ceiling: Ceiling | None) -> str:
    if isinstance(error, StaleAct) and ceiling is None:
        return "该年度的这项资金已下达控制数，未作任何改动。请在列表中找到它，办理“调整”。"
    return str(error)


def _visible(request: SignedInRequest) -> Any:
    return Ceiling.objects.visible_to(request.user).select_related(
        "purchaser__organisation", "fund"
    )
