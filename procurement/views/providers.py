"""承接主体：名录、登记、页面、审查条件、取消资格、停用。"""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_safe

from budgeting.forms import NoteForm
from budgeting.views.panel import next_step
from core.attachments import checked_upload
from core.calendar.clock import today
from core.navigation import panels_of
from core.transitions import ActError
from core.views.acts import (
    ActPage,
    SignedInRequest,
    act_page,
    actor_arguments,
    has_right,
    new_key,
    request_key,
    require_right,
    status_of,
)
from core.views.listing import Column, Listing, listing
from procurement import forms, services
from procurement.models import Condition, Provider
from procurement.selectors import (
    badge_of,
    provider_list,
    provider_page,
    providers_visible_to,
)
from procurement.views.pages import form_or_act

KEEP = "procurement.keep_providers"
COLUMNS = (
    Column("名称", lambda p: p.name, sort="name"),
    Column("类别", lambda p: p.get_kind_display(), sort="kind"),
    Column("统一社会信用代码", lambda p: p.credit_code, sort="credit_code"),
    Column("六项条件", lambda p: f"{p.met_count}/{len(Condition)}", sort="met_count"),
    Column(
        "取消资格至",
        lambda p: p.barred_until.isoformat() if p.barred_until else "",
        sort="barred_until",
    ),
    Column("状态", lambda p: p.get_status_display(), sort="status"),
)


@require_safe
def providers(request: SignedInRequest) -> HttpResponseBase:
    form = forms.ProviderFilter(request.GET or None)
    wanted = form.cleaned_data if form.is_bound and form.is_valid() else {}
    rows = provider_list(request.user, wanted, on=today())
    page = listing(request, rows, COLUMNS, filename="承接主体", default_sort="name")
    if not isinstance(page, Listing):
        return page
    context = {
        "listing": page,
        "rows": [(row, badge_of(row)) for row in page.rows],
        "filter_form": form,
        "condition_count": len(Condition),
        "can_keep": has_right(request, KEEP),
    }
    return render(request, "procurement/provider_list.html", context)


@form_or_act
def new_provider(request: SignedInRequest) -> HttpResponse:
    acting = require_right(request, KEEP)
    form = forms.ProviderForm(request.POST if request.method == "POST" else None)
    if request.method != "POST":
        return _form_page(request, form)
    if not form.is_valid():
        return _form_page(request, form, status=422)
    try:
        made = services.register_provider(
            acting.organisation.jurisdiction,
            registrar=acting.organisation,
            **form.cleaned_data,
            **actor_arguments(request),
            key=request_key(request),
        )
    except (services.CodeRefused, services.AlreadyRegistered) as refused:
        form.add_error("credit_code", str(refused))
        return _form_page(request, form, status=422)
    except ActError as error:
        return _form_page(request, form, status=status_of(error), error=str(error))
    messages.success(request, "承接主体已登记。请逐项审查六项条件。")
    return redirect(made)


def _form_page(
    request: SignedInRequest, form: forms.ProviderForm, *, status: int = 200, error: str = ""
) -> HttpResponse:
    context = {"form": form, "key": new_key(), "error": error}
    return render(request, "procurement/provider_new.html", context, status=status)


@require_safe
def provider(request: SignedInRequest, pk: int) -> HttpResponse:
    row = _provider(request, pk)
    context = provider_page(row, on=today()) | next_step(request, row)
    context["can_keep"] = row.status == "registered" and has_right(request, KEEP)
    context["panels"] = panels_of(row)
    return render(request, "procurement/provider_detail.html", context)


# --- 办理 ----------------------------------------------------------------------------------------


@form_or_act
def review_condition(request: SignedInRequest, pk: int) -> HttpResponse:
    """审查一项；网址里指明哪一项的，预选那一项。"""
    row = _provider(request, pk)
    asked = request.GET.get("condition", "")
    known = {str(number) for number in Condition.values}
    return act_page(
        request,
        row,
        "review_condition",
        do=_review,
        page=_page(row, "复审另记一次，以最近的为准；以前的结论保留在历史里。"),
        form_class=forms.ReviewForm,
        initial={"condition": asked if asked in known else "", "valid_from": today()},
    )


def _review(row: Provider, *, file: Any, **values: Any) -> Any:
    return services.review_condition(row, file=checked_upload(file) if file else None, **values)


@form_or_act
def debar(request: SignedInRequest, pk: int) -> HttpResponse:
    row = _provider(request, pk)
    return act_page(
        request,
        row,
        "debar",
        do=services.debar_provider,
        page=_page(row, "取消资格期内不得登记响应，也不得成交；期满自动恢复。"),
        form_class=forms.with_options(forms.DebarForm, today=today()),
    )


@form_or_act
def close(request: SignedInRequest, pk: int) -> HttpResponse:
    row = _provider(request, pk)
    page = _page(row, "注销、合并或重复登记的停用；停用后不能再登记它的响应，历史保留。")
    return act_page(
        request, row, "close", do=services.close_provider, page=page, form_class=NoteForm
    )


def _provider(request: SignedInRequest, pk: int) -> Provider:
    return get_object_or_404(providers_visible_to(request.user, on=today()), pk=pk)


def _page(row: Provider, note: str) -> ActPage:
    facts = tuple(provider_page(row, on=today())["facts"])
    return ActPage(back=row.get_absolute_url(), about=str(row), facts=facts, note=note)
