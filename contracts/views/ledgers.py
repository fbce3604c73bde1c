"""四本台账：合同、支付、结转、整改；可排序、筛选、导出。"""

from __future__ import annotations

from typing import Any

from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_safe

from contracts.forms.filters import (
    CarryOverFilter,
    ContractFilter,
    PaymentFilter,
    RectificationFilter,
)
from contracts.selectors.badges import badge_of
from contracts.selectors.dues import DueDays
from contracts.selectors.ledgers import (
    asked,
    carry_over_list,
    contract_ledger,
    payment_ledger,
    rectification_ledger,
    slice_years,
)
from contracts.selectors.sheet import mending_days
from core.calendar.clock import today
from core.views.acts import (
    SignedInRequest,
    has_right,
)
from core.views.listing import Column, Listing, listing

PURCHASER = "package__project__purchaser__organisation__name"


def _buyer(contract: Any) -> str:
    return str(contract.case().purchaser.organisation.short_name)


def _day(value: Any) -> str:
    return value.isoformat() if value else ""


CONTRACTS = (
    Column("合同编号", lambda c: c.number, sort="number"),
    Column("合同名称", lambda c: c.name, sort="name"),
    Column("购买主体", _buyer, sort=PURCHASER),
    Column("承接主体", lambda c: str(c.award.provider), sort="award__provider__name"),
    Column("金额", lambda c: c.amount_fen, sort="amount_fen", is_money=True),
    Column("已付", lambda c: c.paid_fen, sort="paid_fen", is_money=True),
    Column("未付", lambda c: c.unpaid_fen, sort="unpaid_fen", is_money=True),
    Column("签订日", lambda c: _day(c.signed_on), sort="signed_on"),
    Column("备案日", lambda c: _day(c.filed_on), sort="filed_on"),
    Column("状态", lambda c: c.get_status_display(), sort="status"),
    Column("补充合同", lambda c: c.added_fen, is_money=True),
    Column("项目编号", lambda c: c.case().number),
    Column("项目", lambda c: c.case().name),
)
PAYMENTS = (
    Column("支付凭证号", lambda p: p.voucher, sort="voucher"),
    Column("支付日", lambda p: p.paid_on.isoformat(), sort="paid_on"),
    Column("合同", lambda p: str(p.contract), sort="contract__number"),
    Column(
        "承接主体", lambda p: str(p.contract.award.provider), sort="contract__award__provider__name"
    ),
    Column("期次", lambda p: str(p.request.instalment)),
    Column("金额", lambda p: p.amount_fen, sort="amount_fen", is_money=True),
    Column("购买主体", lambda p: _buyer(p.contract), sort=f"contract__{PURCHASER}"),
)
CARRY_OVERS = (
    Column("合同", lambda s: str(s.contract), sort="contract__number"),
    Column("购买主体", lambda s: _buyer(s.contract), sort=f"contract__{PURCHASER}"),
    Column("承接主体", lambda s: str(s.contract.award.provider)),
    Column("年度", lambda s: s.allocation.ceiling.year, numeric=True),
    Column("资金来源", lambda s: str(s.allocation.ceiling.fund)),
    Column("合同份额", lambda s: s.amount_fen, sort="amount_fen", is_money=True),
    Column("已付", lambda s: s.paid_fen, sort="paid_fen", is_money=True),
    Column("未付", lambda s: s.left_fen, sort="left_fen", is_money=True),
    Column("合同状态", lambda s: s.contract.get_status_display(), sort="contract__status"),
)


@require_safe
def contracts(request: SignedInRequest) -> HttpResponseBase:
    """合同台账。"""
    form = ContractFilter(request.GET, user=request.user)
    rows = asked(contract_ledger(request.user), "", **_common(form), status=form.given("status"))
    page = listing(request, rows, CONTRACTS, filename="合同台账")
    if not isinstance(page, Listing):
        return page
    context = {"listing": page, "rows": [(row, badge_of(row)) for row in page.rows]}
    return render(request, "contracts/contract_list.html", context | _filter(form))


@require_safe
def payments(request: SignedInRequest) -> HttpResponseBase:
    """支付台账。"""
    form = PaymentFilter(request.GET, user=request.user)
    rows = asked(
        payment_ledger(request.user),
        "contract__",
        own=("voucher",),
        **_common(form),
        paid_on__gte=form.given("since"),
        paid_on__lte=form.given("until"),
    )
    page = listing(request, rows, PAYMENTS, filename="支付台账", default_sort="-paid_on")
    if not isinstance(page, Listing):
        return page
    context = {"listing": page, "rows": page.rows}
    return render(request, "contracts/payment_list.html", context | _filter(form))


@require_safe
def carry_overs(request: SignedInRequest) -> HttpResponseBase:
    """结转清单：某年度还有未付的合同份额；没有指明年度的，最近的一年。"""
    on, years = today(), slice_years(request.user)
    latest = next((y for y in years if y <= on.year), on.year)
    form = CarryOverFilter({"year": latest} | request.GET.dict(), user=request.user, years=years)
    year = form.given("year") or latest
    rows = asked(carry_over_list(request.user, year), "contract__", **_common(form))
    page = listing(request, rows, CARRY_OVERS, filename=f"{year}年结转清单", default_sort="pk")
    if not isinstance(page, Listing):
        return page
    can_carry = has_right(request, "contracts.carry_over")
    context = {
        "listing": page,
        "rows": page.rows,
        "year": year,
        "can_carry": can_carry,
        "headers": [*page.headers, {"title": "办理"}] if can_carry else page.headers,
    }
    return render(request, "contracts/carry_over_list.html", context | _filter(form))


@require_safe
def rectifications(request: SignedInRequest) -> HttpResponseBase:
    """整改台账；届满日由工作日历推算，不能按它排序。"""
    dues, on = DueDays(), today()
    form = RectificationFilter(request.GET, user=request.user)
    rows = asked(
        rectification_ledger(request.user),
        "contract__",
        **_common(form),
        status=form.given("status"),
    )
    page = listing(
        request, rows, _mending_columns(dues), filename="整改台账", default_sort="-ordered_on"
    )
    if not isinstance(page, Listing):
        return page
    found = [
        {"row": row, "badge": badge_of(row), **mending_days(row, dues, on)} for row in page.rows
    ]
    context = {"listing": page, "rows": found}
    return render(request, "contracts/rectification_list.html", context | _filter(form))


def _mending_columns(dues: DueDays) -> tuple[Column, ...]:
    return (
        Column("责令日", lambda r: r.ordered_on.isoformat(), sort="ordered_on"),
        Column("合同", lambda r: str(r.contract), sort="contract__number"),
        Column("购买主体", lambda r: _buyer(r.contract), sort=f"contract__{PURCHASER}"),
        Column("承接主体", lambda r: str(r.contract.award.provider)),
        Column("整改要求", lambda r: r.demand),
        Column("期限（工作日）", lambda r: r.workdays, sort="workdays", numeric=True),
        Column("届满日", lambda r: _day(dues.mending(r))),
        Column("回复日", lambda r: _day(r.replied_on), sort="replied_on"),
        Column("状态", lambda r: r.get_status_display(), sort="status"),
    )


def _common(form: Any) -> dict[str, Any]:
    return {"q": form.given("q"), "purchaser": form.given("purchaser")}


def _filter(form: Any) -> dict[str, Any]:
    return {"filter_form": form, "is_narrowed": form.is_narrowed()}
