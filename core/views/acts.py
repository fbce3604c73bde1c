"""One page for every act: what is acted on, every condition, the form, and the answer.

A view fetches through `visible_to`, then hands over to `act_page`. GET asks the rules without lock;
POST performs. Each domain error becomes one HTTP status here and nowhere else.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from accounts.models import RoleAssignment, User
from accounts.permissions import may
from accounts.roles import ACTS, Role
from core.attachments import UploadRefused
from core.calendar.clock import today
from core.history.sealing import sealed_on
from core.rules import Context, Verdict, ask, foreseeable
from core.transitions import (
    ActError,
    NotPermitted,
    RequestKeyMismatch,
    StatefulModel,
    TransitionRefused,
    shown_digest,
)
from core.transitions.declare import Move, act_name, move_of


class SignedInRequest(HttpRequest):
    """A request whose user is signed in and whose acting role is known."""

    user: User
    acting: RoleAssignment | None


Do = Callable[..., Any]
KEY = re.compile(r"[0-9A-Za-z_-]{1,64}")


@dataclass(frozen=True)
class AlongWith:
    """A document that moves in the same act, with what the act will state of it."""

    instance: StatefulModel
    move: str
    data: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class ActPage:
    """What an act's page shows besides the form; `along` moves with it, by its own conditions."""

    back: str
    about: str = ""
    facts: tuple[tuple[str, Any], ...] = ()
    done: str = ""
    template: str = "core/act_page.html"
    note: str = ""
    extra: dict[str, Any] = field(default_factory=dict)
    along: tuple[AlongWith, ...] = ()


class NoInput(forms.Form):
    """An act that asks nothing but the click."""


def act_page(
    request: SignedInRequest,
    instance: StatefulModel,
    move_name: str,
    *,
    do: Do,
    page: ActPage,
    form_class: type[forms.Form] = NoInput,
    initial: dict[str, Any] | None = None,
) -> HttpResponse:
    """GET: form and checklist. POST: `do(instance, **form, **act)`, then back to the case."""
    move = move_of(type(instance), move_name)
    if request.method != "POST":
        return _render(request, instance, move, form_class(initial=initial), page)
    form = form_class(request.POST, request.FILES)
    if not form.is_valid():
        return _render(request, instance, move, form, page, status=422)
    try:
        do(instance, **form.cleaned_data, **act_arguments(request))
    except (ActError, UploadRefused) as error:
        return _render(request, instance, move, form, page, error=error)
    messages.success(request, page.done or f"“{move.title}”已办理。")
    return redirect(page.back)


def act_arguments(request: SignedInRequest) -> dict[str, Any]:
    """Who acts, in which role, on which day, on what they were shown, and the request key."""
    return actor_arguments(request) | {
        "version": _integer(request.POST.get("version")),
        "shown": request.POST.get("shown") or None,
        "key": request_key(request),
    }


def actor_arguments(request: SignedInRequest) -> dict[str, Any]:
    """`by`, `acting_as` and `on`, for services that create."""
    return {"by": request.user, "acting_as": request.acting, "on": today()}


def request_key(request: HttpRequest) -> str | None:
    """The page's request key; anything that is not one of ours is no key."""
    key = request.POST.get("key", "")
    return key if KEY.fullmatch(key) else None


def has_right(request: SignedInRequest, act: str, on: Any = None) -> bool:
    """Whether the role acted in may do `act`: to `on`, or at all where no object is given."""
    return may(request.user, act, on=on, acting_as=request.acting, day=today())


def require_right(request: SignedInRequest, act: str, on: Any = None) -> RoleAssignment:
    """The role acted in; raises `PermissionDenied` (403) where it may not do `act`."""
    if request.acting is None or not has_right(request, act, on):
        raise PermissionDenied
    return request.acting


def new_key() -> str:
    """A request key for a page just opened."""
    return uuid.uuid4().hex


def status_of(error: Exception) -> int:
    """The HTTP status of a domain error: 403, 409, 413, 415 or 422."""
    if isinstance(error, UploadRefused):
        return error.status
    if isinstance(error, NotPermitted):
        return 403
    return 422 if isinstance(error, TransitionRefused | RequestKeyMismatch) else 409


def _integer(text: str | None) -> int | None:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 10 else None


def _render(
    request: SignedInRequest,
    instance: StatefulModel,
    move: Move,
    form: forms.Form,
    page: ActPage,
    *,
    error: Exception | None = None,
    status: int = 200,
) -> HttpResponse:
    refusals = error.refusals if isinstance(error, TransitionRefused) else ()
    sealed = sealed_on(instance.stream(), act_name(type(instance), move))
    context = {
        "move": move,
        "form": form,
        "page": page,
        "about": page.about or str(instance),
        **_checklist(request, instance, move, page.along),
        "is_offered": instance.state in move.sources and sealed is None,
        "sealed_on": sealed,
        "state_label": instance.state_label,
        "holders": "、".join(Role(r).label for r in ACTS[move.permission].roles),
        "version": instance.version,
        "shown": shown_digest(instance),
        "key": new_key(),
        "error": "" if error is None or refusals else str(error),
        "refusals": refusals,
        "crumbs": [{"title": page.about or "返回", "url": page.back}, {"title": move.title}],
        **page.extra,
    }
    return render(request, page.template, context, status=status_of(error) if error else status)


def _checklist(
    request: SignedInRequest, instance: StatefulModel, move: Move, along: tuple[AlongWith, ...]
) -> dict[str, list[Verdict]]:
    """Conditions of the move: those to be noted (`items`), and those already met (`met`)."""
    verdicts: list[Verdict] = []
    if instance.state in move.sources:
        context = Context(today(), request.user, request.acting)
        verdicts += ask(instance, foreseeable(move.rules), context).verdicts
        for other in along:
            verdicts += _of_another(other, context)
    return {
        "items": [v for v in verdicts if v.state != "met"],
        "met": [v for v in verdicts if v.state == "met"],
    }


def _of_another(other: AlongWith, context: Context) -> list[Verdict]:
    """The conditions of a document that moves along, each under its name."""
    rules = foreseeable(move_of(type(other.instance), other.move).rules)
    found = ask(other.instance, rules, replace(context, data=other.data)).verdicts
    return [replace(v, title=f"{other.instance}：{v.title}") for v in found]
