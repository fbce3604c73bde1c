"""The working-day calendar's pages: the loaded years, one year, and loading another."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from accounts.permissions import may
from accounts.roles import ACTS, Role
from core.calendar.clock import today
from core.calendar.loading import CalendarRefused, load_holidays, missing_years
from core.calendar.models import CalendarYear
from core.calendar.selectors import year_lines, year_page
from core.views.acts import SignedInRequest, actor_arguments
from core.views.calendar_form import CalendarForm

LOAD = "core.load_calendar"


@require_safe
def calendar_list(request: SignedInRequest) -> HttpResponse:
    """The loaded years; what is missing, and who may load it."""
    context = {
        "years": year_lines(),
        "missing": missing_years(today()),
        "may_load": _may_load(request),
        "holders": "、".join(Role(role).label for role in ACTS[LOAD].roles),
    }
    return render(request, "core/calendar_list.html", context)


@require_safe
def calendar_year(request: SignedInRequest, year: int) -> HttpResponse:
    """One loaded year; 404 for a year that is not loaded."""
    found = get_object_or_404(CalendarYear, year=year)
    context = {
        "page": year_page(found, on=today()),
        "crumbs": _crumbs(f"{year} 年"),
    }
    return render(request, "core/calendar_year.html", context)


@require_http_methods(["GET", "POST"])
def calendar_load(request: SignedInRequest) -> HttpResponse:
    """Load a year from what its notice says; nothing is saved unless all of it holds."""
    if not _may_load(request):
        raise PermissionDenied
    data = request.POST if request.method == "POST" else None
    form, error, status = CalendarForm(data, on=today()), "", 200
    if request.method == "POST" and form.is_valid():
        try:
            loaded = load_holidays(**form.cleaned_data, **actor_arguments(request))
        except CalendarRefused as refused:
            error, status = str(refused), 409
        else:
            messages.success(request, f"{loaded.year} 年工作日历已载入，有关期限随即可以推算。")
            return redirect("core:calendar_year", loaded.year)
    elif request.method == "POST":
        status = 422
    context = {"form": form, "error": error, "crumbs": _crumbs("载入工作日历")}
    return render(request, "core/calendar_load.html", context, status=status)


def _may_load(request: SignedInRequest) -> bool:
    return may(request.user, LOAD, on=None, acting_as=request.acting, day=today())


def _crumbs(title: str) -> list[dict[str, str]]:
    return [
        {"title": "工作日历", "url": reverse("core:calendar_list")},
        {"title": title, "url": ""},
    ]
