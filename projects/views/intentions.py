"""采购意向清单：上传、逐条的判断、改定、确认写入、作废；计划里的意向与据以填报。"""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import Count
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from core.attachments import Attachment, UploadRefused
from core.history.reading import events_of
from core.history.values import reference
from core.money import format_wanyuan, format_yuan
from core.regulations import article_by_code
from core.rules import RULES
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
from projects import services
from projects.documents.intentions import ListRefused
from projects.forms.acts import NoteForm
from projects.forms.intentions import DecideForm, IntentionFilter, IntentionListForm
from projects.models import (
    IntentionList,
    IntentionListStatus,
    IntentionOutcome,
    ListedIntention,
)
from projects.models.intention import SCREEN
from projects.services.intentions import SCREENING
from projects.views.catalogue_page import next_context

form_or_act = require_http_methods(["GET", "HEAD", "POST"])
TONES: dict[str, str] = {
    IntentionOutcome.ACCEPT: "ok",
    IntentionOutcome.REVIEW: "late",
    IntentionOutcome.REFUSE: "bad",
    IntentionOutcome.KNOWN: "neutral",
    IntentionListStatus.OPEN: "act",
    IntentionListStatus.CONFIRMED: "ok",
    IntentionListStatus.DISCARDED: "neutral",
}
LIST_COLUMNS = (
    Column("文件", lambda i: i.name, sort="name"),
    Column("上传日", lambda i: i.received_on.isoformat(), sort="received_on"),
    Column("上传人", lambda i: str(i.received_by)),
    Column("条数", lambda i: i.row_count, sort="row_count", numeric=True),
    Column("状态", lambda i: i.get_status_display(), sort="status"),
)
ROW_COLUMNS = (
    Column("行号", lambda r: r.line, sort="line", numeric=True),
    Column("采购单位", lambda r: r.unit, sort="unit"),
    Column("采购项目名称", lambda r: r.name, sort="name"),
    Column("预算金额", lambda r: r.amount_fen, sort="amount_fen", is_money=True),
    Column("预计采购", lambda r: f"{r.month:%Y-%m}" if r.month else "", sort="month"),
    Column("结论", lambda r: r.get_outcome_display(), sort="outcome"),
)
# 页上印在每条的下一行，CSV 里各成一栏。
MORE = (
    Column("依据和提示", lambda r: "；".join(ground_text(g) for g in r.grounds)),
    Column("发布日", lambda r: r.published_on.isoformat() if r.published_on else ""),
    Column("第七条种类", lambda r: r.kind, sort="kind"),
    Column("判断", lambda r: r.get_judged_display()),
    Column("改定的理由", lambda r: r.decided_reason),
    Column("改定人", lambda r: r.decided_by.full_name if r.decided_by else ""),
    Column("写入的计划", lambda r: str(r.plan or "")),
)


def ground_text(ground: dict[str, Any]) -> str:
    """一条依据写成一句：说什么、比了什么、哪一条。"""
    compared = "，".join(f"{label} {value}" for label, value in ground["compared"])
    return f"{ground['message']}（{compared}）" if compared else str(ground["message"])


@form_or_act
def intention_lists(request: SignedInRequest) -> HttpResponseBase:
    """已收下的清单，和上传。"""
    if request.method == "POST":
        return _receive(request)
    return _lists_page(request, IntentionListForm())


def _receive(request: SignedInRequest) -> HttpResponseBase:
    acting = require_right(request, SCREEN)
    form = IntentionListForm(request.POST, request.FILES)
    if not form.is_valid():
        return _lists_page(request, form, status=422)
    try:
        made = services.receive_intentions(
            acting.organisation,
            form.cleaned_data["file"],
            **actor_arguments(request),
            key=request_key(request),
        )
    except ListRefused as refused:
        for problem in refused.problems:
            form.add_error("file", problem)
        return _lists_page(request, form, status=422)
    except UploadRefused as refused:
        form.add_error("file", str(refused))
        return _lists_page(request, form, status=refused.status)
    except ActError as error:
        return _lists_page(request, form, status=status_of(error), error=str(error))
    messages.success(request, "清单已收下，逐条判断如下。请复核，再确认写入计划。")
    return redirect(made)


def _lists_page(
    request: SignedInRequest, form: IntentionListForm, *, status: int = 200, error: str = ""
) -> HttpResponseBase:
    rows: Any = IntentionList.objects.visible_to(request.user).whole()
    page = listing(
        request,
        rows.annotate(row_count=Count("rows")),
        LIST_COLUMNS,
        filename="意向清单",
    )
    if not isinstance(page, Listing):
        return page
    context = {
        "listing": page,
        "rows": [(row, TONES[row.status]) for row in page.rows],
        "can_screen": has_right(request, SCREEN),
        "form": form,
        "error": error,
        "key": new_key(),
    }
    return render(request, "projects/intention_lists.html", context, status=status)


@require_safe
def intentions(request: SignedInRequest, pk: int) -> HttpResponseBase:
    """一份清单：各条的结论、依据和提示。"""
    row = _list(request, pk)
    every = ListedIntention.objects.filter(intentions=row)
    form = IntentionFilter(
        request.GET,
        units=every.order_by("unit").values_list("unit", flat=True).distinct(),
        grounds=[(rule, f"没有做到：{RULES[rule].title}") for rule in SCREENING.rules],
    )
    found = every.filter(form.condition()).select_related(
        "decided_by", "plan__purchaser__organisation", "purchaser__organisation"
    )
    page = listing(
        request,
        found,
        ROW_COLUMNS + MORE,
        filename=str(row),
        default_sort="line",
        with_total=True,
    )
    if not isinstance(page, Listing):
        return page
    is_open = row.status == IntentionListStatus.OPEN
    context = next_context(request, row) | {
        "intentions": row,
        "tone": TONES[row.status],
        "counts": _counts(every),
        "listing": page,
        "headers": page.headers[: len(ROW_COLUMNS)],
        "rows": [_shown(each) for each in page.rows],
        "filter_form": form,
        "is_narrowed": form.is_narrowed(),
        "can_decide": is_open and has_right(request, SCREEN),
        "certain_count": every.certain().count(),
        "file": Attachment.objects.filter(subject=reference(row)).first(),
        "events": events_of(row.stream()),
        "crumbs": _crumbs(str(row)),
    }
    return render(request, "projects/intentions.html", context)


def _shown(row: ListedIntention) -> dict[str, Any]:
    grounds = [
        {
            "text": ground_text(g),
            "article": article_by_code(g["code"]).short,
            "is_flag": g["state"] == "late",
        }
        for g in row.grounds
    ]
    return {"row": row, "tone": TONES[row.outcome], "grounds": grounds}


def _counts(rows: Any) -> list[dict[str, Any]]:
    """各结论各几条、合计多少；点数字只看这一类。"""
    found: dict[str, list[int]] = {}
    for outcome, fen in rows.values_list("outcome", "amount_fen"):
        count = found.setdefault(outcome, [0, 0])
        count[0] += 1
        count[1] += fen or 0
    return [
        {
            "label": label,
            "count": found.get(value, [0, 0])[0],
            "note": f"{format_yuan(found[value][1])} 元" if value in found else "",
            "url": f"?outcome={value}" if value in found else "",
        }
        for value, label in IntentionOutcome.choices
    ]


@form_or_act
def decide(request: SignedInRequest, pk: int) -> HttpResponse:
    """复核或改判一条。"""
    seen = IntentionList.objects.visible_to(request.user)
    row = get_object_or_404(
        ListedIntention.objects.filter(intentions__in=seen).select_related(
            "intentions__bureau__jurisdiction"
        ),
        pk=pk,
    )
    require_right(request, SCREEN)

    def do(_list: IntentionList, **values: Any) -> Any:
        return services.decide_intention(row, **values)

    facts: tuple[tuple[str, Any], ...] = (
        ("采购单位", row.unit),
        ("采购项目名称", row.name),
        ("采购需求概况", row.summary or None),
        ("预算金额（万元）", format_wanyuan(row.amount_fen) if row.amount_fen else None),
        ("判断", row.get_judged_display()),
        *((g["article"], ground_text(g)) for g in row.grounds),
    )
    page = ActPage(
        back=f"{row.intentions.get_absolute_url()}#row-{row.line}",
        about=str(row),
        facts=facts,
        note="判断是按词表作的，由人确认或改判；理由入历史。",
        done=f"第 {row.line} 行已改定。",
    )
    return act_page(request, row.intentions, "decide", do=do, page=page, form_class=DecideForm)


@form_or_act
def confirm(request: SignedInRequest, pk: int) -> HttpResponse:
    row = _list(request, pk)
    counts = tuple((c["label"], f"{c['count']} 条　{c['note']}") for c in _counts(row.rows.all()))
    page = ActPage(
        back=row.get_absolute_url(),
        about=str(row),
        facts=counts,
        note="确认即认可各条的结论。可入计划的写入各单位当年的计划，由经办人据以填报。",
        done="已确认，可入计划的各条已写入各单位的年度计划。",
    )
    return act_page(request, row, "confirm", do=services.confirm_intentions, page=page)


@form_or_act
def discard(request: SignedInRequest, pk: int) -> HttpResponse:
    row = _list(request, pk)
    page = ActPage(
        back=row.get_absolute_url(), about=str(row), note="作废之后不能恢复；没有写入任何计划。"
    )
    return act_page(
        request, row, "discard", do=services.discard_intentions, page=page, form_class=NoteForm
    )


def _list(request: SignedInRequest, pk: int) -> IntentionList:
    return get_object_or_404(IntentionList.objects.visible_to(request.user).whole(), pk=pk)


def _crumbs(title: str) -> list[dict[str, str]]:
    return [{"title": "意向清单", "url": reverse("projects:intention_lists")}, {"title": title}]
