"""申请、验收各页的明细行：合同标的连同已验收、已付的数量，和预填的金额。"""

from __future__ import annotations

from typing import Any

from contracts.facts.delivery import ZERO, accepted_quantities
from contracts.facts.money import due_fen
from contracts.facts.payment import paid_quantities
from contracts.models import Contract, Instalment, InstalmentKind
from contracts.selectors.prefill import number
from core.money import allocate


def lines_with_quantities(contract: Contract) -> list[Any]:
    """合同标的各行，附 `accepted`（已验收合格）、`left`（未验收）与 `paid`（已付）的数量。"""
    accepted, paid = accepted_quantities(contract), paid_quantities(contract)
    rows: list[Any] = list(contract.lines.all())
    for row in rows:
        row.accepted = accepted.get(row.pk, ZERO)
        row.left = max(ZERO, row.quantity - row.accepted)
        row.paid = paid.get(row.pk, ZERO)
    return rows


def acceptance_rows(lines: list[Any], *, is_whole: bool) -> list[dict[str, Any]]:
    """各行的预填：全部服务的验收为未验收的余量，节点的验收由经办人按交付填写。"""
    return [{"quantity": number(line.left) if is_whole else "0"} for line in lines]


def request_rows(lines: list[Any], instalment: Instalment | None) -> list[dict[str, Any]]:
    """各行的预填：金额按各行金额分摊这一期应付的数，合计分毫不差；数量为已验收未付的。"""
    amounts = _shared(lines, instalment)
    is_by_quantity = instalment is not None and instalment.kind != InstalmentKind.ADVANCE
    return [
        {
            "quantity": number(max(ZERO, line.accepted - line.paid)) if is_by_quantity else "0",
            "amount_fen": amount,
        }
        for line, amount in zip(lines, amounts, strict=True)
    ]


def _shared(lines: list[Any], instalment: Instalment | None) -> list[int | None]:
    weights = [line.amount_fen for line in lines]
    if instalment is None or not any(weights):
        return [None] * len(lines)
    return list(allocate(due_fen(instalment), weights))
