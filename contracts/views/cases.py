"""案卷的“合同”“实施”两个分页，以及合同页。"""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from budgeting.selectors.case import documents_by_subject
from budgeting.views.panel import next_step
from contracts.models import Contract, ContractStatus
from contracts.selectors.case import contract_tab, delivery_tab
from contracts.selectors.dues import DueDays, is_past
from contracts.selectors.sheet import sheets
from contracts.selectors.sight import contracts_visible_to, projects_visible_to
from contracts.selectors.signing import current_chain
from contracts.selectors.terms import term_facts, term_texts
from contracts.views.pages import contract_of
from contracts.views.rights import may_draft
from core.calendar.clock import today
from core.history.values import reference
from core.views.acts import SignedInRequest
from projects.models import Project, ProjectKind
from projects.views.frame import case_context


@require_safe
def case(request: SignedInRequest, pk: int) -> HttpResponse:
    """合同分页：各采购包的合同、期次、份额、补充、备案。"""
    project = _project(request, pk)
    context = case_context(request, project, "contracts:case") | contract_tab(project, on=today())
    context["can_draft"] = may_draft(request, project)
    return render(request, "contracts/case.html", context)


@require_safe
def delivery(request: SignedInRequest, pk: int) -> HttpResponse:
    """实施分页：节点、检查、整改、扣款、验收、付款、结算。"""
    project = _project(request, pk)
    if project.kind == ProjectKind.SUBSIDY:
        return redirect("contracts:subsidy", pk)
    context = case_context(request, project, "contracts:delivery")
    context |= delivery_tab(project, on=today())
    return render(request, "contracts/delivery.html", context)


@require_safe
def contract(request: SignedInRequest, pk: int) -> HttpResponse:
    """合同页：条款、标的、钱、签批、文书，以及下一步。"""
    row = contract_of(request, pk)
    sheet = sheets(contracts_visible_to(request.user).filter(pk=pk), on=today())[0]
    context: dict[str, Any] = next_step(request, row) | {
        "sheet": sheet,
        "contract": sheet.contract,
        "project": sheet.contract.case(),
        "terms": term_facts(sheet.contract),
        "texts": term_texts(sheet.contract),
        "signatures": current_chain(sheet.contract),
        "documents": _documents(sheet.contract),
        "can_revise": row.status == ContractStatus.DRAFT and may_draft(request, row),
        **_signing_days(sheet.contract),
        "crumbs": [
            {"title": "合同台账", "url": reverse("contracts:contracts")},
            {"title": row.number},
        ],
    }
    return render(request, "contracts/contract_detail.html", context)


def _signing_days(row: Contract) -> dict[str, Any]:
    due = DueDays().signing(row.award)
    return {"sign_due": due, "is_late": is_past(due, row.signed_on or today())}


def _documents(row: Contract) -> list[dict[str, Any]]:
    """合同、备案、付款形成的文书。"""
    subjects: list[Any] = [row, *row.filings.all(), *row.requests.all()]
    found = documents_by_subject(subjects)
    return [paper for subject in subjects for paper in found[reference(subject)]]


def _project(request: SignedInRequest, pk: int) -> Project:
    row: Project = get_object_or_404(projects_visible_to(request.user), pk=pk)
    return row
