"""会审台：筛选、件数、谁已出具谁在等；成批同意、汇总、退回。"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from accounts.models import Organisation
from budgeting import forms, services
from budgeting.models import BudgetReview, Opinion
from budgeting.selectors import (
    LONG_WAIT,
    ReviewQueue,
    Waits,
    funds_reviewed_by,
    proposed_of,
    purchasers_reviewed_by,
    review_desk,
    review_queue,
    reviewers_seen_by,
)
from core.calendar.arithmetic import CalendarUnknown
from core.calendar.clock import today
from core.calendar.loading import workdays
from core.money import format_yuan
from core.views.acts import (
    SignedInRequest,
    has_right,
    require_right,
)
from core.views.batch import BatchPage, Item, ItemForm, batch_page, ticked_pks
from core.views.listing import Column, Listing, listing

BULK = {
    "agree": ("同意", "budgeting.give_opinion"),
    "conclude": ("汇总审核意见", "budgeting.conclude_review"),
    "return": ("退回修改", "budgeting.return_project"),
}
# Columns of the file that the page shows under others.
UNDER_OTHERS = ("项目", "年度", "轮次", "建议", "等待", "已等工作日")
FORWARD = ("purchaser", "year", "fund", "programme")


@require_safe
def reviews(request: SignedInRequest) -> HttpResponseBase:
    """The review desk."""
    form = forms.ReviewFilter(
        request.GET or None,
        purchasers=purchasers_reviewed_by(request.user),
        funds=funds_reviewed_by(request.user),
    )
    waits = Waits(workdays(), today())
    queue = _queue(request, form, waits)
    reviewers = reviewers_seen_by(request.user)
    columns = _columns(reviewers, waits)
    page = listing(request, queue.rows, columns, filename="会审", default_sort="-pk")
    if not isinstance(page, Listing):
        return page
    rows = [review_desk(row, waits) for row in page.rows]
    context = {
        "listing": page,
        "headers": [
            {**h, "title": "项目"} if h["title"] == "编号" else h
            for h in page.headers
            if h["title"] not in UNDER_OTHERS
        ],
        "rows": [(row, [row.cell_of(r) for r in reviewers]) for row in rows],
        "tiles": _tiles(request, queue.counts),
        "filter_form": form,
        "bulk": [
            {"title": title, "url": reverse(f"budgeting:bulk_{name}")}
            for name, (title, act) in BULK.items()
            if has_right(request, act)
        ],
    }
    return render(request, "budgeting/review_list.html", context)


def _queue(request: SignedInRequest, form: forms.ReviewFilter, waits: Waits) -> ReviewQueue:
    desk = request.acting.organisation if request.acting else None
    wanted = form.cleaned_data if form.is_bound and form.is_valid() else {}
    try:
        return review_queue(request.user, desk=desk, wanted=wanted, waits=waits)
    except CalendarUnknown as unknown:
        form.add_error("waited", f"{unknown.year} 年工作日历没有载入，暂无法确定。")
        plain = {**wanted, "waited": None}
        return review_queue(request.user, desk=desk, wanted=plain, waits=waits)


def _columns(reviewers: list[Organisation], waits: Waits) -> tuple[Column, ...]:
    def signed(reviewer: Organisation) -> Callable[[BudgetReview], str]:
        def value(row: BudgetReview) -> str:
            cell = review_desk(row, waits).cell_of(reviewer)
            return cell.text if cell else ""

        return value

    return (
        Column("编号", lambda r: r.project.number, sort="project__number"),
        Column("项目", lambda r: r.project.name, sort="project__name"),
        Column(
            "购买主体",
            lambda r: r.project.purchaser.organisation.short_name,
            sort="project__purchaser_id",
        ),
        Column("年度", lambda r: r.project.year, sort="project__year", numeric=True),
        Column("轮次", lambda r: r.round_number, sort="round_number", numeric=True),
        Column("申请", lambda r: r.project.requested_fen, is_money=True),
        Column("建议", lambda r: r.proposed_fen, sort="proposed_fen", is_money=True),
        *[Column(r.short_name, signed(r)) for r in reviewers],
        Column("等待", lambda r: "、".join(review_desk(r, waits).waiting)),
        Column("等待自", lambda r: str(r.waiting_on or ""), sort="waiting_on"),
        Column("已等工作日", lambda r: waits.days(r.waiting_on), numeric=True),
        Column("状态", lambda r: r.get_status_display(), sort="status"),
    )


def _tiles(request: SignedInRequest, counts: dict[str, int]) -> list[dict[str, Any]]:
    """Counts that are filters: they keep unit, year, fund and programme."""
    kept = request.GET.copy()
    for name in set(kept) - set(FORWARD):
        del kept[name]

    def tile(label: str, name: str, query: dict[str, str], tone: str = "") -> dict[str, Any]:
        asked = kept.copy()
        asked.update(query)
        return {
            "label": label,
            "value": counts[name],
            "url": f"?{asked.urlencode()}",
            "tone": tone if counts[name] else "",
        }

    tiles = [
        tile("待本单位出具意见", "mine", {"mine": "on"}, "act"),
        tile("意见已齐，待汇总", "spoken", {"status": "spoken"}),
        tile("异议待了结", "opposed", {"status": "opposed"}),
        tile("会审中", "open", {"status": "open"}),
        tile("待审定和批复", "concluded", {"status": "concluded"}),
        tile("已退回修改", "returned", {"status": "returned"}),
    ]
    if "long" in counts:
        query = {"waited": str(LONG_WAIT)}
        tiles.append(tile(f"等待满 {LONG_WAIT} 个工作日", "long", query))
    return tiles


# --- 成批办理 ------------------------------------------------------------------------------------

form_or_act = require_http_methods(["GET", "HEAD", "POST"])


@form_or_act
def bulk_agree(request: SignedInRequest) -> HttpResponse:
    """Agree on several reviews at once, each an opinion of this organisation."""
    acting = require_right(request, BULK["agree"][1])
    own = Opinion.objects.filter(reviewer=acting.organisation).select_related("reviewer")
    chosen = _chosen(request)
    mine = {o.review_id: o for o in own.filter(review__in=chosen)}
    items = []
    for row in chosen:
        opinion = mine.get(row.pk)
        if opinion is not None:
            opinion.review = row
        items.append(_item(row, opinion, "agree", services.agree, {"text": "同意。"}))
    return batch_page(request, items, _page("agree", forms.AgreeItem))


@form_or_act
def bulk_conclude(request: SignedInRequest) -> HttpResponse:
    """Sum up several reviews at once."""
    require_right(request, BULK["conclude"][1])
    items = [
        _item(
            row,
            row,
            "conclude",
            services.conclude_review,
            {
                "proposed_fen": proposed_of(row) or row.project.requested_fen,
                "summary": "经会同审核，同意列入年度购买计划。",
            },
        )
        for row in _chosen(request)
    ]
    return batch_page(request, items, _page("conclude", forms.ConcludeItem))


@form_or_act
def bulk_return(request: SignedInRequest) -> HttpResponse:
    """Return several projects, each with its own numbered text."""
    require_right(request, BULK["return"][1])
    items = [
        _item(row, row, "return_for_correction", services.return_project, {})
        for row in _chosen(request)
    ]
    note = "每件单独写明退回意见，一行一条，系统按顺序编号；退回的项目不牵连其他项目。"
    return batch_page(request, items, _page("return", forms.ReturnItem, note))


def _chosen(request: SignedInRequest) -> list[BudgetReview]:
    rows = BudgetReview.objects.visible_to(request.user).with_case()
    found = rows.filter(pk__in=ticked_pks(request, "review")).prefetch_related("opinions__reviewer")
    return list(found.order_by("pk"))


def _item(
    row: BudgetReview,
    subject: BudgetReview | Opinion | None,
    move: str,
    service: Callable[..., Any],
    initial: dict[str, Any],
) -> Item:
    project = row.project
    spoken = "；".join(
        f"{o.reviewer.short_name} {o.get_status_display()}" for o in row.opinions.all()
    )
    return Item(
        key=str(row.pk),
        title=project.name,
        about=f"{project.number}　{project.purchaser.organisation.short_name}"
        f"　第 {row.round_number} 轮",
        url=row.get_absolute_url(),
        facts=(("申请（元）", format_yuan(project.requested_fen)), ("各方意见", spoken or "—")),
        run=lambda **values: service(subject, **values),
        subject=subject,
        move=move,
        blocked="" if subject is not None else "本单位不是这一轮的会审机构",
        initial=initial,
    )


def _page(name: str, form_class: type[ItemForm], note: str = "") -> BatchPage:
    return BatchPage(
        title=f"成批{BULK[name][0]}",
        back=reverse("budgeting:reviews"),
        form_class=form_class,
        note=note or "一件一件办理，各记各的历史；一件不成，不影响其他各件。",
        extra={"param": "review", "back_title": "会审"},
    )
