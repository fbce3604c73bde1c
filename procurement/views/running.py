"""采购过程的办理页：修改、发布、开启、登记响应、评审、失败、定标、公告。"""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse

from budgeting.forms import NoteForm
from core.attachments import checked_upload
from core.calendar.clock import today
from core.money import format_yuan
from core.views.acts import SignedInRequest, act_page
from procurement import forms, services
from procurement.models import Award, Tender
from procurement.selectors import (
    candidates,
    last_day_of_bids,
    next_candidate,
    plain,
    providers_offered,
    schedule_of,
    suggestion_of,
    valid_bids,
)
from procurement.views.pages import (
    Pairs,
    award_of,
    bid_of,
    form_or_act,
    tender_act,
    tender_of,
)


@form_or_act
def revise(request: SignedInRequest, pk: int) -> HttpResponse:
    tender = tender_of(request, pk)
    return act_page(
        request,
        tender,
        "revise",
        do=services.revise_tender,
        page=tender_act(tender, note="发布之后不能再改。"),
        form_class=forms.TenderForm,
        initial={name: getattr(tender, name) for name in forms.TenderForm.base_fields},
    )


@form_or_act
def publish(request: SignedInRequest, pk: int) -> HttpResponse:
    """预填的日期是今日发布时的建议；能不能发布由规则判断。"""
    tender = tender_of(request, pk)
    schedule = schedule_of(tender, today())
    advice = suggestion_of(schedule)
    page = tender_act(
        tender,
        note="发布日就是今日；期限自此起算，发布之后不能再改。",
        template="procurement/publish_act.html",
        extra={"tender": tender, "schedule": schedule},
    )
    initial = {
        "offered_from": today(),
        "offered_until": advice.offered_until,
        "response_deadline": advice.response_deadline,
    }
    return act_page(
        request,
        tender,
        "publish",
        do=services.publish_tender,
        page=page,
        form_class=forms.PublishForm,
        initial=initial,
    )


@form_or_act
def start_own(request: SignedInRequest, pk: int) -> HttpResponse:
    tender = tender_of(request, pk)
    page = tender_act(tender, note="限额以下自行采购：不公告，今日征集报价；采购记录照样留存。")
    return act_page(request, tender, "start_own", do=services.start_own_purchase, page=page)


@form_or_act
def open_responses(request: SignedInRequest, pk: int) -> HttpResponse:
    tender = tender_of(request, pk)
    page = tender_act(tender, note="开启之后逐家登记截止日之前送达的响应，此后不再接收。")
    return act_page(request, tender, "open", do=services.open_responses, page=page)


@form_or_act
def receive_bid(request: SignedInRequest, pk: int) -> HttpResponse:
    tender = tender_of(request, pk)
    options = {"providers": providers_offered(tender.jurisdiction(), on=today()), "today": today()}
    return act_page(
        request,
        tender,
        "receive_bid",
        do=services.receive_bid,
        page=tender_act(tender, facts=_received(tender), done="响应已登记。"),
        form_class=forms.with_options(forms.BidForm, **options),
        initial={"received_on": last_day_of_bids(tender, on=today())},
    )


def _received(tender: Tender) -> Pairs:
    names = "、".join(f"{b.provider}（{format_yuan(b.price_fen)} 元）" for b in valid_bids(tender))
    return (("已登记的有效响应", names or None),)


@form_or_act
def invalidate(request: SignedInRequest, pk: int) -> HttpResponse:
    bid = bid_of(request, pk)
    page = tender_act(
        bid.tender,
        facts=(("供应商", bid.provider), ("报价（元）", format_yuan(bid.price_fen))),
        note="判为无效之后不能恢复。",
    )
    return act_page(
        request,
        bid,
        "invalidate",
        do=services.invalidate_bid,
        page=page,
        form_class=forms.InvalidForm,
    )


@form_or_act
def evaluate(request: SignedInRequest, pk: int) -> HttpResponse:
    tender = tender_of(request, pk)
    most = 100 - tender.price_weight
    options: dict[str, Any] = {"today": today(), "bids": tuple(valid_bids(tender))}
    if not most:
        options |= {"bids": (), "tables": {}}
    note = (
        f"价格得分由系统按公式计算；技术商务得分满分 {plain(most)} 分。"
        if most
        else "全看价格：由系统按报价排定名次，不评技术。"
    )
    return act_page(
        request,
        tender,
        "evaluate",
        do=services.submit_report,
        page=tender_act(tender, facts=_received(tender), note=note),
        form_class=forms.with_options(forms.ReportForm, **options),
    )


@form_or_act
def fail(request: SignedInRequest, pk: int) -> HttpResponse:
    tender = tender_of(request, pk)
    note = "宣布失败之后，采购包退回待采购，可以再次启动；不能恢复本次采购。"
    return act_page(
        request,
        tender,
        "fail",
        do=services.fail_tender,
        page=tender_act(tender, facts=_received(tender), note=note),
        form_class=forms.FailForm,
    )


@form_or_act
def abandon(request: SignedInRequest, pk: int) -> HttpResponse:
    tender = tender_of(request, pk)
    note = "作废没有发布过的采购文件；采购包仍在待采购，可以另行启动、重新划分或者终止采购。"
    return act_page(
        request,
        tender,
        "abandon",
        do=services.abandon_tender,
        page=tender_act(tender, note=note),
        form_class=NoteForm,
    )


# --- 成交 ----------------------------------------------------------------------------------------


@form_or_act
def decide(request: SignedInRequest, pk: int) -> HttpResponse:
    tender = tender_of(request, pk)
    first = next_candidate(tender)
    return act_page(
        request,
        tender,
        "decide",
        do=services.decide_award,
        page=tender_act(tender, note="按评审报告的次序确定；不定次序在前的，必须写明理由。"),
        form_class=forms.with_options(forms.DecideForm, bids=candidates(tender)),
        initial={"bid": first.pk if first else None},
    )


@form_or_act
def notify(request: SignedInRequest, pk: int) -> HttpResponse:
    award = award_of(request, pk)
    return act_page(
        request,
        award,
        "notify",
        do=services.notify_award,
        page=tender_act(award.tender, facts=_awarded(award), note="公告日就是今日。"),
        form_class=forms.NotifyForm,
    )


@form_or_act
def refuse_award(request: SignedInRequest, pk: int) -> HttpResponse:
    """登记拒绝签订：可以附证据文件。"""
    award = award_of(request, pk)
    note = (
        "登记之后这份成交不再有效，拟订中的合同撤回，采购回到定标："
        "由分管领导确定下一候选人，或者宣布失败重新采购；预留的资金不动。"
    )
    return act_page(
        request,
        award,
        "refuse",
        do=_refuse,
        page=tender_act(award.tender, facts=_awarded(award), note=note),
        form_class=forms.with_options(forms.RefusalForm, today=today()),
        initial={"refused_on": today()},
    )


def _refuse(award: Award, *, file: Any, **values: Any) -> Any:
    checked = checked_upload(file) if file else None
    return services.record_refusal(award, file=checked, **values)


def _awarded(award: Award) -> Pairs:
    sent = (("通知和公告日", award.notified_on.isoformat()),) if award.notified_on else ()
    return (
        ("承接主体", award.provider),
        ("成交金额（元）", format_yuan(award.amount_fen)),
        ("确定日", award.decided_on.isoformat()),
        *sent,
    )
