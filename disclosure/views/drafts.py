"""公告稿：清单、预览，以及处理、送审、审查、退回、更正、作废各页。"""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from budgeting.views.panel import next_step
from core.calendar.clock import today
from core.views.acts import ActPage, Do, SignedInRequest, act_page
from core.views.listing import Column, Listing, listing
from disclosure import services
from disclosure.facts.laws import basis_of
from disclosure.forms import (
    DiscardForm,
    DraftFilter,
    ReturnForm,
    correction_form,
    prepare_form,
    prepare_initial,
)
from disclosure.models import NoticeDraft
from disclosure.selectors.drafts import (
    DESKS,
    MINE,
    badge_of,
    draft_list,
    drafts_visible_to,
    duty_row,
    preview,
    related_notices,
    suspected,
    withheld_of,
)
from disclosure.selectors.duties import purchasers_seen_by

form_or_act = require_http_methods(["GET", "HEAD", "POST"])

COLUMNS = (
    Column("标题", lambda d: d.title),
    Column("种类", lambda d: d.get_kind_display(), sort="kind"),
    Column("购买主体", lambda d: d.owner().short_name),
    Column("项目编号", lambda d: d.project.number, sort="project__number"),
    Column("拟稿日", lambda d: d.drafted_on.isoformat(), sort="drafted_on"),
    Column("送审日", lambda d: d.sent_on.isoformat() if d.sent_on else "", sort="sent_on"),
    Column("公告编号", lambda d: d.notice_number, sort="notice_number"),
    Column("状态", lambda d: d.get_status_display(), sort="status"),
)


@require_safe
def drafts(request: SignedInRequest) -> HttpResponseBase:
    """公告稿清单：经办人先看待处理的，审查人先看待审查的，其余的人看尚未发布的。"""
    has_desk = request.acting is not None and request.acting.role in DESKS
    asked = request.GET or ({"scope": MINE} if has_desk else None)
    form = DraftFilter(asked, purchasers=purchasers_seen_by(request.user))
    wanted = form.cleaned_data if form.is_bound and form.is_valid() else {}
    rows = draft_list(request.user, request.acting, wanted)
    page = listing(request, rows, COLUMNS, filename="公告稿", default_sort="-drafted_on")
    if not isinstance(page, Listing):
        return page
    shown = [{"draft": draft, "badge": badge_of(draft)} for draft in page.rows]
    context = {"listing": page, "rows": shown, "filter_form": form}
    return render(request, "disclosure/draft_list.html", context)


@require_safe
def draft(request: SignedInRequest, pk: int) -> HttpResponse:
    """一份公告稿：发布出去的样子，遮了什么、留了什么，以及下一步。"""
    row = _draft(request, pk)
    earlier, later = related_notices(row)
    context: dict[str, Any] = next_step(request, row) | _whole(row)
    context |= {
        "duty": duty_row(row, today()),
        "basis": basis_of(row.duty) if row.duty else "",
        "badge": badge_of(row),
        "suspected": suspected(row),
        "earlier": earlier,
        "later": later,
        "crumbs": [
            {"title": "公告稿", "url": reverse("disclosure:drafts")},
            {"title": row.get_kind_display()},
        ],
    }
    return render(request, "disclosure/draft_detail.html", context)


@form_or_act
def prepare(request: SignedInRequest, pk: int) -> HttpResponse:
    row = _draft(request, pk)
    note = (
        "逐栏核对将要公开的内容。身份证件、电话、账号和邮箱已经遮盖，不能恢复；"
        "还有不宜公开的，选定理由。"
    )
    page = _page(row, note, done="公告稿已处理，请看预览，无误的送审查。")
    return act_page(
        request,
        row,
        "prepare",
        do=services.prepare_draft,
        page=page,
        form_class=prepare_form(row),
        initial=prepare_initial(row),
    )


@form_or_act
def send(request: SignedInRequest, pk: int) -> HttpResponse:
    note = "送审之后内容不再改动，由归口科室负责人审查。"
    return _read_and_act(request, pk, "send", services.send_draft, note)


@form_or_act
def approve(request: SignedInRequest, pk: int) -> HttpResponse:
    note = "请通读下面的全文。通过之后公告随即冻结，任何人可看，不能再改；有误的只能另发更正公告。"
    done = "审查通过，公告已发布。"
    return _read_and_act(request, pk, "approve", services.approve_draft, note, done)


@form_or_act
def send_back(request: SignedInRequest, pk: int) -> HttpResponse:
    row = _draft(request, pk)
    page = _page(row, "退回经办人重新处理，写明哪里不妥。")
    return act_page(
        request, row, "send_back", do=services.send_back_draft, page=page, form_class=ReturnForm
    )


@form_or_act
def correct(request: SignedInRequest, pk: int) -> HttpResponse:
    row = _draft(request, pk)
    page = _page(
        row,
        "原公告一字不动；更正公告写明哪一栏由什么改为什么、为什么，同样要审查。",
        done="更正公告已拟出，请登记媒体后送审查。",
    )
    return act_page(
        request,
        row,
        "correct",
        do=services.correct_notice,
        page=page,
        form_class=correction_form(row),
    )


@form_or_act
def discard(request: SignedInRequest, pk: int) -> HttpResponse:
    row = _draft(request, pk)
    page = _page(row, "拟错的更正稿可以作废；依法应当公开的不能作废。")
    return act_page(
        request, row, "discard", do=services.discard_draft, page=page, form_class=DiscardForm
    )


def _read_and_act(
    request: SignedInRequest, pk: int, move: str, do: Do, note: str, done: str = ""
) -> HttpResponse:
    """送审、审查的页：下面是全文。"""
    row = _draft(request, pk)
    page = _page(row, note, done, template="disclosure/draft_act.html", extra=_whole(row))
    return act_page(request, row, move, do=do, page=page)


def _whole(row: NoticeDraft) -> dict[str, Any]:
    return {"draft": row, "sections": preview(row), "withheld": withheld_of(row)}


def _page(row: NoticeDraft, note: str, done: str = "", **more: Any) -> ActPage:
    duty = duty_row(row, today())
    facts: tuple[tuple[str, Any], ...] = (
        ("项目", f"{row.project.number} {row.project}"),
        ("公告种类", row.get_kind_display()),
        ("公告媒体", row.medium or None),
        ("公告日期", row.published_on.isoformat() if row.published_on else None),
        ("公开期限", duty.due_text if duty else "不另立义务"),
    )
    if row.return_reason:
        facts = (*facts, ("退回理由", row.return_reason))
    return ActPage(
        back=row.get_absolute_url(), about=row.title, facts=facts, note=note, done=done, **more
    )


def _draft(request: SignedInRequest, pk: int) -> NoticeDraft:
    return get_object_or_404(drafts_visible_to(request.user), pk=pk)
