"""What every page's shell needs: menu, desk, date, unread notices; the public site's columns."""

from __future__ import annotations

from itertools import groupby
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse

from core.calendar.clock import is_demo, today
from core.inbox.models import InboxItem
from core.navigation.registry import registry

TYPE_COOKIE, LARGE, NORMAL = "minggou_type", "large", "normal"


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
        "acting_label": acting.label_for(user) if acting else "",
        "acting_roles": [
            {
                "value": r.pk,
                "label": r.label_for(user),
                "is_current": acting is not None and r.pk == acting.pk,
            }
            for r in user.posts()
        ],
        "jurisdiction": acting.organisation.jurisdiction if acting else None,
        "menu": _menu(request.path, acting.role if acting else ""),
        "unread": InboxItem.objects.visible_to(user).unread().count(),
    }


def site(request: HttpRequest) -> dict[str, Any]:
    """Template context of base_public.html; asks no database."""
    is_large = request.COOKIES.get(TYPE_COOKIE) == LARGE
    query = request.GET.copy()
    query["type"] = NORMAL if is_large else LARGE
    links = sorted(registry.site, key=lambda link: link.order)
    here = _longest(request.path, [reverse(link.url_name) for link in links])
    return {
        "site": settings.SITE,
        "site_nav": [_link(link.title, link.url_name, here) for link in links],
        "large_type": is_large,
        "type_url": f"?{query.urlencode()}",
    }


def _menu(path: str, role: str) -> list[dict[str, Any]]:
    items = [i for i in registry.menu if not i.roles or role in i.roles]
    items.sort(key=lambda i: i.order)
    here = _longest(path, [reverse(i.url_name) for i in items])
    return [
        {"title": group, "items": [_link(i.title, i.url_name, here) for i in members]}
        for group, members in groupby(items, key=lambda i: i.group)
    ]


def _longest(path: str, addresses: list[str]) -> str:
    """The longest address that fits: /projects/plans/ is not also /projects/."""
    return max((a for a in addresses if path.startswith(a)), key=len, default="")


def _link(title: str, url_name: str, here: str) -> dict[str, Any]:
    url = reverse(url_name)
    return {"title": title, "url": url, "is_current": url == here}
