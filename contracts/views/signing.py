"""合同签批的两页，以及签订。"""

from __future__ import annotations

from django import forms
from django.http import HttpResponse

from contracts.facts.terms import sign_due_on
from contracts.forms.filing import SigningForm
from contracts.models import ContractSignature
from contracts.services import sign_contract
from contracts.views.deadlines import due_fact
from contracts.views.pages import act_on, contract_of, form_or_act, paper_of, terms_of
from core.views.acts import Do, SignedInRequest, act_page
from projects.forms import CommentForm, SendBackForm
from projects.services import send_back, sign

TEMPLATE = "contracts/terms_act.html"


@form_or_act
def sign_step(request: SignedInRequest, pk: int) -> HttpResponse:
    """签批一步；所签的全部条款列在下面。"""
    return _step_page(request, pk, "sign", sign, CommentForm, "已签批。")


@form_or_act
def send_back_step(request: SignedInRequest, pk: int) -> HttpResponse:
    """退回经办人，写明意见。"""
    return _step_page(request, pk, "send_back", send_back, SendBackForm, "已退回经办人修改。")


def _step_page(
    request: SignedInRequest, pk: int, move: str, do: Do, form: type[forms.Form], done: str
) -> HttpResponse:
    step: ContractSignature = paper_of(request, ContractSignature, pk)
    note = f"签批岗位：{step.get_role_display()}。"
    page = act_on(step, note=note, done=done, template=TEMPLATE, extra=terms_of(step.contract))
    return act_page(request, step, move, do=do, page=page, form_class=form)


@form_or_act
def conclude(request: SignedInRequest, pk: int) -> HttpResponse:
    """签订：预留转为承诺，差额释放。"""
    contract = contract_of(request, pk)
    page = act_on(
        contract,
        facts=(due_fact("签订期限", lambda: sign_due_on(contract.award)),),
        note="签订后预留的资金转为承诺，与采购包预算的差额随即释放；合同内容此后不能再修改。",
        done="合同已签订，请按期报送备案。",
        template=TEMPLATE,
        extra=terms_of(contract),
    )
    return act_page(
        request, contract, "conclude", do=sign_contract, page=page, form_class=SigningForm
    )
