"""购买主体的档案：清单、一个单位的沿革、登记变动。"""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from accounts.permissions import may
from core.calendar.clock import today
from core.regulations import YUBEI
from core.transitions import ActError
from core.views.acts import SignedInRequest, actor_arguments, new_key, request_key, status_of
from core.views.listing import Column, Listing, listing
from projects.facts import Standing, registered, standing_on
from projects.forms.purchasers import StatusForm, initial_status
from projects.models import Purchaser
from projects.selectors.purchasers import purchaser_rows, standing_of, who_may_buy
from projects.services import PurchaserScope, register_status

ACT = "projects.keep_purchaser"
COLUMNS = (
    Column("购买主体", str, sort="organisation__name"),
    Column("单位性质", lambda p: standing_of(p).nature_label),
    Column("编制类型", lambda p: standing_of(p).staffing_label),
    Column("经费来源", lambda p: standing_of(p).funding_label),
    Column("自", lambda p: _since(standing_of(p))),
    Column("可否购买", lambda p: who_may_buy(standing_of(p))),
)


@require_safe
def purchaser_list(request: SignedInRequest) -> HttpResponseBase:
    rows = purchaser_rows(request.user, today())
    page = listing(request, rows, COLUMNS, filename="购买主体", default_sort="organisation__name")
    if not isinstance(page, Listing):
        return page
    context = {
        "listing": page,
        "rows": [(row, now, who_may_buy(now)) for row in page.rows for now in [standing_of(row)]],
        "article": YUBEI.article(5),
    }
    return render(request, "projects/purchaser_list.html", context)


@require_safe
def purchaser_detail(request: SignedInRequest, pk: int) -> HttpResponse:
    purchaser = _purchaser(request, pk)
    now = standing_on(purchaser, today())
    context = {
        "purchaser": purchaser,
        "now": now,
        "verdict": who_may_buy(now),
        "statuses": purchaser.statuses.order_by("-since"),
        "registered": registered(purchaser),
        "article": YUBEI.article(5),
        "can_keep": _may_keep(request, purchaser),
        "crumbs": [*_crumbs(purchaser)[:1], {"title": str(purchaser)}],
    }
    return render(request, "projects/purchaser_detail.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def purchaser_status(request: SignedInRequest, pk: int) -> HttpResponse:
    """登记自某日起的情况；同一日再登记即更正。"""
    purchaser = _purchaser(request, pk)
    if not _may_keep(request, purchaser):
        raise PermissionDenied
    start = initial_status(standing_on(purchaser, today()))
    form = StatusForm(request.POST if request.method == "POST" else None, initial=start)
    context: dict[str, Any] = {
        "form": form,
        "purchaser": purchaser,
        "key": new_key(),
        "crumbs": [*_crumbs(purchaser), {"title": "登记单位性质"}],
    }
    template = "projects/purchaser_status.html"
    if request.method != "POST":
        return render(request, template, context)
    if not form.is_valid():
        return render(request, template, context, status=422)
    try:
        acts = actor_arguments(request) | {"key": request_key(request)}
        register_status(purchaser, **form.cleaned_data, **acts)
    except ActError as error:
        return render(request, template, context | {"error": error}, status=status_of(error))
    messages.success(request, "单位性质已登记。")
    return redirect("projects:purchaser", purchaser.pk)


def _since(standing: Standing) -> str:
    return standing.since.isoformat() if standing.since else "登记时"


def _purchaser(request: SignedInRequest, pk: int) -> Purchaser:
    rows = Purchaser.objects.visible_to(request.user)
    return get_object_or_404(rows.select_related("organisation__jurisdiction"), pk=pk)


def _may_keep(request: SignedInRequest, purchaser: Purchaser) -> bool:
    scope = PurchaserScope(purchaser)
    return may(request.user, ACT, on=scope, acting_as=request.acting, day=today())


def _crumbs(purchaser: Purchaser) -> list[dict[str, str]]:
    return [
        {"title": "购买主体", "url": reverse("projects:purchasers")},
        {"title": str(purchaser), "url": reverse("projects:purchaser", args=[purchaser.pk])},
    ]
