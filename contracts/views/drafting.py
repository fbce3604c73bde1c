"""拟订与修改合同：一张表，要么全部保存，要么一样不存。"""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from contracts.forms.contract import ContractForm, RevisionForm
from contracts.forms.sections import sections
from contracts.models import Contract, ContractStatus
from contracts.selectors.prefill import SAME_NAMES, from_award, from_contract
from contracts.selectors.sight import awards_visible_to
from contracts.services import (
    ContractTerms,
    InstalmentInput,
    LineInput,
    MilestoneInput,
    draft_contract,
    revise_contract,
)
from contracts.views.pages import contract_of, form_or_act, yuan
from contracts.views.rights import may_draft, require
from core.transitions import ActError, shown_digest
from core.views.acts import (
    SignedInRequest,
    act_arguments,
    actor_arguments,
    new_key,
    request_key,
    status_of,
)
from procurement.models import Award

Values = dict[str, Any]


@form_or_act
def draft(request: SignedInRequest, pk: int) -> HttpResponse:
    """由一次已公告的成交拟订合同。"""
    award: Award = get_object_or_404(awards_visible_to(request.user), pk=pk)
    require(may_draft(request, award))
    page = _draft_page(award)
    if page["made"] and request.method != "POST":
        return render(request, "contracts/contract_form.html", page)
    if request.method != "POST":
        return _form_page(request, page, ContractForm(initial=from_award(award)))
    form = ContractForm(request.POST)
    if not form.is_valid():
        return _form_page(request, page, form, status=422)
    try:
        made = draft_contract(
            award, terms=terms_of(form), **actor_arguments(request), key=request_key(request)
        )
    except ActError as error:
        return _form_page(request, page, form, error=error)
    messages.success(request, "合同已拟订，已送签批；签批齐全之后签订。")
    return redirect(made)


@form_or_act
def revise(request: SignedInRequest, pk: int) -> HttpResponse:
    """修改拟订中的合同；原签批作废，另起一轮。"""
    contract = contract_of(request, pk)
    require(may_draft(request, contract))
    page = _revision_page(request, contract)
    if request.method != "POST" and contract.status != ContractStatus.DRAFT:
        return render(request, "contracts/contract_form.html", page)
    if request.method != "POST":
        return _form_page(request, page, RevisionForm(initial=from_contract(contract)))
    form = RevisionForm(request.POST)
    if not form.is_valid():
        return _form_page(request, page, form, status=422)
    reason = form.cleaned_data["reason"]
    try:
        revise_contract(contract, terms=terms_of(form), reason=reason, **act_arguments(request))
    except ActError as error:
        return _form_page(request, page, form, error=error)
    messages.success(request, "合同已修改，原签批作废，已另起一轮签批。")
    return redirect(contract)


def terms_of(form: ContractForm) -> ContractTerms:
    """核对通过的表单成为合同条款；金额一律为分。"""
    data = form.cleaned_data
    tables: Values = {
        "lines": [LineInput(**_without_mark(row)) for row in data["lines"]],
        "milestones": [MilestoneInput(**_without_mark(row)) for row in data["milestones"]],
        "instalments": [InstalmentInput(**_without_mark(row)) for row in data["instalments"]],
        "deduction_terms": form.deduction_terms(),
    }
    same = {name: data[name] for name in SAME_NAMES if name != "deduction_terms"}
    return ContractTerms(**same, **tables, grade_percents=form.grade_percents())


def _without_mark(row: Values) -> Values:
    return {name: value for name, value in row.items() if name != "DELETE"}


# --- 页面 ----------------------------------------------------------------------------------------


def _draft_page(award: Award) -> Values:
    project = award.package.project
    back = reverse("contracts:case", args=[project.pk])
    return {
        "heading": "拟订合同",
        "lead": f"{project.number}　{award.package}",
        "back": back,
        "crumbs": [{"title": project.name, "url": back}, {"title": "拟订合同"}],
        "facts": _award_facts(award),
        "note": "保存即送签批。条款可以先不齐全，签订之前补齐；修改后另起一轮签批。",
        "made": Contract.objects.filter(award=award).first(),
        "submit_label": "保存并送签批",
    }


def _revision_page(request: SignedInRequest, contract: Contract) -> Values:
    """所见的版次随表单带着：出错重填时仍是打开时的那一版。"""
    seen = request.POST if request.method == "POST" else {}
    back = contract.get_absolute_url()
    is_draft = contract.status == ContractStatus.DRAFT
    return {
        "heading": "修改合同",
        "lead": str(contract),
        "back": back,
        "crumbs": [{"title": contract.number, "url": back}, {"title": "修改合同"}],
        "facts": _award_facts(contract.award),
        "note": "修改之后，已有的签批全部作废，从第一步重新签批。",
        "made": None if is_draft or request.method == "POST" else contract,
        "version": seen.get("version", contract.version),
        "shown": seen.get("shown", shown_digest(contract)),
        "submit_label": "保存修改并重新送签",
    }


def _award_facts(award: Award) -> list[tuple[str, Any]]:
    return [
        ("承接主体", award.provider),
        ("成交金额", yuan(award.amount_fen)),
        ("通知和公告日", award.notified_on and award.notified_on.isoformat()),
        ("采购包预算", yuan(award.package.budget_fen)),
    ]


def _form_page(
    request: SignedInRequest,
    page: Values,
    form: ContractForm,
    *,
    error: Exception | None = None,
    status: int = 200,
) -> HttpResponse:
    context = page | {
        "sections": list(sections(form)),
        "errors": list(form.said()) if form.is_bound else [],
        "error": "" if error is None else str(error),
        "key": new_key(),
    }
    code = status_of(error) if error else status
    return render(request, "contracts/contract_form.html", context, status=code)
