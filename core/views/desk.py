"""工作台: what waits for me, what I wait for, and notices."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from core.calendar.clock import today
from core.inbox.models import InboxItem
from core.navigation.deputies import entrusted
from core.navigation.registry import TodoItem, registry
from core.views.acts import SignedInRequest

MOST_NOTICES = 50


@require_safe
def desk(request: SignedInRequest) -> HttpResponse:
    """One row per thing to do, gone when done; counts by kind are filters."""
    on, acting = today(), request.acting
    every = _gather(registry.todos, request, on) if acting else []
    todos = entrusted(every, request.user, acting, on) if acting else []
    waiting = _gather(registry.waiting, request, on) if acting else []
    kinds = sorted({t.kind for t in todos if t.kind})
    chosen = request.GET.get("kind", "")
    context = {
        "tabs": [_tab("全部", "", len(todos), chosen)]
        + [_tab(k, k, sum(t.kind == k for t in todos), chosen) for k in kinds],
        "todos": [_row(t, on) for t in todos if not chosen or t.kind == chosen],
        "holders_own": len(every) - len(todos),
        "waiting": [_row(t, on) for t in waiting],
        "notices": InboxItem.objects.visible_to(request.user)[:MOST_NOTICES],
    }
    return render(request, "core/desk.html", context)


def _gather(providers: list[Any], request: Any, on: date) -> list[TodoItem]:
    found = [t for p in providers for t in p(request.user, request.acting, on)]
    return sorted(found, key=lambda t: (t.due or date.max, t.since))


def _tab(title: str, kind: str, count: int, chosen: str) -> dict[str, Any]:
    url = f"?kind={kind}" if kind else "?"
    return {"title": title, "url": url, "count": count, "is_current": kind == chosen}


def _row(item: TodoItem, on: date) -> dict[str, Any]:
    return {
        "item": item,
        "days": (on - item.since).days,
        "is_overdue": item.due is not None and item.due < on,
    }


@require_POST
def notice_read(request: SignedInRequest, pk: int) -> HttpResponse:
    """Mark a notice as read and go where it points."""
    notice = get_object_or_404(InboxItem.objects.visible_to(request.user), pk=pk)
    if notice.read_at is None:
        notice.read_at = timezone.now()
        notice.save(update_fields=["read_at"])
    messages.info(request, f"通知已阅：{notice.title}")
    return redirect(notice.url or "core:desk")
