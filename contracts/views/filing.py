"""合同备案：报送、接受、退回。"""

from __future__ import annotations

from django.http import HttpResponse

from contracts.facts.terms import filing_due_on
from contracts.forms.filing import AcceptFilingForm, ReasonForm
from contracts.models import Contract, ContractFiling
from contracts.services import accept_filing, return_filing
from contracts.services import submit_filing as submit
from contracts.views.deadlines import due_fact
from contracts.views.pages import Facts, act_on, contract_of, form_or_act, paper_of, terms_of
from core.views.acts import SignedInRequest, act_page


@form_or_act
def submit_filing(request: SignedInRequest, pk: int) -> HttpResponse:
    """报送备案；逾期照报，记为逾期。"""
    contract = contract_of(request, pk)
    page = act_on(
        contract,
        facts=_days(contract),
        note="报送后由财政部门办理；接受备案之后才能付款。",
        done="已报送备案。",
    )
    return act_page(request, contract, "submit_filing", do=submit, page=page)


@form_or_act
def accept(request: SignedInRequest, pk: int) -> HttpResponse:
    """接受备案，打开支付之门。"""
    filing: ContractFiling = paper_of(request, ContractFiling, pk)
    page = act_on(
        filing,
        facts=_filing_facts(filing),
        note="接受备案之后，合同方可付款。",
        done="已接受备案，形成备案表。",
        template="contracts/terms_act.html",
        extra=terms_of(filing.contract),
    )
    return act_page(
        request, filing, "accept", do=accept_filing, page=page, form_class=AcceptFilingForm
    )


@form_or_act
def send_back(request: SignedInRequest, pk: int) -> HttpResponse:
    """退回备案，写明理由。"""
    filing: ContractFiling = paper_of(request, ContractFiling, pk)
    page = act_on(filing, facts=_filing_facts(filing), done="备案已退回。")
    return act_page(
        request, filing, "send_back", do=return_filing, page=page, form_class=ReasonForm
    )


def _filing_facts(filing: ContractFiling) -> Facts:
    return (*_days(filing.contract), ("报送日", filing.submitted_on.isoformat()))


def _days(contract: Contract) -> Facts:
    signed = contract.signed_on
    return (
        ("签订日", signed.isoformat() if signed else None),
        due_fact("备案期限", lambda: filing_due_on(contract)),
    )
