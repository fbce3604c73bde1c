"""检索：公告里印着的任何两个字都查得到。"""

from __future__ import annotations

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render

from core.views.listing import Listing, listing
from core.views.public import open_page
from disclosure.public import selectors
from disclosure.public.forms import SearchForm
from disclosure.public.views.notices import COLUMNS


@open_page()
def search(request: HttpRequest) -> HttpResponseBase:
    """查到的公告，新的在前；检索词太长的答 400，说明长短。"""
    form = SearchForm(request.GET or None)
    if form.is_bound and not form.is_valid():
        return render(request, "public/search.html", {"search_form": form}, status=400)
    wanted = form.cleaned_data if form.is_bound else {}
    words = selectors.words_of(wanted.get("q", ""))
    if not words:
        return render(request, "public/search.html", {"search_form": form})
    rows = selectors.searched(words, {"kind": wanted["kind"]})
    page = listing(request, rows, COLUMNS, filename="检索结果", default_sort="-published_on")
    if not isinstance(page, Listing):
        return page
    context = {
        "search_form": form,
        "query": wanted["q"],
        "listing": page,
        "found": selectors.shown(page.rows, words),
    }
    return render(request, "public/search.html", context)
