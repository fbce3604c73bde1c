"""Pages anybody may read: how they are kept by caches; the two regulations, article by article."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from http import HTTPStatus
from typing import Any, cast

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import conditional_page, require_safe

from core.regulations import REGULATIONS, Article, Regulation, errata
from core.rules import RULES, Rule

View = Callable[..., HttpResponseBase]
FOR_A_MOMENT = "public, max-age=0, s-maxage=10"


def open_page(*, keep: int = 0) -> Callable[[View], View]:
    """A page anybody may read: GET only, no sign-in, an ETag and so 304 for what did not change.

    Browsers ask each time, shared caches keep it for ten seconds; what never changes is kept for
    `keep` seconds by both. Who carries a session gets an answer no cache keeps.
    """
    policy = f"public, max-age={keep}" if keep else FOR_A_MOMENT

    def decorate(view: View) -> View:
        @wraps(view)
        def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            response = view(request, *args, **kwargs)
            is_ours = settings.SESSION_COOKIE_NAME in request.COOKIES
            if response.status_code == HTTPStatus.OK and not is_ours:
                response.headers.setdefault("Cache-Control", policy)
            patch_vary_headers(response, ["Cookie"])
            return response

        return cast(View, login_not_required(require_safe(conditional_page(answer))))

    return decorate


@open_page()
def regulation_list(request: HttpRequest) -> HttpResponse:
    return render(request, "core/regulation_list.html", {"regulations": REGULATIONS.values()})


@open_page()
def regulation_text(request: HttpRequest, code: str) -> HttpResponse:
    """One regulation whole, with the known defects of its printed text."""
    regulation = _regulation(code)
    context = {
        "regulation": regulation,
        "articles": [_shown(a) for a in regulation.articles],
        "crumbs": [{"title": "法规", "url": "/regulations/"}, {"title": regulation.short}],
    }
    return render(request, "core/regulation_text.html", context)


@open_page()
def article_page(request: HttpRequest, code: str, number: int) -> HttpResponse:
    """One article at its stable address: text, items, defects, and the rules that cite it."""
    regulation = _regulation(code)
    articles = [a for a in regulation.articles if a.number == number]
    if not articles:
        raise Http404
    context = {
        "regulation": regulation,
        "articles": [_shown(a) for a in articles],
        "rules": _citing(code, number),
        "crumbs": [
            {"title": "法规", "url": "/regulations/"},
            {"title": regulation.short, "url": f"/regulations/{code}/"},
            {"title": f"第 {number} 条"},
        ],
    }
    return render(request, "core/article_page.html", context)


def _regulation(code: str) -> Regulation:
    if code not in REGULATIONS:
        raise Http404
    return REGULATIONS[code]


def _shown(article: Article) -> dict[str, object]:
    notes = errata()
    sections = (article, *article.parts)
    about = [note for place in (article, *article.items) for note in notes.get(place, ())]
    return {"article": article, "sections": sections, "errata": about}


def _citing(code: str, number: int) -> list[Rule]:
    return [
        rule
        for rule in RULES.values()
        if any(a.regulation.code == code and a.number == number for a in rule.cites)
    ]
