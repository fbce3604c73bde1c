"""What every page's shell needs: menu, desk, date, unread notices."""

from __future__ import annotations

from itertools import groupby
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse

from core.calendar.clock import is_demo, today
from core.inbox.models import InboxItem
from core.navigation.registry import MenuItem, registry


def shell(request: HttpRequest) -> dict[str, Any]:
    """Template context of the staff layout; small for anonymous visitors."""
    user = getattr(request, "user", None)
    context: dict[str, Any] = {
        "today": today(),
        "is_demo": is_demo(),
        "is_trial": settings.MINGGOU_TRIAL,
    }
    if user is None or not user.is_authenticated:
        return context
    acting = getattr(request, "acting", None)
    return context | {
        "acting": acting,
        "acting_roles": [
            {"value": r.pk, "label": str(r), "is_current": acting is not None and r.pk == acting.pk}
            for r in user.active_roles()
        ],
        "jurisdiction": acting.organisation.jurisdiction if acting else None,
        "menu": _menu(request.path, acting.role if acting else ""),
        "unread": InboxItem.objects.visible_to(user).unread().count(),
    }


def _menu(path: str, role: str) -> list[dict[str, Any]]:
    items = [i for i in registry.menu if not i.roles or role in i.roles]
    items.sort(key=lambda i: i.order)
    # The longest address that fits: /projects/plans/ is not also /projects/.
    here = max((u for i in items if path.startswith(u := reverse(i.url_name))), key=len, default="")
    return [
        {"title": group, "items": [_item(i, here) for i in members]}
        for group, members in groupby(items, key=lambda i: i.group)
    ]


def _item(item: MenuItem, here: str) -> dict[str, Any]:
    url = reverse(item.url_name)
    return {"title": item.title, "url": url, "is_current": url == here}
