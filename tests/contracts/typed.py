"""What is typed into the contract form and the tables of its acts, on walk A."""

from __future__ import annotations

from typing import Any

from contracts.models import Contract
from tests.purchase import INCIDENT


def table(prefix: str, *values: dict[str, str]) -> dict[str, str]:
    """The rows of a table inside a form, with its management form."""
    data = {f"{prefix}-TOTAL_FORMS": str(len(values)), f"{prefix}-INITIAL_FORMS": "0"}
    for at, row in enumerate(values):
        data |= {f"{prefix}-{at}-{name}": value for name, value in row.items()}
    return data


TERMS = {
    "number": "SF-HT-2026-001",
    "name": "公共文化信息服务平台运维合同",
    "amount_fen": "1,756,800.00",
    "starts_on": "2026-05-01",
    "ends_on": "2027-04-30",
    "scope": "平台软件运维、安全运维和呼叫服务",
    "content": "日常巡检、故障处理、安全加固、热线值守",
    "requirements": "系统可用率不低于 99.5%",
    "payment_terms": "分三期支付",
    "liability": "拒不整改的终止合同",
    "mending_workdays": "10",
    "grade_excellent": "100",
    "grade_good": "100",
    "grade_fair": "97",
    "grade_poor": "0",
}
LINE = {
    "name": "平台运维",
    "quantity": "12",
    "unit": "月",
    "unit_price_fen": "146,400.00",
    "expense_kind": "service",
    "standard": "可用率 99.5%",
}
MILESTONE = {"title": "上半年服务", "due_on": "2026-11-10"}
INSTALMENTS = (
    {"kind": "advance", "percent": "30", "amount_fen": "527040", "condition": "备案后"},
    {
        "kind": "progress",
        "percent": "40",
        "amount_fen": "702720",
        "milestone": "1",
        "condition": "验收后",
    },
    {"kind": "final", "percent": "30", "amount_fen": "527040", "condition": "评估结算后"},
)


def typed(**changes: Any) -> dict[str, str]:
    """The contract form of walk A; `lines`, `milestones`, … replace whole tables."""
    tables = {
        "lines": (LINE,),
        "milestones": (MILESTONE,),
        "instalments": INSTALMENTS,
        "deduction_terms": ({"name": INCIDENT, "percent": "1"},),
    }
    data: dict[str, str] = {}
    for name, rows in tables.items():
        data |= table(name, *changes.pop(name, rows))
    return data | TERMS | changes


def pay_line(contract: Contract, quantity: str, amount: str) -> dict[str, str]:
    line = contract.lines.get()
    return table("lines", {"line": str(line.pk), "quantity": quantity, "amount_fen": amount})
