"""首页、开放数据、找不到的页面，以及给搜索引擎的两份清单。"""

from __future__ import annotations

from datetime import date

from django.contrib.auth.decorators import login_not_required
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe
from django.views.defaults import page_not_found

from core.views.public import open_page
from disclosure.public import selectors
from disclosure.public.forms import SearchForm
from disclosure.public.models import NoticeKind
from disclosure.public.views.addresses import site_address

NEWEST = 10
PAGES = ("home", "notices", "projects", "catalogues", "search", "feeds", "verify")
MOST_ADDRESSES = 50_000
XML = "application/xml; charset=utf-8"


@require_safe
@login_not_required
def front(_request: HttpRequest) -> HttpResponse:
    """网站的根：公开站点的首页。"""
    return redirect("public:home")


@open_page()
def home(request: HttpRequest) -> HttpResponseBase:
    """这是什么、最近的公告、各类公告的份数、各个栏目。"""
    years, counted = selectors.counted()
    context = {
        "newest": selectors.notices()[:NEWEST],
        "years": years,
        "counted": counted,
        "search_form": SearchForm(),
    }
    return render(request, "public/home.html", context)


@open_page()
def feeds(request: HttpRequest) -> HttpResponseBase:
    """公告的清单、数据文件和订阅源：在哪里取，各是什么。"""
    feed = reverse("public:feed")
    kinds = [(label, f"{feed}?kind={kind}") for kind, label in NoticeKind.choices]
    purchasers = selectors.purchasers()
    return render(request, "public/feeds.html", {"kinds": kinds, "purchasers": purchasers})


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """公开站点的“没有这一页”带检索框；其他地方的，什么也不透露。"""
    if request.path.startswith(reverse("public:home")):
        return render(None, "public/not_found.html", status=404)
    return page_not_found(request, exception)


@require_safe
@login_not_required
def readyz(_request: HttpRequest) -> HttpResponse:
    """只提供公开站点的进程：读得到公告即为就绪。"""
    try:
        selectors.notices().exists()
    except OperationalError:
        return HttpResponse("database is down\n", status=503, content_type="text/plain")
    return HttpResponse("ready\n", content_type="text/plain; charset=utf-8")


@open_page()
def robots(request: HttpRequest) -> HttpResponseBase:
    """公开站点和法规可以收录，其余不可以。"""
    lines = [
        "User-agent: *",
        "Disallow: /",
        f"Allow: {reverse('public:home')}",
        f"Allow: {reverse('regulations')}",
        f"Sitemap: {site_address(request)}{reverse('public:sitemap')}",
    ]
    return HttpResponse("\n".join([*lines, ""]), content_type="text/plain; charset=utf-8")


@open_page()
def sitemap(request: HttpRequest) -> HttpResponseBase:
    """站点地图的目录：固定的页面一份，每年的公告各一份。"""
    site = site_address(request)
    parts = [reverse("public:sitemap_year", args=[year]) for year in [0, *selectors.years()]]
    context = {"addresses": [f"{site}{part}" for part in parts]}
    return render(request, "public/sitemap_index.xml", context, content_type=XML)


@open_page()
def sitemap_year(request: HttpRequest, year: int) -> HttpResponseBase:
    """一年的公告，最多五万个地址；零年是固定的页面。"""
    site = site_address(request)
    entries: list[tuple[str, date | None]]
    if year == 0:
        entries = [(f"{site}{reverse(f'public:{name}')}", None) for name in PAGES]
    else:
        rows = selectors.notice_list({"year": year})[:MOST_ADDRESSES]
        entries = [(f"{site}{row.get_absolute_url()}", row.published_on) for row in rows]
    return render(request, "public/sitemap.xml", {"entries": entries}, content_type=XML)
