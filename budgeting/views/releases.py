"""资金下达：台账和各池对照，登记，冲减。"""

from __future__ import annotations

from typing import Any

from django import forms as django_forms
from django.contrib import messages
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from budgeting import services
from budgeting.forms.fund_release import CorrectionForm, ReleaseFilter, ReleaseForm
from budgeting.models import FundRelease
from budgeting.selectors import purchasers_reviewed_by
from budgeting.selectors.releases import pool_lines, release_years, releases_of
from core.calendar.clock import today
from core.transitions import ActError
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

ACT = "budgeting.record_release"


def _unit(row: FundRelease) -> str:
    return str(row.purchaser.organisation.short_name) if row.purchaser else "全辖区"


COLUMNS = (
    Column("文号", lambda r: r.number, sort="number"),
    Column("文件日期", lambda r: r.released_on.isoformat(), sort="released_on"),
    Column("下达机关", lambda r: r.issuer, sort="issuer"),
    Column("年度", lambda r: r.year, sort="year", numeric=True),
    Column("资金来源", lambda r: str(r.fund), sort="fund_id"),
    Column("购买主体", _unit, sort="purchaser_id"),
    Column("金额", lambda r: r.amount_fen, sort="amount_fen", is_money=True),
    Column("登记日", lambda r: r.recorded_on.isoformat(), sort="recorded_on"),
)
MORE = (
    Column("登记人", lambda r: r.recorded_by.full_name if r.recorded_by else ""),
    Column("说明", lambda r: r.note),
    Column("冲减", lambda r: "是" if r.corrects_id else ""),
)


@require_safe
def releases(request: SignedInRequest) -> HttpResponseBase:
    """资金下达台账，上面是各池的下达与承诺对照。"""
    visible = purchasers_reviewed_by(request.user)
    form = ReleaseFilter(
        request.GET,
        years=release_years(request.user),
        purchasers=visible,
        funds=FundSource.objects.filter(
            jurisdiction__in=visible.values("organisation__jurisdiction")
        ),
    )
    given = {name: v for name in ("year", "purchaser", "fund") if (v := form.given(name))}
    rows = releases_of(request.user, given)
    page = listing(request, rows, COLUMNS + MORE, filename="资金下达", default_sort="-pk")
    if not isinstance(page, Listing):
        return page
    can_record = has_right(request, ACT)
    corrected = set(
        FundRelease.objects.filter(corrects__in=[r.pk for r in page.rows]).values_list(
            "corrects", flat=True
        )
    )
    headers = page.headers[: len(COLUMNS)]
    context = {
        "listing": page,
        "headers": [*headers, {"title": "办理"}] if can_record else headers,
        "rows": [(r, _unit(r), r.pk in corrected) for r in page.rows],
        "pools": pool_lines(request.user, given),
        "filter_form": form,
        "can_record": can_record,
    }
    return render(request, "budgeting/release_list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def new_release(request: SignedInRequest) -> HttpResponse:
    acting = require_right(request, ACT)
    jurisdiction = acting.organisation.jurisdiction
    form = ReleaseForm(
        request.POST if request.method == "POST" else None,
        purchasers=purchasers_reviewed_by(request.user).filter(
            organisation__jurisdiction=jurisdiction
        ),
        funds=FundSource.objects.filter(jurisdiction=jurisdiction),
        today=today(),
        initial={"year": today().year},
    )
    return _answer(request, form, title="登记资金下达")


@require_http_methods(["GET", "HEAD", "POST"])
def correct(request: SignedInRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(releases_of(request.user, {}), pk=pk)
    require_right(request, ACT)
    form = CorrectionForm(request.POST if request.method == "POST" else None)
    return _answer(request, form, title="冲减资金下达", release=row)


def _answer(
    request: SignedInRequest,
    form: django_forms.Form,
    *,
    title: str,
    release: FundRelease | None = None,
) -> HttpResponse:
    context: dict[str, Any] = {"form": form, "title": title, "release": release, "key": new_key()}
    page = "budgeting/release_form.html"
    if request.method != "POST":
        return render(request, page, context)
    if not form.is_valid():
        return render(request, page, context, status=422)
    given = form.cleaned_data | actor_arguments(request) | {"key": request_key(request)}
    try:
        if release is None:
            services.record_release(given.pop("fund"), **given)
        else:
            services.correct_release(release, **given)
    except ActError as error:
        context["error"] = str(error)
        return render(request, page, context, status=status_of(error))
    messages.success(request, f"“{title}”已办理。")
    return redirect("budgeting:releases")
