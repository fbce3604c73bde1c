"""使用单位的云资源填报：看、在表格中填、确认、退回。"""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from core.calendar.clock import today
from core.history.reading import events_of
from core.history.values import reference
from core.money import multiply
from core.transitions import ActError, TransitionRefused, shown_digest
from core.views.acts import (
    ActPage,
    SignedInRequest,
    act_arguments,
    act_page,
    has_right,
    new_key,
    status_of,
)
from projects import services
from projects.documents.clouding import (
    COLUMNS,
    FIELD,
    SHEET,
    CloudRow,
    Problem,
    cloud_text,
    read_cloud_text,
)
from projects.forms.cloud import ReturnForm
from projects.models import CloudAnswer, CloudAnswerLine
from projects.models.cloud_answer import ANSWER, TO_FILL
from projects.selectors.cloud import Quantities, lines_of, previous_answer, starting_lines
from projects.services import CloudLineInput
from projects.views.catalogue_page import next_context
from projects.views.cloud import answer_badge

form_or_act = require_http_methods(["GET", "HEAD", "POST"])
Values = dict[str, Any]
NOTHING = "没有填写任何数量。不使用政务云的，请勾选“本单位不使用政务云”。"
BOTH = "勾选了“本单位不使用政务云”，又填了数量；请清空数量，或者取消勾选。"


@require_safe
def answer(request: SignedInRequest, pk: int) -> HttpResponse:
    """一份填报：各行、谁填的、谁确认的、退回的理由。"""
    row = _answer(request, pk)
    context = {
        "row": row,
        "badge": answer_badge(row),
        "facts": _facts(row),
        **_lines(row),
        "events": events_of(reference(row)),
        **next_context(request, row),
        "crumbs": _crumbs(row, ""),
    }
    return render(request, "projects/cloud_answer.html", context)


@never_cache
@form_or_act
def fill(request: SignedInRequest, pk: int) -> HttpResponse:
    """在表格中填写或粘贴；有错的逐格指出，所填的留着。"""
    row = _answer(request, pk)
    if not has_right(request, ANSWER, row):
        raise PermissionDenied
    page = _FillPage(request, row)
    if request.method != "POST":
        if row.status not in TO_FILL:
            messages.warning(request, f"当前状态是“{row.state_label}”，不能再填。")
            return redirect(row)
        return page.opened()
    return page.posted()


class _FillPage:
    def __init__(self, request: SignedInRequest, row: CloudAnswer) -> None:
        self.request, self.row = request, row
        self.prices = list(row.collection.prices.all())
        self.base = starting_lines(row)

    def opened(self) -> HttpResponse:
        """填过的照填过的；没有填过的照上一次报出的预填。"""
        known = lines_of(self.row)
        is_first = self.row.filled_on is None
        text = cloud_text(self.prices, self.base if is_first else known)
        return self.show(text, is_none=self.row.is_none)

    def posted(self) -> HttpResponse:
        text = self.request.POST.get(FIELD, "").replace("\x00", "")
        is_none = bool(self.request.POST.get("is_none"))
        rows, problems = read_cloud_text(text, self.prices)
        used = [r for r in rows if r.current or r.released or r.requested]
        said = "" if problems else _said(is_none, used)
        if problems or said:
            return self.show(text, is_none=is_none, problems=problems, said=said, status=422)
        try:
            services.fill_answer(
                self.row,
                lines=[CloudLineInput(**r.__dict__) for r in used],
                is_none=is_none,
                **act_arguments(self.request),
            )
        except ActError as error:
            return self.show(text, is_none=is_none, error=error)
        messages.success(self.request, "已填好，请本单位负责人确认之后报出。")
        return redirect(self.row)

    def show(
        self,
        text: str,
        *,
        is_none: bool,
        problems: list[Problem] | None = None,
        said: str = "",
        error: ActError | None = None,
        status: int = 200,
    ) -> HttpResponse:
        seen = self.request.POST
        refusals = error.refusals if isinstance(error, TransitionRefused) else ()
        context: Values = {
            "row": self.row,
            "sheet": self._sheet(text),
            "is_none": is_none,
            "problems": problems or [],
            "said": said,
            "error": "" if error is None or refusals else str(error),
            "refusals": refusals,
            "before": previous_answer(self.row),
            "version": seen.get("version", self.row.version),
            "shown": seen.get("shown", shown_digest(self.row)),
            "key": new_key(),
            "crumbs": _crumbs(self.row, "填报云资源"),
        }
        code = status_of(error) if error else status
        return render(self.request, "projects/cloud_fill.html", context, status=code)

    def _sheet(self, text: str) -> Values:
        return {
            "index": 0,
            "name": SHEET,
            "field": FIELD,
            "text": text,
            "base": cloud_text(self.prices, self.base) if self.base else "",
            "columns": COLUMNS,
            "is_fixed": True,
        }


def _said(is_none: bool, used: list[CloudRow]) -> str:
    if is_none and used:
        return BOTH
    return "" if is_none or used else NOTHING


@form_or_act
def confirm(request: SignedInRequest, pk: int) -> HttpResponse:
    note = "确认之后报组织收集的单位，不能再改；有误的，退回经办人。"
    row = _answer(request, pk)
    page = _page(row, note, "已确认并报出。")
    return act_page(request, row, "confirm", do=services.confirm_answer, page=page)


@form_or_act
def send_back(request: SignedInRequest, pk: int) -> HttpResponse:
    row = _answer(request, pk)
    page = _page(row, "退回之后由经办人改了重填。", "已退回经办人。")
    return act_page(
        request, row, "send_back", do=services.send_back_answer, page=page, form_class=ReturnForm
    )


@form_or_act
def hand_back(request: SignedInRequest, pk: int) -> HttpResponse:
    row = _answer(request, pk)
    page = _page(row, "退回之后由使用单位改了重报，仍须确认。", "已退回使用单位，已通知其经办人。")
    return act_page(
        request, row, "hand_back", do=services.hand_back_answer, page=page, form_class=ReturnForm
    )


def _page(row: CloudAnswer, note: str, done: str) -> ActPage:
    return ActPage(
        back=row.get_absolute_url(),
        about=str(row),
        facts=tuple(_facts(row)),
        note=note,
        done=done,
        template="projects/cloud_act.html",
        extra=_lines(row),
    )


def _facts(row: CloudAnswer) -> list[tuple[str, Any]]:
    due = row.collection.answers_due_on
    is_overdue = row.status in TO_FILL and today() > due
    filled = f"{row.filled_by}　{row.filled_on}" if row.filled_by else None
    confirmed = f"{row.confirmed_by}　{row.confirmed_on}" if row.confirmed_by else None
    facts: list[tuple[str, Any]] = [
        ("使用单位", row.purchaser),
        ("收集", row.collection),
        ("填报期限", f"{due}，已经过期" if is_overdue else due),
        ("填报", filled),
        ("确认", f"{confirmed}（逾期报出）" if confirmed and row.is_late else confirmed),
    ]
    if row.returned_reason:
        facts.append(("退回的理由", f"{row.returned_reason}（{row.waiting_since}）"))
    return facts


def _lines(row: CloudAnswer) -> Values:
    """各行与金额（分）；合计不跨规格相加数量。"""
    rows = CloudAnswerLine.objects.filter(answer=row).select_related("price")
    lines = [
        (
            each,
            Quantities(
                each.current,
                each.released,
                each.requested,
                multiply(each.needed, each.price.price_fen),
            ),
        )
        for each in rows.order_by("price__position")
    ]
    return {"lines": lines, "lines_fen": sum(q.amount_fen for _, q in lines), "answer": row}


def _answer(request: SignedInRequest, pk: int) -> CloudAnswer:
    return get_object_or_404(CloudAnswer.objects.visible_to(request.user).whole(), pk=pk)


def _crumbs(row: CloudAnswer, title: str) -> list[dict[str, str]]:
    crumbs = [
        {"title": "云资源收集", "url": reverse("projects:clouds")},
        {"title": str(row.collection), "url": row.collection.get_absolute_url()},
    ]
    if not title:
        return [*crumbs, {"title": row.purchaser.organisation.short_name}]
    own = {"title": row.purchaser.organisation.short_name, "url": row.get_absolute_url()}
    return [*crumbs, own, {"title": title}]
