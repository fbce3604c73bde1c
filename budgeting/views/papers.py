"""审核意见、会签单、上会材料的印制，批复的 Word 稿。"""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from budgeting import forms, services
from budgeting.documents import reply_context, reply_paper
from budgeting.models import ReplyStatus
from budgeting.selectors.case import documents_by_subject
from budgeting.selectors.decisions import replies_visible_to
from budgeting.selectors.meetings import (
    bodies_of,
    candidates_for_meeting,
    meeting_page,
    meetings_visible_to,
)
from budgeting.services import PAPERS
from budgeting.views.card import review_of
from core.calendar.clock import today
from core.documents.word import MEDIA_TYPE, official_docx
from core.history.values import reference
from core.transitions import ActError, NotPermitted
from core.views.acts import (
    SignedInRequest,
    actor_arguments,
    has_right,
    new_key,
    request_key,
    require_right,
    status_of,
)
from core.views.listing import Column, Listing, listing

ACT = "budgeting.print_papers"
COLUMNS = (
    Column("会议日期", lambda m: m.meets_on.isoformat(), sort="meets_on"),
    Column("审定机构", lambda m: str(m.body), sort="body_id"),
    Column("会议", lambda m: m.meeting),
    Column("项目数", lambda m: m.line_count, numeric=True),
    Column("建议合计", lambda m: m.proposed_fen, sort="proposed_fen", is_money=True),
    Column("印制日期", lambda m: m.prepared_on.isoformat(), sort="prepared_on"),
)


@require_POST
def print_review(request: SignedInRequest, pk: int) -> HttpResponse:
    """Ask for 审核意见 or 会签单 of one round; the worker renders it."""
    row = review_of(request, pk)
    kind = request.POST.get("kind", "")
    if kind not in PAPERS:
        raise Http404
    try:
        services.print_review(row, kind=kind, key=request_key(request), **actor_arguments(request))
    except NotPermitted as error:
        raise PermissionDenied(str(error)) from error
    except ActError as error:
        return HttpResponse(str(error), status=status_of(error), content_type="text/plain")
    messages.success(request, f"{PAPERS[kind]}正在生成，稍后在审核卡上下载。")
    return redirect(row)


# --- 上会材料 ------------------------------------------------------------------------------------


@require_safe
def meetings(request: SignedInRequest) -> HttpResponseBase:
    rows = meetings_visible_to(request.user)
    page = listing(request, rows, COLUMNS, filename="上会材料", default_sort="-meets_on")
    if not isinstance(page, Listing):
        return page
    context = {"listing": page, "can_make": has_right(request, ACT)}
    return render(request, "budgeting/meeting_list.html", context)


@require_safe
def meeting(request: SignedInRequest, pk: int) -> HttpResponse:
    sheet = get_object_or_404(meetings_visible_to(request.user), pk=pk)
    context = meeting_page(sheet, request.user)
    context["can_decide"] = (
        request.acting is not None
        and request.acting.organisation_id == sheet.body_id
        and has_right(request, "budgeting.record_decision")
    )
    return render(request, "budgeting/meeting_detail.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def new_meeting(request: SignedInRequest) -> HttpResponse:
    """Print what goes before a meeting: which body, which projects."""
    acting = require_right(request, ACT)
    jurisdiction = acting.organisation.jurisdiction
    reviews = candidates_for_meeting(request.user, jurisdiction)
    data = request.POST if request.method == "POST" else None
    form = forms.MeetingForm(data, bodies=bodies_of(jurisdiction), reviews=reviews)
    context: dict[str, Any] = {"form": form, "key": new_key(), "has_reviews": bool(reviews)}
    if data is None:
        return render(request, "budgeting/meeting_new.html", context)
    if not form.is_valid():
        return render(request, "budgeting/meeting_new.html", context, status=422)
    chosen = {int(pk) for pk in form.cleaned_data["reviews"]}
    try:
        made = services.prepare_meeting(
            form.cleaned_data["body"],
            meeting=form.cleaned_data["meeting"],
            meets_on=form.cleaned_data["meets_on"],
            reviews=[r for r in reviews if r.pk in chosen],
            key=request_key(request),
            **actor_arguments(request),
        )
    except ActError as error:
        context["error"] = str(error)
        return render(request, "budgeting/meeting_new.html", context, status=status_of(error))
    messages.success(request, "上会材料已列好，PDF 正在生成。")
    return redirect(made)


# --- Word ----------------------------------------------------------------------------------------


@require_safe
def reply_word(request: SignedInRequest, pk: int) -> HttpResponse:
    """The reply as a Word file: a draft without its number, or what the PDF of record says."""
    reply = get_object_or_404(replies_visible_to(request.user), pk=pk)
    if reply.status == ReplyStatus.DISCARDED:
        raise Http404
    papers = documents_by_subject([reply])[reference(reply)]
    context = papers[0]["document"].context if papers else reply_context(reply)
    draft = f"{reply.purchaser} {reply.year} 年批复拟稿 {today().isoformat()}"
    response = HttpResponse(official_docx(reply_paper(context)), content_type=MEDIA_TYPE)
    name = quote(f"{reply.number or draft}.docx")
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{name}"
    return response
