"""One page for forms that make something new, where there is no row yet to act on.

GET shows the form. POST validates it and calls `do(**form, by, acting_as, on, key)`; every domain
error answers with its own status, the typed values kept.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render

from core.attachments import UploadRefused
from core.transitions import ActError, TransitionRefused
from core.views.acts import (
    SignedInRequest,
    actor_arguments,
    new_key,
    request_key,
    status_of,
)


@dataclass(frozen=True)
class MakePage:
    """What the page says besides the form."""

    title: str
    back: str
    done: str
    lead: str = ""
    note: str = ""
    submit: str = ""
    back_title: str = "返回"
    template: str = "core/make_page.html"
    extra: dict[str, Any] = field(default_factory=dict)


def make_page(
    request: SignedInRequest, form: forms.Form, *, do: Callable[..., Any], page: MakePage
) -> HttpResponse:
    """Show the form, or do what it says and go back; field errors and refusals answer 422."""
    if request.method != "POST":
        return _show(request, form, page)
    if not form.is_valid():
        return _show(request, form, page, status=422)
    try:
        do(**form.cleaned_data, **actor_arguments(request), key=request_key(request))
    except (ActError, UploadRefused) as error:
        return _show(request, form, page, error=error, status=_status(error))
    messages.success(request, page.done)
    return redirect(page.back)


def _status(error: Exception) -> int:
    """What contradicts itself in the form is 422; a row that moved on meanwhile is 409."""
    return 422 if getattr(error, "is_of_form", False) else status_of(error)


def _show(
    request: SignedInRequest,
    form: forms.Form,
    page: MakePage,
    *,
    error: Exception | None = None,
    status: int = 200,
) -> HttpResponse:
    refusals = error.refusals if isinstance(error, TransitionRefused) else ()
    context = {
        "form": form,
        "page": page,
        "key": new_key(),
        "error": "" if error is None or refusals else str(error),
        "refusals": refusals,
        "crumbs": [{"title": page.back_title, "url": page.back}, {"title": page.title}],
        **page.extra,
    }
    return render(request, page.template, context, status=status)
