"""控制数编报：对照表、购买主体编报、财政下达、试算。"""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from budgeting import services
from budgeting.forms.rounds import RoundFilter, TryForm, statement_form
from budgeting.models import Ceiling
from budgeting.selectors import purchasers_reviewed_by
from budgeting.selectors.round_paper import round_papers, signed_off
from budgeting.selectors.rounds import (
    AMOUNTS,
    SHOWN,
    amount_of,
    next_statement,
    round_lines,
    round_years,
    totals,
)
from budgeting.selectors.trying import TriedCeiling, TriedShare, tried
from core.calendar.clock import today
from core.transitions import ActError
from core.views.acts import (
    SignedInRequest,
    actor_arguments,
    has_right,
    new_key,
    request_key,
    require_right,
    status_of,
)
from core.views.listing import Column, Listing, exported
from projects.models import FundSource, Purchaser

REPORT, ISSUE = "budgeting.report_ceiling", "budgeting.set_ceiling"
PRINT = "budgeting.print_papers"


def _amount(name: str) -> Any:
    return lambda line: amount_of(line, name)


COLUMNS = (
    Column("购买主体", lambda line: line.purchaser.organisation.short_name),
    Column("资金来源", lambda line: str(line.fund)),
    *(Column(title, _amount(name), is_money=True) for name, title in AMOUNTS),
    Column("进度", lambda line: line.state),
)
# The page: the fund below the unit, the differences below the figures.
PAGE = tuple(
    column
    for column in COLUMNS
    if column.title in {"购买主体", "进度", *(dict(AMOUNTS)[name] for name in SHOWN)}
)
# Beside the columns of the page, in the CSV alone.
MORE = (
    Column("年度", lambda line: line.year),
    Column("其中上年结转", lambda line: line.carried_fen, is_money=True),
    Column("现行文号", lambda line: line.last_down.number if line.last_down else ""),
)


@require_safe
def rounds(request: SignedInRequest) -> HttpResponseBase:
    """一上、一下、二上、二下对照表。"""
    form = RoundFilter(**_offered(request))
    year = form.given("year") or _latest(request)
    lines = round_lines(
        request.user, year, purchaser=form.given("purchaser"), fund=form.given("fund")
    )
    if request.GET.get("export") == "csv":
        return exported(lines, COLUMNS + MORE, f"{year}年控制数编报对照表")
    sums = totals(lines)
    units = {line.purchaser.pk: line.purchaser for line in lines}
    chosen = next(iter(units.values())) if len(units) == 1 else None
    context = {
        "listing": Listing.whole(request, lines, COLUMNS),
        "headers": Listing.whole(request, lines, PAGE).headers,
        "rows": lines,
        "sums": [sums[name] for name in SHOWN],
        "year": year,
        "filter_form": form,
        "year_query": f"?year={year}",
        "own": _own(request),
        "signed": signed_off(lines),
        "papers": round_papers(units.values(), year),
        "printed_for": chosen if has_right(request, PRINT) else None,
        "key": new_key(),
        "can_report": has_right(request, REPORT),
        "can_issue": has_right(request, ISSUE),
    }
    return render(request, "budgeting/round_sheet.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def report(request: SignedInRequest, pk: int) -> HttpResponse:
    """购买主体编报一上、二上。"""
    purchaser = get_object_or_404(Purchaser.objects.visible_to(request.user), pk=pk)
    require_right(request, REPORT)
    return _Statement(request, purchaser, up=True).respond()


@require_http_methods(["GET", "HEAD", "POST"])
def issue(request: SignedInRequest, pk: int) -> HttpResponse:
    """财政下达一下、二下。"""
    purchaser = get_object_or_404(Purchaser.objects.visible_to(request.user), pk=pk)
    require_right(request, ISSUE)
    return _Statement(request, purchaser, up=False).respond()


@require_POST
def print_sheet(request: SignedInRequest, pk: int) -> HttpResponse:
    """印制一个购买主体的对照表。"""
    purchaser = get_object_or_404(Purchaser.objects.visible_to(request.user), pk=pk)
    require_right(request, PRINT)
    year = _year(request)
    try:
        services.print_rounds(
            purchaser, year=year, key=request_key(request), **actor_arguments(request)
        )
    except ActError as error:
        return HttpResponse(str(error), status=status_of(error), content_type="text/plain")
    messages.success(request, "对照表正在生成，稍后在本页下载。")
    return redirect(f"{reverse('budgeting:rounds')}?year={year}&purchaser={pk}")


class _Statement:
    """编报、下达的一页：一个购买主体，一个年度，轮到的一轮。"""

    def __init__(self, request: SignedInRequest, purchaser: Purchaser, *, up: bool) -> None:
        self.request, self.purchaser, self.up = request, purchaser, up
        self.year = _year(request)
        self.statement = next_statement(purchaser, self.year, request.user, up=up)
        form = statement_form(self.statement, up=up)
        self.form = form(request.POST if request.method == "POST" else None)

    def respond(self) -> HttpResponse:
        if self.request.method != "POST":
            return self.show()
        # The page states its round: what has moved on meanwhile is refused, not restated.
        if self.request.POST.get("round") != self.statement.round:
            words = "这一轮已经办过或者还没有轮到，没有保存。请核对后重新填写。"
            return self.show(status=409, error=words)
        if not self.form.is_valid():
            return self.show(status=422)
        try:
            self.save()
        except ActError as error:
            refusals = getattr(error, "refusals", ())
            words = "" if refusals else str(error)
            return self.show(status=status_of(error), error=words, refusals=refusals)
        messages.success(self.request, f"{self.year} 年{self.statement.label}已办理。")
        return redirect(f"{reverse('budgeting:rounds')}?year={self.year}")

    def save(self) -> None:
        form: Any = self.form
        data = form.cleaned_data
        values: dict[str, Any] = {
            "year": self.year,
            "round_name": self.statement.round,
            "figures": form.figures(),
            "note": data["note"],
            "key": request_key(self.request),
            **actor_arguments(self.request),
        }
        if self.up:
            services.report_round(self.purchaser, **values)
        else:
            services.issue_round(self.purchaser, number=data["number"], **values)

    def show(self, *, status: int = 200, error: str = "", refusals: Any = ()) -> HttpResponse:
        context = {
            "purchaser": self.purchaser,
            "year": self.year,
            "years": [today().year + 1, today().year],
            "statement": self.statement,
            "form": self.form,
            "up": self.up,
            "title": "编报控制数" if self.up else "下达控制数",
            "key": new_key(),
            "error": error,
            "refusals": refusals,
        }
        return render(self.request, "budgeting/round_form.html", context, status=status)


@require_safe
def try_ceilings(request: SignedInRequest) -> HttpResponseBase:
    """试算：改成某个数，哪些待批的项目放不下；不写入任何东西。"""
    require_right(request, ISSUE)
    form = TryForm(**_offered(request))
    year = form.given("year") or _latest(request)
    asked = {"purchaser": form.given("purchaser"), "fund": form.given("fund")}
    rows = Ceiling.objects.visible_to(request.user).filter(
        year=year, **{name: value for name, value in asked.items() if value}
    )
    ceilings = rows.select_related("purchaser__organisation", "fund").order_by("purchaser", "fund")
    found = tried(
        list(ceilings),
        percent=form.cleaned_data.get("percent"),
        amount_fen=form.cleaned_data.get("amount_fen"),
        order=form.cleaned_data.get("order") or "filed",
    )
    if request.GET.get("export") == "csv":
        return exported(_shares(found), TRIED, f"{year}年控制数试算")
    context = {
        "tried": [row for row in found if row.shares or row.is_refused],
        "quiet_count": sum(not (row.shares or row.is_refused) for row in found),
        "sums": _sums(found),
        "exports": Listing.whole(request, [], TRIED).exports,
        "filter_form": form,
        "year": year,
    }
    return render(request, "budgeting/ceiling_try.html", context)


TRIED = (
    Column("购买主体", lambda pair: pair[0].ceiling.purchaser.organisation.short_name),
    Column("资金来源", lambda pair: str(pair[0].ceiling.fund)),
    Column("现行控制数", lambda pair: pair[0].ceiling.amount_fen, is_money=True),
    Column("试算控制数", lambda pair: pair[0].tried_fen, is_money=True),
    Column("已分配", lambda pair: pair[0].ceiling.allocated_fen, is_money=True),
    Column("项目编号", lambda pair: pair[1].project.number),
    Column("项目", lambda pair: pair[1].project.name),
    Column("申请", lambda pair: pair[1].fen, is_money=True),
    Column("最近一次评价", lambda pair: _scored(pair[1])),
    Column("排到时尚余", lambda pair: pair[1].left_fen, is_money=True),
    Column("结果", lambda pair: "放得下" if pair[1].fits else "放不下"),
)


def _scored(share: TriedShare) -> str:
    """按得分排时的一格；没有评价过的写明，不写 0。"""
    score = share.score
    return f"{score.score}（{score.title}，{score.on.isoformat()}）" if score else "没有评价过"


def _shares(found: list[TriedCeiling]) -> list[Any]:
    return [(row, share) for row in found for share in row.shares]


def _sums(found: list[TriedCeiling]) -> dict[str, int]:
    return {
        "now_fen": sum(row.ceiling.amount_fen for row in found),
        "tried_fen": sum(row.tried_fen for row in found),
        "asked_fen": sum(row.asked_fen for row in found),
        "fitting": sum(len(row.fitting) for row in found),
        "falling_out": sum(len(row.falling_out) for row in found),
        "refused": sum(row.is_refused for row in found),
    }


def _offered(request: SignedInRequest) -> dict[str, Any]:
    visible = purchasers_reviewed_by(request.user)
    places = visible.values("organisation__jurisdiction")
    return {
        "data": request.GET,
        "years": round_years(request.user),
        "purchasers": visible,
        "funds": FundSource.objects.filter(jurisdiction__in=places),
    }


def _latest(request: SignedInRequest) -> int:
    return next(iter(round_years(request.user)), today().year)


def _own(request: SignedInRequest) -> Purchaser | None:
    """编报的购买主体：现任岗位所在的单位。"""
    if request.acting is None:
        return None
    return Purchaser.objects.filter(organisation=request.acting.organisation).first()


def _year(request: HttpRequest) -> int:
    """编报的年度：网址或者表单指明的四位年份，默认今年。"""
    source = request.POST if request.method == "POST" else request.GET
    text = source.get("year", "")
    is_year = text.isascii() and text.isdigit() and len(text) == 4 and text >= "2000"
    return int(text) if is_year else today().year
