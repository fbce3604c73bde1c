"""任何人可看的公告：清单、一份公告、它的数据文件。"""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from core.views.listing import Column, Listing, listing
from disclosure.public import selectors
from disclosure.public.forms import NoticeFilter

COLUMNS = (
    Column("标题", lambda n: n.title),
    Column("购买主体", lambda n: n.purchaser_name, sort="purchaser_name"),
    Column("公告日期", lambda n: n.published_on.isoformat(), sort="published_on"),
    Column("公告种类", lambda n: n.get_kind_display()),
    Column("公告编号", lambda n: n.number),
    Column("项目编号", lambda n: n.project_number),
    Column("项目名称", lambda n: n.project_name),
    Column("辖区", lambda n: n.jurisdiction_name),
    Column("公告媒体", lambda n: n.medium),
    Column("公告网址", lambda n: n.address),
    Column("SHA-256", lambda n: n.sha256),
)


def _nav(current: str) -> list[dict[str, object]]:
    """公开站点的栏目。"""
    columns = (("首页", "home"), ("公告", "public:notices"), ("法规", "regulations"))
    return [
        {"title": title, "url": reverse(name), "is_current": name == current}
        for title, name in columns
    ]


@require_safe
@login_not_required
def notice_list(request: HttpRequest) -> HttpResponseBase:
    """公告清单，新的在前。"""
    form = NoticeFilter(request.GET or None, years=selectors.years())
    wanted = form.cleaned_data if form.is_bound and form.is_valid() else {}
    rows = selectors.notice_list(wanted)
    page = listing(request, rows, COLUMNS, filename="公告", default_sort="-published_on")
    if not isinstance(page, Listing):
        return page
    context = {"listing": page, "filter_form": form, "site_nav": _nav("public:notices")}
    return render(request, "public/notice_list.html", context)


@require_safe
@login_not_required
def notice(request: HttpRequest, number: str) -> HttpResponse:
    """一份公告，各节依印发的次序，附摘要和核对办法。"""
    found = get_object_or_404(selectors.notices(), number=number)
    context = {
        "notice": found,
        "site_nav": _nav("public:notices"),
        "crumbs": [
            {"title": "公告", "url": reverse("public:notices")},
            {"title": found.number},
        ],
    }
    return render(request, "public/notice_detail.html", context)


@require_safe
@login_not_required
def notice_data(_request: HttpRequest, number: str) -> HttpResponse:
    """公告的数据文件：对它算 SHA-256，即得公告所印的摘要。"""
    found = get_object_or_404(selectors.notices(), number=number)
    response = HttpResponse(found.sealed(), content_type="application/json; charset=utf-8")
    response["Content-Disposition"] = content_disposition_header(True, f"{number}.json") or ""
    return response
