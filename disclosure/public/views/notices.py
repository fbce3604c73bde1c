"""公告：清单、一份公告、它的数据文件、订阅源。"""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.http import content_disposition_header

from core.views.listing import Column, Listing, listing, page_by_key
from core.views.public import open_page
from disclosure.public import feeds, selectors
from disclosure.public.forms import NoticeFilter
from disclosure.public.models import NoticeKind
from disclosure.public.views.addresses import site_address

A_DAY = 24 * 60 * 60
PER_FEED = 50

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
    Column("更正的公告编号", lambda n: n.supersedes),
    Column("SHA-256", lambda n: n.sha256),
)


@open_page()
def notice_list(request: HttpRequest) -> HttpResponseBase:
    """公告清单，新的在前。"""
    form = NoticeFilter(request.GET or None)
    rows = selectors.notice_list(form.wanted())
    page = listing(request, rows, COLUMNS, filename="公告", default_sort="-published_on")
    if not isinstance(page, Listing):
        return page
    return render(request, "public/notice_list.html", {"listing": page, "filter_form": form})


@open_page()
def notice(request: HttpRequest, number: str) -> HttpResponseBase:
    """一份公告，各节依印发的次序，附更正、摘要和核对办法。"""
    found = get_object_or_404(selectors.notices(), number=number)
    later = selectors.corrections_of(number)
    status, tone = selectors.standing(found, later)
    others = [row for row in selectors.notices_of(found.project_number) if row.pk != found.pk]
    context = {
        "notice": found,
        "address": f"{site_address(request)}{found.get_absolute_url()}",
        "status": status,
        "tone": tone,
        "later": later,
        "others": others,
        "crumbs": [
            {"title": "公告", "url": reverse("public:notices")},
            {"title": found.number},
        ],
    }
    return render(request, "public/notice_detail.html", context)


@open_page(keep=A_DAY)
def notice_data(_request: HttpRequest, number: str) -> HttpResponseBase:
    """公告的数据文件：对它算 SHA-256，即得公告所印的摘要。"""
    found = get_object_or_404(selectors.notices(), number=number)
    response = HttpResponse(found.sealed(), content_type="application/json; charset=utf-8")
    response["Content-Disposition"] = content_disposition_header(True, f"{number}.json") or ""
    return response


@open_page()
def feed(request: HttpRequest) -> HttpResponseBase:
    """公告的 Atom 订阅源，可以只订某一种类、某一购买主体。"""
    wanted = {name: request.GET.get(name, "") for name in ("kind", "purchaser")}
    about = [NoticeKind(wanted["kind"]).label] if wanted["kind"] in NoticeKind else []
    rows, newer, older = page_by_key(request, selectors.notice_list(wanted), per_page=PER_FEED)
    site = site_address(request)
    page = feeds.FeedPage(
        title="　".join(["政府购买服务公告", *about, wanted["purchaser"]]).rstrip(),
        home=f"{site}{reverse('public:notices')}",
        here=f"{site}{request.get_full_path()}",
        newer=f"{site}{newer}" if newer else "",
        older=f"{site}{older}" if older else "",
    )
    return HttpResponse(feeds.feed(rows, page, site), content_type=feeds.MEDIA_TYPE)
