"""合同条款，供合同页和签批页打印。"""

from __future__ import annotations

from typing import Any

from contracts.facts.terms import TERMS
from contracts.models import Contract, Grade
from core.money import format_yuan

Pairs = list[tuple[str, Any]]
STABLE = {
    "is_fixed": "内容相对固定",
    "is_continuous": "连续性强",
    "has_stable_funds": "经费来源稳定",
    "has_stable_price": "价格变化幅度小",
}


def term_facts(contract: Contract) -> Pairs:
    """一栏一值的条款；没有写的为 None。"""
    project = contract.case()
    signing = f"代签，授权委托书 {contract.authorisation}" if contract.is_signed_by_agent else "否"
    return [
        ("合同编号", contract.number),
        ("采购包", contract.package),
        ("购买主体", project.purchaser),
        ("承接主体", contract.award.provider),
        ("合同金额", f"{format_yuan(contract.amount_fen)} 元"),
        ("成交金额", f"{format_yuan(contract.award.amount_fen)} 元"),
        ("服务期", f"{contract.starts_on.isoformat()} 至 {contract.ends_on.isoformat()}"),
        ("可逾一年的条件", _stable(contract)),
        ("服务地点", contract.place or None),
        ("考核等级与支付", _grades(contract)),
        ("扣款约定", _deductions(contract)),
        ("整改期限", f"{contract.mending_workdays} 个工作日"),
        ("由受托单位代签", signing),
    ]


def term_texts(contract: Contract) -> list[tuple[str, str]]:
    """成段的条款。"""
    return [(label, getattr(contract, name) or "—") for name, label in TERMS.items()]


def _stable(contract: Contract) -> str | None:
    return "、".join(label for name, label in STABLE.items() if getattr(contract, name)) or None


def _grades(contract: Contract) -> str | None:
    percents = contract.grade_percents
    return "；".join(f"{Grade(g).label} {p}%" for g, p in percents.items()) or None


def _deductions(contract: Contract) -> str | None:
    return "；".join(f"{t['name']}，每次 {t['percent']}%" for t in contract.deduction_terms) or None
