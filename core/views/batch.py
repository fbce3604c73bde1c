"""One page for acts on several things at once: what is ticked, what each needs, what happened.

Each item is its own transaction and its own history; a refusal of one is an answer in its row.
Repeating the same form repeats nothing: every item has its own request key, made from the page's.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import render

from accounts.permissions import may
from core.calendar.clock import today
from core.rules import Context, Verdict, ask, foreseeable
from core.transitions import ItemOutcome, StaleAct, StatefulModel, attempt_each, shown_digest
from core.transitions.declare import move_of
from core.views.acts import SignedInRequest, actor_arguments, new_key, request_key

MOST = 100
TOO_MANY = f"一次最多办理 {MOST} 件，下面只列出前 {MOST} 件。"


class ItemForm(forms.Form):
    """勾选才办理；不勾选的不查其他各栏。"""

    include = forms.BooleanField(label="办理", required=False, initial=True)

    def full_clean(self) -> None:
        super().full_clean()
        if self.is_bound and not self.cleaned_data.get("include"):
            self.errors.clear()
            self.cleaned_data = {"include": False}

    def act(self) -> dict[str, Any]:
        """动作的参数。"""
        return {k: v for k, v in self.cleaned_data.items() if k != "include"}


@dataclass
class Item:
    """One thing to act on. `run` is the service, called with what the form states and who acts."""

    key: str
    title: str
    url: str
    run: Callable[..., Any]
    about: str = ""
    facts: tuple[tuple[str, Any], ...] = ()
    subject: StatefulModel | None = None
    move: str = ""
    blocked: str = ""
    initial: dict[str, Any] = field(default_factory=dict)
    shown_as: str = ""
    verdicts: tuple[Verdict, ...] = ()
    form: Any = None

    @property
    def hidden(self) -> dict[str, Any]:
        """What the act's page hides: the version and digest of what is shown."""
        if self.subject is None:
            return {"shown": self.shown_as} if self.shown_as else {}
        return {"version": self.subject.version, "shown": shown_digest(self.subject)}


@dataclass(frozen=True)
class BatchPage:
    """The words of a batch."""

    title: str
    back: str
    form_class: type[ItemForm]
    note: str = ""
    empty: str = "没有选中可以办理的事项。请返回列表勾选。"
    extra: dict[str, Any] = field(default_factory=dict)


def batch_page(request: SignedInRequest, items: Sequence[Item], page: BatchPage) -> HttpResponse:
    """GET: every item with its form and what stands in its way. POST: each ticked one is done."""
    shown = list(items[:MOST])
    for item in shown:
        _prepare(request, item, page)
    if request.method != "POST":
        return _show(request, shown, page, too_many=len(items) > MOST)
    if [item for item in shown if not item.form.is_valid()]:
        return _show(request, shown, page, status=422)
    chosen = [item for item in shown if item.form.cleaned_data["include"]]
    if not chosen:
        return _show(request, shown, page, status=422, error="请至少勾选一件。")
    key = request_key(request)
    acts = [(item, _act(request, item, key, page.title)) for item in chosen]
    return _results(request, attempt_each(acts), page)


def ticked(request: SignedInRequest, name: str) -> list[str]:
    """The keys ticked on a list (GET), or carried by the batch's own form (POST)."""
    data = request.POST if request.method == "POST" else request.GET
    return list(dict.fromkeys(k for k in data.getlist(name) if len(k) < 30))


def ticked_pks(request: SignedInRequest, name: str) -> list[int]:
    found = ticked(request, name)
    return [int(k) for k in found if k.isascii() and k.isdigit() and len(k) < 10]


def _prepare(request: SignedInRequest, item: Item, page: BatchPage) -> None:
    if item.subject is not None and not item.blocked:
        item.blocked, item.verdicts = _obstacles(request, item.subject, item.move)
    initial = {"include": not item.blocked, **item.initial}
    data = request.POST if request.method == "POST" else None
    item.form = page.form_class(data, prefix=f"item-{item.key}", initial=initial)


def _obstacles(
    request: SignedInRequest, subject: StatefulModel, name: str
) -> tuple[str, tuple[Verdict, ...]]:
    """Why the item cannot be done now, in one line; what the rules say, without lock or record."""
    move = move_of(type(subject), name)
    if subject.state not in move.sources:
        return f"当前状态是“{subject.state_label}”，不能办理", ()
    if not may(request.user, move.permission, on=subject, acting_as=request.acting, day=today()):
        return "不在本岗位", ()
    context = Context(today(), request.user, request.acting)
    verdicts = ask(subject, foreseeable(move.rules), context).verdicts
    noted = tuple(v for v in verdicts if v.state != "met")
    unmet = [v.message for v in noted if v.blocks]
    return "；".join(unmet), noted


def _act(
    request: SignedInRequest, item: Item, key: str | None, page_title: str
) -> Callable[[], Any]:
    values = item.form.act() | actor_arguments(request)
    prefix = item.form.prefix
    if item.subject is not None:
        version = request.POST.get(f"{prefix}-version", "")
        known = version.isascii() and version.isdigit() and len(version) < 10
        values["version"] = int(version) if known else None
        values["shown"] = request.POST.get(f"{prefix}-shown") or None
    elif item.shown_as and request.POST.get(f"{prefix}-shown") != item.shown_as:
        return partial(_stale, page_title)
    values["key"] = f"{key}-{item.key}" if key else None
    return partial(item.run, **values)


def _stale(title: str) -> None:
    raise StaleAct(title)


def _show(
    request: SignedInRequest,
    items: list[Item],
    page: BatchPage,
    *,
    status: int = 200,
    error: str = "",
    too_many: bool = False,
) -> HttpResponse:
    wrong = [item for item in items if item.form.errors]
    context = {
        "page": page,
        "items": items,
        "wrong": wrong,
        "key": new_key(),
        "error": error,
        "warning": TOO_MANY if too_many else "",
        **page.extra,
    }
    return render(request, "core/batch.html", context, status=status)


def _results(
    request: SignedInRequest, outcomes: Sequence[ItemOutcome], page: BatchPage
) -> HttpResponse:
    """What happened to each; 422 when not one of them was done."""
    done = sum(o.is_done for o in outcomes)
    context = {
        "page": page,
        "outcomes": outcomes,
        "done": done,
        "failed": len(outcomes) - done,
    }
    return render(request, "core/batch_result.html", context, status=200 if done else 422)
