"""签批链的办理页：答复退回意见，登记、确认、否认纸质签署，登记领导小组会议。"""

from __future__ import annotations

from dataclasses import replace

from django.http import HttpResponse
from django.shortcuts import get_object_or_404

from accounts.models import RoleAssignment, User
from core.calendar.clock import today
from core.views.acts import ActPage, SignedInRequest, act_page
from projects.facts.chain import scans_of
from projects.forms import AnswerForm, DenyForm, meeting_form, paper_form
from projects.models import GroupMember, InternalSignature, Project, SignaturePoint
from projects.services import (
    answer_point,
    confirm_paper,
    deny_paper,
    record_meeting,
    register_paper,
)
from projects.views.signing import act_page_of, form_or_act, visible_signature


@form_or_act
def answer(request: SignedInRequest, pk: int) -> HttpResponse:
    """答复签批退回的一条意见。"""
    seen = Project.objects.visible_to(request.user)
    rows = SignaturePoint.objects.filter(signature__project__in=seen).select_related(
        "signature__project__purchaser__organisation__jurisdiction"
    )
    point = get_object_or_404(rows, pk=pk)
    page = act_page_of(point.case(), "已答复。", "全部答复之后，签批才能继续。")
    asked = ((f"第 {point.number} 条", point.text), *page.facts)
    return act_page(
        request,
        point,
        "answer",
        do=answer_point,
        page=replace(page, facts=asked),
        form_class=AnswerForm,
    )


@form_or_act
def paper(request: SignedInRequest, pk: int) -> HttpResponse:
    """登记一步纸质签署：签署人、日期、扫描件。"""
    signature = visible_signature(request, pk)
    posts = RoleAssignment.objects.filter(role=signature.role, organisation=signature.owner())
    holders = User.objects.filter(pk__in=posts.values("user"), is_active=True).order_by("pk")
    note = "登记之后算已签，并注明待本人确认；本人确认之前，会审不能形成审核意见。"
    page = act_page_of(signature.project, "已登记，待签署人本人确认。", note)
    return act_page(
        request,
        signature,
        "register_paper",
        do=register_paper,
        page=page,
        form_class=paper_form(holders),
        initial={"signed_on": today()},
    )


@form_or_act
def confirm(request: SignedInRequest, pk: int) -> HttpResponse:
    """签署人本人确认。"""
    signature = visible_signature(request, pk)
    page = _paper_page(signature, "已确认。", "确认之后与亲自签批无异。请先打开扫描件核对。")
    return act_page(request, signature, "confirm_paper", do=confirm_paper, page=page)


@form_or_act
def deny(request: SignedInRequest, pk: int) -> HttpResponse:
    """签署人本人否认，这一步重新待签。"""
    signature = visible_signature(request, pk)
    page = _paper_page(signature, "已否认，这一步重新待签。", "扫描件留在案卷里，理由入历史。")
    return act_page(request, signature, "deny_paper", do=deny_paper, page=page, form_class=DenyForm)


@form_or_act
def meeting(request: SignedInRequest, pk: int) -> HttpResponse:
    """登记领导小组的会议；结论随即办理。"""
    signature = visible_signature(request, pk)
    members = list(
        GroupMember.objects.in_force(today()).filter(purchaser=signature.project.purchaser_id)
    )
    note = (
        "逐人写明到会、缺席还是回避；同意立项的，领导小组这一步随即签批，不同意的随即退回。"
        if members
        else "本单位还没有领导小组名单，请先在“领导小组”页登记成员。"
    )
    page = act_page_of(signature.project, "会议已登记，结论已办理。", note)
    return act_page(
        request,
        signature,
        "hold_meeting",
        do=record_meeting,
        page=page,
        form_class=meeting_form(members),
    )


def _paper_page(signature: InternalSignature, done: str, note: str) -> ActPage:
    page = act_page_of(signature.project, done, note)
    told = (
        ("签批岗位", signature.get_role_display()),
        ("登记的签署人", signature.signer),
        ("签署日", signature.signed_on.isoformat() if signature.signed_on else None),
        ("登记人", f"{signature.registered_by}　{signature.registered_on}"),
        ("纸上的意见", signature.comment or "没有"),
    )
    scans = [each for each in scans_of(signature.project) if each[0].pk == signature.pk]
    extra = {**page.extra, "papers": scans}
    return replace(page, facts=(*told, *page.facts), extra=extra)
