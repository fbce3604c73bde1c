"""跟踪监管：检查、责令整改与复查、扣款事件、登记交付。"""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpResponse

from contracts import services
from contracts.facts.delivery import mending_due_on
from contracts.forms.delivery import (
    CheckForm,
    DeliveryForm,
    InspectionForm,
    MendingForm,
    RefusalForm,
    ReplyForm,
    incident_form,
)
from contracts.models import Milestone, Rectification
from contracts.views.deadlines import proof_of
from contracts.views.pages import act_on, contract_of, form_or_act, paper_of
from core.calendar.clock import today
from core.calendar.loading import workdays
from core.views.acts import Do, SignedInRequest, act_page

DEADLINE = "contracts/mending_act.html"


@form_or_act
def inspect(request: SignedInRequest, pk: int) -> HttpResponse:
    contract = contract_of(request, pk)
    page = act_on(contract, note="检查的情况入历史，此后不可更改。", done="检查已登记。")
    return act_page(
        request,
        contract,
        "inspect",
        do=services.record_inspection,
        page=page,
        form_class=InspectionForm,
    )


@form_or_act
def order_mending(request: SignedInRequest, pk: int) -> HttpResponse:
    """责令限期整改；按合同约定的期限先算好届满日。"""
    contract = contract_of(request, pk)
    days = contract.mending_workdays
    page = act_on(
        contract,
        note="期限自责令次日起按工作日计算；期限届满仍不整改的，可以认定拒不整改。",
        done="已责令整改。",
        template=DEADLINE,
        extra=proof_of(
            f"今日责令，{days} 个工作日届满", lambda: workdays().add_workdays(today(), days)
        ),
    )
    return act_page(
        request,
        contract,
        "order_mending",
        do=services.order_mending,
        page=page,
        form_class=MendingForm,
        initial={"workdays": days},
    )


@form_or_act
def answer(request: SignedInRequest, pk: int) -> HttpResponse:
    return _mending_page(request, pk, "answer", services.answer_rectification, ReplyForm)


@form_or_act
def close(request: SignedInRequest, pk: int) -> HttpResponse:
    return _mending_page(request, pk, "close", services.close_rectification, CheckForm)


@form_or_act
def reject(request: SignedInRequest, pk: int) -> HttpResponse:
    note = "整改不到位的，退回继续整改，原期限不变。"
    return _mending_page(request, pk, "reject", services.reject_rectification, CheckForm, note)


@form_or_act
def refuse(request: SignedInRequest, pk: int) -> HttpResponse:
    note = "认定拒不整改之后，可以据以终止合同；除此之外没有别的自动后果。"
    return _mending_page(request, pk, "refuse", services.refuse_rectification, RefusalForm, note)


def _mending_page(
    request: SignedInRequest,
    pk: int,
    move: str,
    do: Do,
    form_class: type[forms.Form],
    note: str = "",
) -> HttpResponse:
    row: Rectification = paper_of(request, Rectification, pk)
    facts = (
        ("整改要求", row.demand),
        ("责令日", row.ordered_on.isoformat()),
        ("期限", f"{row.workdays} 个工作日"),
        *_said(row),
    )
    proof = proof_of("整改期限届满", lambda: mending_due_on(row))
    page = act_on(row, facts=facts, note=note, template=DEADLINE, extra=proof)
    return act_page(request, row, move, do=do, page=page, form_class=form_class)


def _said(row: Rectification) -> list[tuple[str, Any]]:
    """此前的回复和复查意见。"""
    said: list[tuple[str, Any]] = []
    if row.replied_on:
        said += [("整改回复", row.reply), ("回复日", row.replied_on.isoformat())]
    if row.check_note:
        said.append(("上次复查意见", row.check_note))
    return said


@form_or_act
def record_incident(request: SignedInRequest, pk: int) -> HttpResponse:
    """登记扣款事件；只有合同约定的情形可选。"""
    contract = contract_of(request, pk)
    page = act_on(
        contract,
        note="结算时按合同金额和约定的比例扣款；没有约定的情形不能扣。",
        done="扣款事件已登记，结算时扣除。",
    )
    return act_page(
        request,
        contract,
        "record_incident",
        do=services.record_incident,
        page=page,
        form_class=incident_form(contract.deduction_terms),
    )


@form_or_act
def deliver(request: SignedInRequest, pk: int) -> HttpResponse:
    row: Milestone = paper_of(request, Milestone, pk)
    page = act_on(
        row,
        facts=(("约定日期", row.due_on.isoformat()),),
        note="逾期照登，记为逾期；登记之后组织验收。",
        done="交付已登记，请组织验收。",
    )
    return act_page(
        request,
        row,
        "deliver",
        do=services.deliver_milestone,
        page=page,
        form_class=DeliveryForm,
    )
