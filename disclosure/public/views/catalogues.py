"""指导性目录：各版的清单，一版的全文、导出和数据文件。"""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.http import content_disposition_header

from core.calendar.clock import today
from core.views.listing import Column, Listing, exported, listing
from core.views.public import open_page
from disclosure.public import selectors
from disclosure.public.catalogues import PublishedCatalogue
from disclosure.public.forms import CatalogueFilter
from disclosure.public.views.addresses import site_address

A_DAY = 24 * 60 * 60

ITEM_COLUMNS = (
    Column("品目编码", lambda i: i["code"]),
    Column("名称", lambda i: i["name"]),
    Column("第七条类别", lambda i: i["category"]),
    Column("种类", lambda i: i["kind"]),
    Column("性质", lambda i: i["nature"]),
    Column("内容", lambda i: i["content"]),
    Column("说明", lambda i: i["note"]),
    Column("上级目录条目", lambda i: i["upper"]),
)
CHANGE_COLUMNS = (
    Column("品目编码", lambda d: d["code"]),
    Column("名称", lambda d: d["name"]),
    Column("调整", lambda d: d["kind"]),
    Column("不同", lambda d: "；".join(f"{n}：{was} → {now}" for n, was, now in d["fields"])),
    Column("理由", lambda d: d["reason"]),
)


def _columns(later: dict[str, PublishedCatalogue]) -> tuple[Column, ...]:
    """前四栏印在清单上，其余的在 CSV 里。"""
    return (
        Column("名称", lambda c: c.title),
        Column("状态", lambda c: c.standing(later.get(c.subject), today())[0]),
        Column("施行日", lambda c: c.since.isoformat(), sort="since"),
        Column("辖区", lambda c: c.jurisdiction_name, sort="jurisdiction_code"),
        Column("编号", lambda c: c.number),
        Column("发布文号", lambda c: c.document_number),
        Column("制定单位", lambda c: c.bureau_name),
        Column("条目", lambda c: len(c.items), numeric=True),
        Column("替代的目录", lambda c: c.replaces_title),
        Column("公布日", lambda c: c.published_on.isoformat()),
        Column("公布媒体", lambda c: c.medium),
        Column("公布网址", lambda c: c.address),
        Column("SHA-256", lambda c: c.sha256),
    )


@open_page()
def catalogue_list(request: HttpRequest) -> HttpResponseBase:
    """各辖区的各版目录，施行日新的在前。"""
    form = CatalogueFilter(request.GET or None)
    rows = selectors.catalogue_list(form.wanted())
    later = selectors.later_catalogues()
    page = listing(request, rows, _columns(later), filename="指导性目录", default_sort="-since")
    if not isinstance(page, Listing):
        return page
    shown = [_standing(row, later.get(row.subject)) for row in page.rows]
    context = {"listing": page, "rows": shown, "filter_form": form}
    return render(request, "public/catalogue_list.html", context)


@open_page()
def catalogue(request: HttpRequest, number: str) -> HttpResponseBase:
    """一版目录：理由、与前一版的不同、全部条目，或者其中一张表的 CSV。"""
    found = get_object_or_404(selectors.catalogues(), number=number)
    wanted = request.GET.get("export")
    if wanted == "csv":
        return exported(found.items, ITEM_COLUMNS, f"{found.title}（{number}）")
    if wanted == "changes":
        return exported(found.changes, CHANGE_COLUMNS, f"{found.title}调整说明（{number}）")
    here = found.get_absolute_url()
    data = {"label": "数据文件（JSON）", "url": reverse("public:catalogue_data", args=[number])}
    context = _standing(found, selectors.later_catalogues(found).get(found.subject)) | {
        "address": f"{site_address(request)}{here}",
        "earlier": selectors.earlier_catalogue(found),
        "exports": [{"label": "导出条目 CSV", "url": f"{here}?export=csv"}, data],
        "change_exports": [{"label": "导出调整说明 CSV", "url": f"{here}?export=changes"}],
        "crumbs": [
            {"title": "指导性目录", "url": reverse("public:catalogues")},
            {"title": number},
        ],
    }
    return render(request, "public/catalogue_detail.html", context)


@open_page(keep=A_DAY)
def catalogue_data(_request: HttpRequest, number: str) -> HttpResponseBase:
    """一版目录的数据文件：对它算 SHA-256，即得所印的摘要。"""
    found = get_object_or_404(selectors.catalogues(), number=number)
    response = HttpResponse(found.sealed(), content_type="application/json; charset=utf-8")
    response["Content-Disposition"] = content_disposition_header(True, f"{number}.json") or ""
    return response


def _standing(found: PublishedCatalogue, later: PublishedCatalogue | None) -> dict[str, Any]:
    status, tone = found.standing(later, today())
    return {"catalogue": found, "later": later, "status": status, "tone": tone}
