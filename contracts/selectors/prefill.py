"""合同表的预填：新拟的取自成交和申报，修改的取自合同现有的内容。"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from contracts.models import Contract
from procurement.models import Award

Values = dict[str, Any]
SAME_NAMES = (
    "number", "name", "amount_fen", "starts_on", "ends_on", "place", "scope", "content",
    "requirements", "payment_terms", "liability", "is_fixed", "is_continuous", "has_stable_funds",
    "has_stable_price", "is_signed_by_agent", "authorisation", "mending_workdays",
    "deduction_terms",
)  # fmt: skip


def from_award(award: Award) -> Values:
    """名称、金额照成交；标的从申报的测算明细开始，单价须按成交另填。"""
    project = award.package.project
    return {
        "name": f"{project.name}{_package_name(award)}合同",
        "amount_fen": award.amount_fen,
        "mending_workdays": 10,
        "content": project.need,
        "lines": [
            {
                "name": line.name,
                "quantity": number(line.quantity),
                "unit": line.unit,
                "expense_kind": line.expense_kind,
            }
            for line in project.estimate_lines.all()
        ],
    }


def _package_name(award: Award) -> str:
    """只有一个采购包、包名就是项目名的，不重复。"""
    name = str(award.package.name)
    return "" if name in award.package.project.name else f"（{name}）"


def from_contract(contract: Contract) -> Values:
    """合同现有的内容。"""
    lines = contract.lines.values(
        "name", "quantity", "unit", "unit_price_fen", "expense_kind", "standard"
    )
    instalments = contract.instalments.select_related("milestone")
    return {
        **{name: getattr(contract, name) for name in SAME_NAMES},
        **{f"grade_{grade}": value for grade, value in contract.grade_percents.items()},
        "lines": [{**line, "quantity": number(line["quantity"])} for line in lines],
        "milestones": list(contract.milestones.values("title", "due_on")),
        "instalments": [
            {
                "kind": row.kind,
                "percent": number(row.percent),
                "amount_fen": row.amount_fen,
                "milestone": row.milestone.position if row.milestone else None,
                "condition": row.condition,
            }
            for row in instalments
        ],
    }


def number(value: Decimal) -> str:
    """12.00 → 12。"""
    return f"{value.normalize():f}"
