"""任何人可下载的开放数据：说明页，发布件，按月和按项目的包。"""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from core.views.listing import Column, Listing, listing
from disclosure.public import releases

UNREGISTERED = "ocds-000000"
JSON = "application/json; charset=utf-8"
TAGS = {
    "planning": "计划",
    "planningUpdate": "计划更正",
    "tender": "采购",
    "tenderUpdate": "采购更新",
    "tenderCancellation": "采购取消",
    "award": "成交",
    "awardUpdate": "成交更正",
    "contract": "合同",
    "contractUpdate": "合同更正",
    "contractTermination": "合同终止",
    "implementation": "履约",
    "implementationUpdate": "履约更正",
}
COLUMNS = (
    Column("发布时间", lambda r: timezone.localtime(r.date).isoformat(), sort="date"),
    Column("阶段", lambda r: TAGS[r.tag]),
    Column("项目", lambda r: r.project_name),
    Column("发布件", lambda r: r.release_id),
    Column("项目编号", lambda r: r.project_number),
    Column("ocid", lambda r: r.ocid),
    Column("辖区", lambda r: r.jurisdiction_name),
    Column("字节数", lambda r: r.size),
    Column("SHA-256", lambda r: r.sha256),
)
SHOWN = 4


@require_safe
@login_not_required
def index(request: HttpRequest) -> HttpResponseBase:
    """开放数据：怎么取，怎么用，有哪些包，最近发布了什么。"""
    page = listing(
        request,
        releases.releases(),
        COLUMNS,
        filename="开放数据",
        default_sort="-date",
        per_page=20,
    )
    if not isinstance(page, Listing):
        return page
    context = {
        "listing": page,
        "headers": page.headers[:SHOWN],
        "rows": [{"release": row, "stage": TAGS[row.tag]} for row in page.rows],
        "months": releases.months(),
        "license": settings.DATA_LICENSE,
        "prefix": settings.OCID_PREFIX,
        "is_registered": settings.OCID_PREFIX != UNREGISTERED,
    }
    return render(request, "public/open_data.html", context)


@require_safe
@login_not_required
def release(_request: HttpRequest, number: str) -> HttpResponse:
    """一份发布件，逐字节如发布时；对它算 SHA-256，即得所列的摘要。"""
    found = get_object_or_404(releases.releases(), release_id=number)
    return _file(found.content, f"{number}.json")


@require_safe
@login_not_required
def month_package(_request: HttpRequest, number: str) -> HttpResponseBase:
    """一个辖区一个月的发布件包，如 sf-2026-03。"""
    month = releases.month_named(number)
    if month is None:
        raise Http404
    response = StreamingHttpResponse(month.pieces(), content_type=JSON)
    response["Content-Length"] = str(month.size)
    response["Content-Disposition"] = content_disposition_header(True, f"{number}.json") or ""
    return response


@require_safe
@login_not_required
def project_releases(_request: HttpRequest, number: str) -> HttpResponse:
    """一个项目的全部发布件。"""
    return _file(releases.project_package(number), f"{number}-releases.json")


@require_safe
@login_not_required
def project_record(_request: HttpRequest, number: str) -> HttpResponse:
    """一个项目的记录包。"""
    return _file(releases.project_record(number), f"{number}-record.json")


def _file(text: str | None, name: str) -> HttpResponse:
    """一个供下载的数据文件；没有内容的就没有这个文件。"""
    if text is None:
        raise Http404
    response = HttpResponse(text, content_type=JSON)
    response["Content-Disposition"] = content_disposition_header(True, name) or ""
    return response
