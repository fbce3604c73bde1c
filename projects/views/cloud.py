"""政务云资源收集：一览、一轮的情况、汇总表与导出、结束与作废。"""

from __future__ import annotations

from functools import partial
from typing import Any

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_http_methods, require_safe

from core.calendar.clock import today
from core.history.reading import events_of
from core.history.values import reference
from core.rules.engine import regulations_adopted
from core.views.acts import (
    ActPage,
    SignedInRequest,
    act_page,
    has_right,
)
from core.views.listing import Column, Listing, exported, listing
from projects import services
from projects.documents.cloud_book import LINE_TITLES, consolidation_book, sheet_row
from projects.documents.clouding import plain
from projects.forms.cloud import AbandonForm
from projects.models import (
    CloudAnswer,
    CloudCategory,
    CloudCollection,
    CollectionStatus,
    Purchaser,
)
from projects.models.cloud import COLLECT, GOVERNED
from projects.selectors.cloud import SheetLine, consolidation
from projects.views.catalogue_page import next_context
from projects.views.importing import XLSX

form_or_act = require_http_methods(["GET", "HEAD", "POST"])
Values = dict[str, Any]
TONES = {
    CollectionStatus.OPEN: "act",
    CollectionStatus.CLOSED: "ok",
    CollectionStatus.SUPERSEDED: "neutral",
    CollectionStatus.ABANDONED: "bad",
}
ANSWER_TONES = {
    "pending": "neutral", "filled": "act", "confirmed": "ok", "returned": "bad", "lapsed": "late",
    "cancelled": "neutral",
}  # fmt: skip
COLUMNS = (
    Column("收集", str, sort="year"),
    Column("组织单位", lambda c: str(c.organiser), sort="organiser__organisation__name"),
    Column("发起日", lambda c: c.opened_on.isoformat(), sort="opened_on"),
    Column("填报期限", lambda c: c.answers_due_on.isoformat(), sort="answers_due_on"),
    Column("汇总日", lambda c: c.closed_on.isoformat() if c.closed_on else "", sort="closed_on"),
    Column("汇总金额", lambda c: c.total_fen, sort="total_fen", is_money=True),
    Column("状态", lambda c: c.state_label, sort="status"),
)


def _sheet_cell(at: int, line: SheetLine) -> str:
    """汇总明细一行的第几格，如 CSV 所写。"""
    value = sheet_row(line)[at]
    return value if isinstance(value, str) else plain(value)


SHEET_COLUMNS = tuple(
    Column(title, partial(_sheet_cell, at), numeric=5 <= at <= 10)
    for at, title in enumerate(LINE_TITLES)
)


@require_safe
def collections(request: SignedInRequest) -> HttpResponseBase:
    """看得见的各轮收集；被收集的单位由此进入自己的填报。"""
    rows = CloudCollection.objects.visible_to(request.user).whole()
    page = listing(request, rows, COLUMNS, filename="云资源收集", default_sort="-pk")
    if not isinstance(page, Listing):
        return page
    own = _own_answers(request, page.rows)
    context = {
        "listing": page,
        "rows": [(row, badge_of(row), own.get(row.pk)) for row in page.rows],
        "can_open": has_right(request, COLLECT) and is_adopted(request),
    }
    return render(request, "projects/cloud_list.html", context)


@require_safe
def collection(request: SignedInRequest, pk: int) -> HttpResponse:
    """一轮收集：价格表、各单位报到哪一步；只是被收集的单位只看得见自己的一行。"""
    row = _collection(request, pk)
    answers = CloudAnswer.objects.visible_to(request.user).filter(collection=row).whole()
    overseen = is_overseen(request, row)
    done = sum(1 for a in answers if a.status == "confirmed")
    context = {
        "row": row,
        "badge": badge_of(row),
        "facts": _facts(row),
        "is_overseen": overseen,
        "progress": f"{len(answers)} 个单位中 {done} 个已报出" if overseen else "",
        "prices": row.prices.all(),
        "answers": [(a, answer_badge(a)) for a in answers.order_by("pk")],
        "today": today(),
        "events": events_of(reference(row)),
        **next_context(request, row),
        "crumbs": crumbs(str(row)),
    }
    return render(request, "projects/cloud_detail.html", context)


@require_safe
def sheet(request: SignedInRequest, pk: int) -> HttpResponseBase:
    """汇总表：单位 × 类别，类别 × 规格 × 单位，合计；CSV，可打印。"""
    row = _overseen(request, pk)
    found = consolidation(row)
    if request.GET.get("export") == "csv":
        return exported(found.lines, SHEET_COLUMNS, f"{row}汇总")
    context = {
        "row": row,
        "badge": badge_of(row),
        "sheet": found,
        "categories": [label for _, label in CloudCategory.choices],
        "crumbs": [
            {"title": "云资源收集", "url": reverse("projects:clouds")},
            {"title": str(row), "url": row.get_absolute_url()},
            {"title": "汇总表"},
        ],
    }
    return render(request, "projects/cloud_sheet.html", context)


@require_safe
def workbook(request: SignedInRequest, pk: int) -> HttpResponse:
    """汇总的工作簿：单位一览、汇总明细、价格表。"""
    row = _overseen(request, pk)
    response = HttpResponse(consolidation_book(consolidation(row)), content_type=XLSX)
    disposition = content_disposition_header(True, f"{row}汇总.xlsx")
    response["Content-Disposition"] = disposition or ""
    return response


# --- 结束与作废 ----------------------------------------------------------------------------------


@form_or_act
def close(request: SignedInRequest, pk: int) -> HttpResponse:
    row = _collection(request, pk)
    found = consolidation(row)
    waiting = "、".join(u.unit for u in found.units if u.answer.status != "confirmed")
    facts = (
        ("已报出", f"{sum(1 for u in found.units if u.answer.status == 'confirmed')} 个单位"),
        ("尚未报出", waiting or "没有"),
        ("填报期限", row.answers_due_on),
    )
    page = ActPage(
        back=row.get_absolute_url(),
        about=str(row),
        facts=facts,
        note="汇总之后数量不再变动，据以填报政务云项目；尚未报出的记为逾期未报，不计入。",
        done="收集已经结束，汇总表已定。",
    )
    return act_page(request, row, "close", do=services.close_collection, page=page)


@form_or_act
def abandon(request: SignedInRequest, pk: int) -> HttpResponse:
    row = _collection(request, pk)
    page = ActPage(
        back=row.get_absolute_url(),
        about=str(row),
        note="各单位的填报随之作废，留存可查；可以另行发起。",
        done="收集已作废。",
    )
    return act_page(
        request, row, "abandon", do=services.abandon_collection, page=page, form_class=AbandonForm
    )


# --- 共用 ----------------------------------------------------------------------------------------


def is_adopted(request: SignedInRequest) -> bool:
    """现在的岗位所在辖区今日是否采用《平湖办法》。"""
    acting = request.acting
    if acting is None:
        return False
    scope = CloudCollection(organiser=Purchaser(organisation=acting.organisation))
    return bool(GOVERNED & regulations_adopted(scope, today()))


def is_overseen(request: SignedInRequest, row: CloudCollection) -> bool:
    """看不看得见各单位的填报和汇总。"""
    return CloudCollection.objects.overseen_by(request.user).filter(pk=row.pk).exists()


def badge_of(row: CloudCollection) -> dict[str, str]:
    return {"label": row.state_label, "tone": TONES[CollectionStatus(row.status)]}


def answer_badge(answer: CloudAnswer) -> dict[str, str]:
    return {"label": answer.state_label, "tone": ANSWER_TONES[answer.status]}


def _own_answers(request: SignedInRequest, rows: list[CloudCollection]) -> dict[int, CloudAnswer]:
    """现在的岗位所在单位在各轮的填报，按收集。"""
    place = request.acting.organisation_id if request.acting else None
    found = CloudAnswer.objects.filter(collection__in=rows, purchaser__organisation=place)
    return {answer.collection_id: answer for answer in found}


def _facts(row: CloudCollection) -> list[tuple[str, Any]]:
    return [
        ("组织单位", row.organiser),
        ("发起", f"{row.opened_by}　{row.opened_on}"),
        ("填报期限", row.answers_due_on),
        ("填报说明", row.note or None),
        ("汇总日", row.closed_on),
    ]


def _collection(request: SignedInRequest, pk: int) -> CloudCollection:
    return get_object_or_404(CloudCollection.objects.visible_to(request.user).whole(), pk=pk)


def _overseen(request: SignedInRequest, pk: int) -> CloudCollection:
    return get_object_or_404(CloudCollection.objects.overseen_by(request.user).whole(), pk=pk)


def crumbs(title: str) -> list[dict[str, str]]:
    return [{"title": "云资源收集", "url": reverse("projects:clouds")}, {"title": title}]
