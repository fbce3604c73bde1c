"""资金台账：各购买主体、各资金来源、各类项目资金、各项目，从申报到已付；每个数打开构成它的分录。"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from operator import attrgetter
from typing import Any
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from budgeting.facts.execution import use_by_fund
from budgeting.forms.ledger import NONE, LedgerFilter
from budgeting.models import LedgerCheck
from budgeting.selectors import ledger, purchasers_reviewed_by
from budgeting.selectors.charts import Chart, execution, waterfall
from budgeting.selectors.figures import CEILING, FILED, TITLES, Cell, cells
from budgeting.selectors.ledger import FIGURES, Slice
from core.views.acts import SignedInRequest
from core.views.listing import Column, Listing, exported, listing
from projects.models import Programme

TABS = (
    ("budgeting:ledger", "购买主体"),
    ("budgeting:ledger_funds", "资金来源"),
    ("budgeting:ledger_programmes", "项目资金类别"),
    ("budgeting:ledger_projects", "项目"),
)


def figures(*, has_ceilings: bool) -> list[str]:
    """一行里自左至右的各数。"""
    return [FILED, *([CEILING] if has_ceilings else []), *FIGURES]


def amount_columns(names: Iterable[str], *, is_sortable: bool = True) -> tuple[Column, ...]:
    return tuple(
        Column(
            TITLES[name],
            attrgetter(f"sum_{name}_fen"),
            sort=f"sum_{name}_fen" if is_sortable else "",
            is_money=True,
        )
        for name in names
    )


@dataclass(frozen=True)
class Line:
    """表里的一行：名称（可以有自己的一页）、其余各栏、各数。"""

    title: str
    notes: tuple[Any, ...]
    url: str
    cells: tuple[Cell, ...]


def asked_slice(
    request: SignedInRequest, form_class: type[LedgerFilter] = LedgerFilter
) -> tuple[LedgerFilter, Slice]:
    """筛选条件和口径。"""
    form = form_class(
        request.GET,
        years=ledger.ledger_years(request.user),
        purchasers=purchasers_reviewed_by(request.user),
        funds=ledger.funds_of(request.user),
    )
    return form, Slice(request.user, **form.given())


@dataclass(frozen=True)
class Grouping:
    """按什么归并：名称列、各行的条件、图。"""

    url_name: str
    caption: str
    columns: tuple[Column, ...]
    key: Callable[[Any], dict[str, Any]]
    url: Callable[[Any], str] = lambda _row: ""
    has_ceilings: bool = False
    is_sortable: bool = True


def _page(
    request: SignedInRequest,
    group: Grouping,
    rows: Callable[[Slice], Any],
    beside: Callable[[Any, Slice], dict[str, Any]] = lambda _rows, _part: {},
) -> HttpResponseBase:
    """一张归并表；`beside` 给出表旁的图（`charts`）等。"""
    form, part = asked_slice(request)
    names = figures(has_ceilings=group.has_ceilings and part.has_ceilings())
    columns = (*group.columns, *amount_columns(names, is_sortable=group.is_sortable))
    found, filename = rows(part), f"资金台账-{group.caption}"
    if isinstance(found, QuerySet):
        page = listing(request, found, columns, filename=filename, default_sort="pk")
    elif request.GET.get("export") == "csv":
        page = exported(found, columns, filename)
    else:
        page = Listing.whole(request, found, columns)
    if not isinstance(page, Listing):
        return page
    query, sums = form.query(), ledger.totals(part)
    context = {
        "listing": page,
        "lines": [_line(row, group, names, query) for row in page.rows],
        "totals": cells(lambda name: sums[name] or 0, names, query),
        "filter_form": form,
        "is_narrowed": form.is_narrowed(),
        "here": reverse(group.url_name),
        "caption": group.caption,
        "blank_columns": group.columns[1:],
        "tabs": _tabs(group.url_name, query),
        "check": LedgerCheck.objects.visible_to(request.user).done().first(),
        **beside(page.rows, part),
    }
    return render(request, "budgeting/ledger.html", context)


def _line(row: Any, group: Grouping, names: list[str], query: dict[str, Any]) -> Line:
    own = query | group.key(row)
    amounts = cells(lambda name: getattr(row, f"sum_{name}"), names, own)
    title, *notes = (column.value(row) for column in group.columns)
    return Line(str(title), tuple(notes), group.url(row), amounts)


def _tabs(current: str, query: dict[str, Any]) -> list[dict[str, Any]]:
    kept = {name: value for name, value in query.items() if name not in ("project", "line")}
    return [
        {
            "title": title,
            "url": f"{reverse(name)}?{urlencode(kept)}" if kept else reverse(name),
            "is_current": name == current,
        }
        for name, title in TABS
    ]


UNITS = Grouping(
    "budgeting:ledger",
    "各购买主体",
    (Column("购买主体", str, sort="organisation__name"),),
    key=lambda row: {"purchaser": row.pk},
    has_ceilings=True,
)
FUNDS = Grouping(
    "budgeting:ledger_funds",
    "各资金来源",
    (Column("资金来源", str, sort="name"),),
    key=lambda row: {"fund": row.pk},
    has_ceilings=True,
)
PROGRAMMES = Grouping(
    "budgeting:ledger_programmes",
    "各类项目资金逐年",
    (
        Column("项目资金类别", lambda row: Programme(row.programme).label),
        Column("年度", lambda row: row.year),
    ),
    key=lambda row: {"programme": row.programme or NONE, "year": row.year},
    is_sortable=False,
)
PROJECTS = Grouping(
    "budgeting:ledger_projects",
    "各项目",
    (
        Column("项目", lambda row: row.name, sort="name"),
        Column("项目编号", lambda row: row.number, sort="number"),
        Column("购买主体", lambda row: str(row.purchaser), sort="purchaser__organisation__name"),
    ),
    key=lambda row: {"project": row.pk},
    url=lambda row: reverse("budgeting:case", args=[row.pk]),
)


@require_safe
def units(request: SignedInRequest) -> HttpResponseBase:
    """各购买主体。"""
    return _page(request, UNITS, ledger.by_purchaser, _flows(lambda r: r.organisation.short_name))


@require_safe
def funds(request: SignedInRequest) -> HttpResponseBase:
    """各资金来源，连同预算执行率。"""
    return _page(request, FUNDS, ledger.by_fund, _rates)


@require_safe
def programmes(request: SignedInRequest) -> HttpResponseBase:
    """各类项目资金逐年。"""
    return _page(request, PROGRAMMES, ledger.by_programme, _flows(str))


@require_safe
def projects(request: SignedInRequest) -> HttpResponseBase:
    """各项目。"""
    return _page(request, PROJECTS, ledger.by_project)


def _flows(name: Callable[[Any], str]) -> Callable[[Any, Slice], dict[str, Any]]:
    return lambda rows, _part: _charts(waterfall(rows, name))


def _rates(rows: Any, part: Slice) -> dict[str, Any]:
    """执行率的图和表；口径与年度自评表的预算执行相同。"""
    found = use_by_fund(part.entries())
    names = {fund.pk: str(fund) for fund in ledger.funds_of(part.user)}
    uses = [(names[pk], use) for pk, use in sorted(found.items())]
    return _charts(execution(uses), waterfall(rows, str)) | {"uses": uses}


def _charts(*charts: Chart | None) -> dict[str, Any]:
    return {"charts": [chart for chart in charts if chart]}
