"""补充合同、结转、终止。"""

from __future__ import annotations

from django.http import HttpResponse

from contracts import services
from contracts.facts.money import paid_fen, supplements_fen
from contracts.forms.filing import NoteForm, SupplementForm, year_form
from contracts.models import Contract, RectificationStatus, Supplement
from contracts.selectors.live import unpaid_by_year
from contracts.views.pages import Facts, act_on, contract_of, form_or_act, paper_of, yuan
from core.views.acts import SignedInRequest, act_page


@form_or_act
def draft(request: SignedInRequest, pk: int) -> HttpResponse:
    contract = contract_of(request, pk)
    page = act_on(
        contract,
        facts=(("已追加", yuan(supplements_fen(contract))),),
        note="补充合同累计不超过原合同金额的百分之十；拟订时不动资金，分管领导签订时追加承诺。",
        done="补充合同已拟订，由分管领导签订。",
    )
    return act_page(
        request,
        contract,
        "draft_supplement",
        do=services.draft_supplement,
        page=page,
        form_class=SupplementForm,
    )


@form_or_act
def agree(request: SignedInRequest, pk: int) -> HttpResponse:
    row: Supplement = paper_of(request, Supplement, pk)
    page = act_on(row, facts=_facts(row), note="签订之后，追加的金额即为承诺。")
    return act_page(request, row, "agree", do=services.agree_supplement, page=page)


@form_or_act
def withdraw(request: SignedInRequest, pk: int) -> HttpResponse:
    row: Supplement = paper_of(request, Supplement, pk)
    page = act_on(row, facts=_facts(row), note="没有签订的补充合同可以撤回；没有动用资金。")
    return act_page(
        request,
        row,
        "withdraw",
        do=services.withdraw_supplement,
        page=page,
        form_class=NoteForm,
    )


def _facts(row: Supplement) -> Facts:
    return (
        ("追加金额", yuan(row.amount_fen)),
        ("事由和内容", row.reason),
        ("拟订日", row.drafted_on.isoformat()),
        ("已追加", yuan(supplements_fen(row.contract))),
    )


@form_or_act
def carry_over(request: SignedInRequest, pk: int) -> HttpResponse:
    """年末结转；各年未付写明。"""
    contract = contract_of(request, pk)
    unpaid = unpaid_by_year(contract)
    page = act_on(
        contract,
        facts=tuple((f"{year} 年未付", yuan(fen)) for year, fen in unpaid.items()),
        note="当年未付的承诺转入下一年度；结转之后，在下一年度支付。",
        done="已办理结转。",
    )
    return act_page(
        request,
        contract,
        "carry_over",
        do=services.carry_over,
        page=page,
        form_class=year_form(list(unpaid)),
        initial={"year": _asked_year(request, unpaid)},
    )


def _asked_year(request: SignedInRequest, unpaid: dict[int, int]) -> int | None:
    """网址里指明的年度；没有指明的，最早的一年。"""
    asked = request.GET.get("year", "")
    named = [year for year in unpaid if str(year) == asked]
    return next(iter(named or sorted(unpaid)), None)


@form_or_act
def terminate(request: SignedInRequest, pk: int) -> HttpResponse:
    contract = contract_of(request, pk)
    page = act_on(
        contract,
        facts=(("已付", yuan(paid_fen(contract))), *_refusals(contract)),
        note="终止之后，未付的承诺随即释放，合同不能恢复。",
        done="合同已终止，未付的承诺已释放。",
    )
    return act_page(
        request,
        contract,
        "terminate",
        do=services.terminate_contract,
        page=page,
        form_class=NoteForm,
    )


def _refusals(contract: Contract) -> Facts:
    rows = contract.rectifications.filter(status=RectificationStatus.REFUSED)
    return tuple((f"拒不整改（{row.ordered_on.isoformat()} 责令）", row.check_note) for row in rows)
