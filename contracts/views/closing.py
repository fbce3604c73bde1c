"""年终结账与开账：一页各数，一次办理，逐项结果。"""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_safe

from budgeting import services as budget
from budgeting.selectors import purchasers_reviewed_by
from budgeting.selectors.rounds import round_years
from contracts import services
from contracts.forms.closing import CloseForm, OpenForm, OpenNumberForm, YearEndFilter
from contracts.selectors.closing import AMOUNTS, YearLine, totals, year_lines
from core.calendar.clock import today
from core.views.acts import (
    SignedInRequest,
    actor_arguments,
    has_right,
    require_right,
)
from core.views.listing import Column, Listing, exported
from projects.models import FundSource

ACT = "budgeting.close_year"


def _amount(name: str) -> Any:
    return lambda line: line.fen(name)


COLUMNS = (
    Column("购买主体", lambda line: line.ceiling.purchaser.organisation.short_name),
    Column("资金来源", lambda line: str(line.ceiling.fund)),
    *(Column(title, _amount(name), is_money=True) for name, title in AMOUNTS),
    Column("情况", lambda line: line.state[0]),
)
# The page: the fund below the unit, what is unallocated below the ceiling.
PAGE = (COLUMNS[0], COLUMNS[2], *COLUMNS[4:])


class _Page:
    """筛选条件和各行。"""

    def __init__(self, request: SignedInRequest) -> None:
        visible = purchasers_reviewed_by(request.user)
        self.years = round_years(request.user)
        past = next((year for year in self.years if year < today().year), today().year)
        asked = request.GET.copy()
        asked.setdefault("year", str(past))
        self.form = YearEndFilter(
            asked,
            years=self.years,
            purchasers=visible,
            funds=FundSource.objects.filter(
                jurisdiction__in=visible.values("organisation__jurisdiction")
            ),
        )
        self.year: int = self.form.given("year") or past
        narrowed = {name: self.form.given(name) for name in ("purchaser", "fund")}
        state = self.form.given("state")
        lines = year_lines(request.user, self.year, **narrowed)
        self.lines = [line for line in lines if state in (None, line.state[0])]

    @property
    def open_lines(self) -> list[YearLine]:
        return [line for line in self.lines if line.closing is None]

    @property
    def unopened(self) -> list[YearLine]:
        return [line for line in self.lines if not line.is_opened]

    def context(self, request: SignedInRequest) -> dict[str, Any]:
        return {
            "listing": Listing.whole(request, self.lines, COLUMNS),
            "headers": Listing.whole(request, self.lines, PAGE).headers,
            "rows": [(line, [line.fen(name) for name, _ in AMOUNTS[2:]]) for line in self.lines],
            "sums": totals(self.lines),
            "year": self.year,
            "filter_form": self.form,
            "can_close": has_right(request, ACT),
            "open_count": len(self.open_lines),
            "unopened_count": len(self.unopened),
            "query": request.GET.urlencode() or f"year={self.year}",
        }


@require_safe
def year_end(request: SignedInRequest) -> HttpResponseBase:
    """某年度各购买主体、各资金来源：批复、预留、承诺、已付、待收回、待结转。"""
    page = _Page(request)
    if request.GET.get("export") == "csv":
        return exported(page.lines, COLUMNS, f"{page.year}年终结账")
    return render(request, "contracts/year_end.html", page.context(request))


@require_http_methods(["GET", "HEAD", "POST"])
def close(request: SignedInRequest) -> HttpResponse:
    """勾选各项，一次办理：结转、拟订收回、结账；每项写明结果。"""
    require_right(request, ACT)
    page = _Page(request)
    offered = {line.ceiling.pk: line for line in page.open_lines}
    initial = {"chosen": list(offered)}
    form = CloseForm(
        request.POST if request.method == "POST" else None, offered=list(offered), initial=initial
    )
    context = page.context(request) | {"form": form, "open_lines": page.open_lines}
    typed = request.POST.getlist("chosen")
    context["ticked"] = _ticked(typed) if request.method == "POST" else set(offered)
    if request.method != "POST":
        return render(request, "contracts/year_close.html", context)
    if not form.is_valid():
        return render(request, "contracts/year_close.html", context, status=422)
    chosen = [offered[pk].ceiling for pk in form.cleaned_data["chosen"]]
    results = services.close_year(
        chosen, number=form.cleaned_data["number"], **actor_arguments(request)
    )
    context |= {
        "results": results,
        "closed": sum(result.is_closed for result in results),
        "title": f"{page.year} 年终结账的结果",
    }
    return render(request, "contracts/year_result.html", context)


def _ticked(values: list[str]) -> set[int]:
    """The rows ticked, as typed."""
    return {int(value) for value in values if value.isascii() and value.isdigit()}


@require_http_methods(["GET", "HEAD", "POST"])
def open_next(request: SignedInRequest) -> HttpResponse:
    """下一年度开账：照本年度下达的数预填，改好后一次下达；已经下达的不动。"""
    require_right(request, ACT)
    page = _Page(request)
    data = request.POST if request.method == "POST" else None
    number = OpenNumberForm(data)
    rows = [(line, _open_form(line, data)) for line in page.unopened]
    context = page.context(request) | {"number_form": number, "open_rows": rows}
    context["next_year"] = page.year + 1
    if request.method != "POST":
        return render(request, "contracts/year_open.html", context)
    forms = [form for _, form in rows]
    are_valid = number.is_valid() & all(form.is_valid() for form in forms)
    chosen = [(line, f) for line, f in rows if f.is_valid() and f.cleaned_data.get("include")]
    if not (are_valid and chosen):
        context["error"] = "" if not are_valid else "请至少勾选一项。"
        return render(request, "contracts/year_open.html", context, status=422)
    context["opened"] = [
        budget.open_ceiling(
            line.ceiling,
            amount_fen=form.cleaned_data["amount_fen"],
            number=number.cleaned_data["number"],
            **actor_arguments(request),
        )
        for line, form in chosen
    ]
    context["title"] = f"{page.year + 1} 年开账的结果"
    return render(request, "contracts/year_result.html", context)


def _open_form(line: YearLine, data: Any) -> OpenForm:
    initial = {"include": False, "amount_fen": line.ceiling.granted_fen}
    return OpenForm(data, prefix=f"ceiling-{line.ceiling.pk}", initial=initial)
