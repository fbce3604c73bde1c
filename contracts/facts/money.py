"""合同的钱：已付、补充、应付、各期应付；金额一律为整数分，全系统只此一处计算。"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Sum

from contracts.models import (
    Contract,
    ContractSlice,
    Instalment,
    InstalmentKind,
    Payment,
    RequestStatus,
    Settlement,
    Supplement,
    SupplementStatus,
)
from core.money import multiply

HUNDRED = Decimal(100)


def paid_fen(contract: Contract) -> int:
    """已付合计（分）：各笔支付之和。"""
    rows = Payment.objects.filter(contract=contract)
    return int(rows.aggregate(total=Sum("amount_fen"))["total"] or 0)


def supplements_fen(contract: Contract) -> int:
    """已签订的补充合同追加合计（分）。"""
    rows = Supplement.objects.filter(contract=contract, status=SupplementStatus.AGREED)
    return int(rows.aggregate(total=Sum("amount_fen"))["total"] or 0)


def settlement_of(contract: Contract) -> Settlement | None:
    found: Settlement | None = Settlement.objects.filter(contract=contract).first()
    return found


def payable_fen(contract: Contract) -> int:
    """应付总额（分）：已结算的按结算，未结算的为合同金额加补充。"""
    settled = settlement_of(contract)
    return settled.payable_fen if settled else contract.amount_fen + supplements_fen(contract)


def due_fen(instalment: Instalment) -> int:
    """这一期现在应付多少（分）：尾款为应付总额减已付，其余为约定的金额。"""
    contract = instalment.contract
    if instalment.kind == InstalmentKind.FINAL and settlement_of(contract) is not None:
        return max(0, payable_fen(contract) - paid_fen(contract))
    return instalment.amount_fen


def open_instalments(contract: Contract) -> list[Instalment]:
    """还没有付款申请（或者申请已退回）的各期。"""
    taken = contract.requests.exclude(status=RequestStatus.RETURNED).values("instalment")
    return list(contract.instalments.exclude(pk__in=taken).order_by("position"))


def unpaid_slices(contract: Contract, year: int) -> list[ContractSlice]:
    """某年度还有未付的份额。"""
    rows = ContractSlice.objects.filter(contract=contract, allocation__ceiling__year=year)
    return [row for row in rows.select_related("allocation__ceiling") if row.unpaid_fen > 0]


@dataclass(frozen=True)
class SettledAmounts:
    """按等级应付、扣款、应付总额（分）。"""

    assessed_fen: int
    deducted_fen: int
    payable_fen: int


def settled_amounts(
    base_fen: int, percent: Decimal, incident_percents: Sequence[Decimal]
) -> SettledAmounts:
    """基数 × 等级比例 − Σ 基数 × 各次事件的扣款比例；不低于零，每项四舍五入到分。"""
    assessed = multiply(percent / HUNDRED, base_fen)
    deducted = sum(multiply(each / HUNDRED, base_fen) for each in incident_percents)
    return SettledAmounts(assessed, deducted, max(0, assessed - deducted))
