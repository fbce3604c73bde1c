"""Pages anybody may read: the front page and the two regulations, article by article."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from core.history.reading import log_head
from core.regulations import REGULATIONS, Article, Regulation, errata
from core.rules import RULES, Rule


@require_safe
@login_not_required
def home(request: HttpRequest) -> HttpResponse:
    """What the system is, the regulations it serves, and the latest checkpoint."""
    context = {"regulations": REGULATIONS.values(), "head": log_head()}
    return render(request, "core/home.html", context)


@require_safe
@login_not_required
def regulation_list(request: HttpRequest) -> HttpResponse:
    return render(request, "core/regulation_list.html", {"regulations": REGULATIONS.values()})


@require_safe
@login_not_required
def regulation_text(request: HttpRequest, code: str) -> HttpResponse:
    """One regulation whole, with the known defects of its printed text."""
    regulation = _regulation(code)
    context = {
        "regulation": regulation,
        "articles": [_shown(a) for a in regulation.articles],
        "crumbs": [{"title": "法规", "url": "/regulations/"}, {"title": regulation.short}],
    }
    return render(request, "core/regulation_text.html", context)


@require_safe
@login_not_required
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
