"""公开义务的清单、登记，以及案卷的“公告”分页。"""

from __future__ import annotations

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from core.calendar.clock import today
from core.views.acts import ActPage, SignedInRequest, act_page
from core.views.listing import Column, Listing, listing
from disclosure.forms import DutyFilter, publication_form
from disclosure.selectors import (
    DutyTable,
    duties_of,
    duties_visible_to,
    duty_list,
    notices_of,
    purchasers_seen_by,
)
from disclosure.services import register_publication
from projects.models import Project
from projects.views.frame import case_context


@require_safe
def duties(request: SignedInRequest) -> HttpResponseBase:
    form = DutyFilter(request.GET or None, purchasers=purchasers_seen_by(request.user))
    wanted = form.cleaned_data if form.is_bound and form.is_valid() else {}
    table = DutyTable(today())
    columns = (
        Column("项目编号", lambda d: d.project.number, sort="project__number"),
        Column("项目", lambda d: d.project.name),
        Column("购买主体", lambda d: str(d.project.purchaser)),
        Column("公开事项", lambda d: d.matter),
        Column("起算日", lambda d: d.opened_on.isoformat(), sort="opened_on"),
        Column("期限", lambda d: table.row(d).due_text),
        Column(
            "公开日",
            lambda d: d.published_on.isoformat() if d.published_on else "",
            sort="published_on",
        ),
        Column("公开媒体", lambda d: d.medium),
        Column("状态", lambda d: table.row(d).badge["label"], sort="status"),
    )
    rows = duty_list(request.user, wanted)
    page = listing(request, rows, columns, filename="公开义务", default_sort="-opened_on")
    if not isinstance(page, Listing):
        return page
    context = {"listing": page, "rows": [table.row(d) for d in page.rows], "filter_form": form}
    return render(request, "disclosure/duty_list.html", context)


@require_safe
def case(request: SignedInRequest, pk: int) -> HttpResponse:
    """公告 tab of a case."""
    project = get_object_or_404(Project.objects.visible_to(request.user).with_owner(), pk=pk)
    context = case_context(request, project, "disclosure:case")
    context |= {"duties": duties_of(project, on=today()), "notices": notices_of(project)}
    return render(request, "disclosure/case.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def register(request: SignedInRequest, pk: int) -> HttpResponse:
    duty = get_object_or_404(duties_visible_to(request.user), pk=pk)
    row = DutyTable(today()).row(duty)
    page = ActPage(
        back=reverse("disclosure:case", args=[duty.project_id]),
        about=f"{duty.project}：{duty}",
        facts=(
            ("项目", f"{duty.project.number} {duty.project}"),
            ("公开事项", duty.matter),
            ("起算日", duty.opened_on.isoformat()),
            ("期限", row.due_text),
        ),
        note="先在媒体上公开，再来登记。逾期的照样登记，并记为逾期。",
    )
    return act_page(
        request,
        duty,
        "fulfil",
        do=register_publication,
        page=page,
        form_class=publication_form(today()),
        initial={"published_on": today()},
    )
