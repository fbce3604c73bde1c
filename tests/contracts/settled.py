"""The last part of a contract: walked to its acceptance, or put in place for guard tests."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from contracts.models import Acceptance, AcceptanceItem, Contract, Milestone, Settlement
from contracts.services import carry_over
from tests import purchase
from tests.contracts.scenes import Case
from tests.staging import staged
from tests.steps import put
from tests.world import World

DAY = date(2027, 5, 10)


def final_acceptance(case: Case, quantity: str, milestone: Milestone | None = None) -> Acceptance:
    """An acceptance of so much of the only line, without a conclusion."""
    row = put(Acceptance(contract=case.contract, milestone=milestone, held_on=DAY, members="张敏"))
    put(AcceptanceItem(acceptance=row, line=case.line, quantity=Decimal(quantity), is_met=True))
    return row


def settlement(case: Case, payable_fen: int, grade: str = "excellent") -> Settlement:
    """A settlement of so much."""
    return put(
        Settlement(
            contract=case.contract,
            grade=grade,
            percent=Decimal(100),
            base_fen=case.contract.amount_fen,
            assessed_fen=payable_fen,
            deducted_fen=0,
            payable_fen=payable_fen,
            settled_on=DAY,
        )
    )


LAST, ACCEPTED_ALL, SETTLED = date(2026, 12, 31), date(2027, 5, 10), purchase.EVALUATED


@staged
def in_performance(world: World) -> Contract:
    """Filed, two instalments paid, half accepted."""
    contract = purchase.filed(world)
    purchase.paid(world, contract, 1, purchase.FILED)
    purchase.accept(world, contract, purchase.ACCEPTED, "6", contract.milestones.get())
    purchase.paid(world, contract, 2, purchase.PAID, "6")
    return contract


@staged
def accepted_unfiled(world: World) -> Case:
    """Signed and accepted to the end within the year, never filed, nothing paid."""
    contract = purchase.signed(world)
    purchase.accept(world, contract, purchase.ACCEPTED, "6", contract.milestones.get())
    purchase.accept(world, contract, purchase.PAID, "6")
    return Case(world, contract.pk)


@staged
def accepted(world: World) -> Case:
    """All accepted, the rest carried over, the evaluation open."""
    contract = in_performance(world)
    carry_over(contract, year=2026, **world.zhao.acts(LAST))
    purchase.accept(world, contract, ACCEPTED_ALL, "6")
    return Case(world, contract.pk)
