"""实施：检查、整改、扣款事件、交付、验收。"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from config.story.acts.registry import act
from config.story.scene import Acts, Scene
from contracts.models import Acceptance, Rectification
from contracts.services import (
    answer_rectification,
    close_rectification,
    deliver_milestone,
    fail_acceptance,
    order_mending,
    pass_acceptance,
    prepare_acceptance,
    record_incident,
    record_inspection,
)


@act
def inspect(
    scene: Scene,
    acts: Acts,
    *,
    inspected: date,
    finding: str,
    is_deviating: bool = False,
    package: int = 1,
) -> None:
    record_inspection(
        scene.contract_of(package),
        inspected_on=inspected,
        finding=finding,
        is_deviating=is_deviating,
        **acts,
    )


@act
def demand_mending(
    scene: Scene, acts: Acts, *, demand: str, workdays: int, package: int = 1
) -> None:
    order_mending(scene.contract_of(package), demand=demand, workdays=workdays, **acts)


def _rectification(scene: Scene, package: int) -> Rectification:
    return scene.contract_of(package).rectifications.latest("pk")


@act
def answer_mending(
    scene: Scene, acts: Acts, *, reply: str, replied: date, package: int = 1
) -> None:
    answer_rectification(_rectification(scene, package), reply=reply, replied_on=replied, **acts)


@act
def close_mending(scene: Scene, acts: Acts, *, note: str, package: int = 1) -> None:
    close_rectification(_rectification(scene, package), check_note=note, **acts)


@act
def incident(
    scene: Scene, acts: Acts, *, term: str, occurred: date, note: str, package: int = 1
) -> None:
    record_incident(scene.contract_of(package), term=term, occurred_on=occurred, note=note, **acts)


@act
def deliver(
    scene: Scene, acts: Acts, *, milestone: int, delivered: date, note: str, package: int = 1
) -> None:
    deliver_milestone(
        scene.contract_of(package).milestones.get(position=milestone),
        delivered_on=delivered,
        delivery_note=note,
        **acts,
    )


@act
def hold_acceptance(
    scene: Scene,
    acts: Acts,
    *,
    quantities: dict[str, str],
    held: date,
    members: str,
    milestone: int = 0,
    failing: Sequence[str] = (),
    users_opinion: str = "",
    package: int = 1,
) -> None:
    """组织验收；`quantities` 为各项标的本次验收的数量，`failing` 为不符合约定的标的。

    `milestone` 为零是全部服务的验收。
    """
    contract = scene.contract_of(package)
    lines = {line.name: line.pk for line in contract.lines.all()}
    items: list[dict[str, Any]] = [
        {
            "line": lines[name],
            "quantity": quantity,
            "is_met": name not in failing,
            "note": "逐项核对",
        }
        for name, quantity in quantities.items()
    ]
    prepare_acceptance(
        contract,
        milestone=contract.milestones.get(position=milestone) if milestone else None,
        held_on=held,
        members=members,
        items=items,
        users_opinion=users_opinion,
        **acts,
    )


@act
def accept(scene: Scene, acts: Acts, *, conclusion: str, package: int = 1) -> None:
    pass_acceptance(_acceptance(scene, package), conclusion=conclusion, **acts)


@act
def reject_acceptance(scene: Scene, acts: Acts, *, conclusion: str, package: int = 1) -> None:
    fail_acceptance(_acceptance(scene, package), conclusion=conclusion, **acts)


def _acceptance(scene: Scene, package: int) -> Acceptance:
    return Acceptance.objects.filter(contract=scene.contract_of(package)).latest("pk")
