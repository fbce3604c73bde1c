"""付款：申请、核对、退回、拨付。"""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpResponse

from contracts import services
from contracts.facts.money import due_fen, open_instalments, paid_fen, payable_fen
from contracts.forms.payment import ReleaseForm, ReturnForm, request_form, verify_form
from contracts.models import Contract, Instalment, PaymentRequest
from contracts.selectors.amounts import lines_with_quantities, request_rows
from contracts.views.pages import Facts, act_on, contract_of, form_or_act, paper_of, yuan
from core.money import capital
from core.views.acts import Do, SignedInRequest, act_page

LINES = "contracts/payment_act.html"


@form_or_act
def request_payment(request: SignedInRequest, pk: int) -> HttpResponse:
    """申请付款；网址里指明了期次的，金额按各行分摊预填。"""
    contract = contract_of(request, pk)
    lines, instalments = lines_with_quantities(contract), open_instalments(contract)
    chosen = _chosen(request, instalments)
    page = act_on(
        contract,
        facts=_money(contract, chosen),
        note=(
            "逐行列明本次的数量和金额，各行合计须等于本期应付。"
            "预付款没有数量，填 0；没有金额的行不列入。"
        ),
        done="付款申请已提交，由分管领导逐行核对。",
        template="contracts/request_act.html",
        extra={"instalments": instalments, "chosen": chosen},
    )
    return act_page(
        request,
        contract,
        "request_payment",
        do=services.request_payment,
        page=page,
        form_class=request_form(lines, instalments),
        initial={
            "instalment": chosen.pk if chosen else None,
            "lines": request_rows(lines, chosen),
        },
    )


def _chosen(request: SignedInRequest, instalments: list[Instalment]) -> Instalment | None:
    """网址里指明的一期；不在可申请之列的不算。只剩一期的，就是它。"""
    asked = request.GET.get("instalment", "")
    named = [i for i in instalments if str(i.pk) == asked]
    found = named or (instalments if len(instalments) == 1 else [])
    return found[0] if found else None


def _money(contract: Contract, chosen: Instalment | None) -> Facts:
    facts: Facts = (
        ("应付总额", yuan(payable_fen(contract))),
        ("已付", yuan(paid_fen(contract))),
    )
    if chosen is None:
        return facts
    return (*facts, ("本期应付", f"{chosen}　{yuan(due_fen(chosen))}"), ("条件", chosen.condition))


@form_or_act
def verify(request: SignedInRequest, pk: int) -> HttpResponse:
    """分管领导逐行核对合同、清单与进度。"""
    row = _request_of(request, pk)
    lines = list(row.lines.select_related("line"))
    page = act_on(
        row,
        facts=_facts(row),
        note="逐行核对合同、清单和进度，核对无误的勾选；有一行没有核对的，不能通过。",
        done="已核对，由财政部门拨付。",
    )
    return act_page(
        request,
        row,
        "verify",
        do=services.verify_payment,
        page=page,
        form_class=verify_form(lines),
    )


@form_or_act
def send_back(request: SignedInRequest, pk: int) -> HttpResponse:
    return _with_lines(request, pk, "send_back", services.send_back_payment, ReturnForm)


@form_or_act
def release(request: SignedInRequest, pk: int) -> HttpResponse:
    note = "核对国库集中支付的凭证号；拨付之后不能撤销，更正另记分录。"
    return _with_lines(request, pk, "release", services.release_payment, ReleaseForm, note)


@form_or_act
def decline(request: SignedInRequest, pk: int) -> HttpResponse:
    note = "退回之后，经办人更正并重新申请。"
    return _with_lines(request, pk, "decline", services.decline_payment, ReturnForm, note)


def _with_lines(
    request: SignedInRequest,
    pk: int,
    move: str,
    do: Do,
    form_class: type[forms.Form],
    note: str = "",
) -> HttpResponse:
    row = _request_of(request, pk)
    extra: dict[str, Any] = {"payment": row, "lines": row.lines.select_related("line")}
    page = act_on(row, facts=_facts(row), note=note, template=LINES, extra=extra)
    return act_page(request, row, move, do=do, page=page, form_class=form_class)


def _request_of(request: SignedInRequest, pk: int) -> PaymentRequest:
    row: PaymentRequest = paper_of(
        request, PaymentRequest, pk, "instalment__milestone", "requested_by", "verified_by"
    )
    return row


def _facts(row: PaymentRequest) -> Facts:
    contract = row.contract
    return (
        ("付款条件", row.instalment.condition),
        ("申请金额", yuan(row.amount_fen)),
        ("大写", capital(row.amount_fen)),
        ("发票号", row.invoice or None),
        ("申请", f"{row.requested_by}　{row.requested_on.isoformat()}"),
        ("核对", row.verified_on and f"{row.verified_by}　{row.verified_on.isoformat()}"),
        ("此前已付", yuan(paid_fen(contract))),
        ("应付总额", yuan(payable_fen(contract))),
    )
