"""批复：列表、拟制、详情、签发。"""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from accounts.models import RoleAssignment
from budgeting import forms, services
from budgeting.models import BudgetReply
from budgeting.selectors import (
    badge_of,
    candidates_for_reply,
    is_ready_to_reply,
    reply_groups,
    reply_page,
)
from budgeting.selectors.decisions import replies_visible_to
from budgeting.views.chosen import ChosenLines
from budgeting.views.opinions import form_or_act
from budgeting.views.panel import next_step
from core.money import format_yuan
from core.transitions import ActError
from core.views.acts import (
    ActPage,
    AlongWith,
    SignedInRequest,
    act_page,
    actor_arguments,
    has_right,
    new_key,
    request_key,
    require_right,
    status_of,
)
from core.views.listing import Column, Listing, listing
from projects.models import Purchaser

COLUMNS = (
    Column("文号", lambda r: r.number, sort="number"),
    Column("购买主体", lambda r: str(r.purchaser), sort="purchaser_id"),
    Column("年度", lambda r: r.year, sort="year", numeric=True),
    Column("项目数", lambda r: r.line_count, numeric=True),
    Column("批复金额", lambda r: r.total_fen, sort="total_fen", is_money=True),
    Column("拟制日期", lambda r: r.prepared_on.isoformat(), sort="prepared_on"),
    Column("签发日期", lambda r: r.issued_on.isoformat() if r.issued_on else "", sort="issued_on"),
    Column("状态", lambda r: r.get_status_display(), sort="status"),
)


@require_safe
def replies(request: SignedInRequest) -> HttpResponseBase:
    rows = replies_visible_to(request.user)
    page = listing(request, rows, COLUMNS, filename="批复", default_sort="-pk")
    if not isinstance(page, Listing):
        return page
    context = {"listing": page, "rows": [(row, badge_of(row)) for row in page.rows]}
    context["can_make"] = has_right(request, "budgeting.prepare_reply")
    return render(request, "budgeting/reply_list.html", context)


@require_safe
def reply(request: SignedInRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(replies_visible_to(request.user), pk=pk)
    context = reply_page(row) | next_step(request, row)
    return render(request, "budgeting/reply_detail.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def new_reply(request: SignedInRequest) -> HttpResponse:
    """Draw up a reply to one purchaser for one year."""
    acting = require_right(request, "budgeting.prepare_reply")
    page = _Page(request, acting)
    if request.method != "POST" or not page.purchaser:
        return page.show()
    if not page.lines.are_valid():
        return page.show(status=422)
    try:
        made = page.save()
    except ActError as error:
        return page.show(status=status_of(error), error=str(error))
    messages.success(request, "批复已拟制，尚未签发，没有文号，也没有动用资金。")
    return redirect(made)


class _Page:
    """The page of a new reply: for whom, and which projects."""

    def __init__(self, request: SignedInRequest, acting: RoleAssignment) -> None:
        self.request, self.acting = request, acting
        jurisdiction = acting.organisation.jurisdiction
        groups = reply_groups(request.user, jurisdiction)
        asked = (request.POST if request.method == "POST" else request.GET).get("group", "")
        self.group = asked if asked in dict(groups) else ""
        self.group_form = forms.GroupForm({"group": self.group}, groups=groups)
        self.is_gone = bool(asked) and not self.group
        purchaser, _, year = self.group.partition("-")
        self.purchaser = int(purchaser or 0)
        self.year = int(year or 0)
        projects = candidates_for_reply(
            request.user, jurisdiction, purchaser=self.purchaser, year=self.year
        )
        self.lines = ChosenLines(request, projects, forms.ReplyLineForm, _suggested)

    def show(self, *, status: int = 200, error: str = "") -> HttpResponse:
        if self.is_gone:
            error = "该购买主体该年度已没有处在预算环节的项目，没有保存。请重新选择。"
        context: dict[str, Any] = {
            "group_form": self.group_form,
            "group": self.group,
            "lines": self.lines,
            "key": new_key(),
            "error": error,
        }
        status = 409 if self.is_gone and self.request.method == "POST" else status
        return render(self.request, "budgeting/reply_new.html", context, status=status)

    def save(self) -> BudgetReply:
        chosen = [(p, data["approved_fen"]) for p, data in self.lines.chosen()]
        return services.prepare_reply(
            Purchaser.objects.visible_to(self.request.user).get(pk=self.purchaser),
            bureau=self.acting.organisation,
            year=self.year,
            lines=chosen,
            key=request_key(self.request),
            **actor_arguments(self.request),
        )


def _suggested(project: Any) -> dict[str, Any]:
    """审定过的按审定金额，否则按建议金额。"""
    return {
        "include": is_ready_to_reply(project),
        "approved_fen": project.decided_fen or project.proposed_fen,
    }


@form_or_act
def issue(request: SignedInRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(replies_visible_to(request.user), pk=pk)
    shown = reply_page(row)
    facts = (
        ("购买主体", row.purchaser),
        ("预算年度", row.year),
        *((str(line.project), f"{format_yuan(line.approved_fen)} 元") for line in shown["lines"]),
        ("合计（元）", format_yuan(shown["total_fen"])),
    )
    page = ActPage(
        back=row.get_absolute_url(),
        about=str(row),
        facts=facts,
        note="签发时取得文号、预留资金，项目进入采购环节；任何一个项目不符合条件，整份批复都不签发。",
        along=tuple(AlongWith(x.project, *services.approval_of(x)) for x in shown["lines"]),
    )
    return act_page(request, row, "issue", do=services.issue_reply, page=page)


@form_or_act
def discard(request: SignedInRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(replies_visible_to(request.user), pk=pk)
    page = ActPage(
        back=row.get_absolute_url(), about=str(row), note="草稿作废后不能恢复；可另行拟制。"
    )
    return act_page(
        request, row, "discard", do=services.discard_draft, page=page, form_class=forms.NoteForm
    )
