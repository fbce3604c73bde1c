"""审定：列表、拟登、详情、登记。"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from accounts.models import Organisation
from budgeting import forms, services
from budgeting.models import Decision, MeetingSheet
from budgeting.selectors import badge_of, candidates_for_decision, decision_bodies, decision_page
from budgeting.selectors.decisions import decisions_visible_to
from budgeting.services import DecisionInput
from budgeting.views.chosen import ChosenLines
from budgeting.views.opinions import form_or_act
from budgeting.views.panel import next_step
from core.attachments import UploadRefused, checked_upload
from core.calendar.clock import today
from core.transitions import ActError
from core.views.acts import (
    ActPage,
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

COLUMNS = (
    Column("审定日期", lambda d: d.decided_on.isoformat(), sort="decided_on"),
    Column("审定机构", lambda d: str(d.body), sort="body_id"),
    Column("会议", lambda d: d.meeting),
    Column("文号", lambda d: d.number),
    Column("状态", lambda d: d.get_status_display(), sort="status"),
)


@require_safe
def decisions(request: SignedInRequest) -> HttpResponseBase:
    rows = decisions_visible_to(request.user)
    page = listing(request, rows, COLUMNS, filename="审定", default_sort="-decided_on")
    if not isinstance(page, Listing):
        return page
    context = {"listing": page, "rows": [(row, badge_of(row)) for row in page.rows]}
    context["can_make"] = has_right(request, "budgeting.record_decision")
    return render(request, "budgeting/decision_list.html", context)


@require_safe
def decision(request: SignedInRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(decisions_visible_to(request.user), pk=pk)
    context = decision_page(row, request.user) | next_step(request, row)
    return render(request, "budgeting/decision_detail.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def new_decision(request: SignedInRequest) -> HttpResponse:
    """Draw up a decision: the meeting, its file, and the projects it decided."""
    acting = require_right(request, "budgeting.record_decision")
    page = _Page(
        request,
        forms.DecisionForm(
            *_posted(request),
            bodies=decision_bodies(acting.organisation),
            today=today(),
            initial=_of_sheet(request, acting.organisation),
        ),
        ChosenLines(
            request,
            candidates_for_decision(request.user, acting.organisation),
            forms.DecisionLineForm,
            _suggested(request),
        ),
    )
    if request.method != "POST":
        return page.show()
    if not (page.form.is_valid() & page.lines.are_valid()):
        return page.show(status=422)
    try:
        made = page.save()
    except (ActError, UploadRefused) as error:
        return page.show(status=status_of(error), error=str(error))
    messages.success(request, "审定已拟好，尚未登记。请核对后登记。")
    return redirect(made)


def _sheet_of(request: SignedInRequest) -> MeetingSheet | None:
    """The meeting sheet a decision starts from, where the address names one that is visible."""
    asked = request.GET.get("sheet", "")
    known = asked.isascii() and asked.isdigit() and len(asked) < 10
    rows = MeetingSheet.objects.visible_to(request.user)
    return rows.filter(pk=int(asked)).first() if known else None


def _of_sheet(request: SignedInRequest, own: Organisation) -> dict[str, Any]:
    sheet = _sheet_of(request)
    if sheet is None or sheet.body_id != own.pk:
        return {}
    return {"body": sheet.body_id, "meeting": sheet.meeting, "decided_on": sheet.meets_on}


def _suggested(request: SignedInRequest) -> Callable[[Any], dict[str, Any]]:
    """A line's first values: the amount proposed; ticked where the meeting sheet lists it."""
    sheet = _sheet_of(request)
    listed = set(sheet.lines.values_list("project", flat=True)) if sheet else set()
    return lambda project: {
        "approved_fen": project.proposed_fen,
        "include": project.pk in listed and not project.is_listed,
    }


class _Page:
    """The page of a new decision: its form, the lines to choose, and how it is kept."""

    def __init__(
        self, request: SignedInRequest, form: forms.DecisionForm, lines: ChosenLines
    ) -> None:
        self.request, self.form, self.lines = request, form, lines

    def show(self, *, status: int = 200, error: str = "") -> HttpResponse:
        context = {
            "form": self.form,
            "lines": self.lines,
            "key": new_key(),
            "error": error,
        }
        return render(self.request, "budgeting/decision_new.html", context, status=status)

    def save(self) -> Decision:
        values = dict(self.form.cleaned_data)
        upload = checked_upload(values.pop("file"))
        chosen = [
            DecisionInput(project, data["outcome"], data["approved_fen"])
            for project, data in self.lines.chosen()
        ]
        return services.prepare_decision(
            values.pop("body"),
            **values,
            lines=chosen,
            file=upload,
            key=request_key(self.request),
            **actor_arguments(self.request),
        )


@form_or_act
def record(request: SignedInRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(decisions_visible_to(request.user), pk=pk)
    shown = decision_page(row, request.user)
    projects = "；".join(
        f"{line.project}（{line.get_outcome_display()}）" for line in shown["lines"]
    )
    page = ActPage(
        back=row.get_absolute_url(),
        about=str(row),
        facts=(*shown["facts"], ("项目", projects)),
        note="登记之后不能改动；有误的，另行登记更正的审定。",
    )
    return act_page(request, row, "record", do=services.record_decision, page=page)


@form_or_act
def discard(request: SignedInRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(decisions_visible_to(request.user), pk=pk)
    page = ActPage(
        back=row.get_absolute_url(), about=str(row), note="草稿作废后不能恢复；可另行拟登。"
    )
    return act_page(
        request, row, "discard", do=services.discard_draft, page=page, form_class=forms.NoteForm
    )


def _posted(request: SignedInRequest) -> tuple[Any, ...]:
    return (request.POST, request.FILES) if request.method == "POST" else ()
