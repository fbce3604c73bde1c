"""公开义务的清单，以及案卷的“公告”分页。"""

from __future__ import annotations

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from core.calendar.clock import today
from core.views.acts import SignedInRequest
from core.views.listing import Column, Listing, listing
from disclosure.forms import DutyFilter
from disclosure.selectors.drafts import drafts_of, notices_of
from disclosure.selectors.duties import DutyTable, duties_of, duty_list, purchasers_seen_by
from projects.models import Project
from projects.views.frame import case_context


@require_safe
def duties(request: SignedInRequest) -> HttpResponseBase:
    """公开义务：期限、是否逾期、在谁手里。"""
    form = DutyFilter(request.GET or None, purchasers=purchasers_seen_by(request.user))
    wanted = form.cleaned_data if form.is_bound and form.is_valid() else {}
    table = DutyTable(today())
    columns = (
        Column("项目编号", lambda d: d.project.number, sort="project__number"),
        Column("项目", lambda d: d.project.name),
        Column("购买主体", lambda d: d.owner().short_name),
        Column("公开事项", lambda d: d.matter, sort="kind"),
        Column("起算日", lambda d: d.opened_on.isoformat(), sort="opened_on"),
        Column("期限", lambda d: table.row(d).due_text),
        Column("在谁手里", lambda d: table.row(d).holder),
        Column(
            "公开日",
            lambda d: d.published_on.isoformat() if d.published_on else "",
            sort="published_on",
        ),
        Column("公开媒体", lambda d: d.medium),
        Column("状态", lambda d: table.row(d).badge["label"], sort="status"),
    )
    rows = duty_list(request.user, wanted, on=today())
    page = listing(request, rows, columns, filename="公开义务", default_sort="-opened_on")
    if not isinstance(page, Listing):
        return page
    context = {"listing": page, "rows": [table.row(d) for d in page.rows], "filter_form": form}
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
