"""验收的动作：组织、合格、不合格。"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from accounts.models import RoleAssignment, User
from contracts.models import (
    Acceptance,
    AcceptanceItem,
    Contract,
    Milestone,
)
from contracts.services.contract import case_locked
from contracts.services.delivery import under
from core.history import unit_of_work
from core.history.values import row_values
from core.transitions import Outcome, perform, shows
from projects.services import follow_packages


def prepare_acceptance(
    contract: Contract,
    *,
    milestone: Milestone | None,
    held_on: date,
    members: str,
    items: Sequence[dict[str, Any]],
    by: User,
    acting_as: RoleAssignment | None,
    on: date,
    users_opinion: str = "",
    **shown: Any,
) -> Acceptance:
    """组织一次验收，逐项记录；`milestone` 为 None 是全部服务的验收。Raises as `perform`.

    `items` 为 `[{"line": 标的主键, "quantity": 数量, "is_met": 符合与否, "note": 情况}, …]`。
    """
    stated = {"held_on": held_on, "members": members, "users_opinion": users_opinion}
    data = {"milestone": milestone, "items": list(items), **stated}
    acts: dict[str, Any] = {"by": by, "acting_as": acting_as, "on": on}
    with unit_of_work():
        outcome = perform(contract, "prepare_acceptance", data=data, **acts, **shown)
        if outcome.is_repeat:
            return Acceptance.objects.filter(contract=contract, milestone=milestone).latest("pk")
        lines = {line.pk: line for line in contract.lines.all()}
        with under(contract, "验收记录", "contracts.write_acceptance", **acts) as changes:
            row: Acceptance = changes.create(
                Acceptance(
                    contract=contract,
                    milestone=milestone,
                    held_on=held_on,
                    members=members,
                    users_opinion=users_opinion,
                )
            )
            for item in items:
                changes.create(
                    AcceptanceItem(
                        acceptance=row,
                        line=lines[int(item["line"])],
                        quantity=Decimal(item["quantity"]),
                        is_met=bool(item["is_met"]),
                        note=item.get("note") or "",
                    )
                )
            return row


def pass_acceptance(
    acceptance: Acceptance,
    *,
    conclusion: str,
    by: User,
    acting_as: RoleAssignment | None,
    on: date,
    **shown: Any,
) -> Outcome:
    """验收合格：节点随之验收；全部验收的，采购包和项目随之推进。Raises as `perform`."""
    data = {"conclusion": conclusion, "on": on}
    acts: dict[str, Any] = {"by": by, "acting_as": acting_as, "on": on}
    with unit_of_work():
        project = case_locked(acceptance.contract)
        outcome = perform(acceptance, "approve", note=conclusion, data=data, **acts, **shown)
        if outcome.is_repeat:
            return outcome
        if acceptance.milestone is not None:
            perform(acceptance.milestone, "accept", **acts)
        else:
            perform(acceptance.contract.package, "accept", **acts)
            follow_packages(project, on=on)
        return outcome


def fail_acceptance(
    acceptance: Acceptance,
    *,
    conclusion: str,
    by: User,
    acting_as: RoleAssignment | None,
    on: date,
    **shown: Any,
) -> Outcome:
    """验收不合格：节点退回重新交付。"""
    data = {"conclusion": conclusion, "on": on}
    acts: dict[str, Any] = {"by": by, "acting_as": acting_as, "on": on}
    with unit_of_work():
        outcome = perform(acceptance, "fail", note=conclusion, data=data, **acts, **shown)
        if not outcome.is_repeat and acceptance.milestone is not None:
            perform(acceptance.milestone, "reject", note=conclusion, **acts)
        return outcome


def _acceptance_content(acceptance: Acceptance) -> dict[str, Any]:
    return {"items": [row_values(item) for item in acceptance.items.order_by("pk")]}


shows("contracts.acceptance", _acceptance_content)
