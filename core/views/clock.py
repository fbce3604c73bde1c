"""The demonstration clock's page."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from accounts.permissions import may
from core.calendar.clock import ClockRefused, is_demo, move_demo_clock, today
from core.views.acts import SignedInRequest


class ClockForm(forms.Form):
    to = forms.DateField(label="拨到", widget=forms.DateInput(attrs={"type": "date"}))


@require_http_methods(["GET", "POST"])
def clock(request: SignedInRequest) -> HttpResponse:
    """Move the demonstration clock forward; refused on any other database."""
    if not may(
        request.user, "core.move_demo_clock", on=None, acting_as=request.acting, day=today()
    ):
        raise PermissionDenied
    form, error, status = ClockForm(request.POST or None), "", 200
    if request.method == "POST" and form.is_valid():
        try:
            moved = move_demo_clock(
                form.cleaned_data["to"], by=request.user, acting_as=request.acting
            )
        except ClockRefused as refused:
            error, status = str(refused), 409
        else:
            messages.success(request, f"演示时钟已拨到 {moved.today.isoformat()}。")
            return redirect("core:clock")
    elif request.method == "POST":
        status = 422
    context = {"form": form, "error": error, "is_movable": is_demo()}
    return render(request, "core/clock.html", context, status=status)
