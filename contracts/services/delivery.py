"""履约的动作：节点、检查、整改、扣款事件、验收。"""

from __future__ import annotations

from contextlib import AbstractContextManager
from datetime import date
from decimal import Decimal
from typing import Any

from accounts.models import RoleAssignment, User
from contracts.models import (
    Contract,
    Incident,
    Inspection,
    Milestone,
    Rectification,
)
from contracts.services.contract import case_locked
from contracts.services.settlement import complete_if_paid
from core.history import Changes, change, unit_of_work
from core.transitions import Outcome, perform


def under(contract: Contract, title: str, act: str, **acts: Any) -> AbstractContextManager[Changes]:
    """合同名下的一次记录。"""
    return change(title=title, act=act, stream=contract.stream(), **acts)


def record_inspection(
    contract: Contract,
    *,
    inspected_on: date,
    finding: str,
    is_deviating: bool,
    by: User,
    acting_as: RoleAssignment | None,
    on: date,
    **shown: Any,
) -> Outcome:
    """登记一次检查（第九条第（五）项）。Raises as `perform`."""
    data = {"inspected_on": inspected_on, "finding": finding, "is_deviating": is_deviating}
    acts: dict[str, Any] = {"by": by, "acting_as": acting_as, "on": on}
    with unit_of_work():
        outcome = perform(contract, "inspect", note=finding, data=data, **acts, **shown)
        if not outcome.is_repeat:
            with under(contract, "检查情况", "contracts.write_inspection", **acts) as changes:
                changes.create(Inspection(contract=contract, inspector=by, **data))
        return outcome


def order_mending(
    contract: Contract,
    *,
    demand: str,
    workdays: int,
    by: User,
    acting_as: RoleAssignment | None,
    on: date,
    **shown: Any,
) -> Rectification:
    """责令限期整改，期限为工作日，责令次日起算（第十九条）。Raises as `perform`."""
    data = {"demand": demand, "workdays": workdays}
    acts: dict[str, Any] = {"by": by, "acting_as": acting_as, "on": on}
    with unit_of_work():
        outcome = perform(contract, "order_mending", note=demand, data=data, **acts, **shown)
        if outcome.is_repeat:
            return Rectification.objects.filter(contract=contract, **data).latest("pk")
        with under(contract, "整改要求", "contracts.write_rectification", **acts) as changes:
            row: Rectification = changes.create(
                Rectification(contract=contract, ordered_on=on, **data)
            )
            return row


def answer_rectification(
    rectification: Rectification,
    *,
    reply: str,
    replied_on: date,
    by: User,
    acting_as: RoleAssignment | None,
    on: date,
    **shown: Any,
) -> Outcome:
    """登记承接主体的整改回复；逾期照登。Raises as `perform`."""
    data = {"reply": reply, "replied_on": replied_on}
    return perform(
        rectification,
        "answer",
        by=by,
        acting_as=acting_as,
        on=on,
        note=reply,
        data=data,
        **shown,
    )


def close_rectification(
    rectification: Rectification,
    *,
    check_note: str,
    by: User,
    acting_as: RoleAssignment | None,
    on: date,
    **shown: Any,
) -> Outcome:
    """复查合格，销号；结算之后等着整改的，合同随即付清。"""
    data = {"check_note": check_note, "on": on}
    acts: dict[str, Any] = {"by": by, "acting_as": acting_as, "on": on}
    with unit_of_work():
        case_locked(rectification.contract)
        outcome = perform(rectification, "close", note=check_note, data=data, **acts, **shown)
        if not outcome.is_repeat:
            complete_if_paid(rectification.contract, **acts)
        return outcome


def reject_rectification(
    rectification: Rectification,
    *,
    check_note: str,
    by: User,
    acting_as: RoleAssignment | None,
    on: date,
    **shown: Any,
) -> Outcome:
    """复查不合格，继续整改。"""
    data = {"check_note": check_note}
    return perform(
        rectification,
        "reject",
        by=by,
        acting_as=acting_as,
        on=on,
        note=check_note,
        data=data,
        **shown,
    )


def refuse_rectification(
    rectification: Rectification,
    *,
    check_note: str,
    by: User,
    acting_as: RoleAssignment | None,
    on: date,
    **shown: Any,
) -> Outcome:
    """期限届满仍不整改，认定拒不整改（第十九条）。Raises as `perform`."""
    data = {"check_note": check_note, "on": on}
    return perform(
        rectification,
        "refuse",
        by=by,
        acting_as=acting_as,
        on=on,
        note=check_note,
        data=data,
        **shown,
    )


def record_incident(
    contract: Contract,
    *,
    term: str,
    occurred_on: date,
    note: str,
    by: User,
    acting_as: RoleAssignment | None,
    on: date,
    **shown: Any,
) -> Outcome:
    """登记合同约定要扣款的事件；比例取自合同约定。Raises as `perform`."""
    data = {"term": term, "occurred_on": occurred_on}
    acts: dict[str, Any] = {"by": by, "acting_as": acting_as, "on": on}
    with unit_of_work():
        outcome = perform(contract, "record_incident", note=note, data=data, **acts, **shown)
        if outcome.is_repeat:
            return outcome
        agreed = {str(t["name"]): Decimal(str(t["percent"])) for t in contract.deduction_terms}
        with under(contract, "扣款事件", "contracts.write_incident", **acts) as changes:
            changes.create(Incident(contract=contract, note=note, percent=agreed[term], **data))
        return outcome


def deliver_milestone(
    milestone: Milestone,
    *,
    delivered_on: date,
    delivery_note: str,
    by: User,
    acting_as: RoleAssignment | None,
    on: date,
    **shown: Any,
) -> Outcome:
    """登记节点交付；逾期照登。Raises as `perform`."""
    data = {"delivered_on": delivered_on, "delivery_note": delivery_note}
    return perform(
        milestone,
        "deliver",
        by=by,
        acting_as=acting_as,
        on=on,
        note=delivery_note,
        data=data,
        **shown,
    )
