"""Acceptances and settlements put in place behind the services' back, for guard tests."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from contracts.models import Acceptance, AcceptanceItem, Milestone, Settlement
from tests.contracts.scenes import Case
from tests.steps import put

DAY = date(2027, 5, 10)


def final_acceptance(case: Case, quantity: str, milestone: Milestone | None = None) -> Acceptance:
    """An acceptance of so much of the only line, without a conclusion."""
    row = put(Acceptance(contract=case.contract, milestone=milestone, held_on=DAY, members="张敏"))
    put(AcceptanceItem(acceptance=row, line=case.line, quantity=Decimal(quantity), is_met=True))
    return row


def settlement(case: Case, payable_fen: int) -> Settlement:
    """A settlement of so much."""
    return put(
        Settlement(
            contract=case.contract,
            grade="excellent",
            percent=Decimal(100),
            base_fen=case.contract.amount_fen,
            assessed_fen=payable_fen,
            deducted_fen=0,
            payable_fen=payable_fen,
            settled_on=DAY,
        )
    )
