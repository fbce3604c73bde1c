"""公开义务的清单，以及案卷的“公告”分页。"""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from core.calendar.clock import today
from core.views.acts import SignedInRequest
from core.views.listing import Column, Listing, listing
from disclosure.forms import DutyFilter
from disclosure.selectors.catalogue import CatalogueDutyRow, catalogue_duty_rows
from disclosure.selectors.drafts import drafts_of, notices_of
from disclosure.selectors.duties import DutyTable, duties_of, duty_list, purchasers_seen_by
from projects.models import Project
from projects.views.frame import case_context

CATALOGUE_HEADERS = (
    *("目录", "制定单位", "公开站点", "起算日", "期限"),
    *("在谁手里", "公布日", "公布媒体", "状态"),
)


def _columns(table: DutyTable) -> tuple[Column, ...]:
    """一行是一项公开义务；导出时也有各版目录，它们已是清单的行。"""

    def of(duty: Any) -> Any:
        return duty if isinstance(duty, CatalogueDutyRow) else table.row(duty)

    return (
        Column("项目编号", lambda d: of(d).project_number, sort="project__number"),
        Column("项目", lambda d: of(d).about),
        Column("购买主体", lambda d: of(d).duty.owner().short_name),
        Column("公开事项", lambda d: of(d).matter, sort="kind"),
        Column("起算日", lambda d: of(d).duty.opened_on.isoformat(), sort="opened_on"),
        Column("期限", lambda d: of(d).due_text),
        Column("在谁手里", lambda d: of(d).holder),
        Column("公开日", lambda d: of(d).published, sort="published_on"),
        Column("公开媒体", lambda d: of(d).duty.medium),
        Column("状态", lambda d: of(d).badge["label"], sort="status"),
    )


@require_safe
def duties(request: SignedInRequest) -> HttpResponseBase:
    """公开义务：期限、是否逾期、在谁手里。"""
    form = DutyFilter(request.GET or None, purchasers=purchasers_seen_by(request.user))
    wanted = form.cleaned_data if form.is_bound and form.is_valid() else {}
    table = DutyTable(today())
    catalogues = catalogue_duty_rows(request.user, wanted, on=today())
    page = listing(
        request,
        duty_list(request.user, wanted, on=today()),
        _columns(table),
        filename="公开义务",
        default_sort="-opened_on",
        first=catalogues,
    )
    if not isinstance(page, Listing):
        return page
    context = {
        "listing": page,
        "rows": [table.row(d) for d in page.rows],
        # 各版目录不属于哪个项目，在第一页另列一表。
        "catalogues": [] if page.newer_url else catalogues,
        "catalogue_headers": [{"title": title} for title in CATALOGUE_HEADERS],
        "filter_form": form,
    }
    return render(request, "disclosure/duty_list.html", context)


@require_safe
def case(request: SignedInRequest, pk: int) -> HttpResponse:
    """公告 tab of a case: drafts, duties, published notices."""
    project = get_object_or_404(Project.objects.visible_to(request.user).with_owner(), pk=pk)
    context = case_context(request, project, "disclosure:case") | {
        "drafts": drafts_of(project),
        "duties": duties_of(project, on=today()),
        "notices": notices_of(project),
    }
    return render(request, "disclosure/case.html", context)
