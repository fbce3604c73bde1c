"""发起一轮政务云资源收集：价格表由上一轮带入，单位限于市级财政保障部门。"""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from core.calendar.clock import today
from core.rules.parameters import parameters_in_force
from core.transitions import ActError, TransitionRefused
from core.views.acts import (
    SignedInRequest,
    actor_arguments,
    new_key,
    request_key,
    require_right,
    status_of,
)
from projects import services
from projects.facts.cloud import unit_facts
from projects.forms.cloud import OpenCloudForm, open_cloud_form
from projects.models import CloudCollection, Purchaser
from projects.models.cloud import COLLECT
from projects.rules import why_not_asked
from projects.services import PriceInput
from projects.views.cloud import crumbs, is_adopted

form_or_act = require_http_methods(["GET", "HEAD", "POST"])
Values = dict[str, Any]
NATURES = "PH-7.2-unit-natures"


@form_or_act
def open_new(request: SignedInRequest) -> HttpResponse:
    """发起一轮收集；价格表由上一轮带入。"""
    acting = require_right(request, COLLECT)
    if not is_adopted(request):
        raise PermissionDenied("本辖区没有采用《平湖办法》，不收集政务云资源。")
    organiser = get_object_or_404(Purchaser, organisation=acting.organisation_id)
    form_class, eligible = _form_class(organiser)
    if request.method != "POST":
        initial = {"prices": _last_prices(organiser), "units": eligible, "year": today().year + 1}
        return _open_page(request, organiser, form_class(initial=initial))
    form = form_class(request.POST)
    if not form.is_valid():
        return _open_page(request, organiser, form, status=422)
    data = form.cleaned_data
    prices = [PriceInput(**{k: v for k, v in p.items() if k != "DELETE"}) for p in data["prices"]]
    try:
        made = services.open_collection(
            organiser,
            **{name: data[name] for name in ("year", "answers_due_on", "note")},
            prices=prices,
            units=list(data["units"]),
            **actor_arguments(request),
            key=request_key(request),
        )
    except ActError as error:
        return _open_page(request, organiser, form, error=error)
    messages.success(request, f"已发起{made}，已通知 {len(data['units'])} 个单位。")
    return redirect(made)


def _form_class(organiser: Purchaser) -> tuple[type[OpenCloudForm], list[int]]:
    """表单，和可以选的各单位（主键）。"""
    jurisdiction, on = organiser.organisation.jurisdiction, today()
    natures = dict(parameters_in_force(jurisdiction, on)).get(NATURES, ())
    candidates = list(
        Purchaser.objects.filter(organisation__jurisdiction=jurisdiction)
        .select_related("organisation")
        .order_by("pk")
    )
    known = zip(candidates, unit_facts(candidates, jurisdiction.pk, on), strict=True)
    why_not = {p.pk: why_not_asked(fact, natures) for p, fact in known}
    eligible = [pk for pk, why in why_not.items() if not why]
    return open_cloud_form(candidates, why_not, on), eligible


def _last_prices(organiser: Purchaser) -> list[Values]:
    last = CloudCollection.objects.filter(organiser=organiser).order_by("-pk").first()
    names = ("code", "category", "specification", "unit", "price_fen", "source", "priced_on")
    return list(last.prices.values(*names)) if last else []


def _open_page(
    request: SignedInRequest,
    organiser: Purchaser,
    form: OpenCloudForm,
    *,
    error: ActError | None = None,
    status: int = 200,
) -> HttpResponse:
    refusals = error.refusals if isinstance(error, TransitionRefused) else ()
    context = {
        "organiser": organiser,
        "form": form,
        "tables": list(form.tables_shown()),
        "key": new_key(),
        "error": "" if error is None or refusals else str(error),
        "refusals": refusals,
        "crumbs": crumbs("发起收集"),
    }
    code = status_of(error) if error else status
    return render(request, "projects/cloud_open.html", context, status=code)
