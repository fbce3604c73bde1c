"""履约、整改、验收规则所问的事实。"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Sum

from budgeting.facts import conditions_before
from contracts.models import (
    LIVE_REQUESTS,
    Acceptance,
    AcceptanceItem,
    AcceptanceStatus,
    Contract,
    Milestone,
    MilestoneStatus,
    Rectification,
    RectificationStatus,
)
from core.calendar.arithmetic import Deadline
from core.calendar.loading import workdays
from core.rules import Context
from projects.models import Stage

OPEN_MENDING = (
    RectificationStatus.ORDERED,
    RectificationStatus.REPLIED,
    RectificationStatus.REFUSED,
)
ZERO = Decimal(0)


def mending_due_on(rectification: Rectification) -> Deadline:
    """整改期限：责令次日起的工作日。Raises `CalendarUnknown`."""
    return workdays().add_workdays(rectification.ordered_on, rectification.workdays)


@dataclass(frozen=True)
class MendingFacts:
    """限期整改：期限、回复日、今日。"""

    page: str
    due_on: date
    replied_on: date
    on: date


def mending_facts(rectification: Rectification, context: Context) -> MendingFacts:
    return MendingFacts(
        page=rectification.contract.get_absolute_url(),
        due_on=mending_due_on(rectification).day,
        replied_on=context.data.get("replied_on") or context.on,
        on=context.on,
    )


@dataclass(frozen=True)
class SupervisionFacts:
    """检查与扣款事件：写了什么，合同约定了什么；有没有拒不整改的，还有什么没有办结。"""

    page: str
    finding: str
    inspected_on: date | None
    term: str
    agreed_terms: tuple[str, ...]
    refused: int
    live_requests: int
    open_acceptances: tuple[tuple[str, str], ...]


def supervision_facts(contract: Contract, context: Context) -> SupervisionFacts:
    data = context.data
    refused = contract.rectifications.filter(status=RectificationStatus.REFUSED)
    return SupervisionFacts(
        page=contract.get_absolute_url(),
        finding=str(data.get("finding") or "").strip(),
        inspected_on=data.get("inspected_on"),
        term=str(data.get("term") or ""),
        agreed_terms=tuple(str(term["name"]) for term in contract.deduction_terms),
        refused=refused.count(),
        live_requests=contract.requests.filter(status__in=LIVE_REQUESTS).count(),
        open_acceptances=tuple(
            (str(row), row.get_status_display())
            for row in contract.acceptances.filter(status=AcceptanceStatus.DRAFT)
        ),
    )


@dataclass(frozen=True)
class MilestoneFacts:
    """一个节点：约定日期与交付日。"""

    page: str
    due_on: date
    delivered_on: date


def milestone_facts(milestone: Milestone, context: Context) -> MilestoneFacts:
    return MilestoneFacts(
        page=milestone.contract.get_absolute_url(),
        due_on=milestone.due_on,
        delivered_on=context.data.get("delivered_on") or context.on,
    )


@dataclass(frozen=True)
class ItemFact:
    """验收的一项：本次、此前已验、合同数量。"""

    name: str
    quantity: Decimal
    earlier: Decimal
    contracted: Decimal
    is_met: bool


@dataclass(frozen=True)
class AcceptanceFacts:
    """一次验收：所列各项，合同的全部标的（没有列的，本次为零），节点、整改、条件、服务对象意见。"""

    page: str
    is_final: bool
    items: tuple[ItemFact, ...]
    lines: tuple[ItemFact, ...]
    undelivered: tuple[tuple[str, str], ...]
    open_mending: tuple[tuple[str, str], ...]
    unfulfilled: tuple[tuple[str, str], ...]
    is_public_service: bool
    users_opinion: str
    already: str


def acceptance_facts(subject: Acceptance | Contract, context: Context) -> AcceptanceFacts:
    """以验收为对象（作结论），或以合同为对象（拟组织验收）。"""
    contract = subject.contract if isinstance(subject, Acceptance) else subject
    own = subject if isinstance(subject, Acceptance) else None
    milestone: Any = own.milestone if own else context.data.get("milestone")
    is_final = milestone is None
    project = contract.case()
    mending = contract.rectifications.filter(status__in=OPEN_MENDING)
    items, lines = _quantities(own) if own else ((), ())
    return AcceptanceFacts(
        page=contract.get_absolute_url(),
        is_final=is_final,
        items=items,
        lines=lines,
        undelivered=_undelivered(contract, milestone),
        open_mending=tuple((str(r), r.get_status_display()) for r in mending),
        unfulfilled=conditions_before(project, Stage.EVALUATION) if is_final else (),
        is_public_service=project.service_nature == "public",
        users_opinion=own.users_opinion.strip() if own else "",
        already="" if own else _already(contract, milestone),
    )


def accepted_quantities(contract: Contract) -> dict[int, Decimal]:
    """各项标的已验收合格的数量：`{标的主键: 数量}`。"""
    rows = AcceptanceItem.objects.filter(
        acceptance__contract=contract, acceptance__status=AcceptanceStatus.PASSED
    )
    totals = rows.values("line").annotate(total=Sum("quantity"))
    return {row["line"]: row["total"] for row in totals}


def _quantities(acceptance: Acceptance) -> tuple[tuple[ItemFact, ...], tuple[ItemFact, ...]]:
    """所列各项；合同的全部标的，没有列的本次为零。"""
    earlier = accepted_quantities(acceptance.contract)
    own = {item.line_id: item for item in acceptance.items.all()}
    lines = {
        line.pk: ItemFact(
            line.name,
            own[line.pk].quantity if line.pk in own else ZERO,
            earlier.get(line.pk, ZERO),
            line.quantity,
            line.pk in own and own[line.pk].is_met,
        )
        for line in acceptance.contract.lines.all()
    }
    return tuple(fact for pk, fact in lines.items() if pk in own), tuple(lines.values())


def _undelivered(contract: Contract, milestone: Milestone | None) -> tuple[tuple[str, str], ...]:
    """全部验收：没有验收的节点；节点验收：没有交付的这个节点。"""
    if milestone is None:
        left = contract.milestones.exclude(status=MilestoneStatus.ACCEPTED)
    else:
        left = contract.milestones.filter(pk=milestone.pk).exclude(status=MilestoneStatus.DELIVERED)
    return tuple((str(m), m.get_status_display()) for m in left)


def _already(contract: Contract, milestone: Milestone | None) -> str:
    """同一对象已有待结论或合格的验收。"""
    rows = contract.acceptances.filter(milestone=milestone).exclude(status=AcceptanceStatus.FAILED)
    found = rows.first()
    return found.get_status_display() if found else ""
