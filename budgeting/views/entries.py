"""一个数的来历：构成它的分录、申报、控制数；每条分录打开它的依据和办理记录。"""

from __future__ import annotations

from operator import attrgetter
from typing import Any

from django.db.models import F, Sum
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from budgeting.forms.ledger import FigureFilter, LedgerFilter
from budgeting.models import Allocation, Ceiling, EntryKind, available, unreserved
from budgeting.selectors.entries import (
    ceiling_events,
    entry_rows,
    event_of,
    papers_of,
)
from budgeting.selectors.figures import line_cells
from budgeting.selectors.ledger import FIGURES, Slice, effects, entries_of, proof_of
from budgeting.views.ledger import asked_slice
from core.money import format_yuan
from core.views.acts import SignedInRequest
from core.views.listing import Column, Listing, listing

DEFAULT = "approved"
YEAR = "allocation__ceiling__year"
ENTRIES = (
    Column("日期", lambda e: e.effective_on.isoformat(), sort="effective_on"),
    Column("种类", lambda e: e.get_kind_display(), sort="kind"),
    Column("项目编号", lambda e: e.allocation.project.number, sort="allocation__project__number"),
    Column("项目", lambda e: e.allocation.project.name),
    Column("年度", lambda e: e.allocation.ceiling.year, sort=YEAR, numeric=True),
    Column("资金来源", lambda e: str(e.allocation.ceiling.fund)),
    Column("计入金额", lambda e: e.signed_fen, sort="signed_fen", is_money=True),
    Column("依据", lambda e: e.document),
    Column("分录", lambda e: e.pk),
)  # fmt: skip
FILINGS = (
    Column("项目编号", lambda f: f.project.number, sort="project__number"),
    Column("项目", lambda f: f.project.name),
    Column("购买主体", lambda f: str(f.project.purchaser)),
    Column("年度", lambda f: f.project.year, sort="project__year", numeric=True),
    Column("资金来源", lambda f: str(f.fund), sort="fund__name"),
    Column("提交日", lambda f: f.project.filed_on.isoformat(), sort="project__filed_on"),
    Column("申报轮次", lambda f: f.project.round_number, numeric=True),
    Column("申报金额", lambda f: f.amount_fen, sort="amount_fen", is_money=True),
)
CEILINGS = (
    Column("购买主体", lambda c: str(c.purchaser), sort="purchaser__organisation__name"),
    Column("年度", lambda c: c.year, sort="year", numeric=True),
    Column("资金来源", lambda c: str(c.fund), sort="fund__name"),
    Column("财政下达", lambda c: c.granted_fen, is_money=True),
    Column("上年结转", lambda c: c.carried_in_fen, sort="carried_in_fen", is_money=True),
    Column("控制数", lambda c: c.amount_fen, sort="amount_fen", is_money=True),
    Column("已分配", lambda c: c.allocated_fen, sort="allocated_fen", is_money=True),
    Column("可用", available, is_money=True),
    Column("下达文号", lambda c: c.number),
)


@require_safe
def entries(request: SignedInRequest) -> HttpResponseBase:
    """构成一个数的全部分录；合计与台账上的数各算一遍，两者须相等。"""
    form, part = asked_slice(request, FigureFilter)
    asked = request.GET.get("figure", "")
    figure = asked if asked in FIGURES else DEFAULT
    title, meaning = FIGURES[figure]
    rows = entries_of(part, figure)
    page = listing(request, rows, ENTRIES, filename=f"台账分录-{title}", default_sort="-pk")
    if not isinstance(page, Listing):
        return page
    context = {
        "listing": page,
        "rows": entry_rows(page.rows),
        "headers": [*page.headers[:8], {"title": "办理记录"}],
        "figure": figure,
        "title": title,
        "meaning": meaning,
        "formula": _formula(figure),
        "proof": proof_of(part, figure),
    }
    return render(request, "budgeting/ledger_entries.html", context | _frame(form, part))


def _formula(figure: str) -> str:
    """由哪几种分录加减而成：`批复 + 上年结转`。"""
    signs = effects(figure).items()
    added = [EntryKind(kind).label for kind, sign in signs if sign > 0]
    taken = [EntryKind(kind).label for kind, sign in signs if sign < 0]
    return " + ".join(added) + "".join(f" − {label}" for label in taken)


@require_safe
def filed(request: SignedInRequest) -> HttpResponseBase:
    """申报数：已提交的各项目，按资金来源逐行。"""
    form, part = asked_slice(request)
    rows = part.filings().select_related("project__purchaser__organisation", "fund")
    page = listing(request, rows, FILINGS, filename="申报金额", default_sort="-pk")
    if not isinstance(page, Listing):
        return page
    total = part.filings().aggregate(total=Sum("amount_fen"))["total"] or 0
    context = {"listing": page, "rows": page.rows, "total_fen": total}
    return render(request, "budgeting/ledger_filed.html", context | _frame(form, part))


@require_safe
def granted(request: SignedInRequest) -> HttpResponseBase:
    """控制数：财政下达的，连同上年结转的。"""
    form, part = asked_slice(request)
    rows = part.ceilings().select_related("purchaser__organisation", "fund")
    page = listing(request, rows, CEILINGS, filename="控制数构成", default_sort="-pk")
    if not isinstance(page, Listing):
        return page
    sums = part.ceilings().aggregate(
        total=Sum("amount_fen"),
        carried=Sum("carried_in_fen"),
        given=Sum(F("amount_fen") - F("carried_in_fen")),
    )
    context = {
        "listing": page,
        "rows": [(row, available(row)) for row in page.rows],
        "sums": {name: fen or 0 for name, fen in sums.items()},
    }
    return render(request, "budgeting/ledger_granted.html", context | _frame(form, part))


@require_safe
def entry(request: SignedInRequest, pk: int) -> HttpResponse:
    """一条分录：记在哪条分配上、依据什么文件、由哪一次办理记下。"""
    rows = (
        Slice(request.user)
        .entries()
        .select_related("allocation__project__purchaser__organisation", "allocation__ceiling__fund")
    )
    row = get_object_or_404(rows, pk=pk)
    line, event = row.allocation, event_of(row)
    context = {
        "entry": row,
        "line": line,
        "paper": papers_of([row])[row.document],
        "events": [event] if event else [],
        "facts": [
            ("种类", row.get_kind_display()),
            ("金额（元）", format_yuan(row.amount_fen)),
            ("日期", row.effective_on.isoformat()),
            ("购买主体", line.project.purchaser),
            ("年度", line.ceiling.year),
            ("资金来源", line.ceiling.fund),
        ],
        "counted": [title for name, (title, _) in FIGURES.items() if row.kind in effects(name)],
    }
    return render(request, "budgeting/ledger_entry.html", context)


@require_safe
def ceiling(request: SignedInRequest, pk: int) -> HttpResponse:
    """一项控制数：怎么下达的、结转了多少、分配给了哪些项目。"""
    rows = Ceiling.objects.visible_to(request.user)
    row = get_object_or_404(rows.select_related("purchaser__organisation", "fund"), pk=pk)
    lines = Allocation.objects.filter(ceiling=row).select_related("project").order_by("pk")
    page = listing(request, lines, ALLOCATIONS, filename=f"{row}-分配", default_sort="pk")
    if not isinstance(page, Listing):
        return page  # type: ignore[return-value]
    context = {
        "ceiling": row,
        "facts": [
            ("财政下达（元）", format_yuan(row.granted_fen)),
            ("上年结转（元）", format_yuan(row.carried_in_fen)),
            ("控制数（元）", format_yuan(row.amount_fen)),
            ("已分配（元）", format_yuan(row.allocated_fen)),
            ("可用（元）", format_yuan(available(row))),
            ("下达文号", row.number or None),
            ("下达日期", row.set_on and row.set_on.isoformat()),
        ],
        "events": ceiling_events(row),
        "listing": page,
        "lines": [(line, line_cells(line)) for line in page.rows],
    }
    return render(request, "budgeting/ledger_ceiling.html", context)


ALLOCATIONS = (
    Column("项目编号", lambda a: a.project.number),
    Column("项目", lambda a: a.project.name, sort="project__name"),
    *(
        Column(title, attrgetter(f"{name}_fen"), is_money=True)
        for name, (title, _) in FIGURES.items()
        if name != "unreserved"
    ),
    Column("未动用", unreserved, is_money=True),
)


def _frame(form: LedgerFilter, part: Slice) -> dict[str, Any]:
    """筛选条件；只看一个项目、一条分配的，写明是哪一个。"""
    lines = part.allocations().select_related("project", "ceiling__fund")
    only = ""
    if part.line is not None or part.project is not None:
        line = lines.first()
        only = str(line if part.line is not None else line.project) if line else ""
    return {"filter_form": form, "is_narrowed": form.is_narrowed(), "only": only}
