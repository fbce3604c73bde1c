"""会审中各机构与经办人的办理页：出具意见、答复、退回、落实条件。"""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from budgeting import forms, services
from budgeting.models import Objection, Obligation, Opinion
from budgeting.selectors import (
    objections_visible_to,
    obligations_visible_to,
    opinions_visible_to,
)
from budgeting.views.card import on_card
from core.money import format_yuan
from core.views.acts import ActPage, SignedInRequest, act_page
from projects.models import Project

ANSWER_AWAITED = "答复后由本单位重新出具意见；异议了结之前不能形成审核意见。"
form_or_act = require_http_methods(["GET", "HEAD", "POST"])


def case_page(document: Any, *, facts: tuple[tuple[str, Any], ...] = (), note: str = "") -> ActPage:
    """An act on a document of a case, with the case named; back to the 预算 tab."""
    project: Project = document.case()
    shown = (
        ("项目", f"{project.number} {project.name}"),
        ("购买主体", project.purchaser),
        ("申请金额（元）", format_yuan(project.requested_fen)),
    )
    title = str(document)
    about = title if project.name in title else f"{project}：{title}"
    return ActPage(back=project_page(project), about=about, facts=shown + facts, note=note)


def project_page(project: Project) -> str:
    return reverse("budgeting:case", args=[project.pk])


# --- 意见 ----------------------------------------------------------------------------------------


@form_or_act
def agree(request: SignedInRequest, pk: int) -> HttpResponse:
    opinion = _opinion(request, pk)
    return act_page(
        request,
        opinion,
        "agree",
        do=services.agree,
        page=on_card(request, opinion.review, _opinion_page(opinion)),
        form_class=forms.AgreeForm,
    )


@form_or_act
def agree_on_condition(request: SignedInRequest, pk: int) -> HttpResponse:
    opinion = _opinion(request, pk)
    return act_page(
        request,
        opinion,
        "agree_on_condition",
        do=services.agree_on_condition,
        page=on_card(request, opinion.review, _opinion_page(opinion)),
        form_class=forms.ConditionForm,
    )


@form_or_act
def oppose(request: SignedInRequest, pk: int) -> HttpResponse:
    opinion = _opinion(request, pk)
    return act_page(
        request,
        opinion,
        "oppose",
        do=services.oppose,
        form_class=forms.ReasonForm,
        page=on_card(request, opinion.review, _opinion_page(opinion, ANSWER_AWAITED)),
    )


@form_or_act
def answer_opinion(request: SignedInRequest, pk: int) -> HttpResponse:
    opinion = _opinion(request, pk)
    page = case_page(
        opinion,
        facts=((f"{opinion.reviewer}的异议", opinion.text),),
        note="答复后，由提出异议的机构重新出具意见。",
    )
    return act_page(
        request,
        opinion,
        "answer",
        do=services.answer_opinion,
        page=page,
        form_class=forms.AnswerForm,
    )


def _opinion(request: SignedInRequest, pk: int) -> Opinion:
    return get_object_or_404(opinions_visible_to(request.user), pk=pk)


def _opinion_page(opinion: Opinion, note: str = "") -> ActPage:
    facts: tuple[tuple[str, Any], ...] = ()
    if opinion.answer_text:
        facts = (("原异议", opinion.text), ("购买主体答复", opinion.answer_text))
    page = case_page(opinion, facts=facts, note=note)
    return ActPage(**{**vars(page), "back": opinion.review.get_absolute_url()})


# --- 退回意见与待落实条件 ------------------------------------------------------------------------


@form_or_act
def answer_objection(request: SignedInRequest, pk: int) -> HttpResponse:
    objection: Objection = get_object_or_404(objections_visible_to(request.user), pk=pk)
    return act_page(
        request,
        objection,
        "answer",
        do=services.answer_objection,
        form_class=forms.AnswerForm,
        page=case_page(objection, facts=((str(objection), objection.text),)),
    )


@form_or_act
def submit_evidence(request: SignedInRequest, pk: int) -> HttpResponse:
    obligation = _obligation(request, pk)
    return act_page(
        request,
        obligation,
        "submit_evidence",
        do=services.submit_evidence,
        page=_obligation_page(obligation),
        form_class=forms.EvidenceForm,
        initial={"evidence": obligation.evidence},
    )


@form_or_act
def accept_obligation(request: SignedInRequest, pk: int) -> HttpResponse:
    obligation = _obligation(request, pk)
    return act_page(
        request,
        obligation,
        "accept",
        do=services.accept_obligation,
        page=_obligation_page(obligation),
    )


@form_or_act
def send_back_obligation(request: SignedInRequest, pk: int) -> HttpResponse:
    obligation = _obligation(request, pk)
    return act_page(
        request,
        obligation,
        "send_back",
        do=services.send_back_obligation,
        page=_obligation_page(obligation),
        form_class=forms.NoteForm,
    )


def _obligation(request: SignedInRequest, pk: int) -> Obligation:
    return get_object_or_404(obligations_visible_to(request.user), pk=pk)


def _obligation_page(obligation: Obligation) -> ActPage:
    facts = (
        ("提出机构", obligation.opinion.reviewer),
        ("条件", obligation.text),
        ("须在此环节前落实", obligation.get_due_stage_display()),
        ("落实凭据", obligation.evidence or None),
        ("提交日", obligation.evidenced_on and obligation.evidenced_on.isoformat()),
    )
    return case_page(obligation, facts=facts)
