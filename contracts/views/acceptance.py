"""验收：组织、合格、不合格。"""

from __future__ import annotations

from django import forms
from django.http import HttpResponse

from contracts import services
from contracts.forms.delivery import ConclusionForm, FailureForm, acceptance_form
from contracts.models import Acceptance, AcceptanceStatus, Contract, Milestone, MilestoneStatus
from contracts.selectors.amounts import acceptance_rows, lines_with_quantities
from contracts.views.pages import act_on, contract_of, form_or_act, paper_of
from core.views.acts import Do, SignedInRequest, act_page


@form_or_act
def prepare(request: SignedInRequest, pk: int) -> HttpResponse:
    """组织验收：某个节点的或者全部服务的，逐项记明。"""
    contract = contract_of(request, pk)
    lines = lines_with_quantities(contract)
    milestones = _to_accept(contract)
    page = act_on(
        contract,
        facts=(("已交付待验的节点", "、".join(str(m) for m in milestones) or "无"),),
        note=(
            "逐项写明本次验收的数量和是否符合约定；节点验收没有涉及的标的，数量填 0、不必勾选。"
            "全部服务的验收，本次数量已填好未验收的余量，逐行核实后勾选。"
        ),
        done="验收情况已记下，由归口科室负责人作出结论。",
    )
    return act_page(
        request,
        contract,
        "prepare_acceptance",
        do=services.prepare_acceptance,
        page=page,
        form_class=acceptance_form(lines, milestones),
        initial={
            "milestone": milestones[0].pk if milestones else None,
            "items": acceptance_rows(lines, is_whole=not milestones),
        },
    )


def _to_accept(contract: Contract) -> list[Milestone]:
    """已交付、没有待结论或者合格的验收的节点。"""
    taken = contract.acceptances.exclude(status=AcceptanceStatus.FAILED)
    rows = contract.milestones.filter(status=MilestoneStatus.DELIVERED)
    return list(rows.exclude(pk__in=taken.exclude(milestone=None).values("milestone")))


@form_or_act
def approve(request: SignedInRequest, pk: int) -> HttpResponse:
    note = "合格之后，节点随之验收；全部服务验收合格的，进入评估。"
    return _conclusion(request, pk, "approve", services.pass_acceptance, ConclusionForm, note)


@form_or_act
def fail(request: SignedInRequest, pk: int) -> HttpResponse:
    note = "不合格的，节点退回重新交付，之后重新组织验收。"
    return _conclusion(request, pk, "fail", services.fail_acceptance, FailureForm, note)


def _conclusion(
    request: SignedInRequest, pk: int, move: str, do: Do, form: type[forms.Form], note: str
) -> HttpResponse:
    row: Acceptance = paper_of(request, Acceptance, pk, "milestone")
    facts = (
        ("验收对象", row.milestone or "全部服务"),
        ("验收日", row.held_on.isoformat()),
        ("验收组成员", row.members),
        ("服务对象意见", row.users_opinion or None),
    )
    extra = {"items_found": row.items.select_related("line")}
    page = act_on(row, facts, note, template="contracts/acceptance_act.html", extra=extra)
    return act_page(request, row, move, do=do, page=page, form_class=form)
