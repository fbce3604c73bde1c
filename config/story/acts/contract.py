"""合同：拟订、签批、签订、备案、补充、结转。"""

from __future__ import annotations

from dataclasses import fields
from datetime import date
from decimal import Decimal
from typing import Any

from config.story.acts.registry import act, fen
from config.story.scene import Acts, Scene
from contracts.models import ContractSignature, Supplement
from contracts.services import (
    ContractTerms,
    InstalmentInput,
    LineInput,
    MilestoneInput,
    accept_filing,
    agree_supplement,
    carry_over,
    draft_contract,
    draft_supplement,
    sign_contract,
    submit_filing,
    withdraw_supplement,
)
from projects.services import sign

TERMS = {field.name for field in fields(ContractTerms)}


@act
def draft(
    scene: Scene,
    acts: Acts,
    *,
    amount: str,
    lines: list[dict[str, Any]],
    milestones: list[dict[str, Any]],
    instalments: list[dict[str, Any]],
    package: int = 1,
    **terms: Any,
) -> None:
    draft_contract(
        scene.award_of(package),
        terms=ContractTerms(
            amount_fen=fen(amount),
            lines=[
                LineInput(
                    row["name"],
                    Decimal(row["quantity"]),
                    row["unit"],
                    fen(row["price"]),
                    standard=row.get("standard", ""),
                )
                for row in lines
            ],
            milestones=[MilestoneInput(row["title"], row["due"]) for row in milestones],
            instalments=[
                InstalmentInput(
                    row["kind"],
                    Decimal(row["percent"]),
                    fen(row["amount"]),
                    row["condition"],
                    row.get("milestone"),
                )
                for row in instalments
            ],
            **terms,
        ),
        **acts,
    )


@act
def countersign_contract(
    scene: Scene, acts: Acts, *, comment: str = "同意签订。", package: int = 1
) -> None:
    """下一位签批人签署。"""
    contract = scene.contract_of(package)
    pending = ContractSignature.objects.filter(contract=contract, status="pending")
    sign(pending.earliest("position"), comment=comment, **acts)


@act
def sign_with_provider(scene: Scene, acts: Acts, *, signed: date, package: int = 1) -> None:
    sign_contract(scene.contract_of(package), signed_on=signed, **acts)


@act
def send_for_filing(scene: Scene, acts: Acts, *, package: int = 1) -> None:
    submit_filing(scene.contract_of(package), **acts)


@act
def take_filing(scene: Scene, acts: Acts, *, number: str, package: int = 1) -> None:
    filing = scene.contract_of(package).filings.get(status="submitted")
    accept_filing(filing, number=number, **acts)


@act
def supplement(
    scene: Scene, acts: Acts, *, number: str, amount: str, reason: str, package: int = 1
) -> None:
    draft_supplement(
        scene.contract_of(package), number=number, amount_fen=fen(amount), reason=reason, **acts
    )


def _supplement(scene: Scene, package: int) -> Supplement:
    return Supplement.objects.filter(contract=scene.contract_of(package)).latest("pk")


@act
def sign_supplement(scene: Scene, acts: Acts, *, package: int = 1) -> None:
    agree_supplement(_supplement(scene, package), **acts)


@act
def drop_supplement(scene: Scene, acts: Acts, *, note: str, package: int = 1) -> None:
    withdraw_supplement(_supplement(scene, package), note=note, **acts)


@act
def carry(scene: Scene, acts: Acts, *, year: int, package: int = 1) -> None:
    carry_over(scene.contract_of(package), year=year, **acts)
