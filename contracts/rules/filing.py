"""备案、补充合同、结转的法定条件；金额单位为分。"""

from __future__ import annotations

from datetime import date

from contracts.facts.terms import (
    CarryFacts,
    FilingFacts,
    SupplementFacts,
    carry_facts,
    filing_facts,
    supplement_facts,
)
from contracts.rules.terms import FINANCE, OFFICER, PAYING, SIGNING, late
from core.money import format_yuan
from core.regulations import PINGHU, YUBEI
from core.rules import Parameters, Refusal, rule


@rule(
    "YB-9.4-no-filing-pending",
    title="没有在办的备案",
    cites=SIGNING,
    facts=filing_facts,
    binds="act",
)
def no_filing_is_pending(facts: FilingFacts, parameters: Parameters) -> Refusal | None:
    """同一合同同时只有一次备案在办。"""
    if not facts.pending:
        return None
    return Refusal("已经报送，财政部门正在办理备案", (), FINANCE, facts.page)


@rule(
    "YB-9.4-submitted-in-time",
    title="按期报送备案",
    cites=SIGNING,
    facts=filing_facts,
    parameters=("YB-9.4-filing-workdays",),
    binds="act",
    effect="record_late",
    outside="《中华人民共和国政府采购法》第四十七条",
)
def filing_is_in_time(facts: FilingFacts, parameters: Parameters) -> Refusal | None:
    """签订之日起七个工作日内报备案；逾期照报，记为逾期。"""
    return late("报送备案", facts.due_on, facts.submitted_on, facts.page)


@rule(
    "YB-9.4-supplement-not-negative",
    title="补充合同只追加",
    cites=SIGNING,
    facts=supplement_facts,
    binds="act",
    of_form=True,
    outside="《中华人民共和国政府采购法》第四十九条",
)
def supplement_is_not_negative(facts: SupplementFacts, parameters: Parameters) -> Refusal | None:
    """补充合同追加金额，或者金额不变；不得减少。"""
    if facts.amount_fen >= 0:
        return None
    shown = (("追加", format_yuan(facts.amount_fen)),)
    return Refusal("补充合同的追加金额不能为负", shown, OFFICER, facts.page)


@rule(
    "YB-9.4-supplement-ten-percent",
    title="补充合同不超过一成",
    cites=SIGNING,
    facts=supplement_facts,
    parameters=("YB-9.4-supplement-percent",),
    binds="act",
    outside="《中华人民共和国政府采购法》第四十九条",
)
def supplement_is_within_ten_percent(
    facts: SupplementFacts, parameters: Parameters
) -> Refusal | None:
    """补充合同累计追加不得超过原合同金额的百分之十。"""
    percent = parameters["YB-9.4-supplement-percent"]
    total = facts.earlier_fen + facts.amount_fen
    if total * 100 <= facts.contract_fen * percent:
        return None
    shown = (
        ("本次追加", format_yuan(facts.amount_fen)),
        ("此前追加", format_yuan(facts.earlier_fen)),
        ("原合同金额", format_yuan(facts.contract_fen)),
        (f"至多（{percent}%）", format_yuan(facts.contract_fen * percent // 100)),
    )
    return Refusal(f"补充合同累计超过原合同金额的 {percent}%", shown, OFFICER, facts.page)


@rule(
    "YB-12-supplement-within-budget",
    title="追加有预算",
    cites=(YUBEI.article(12), PINGHU.article(6)),
    facts=supplement_facts,
    binds="act",
)
def supplement_is_within_budget(facts: SupplementFacts, parameters: Parameters) -> Refusal | None:
    """追加金额不得超过项目可用的预算；不够的，先办理预算调整。"""
    if facts.amount_fen <= facts.available_fen:
        return None
    shown = (
        ("追加", format_yuan(facts.amount_fen)),
        ("可用", format_yuan(facts.available_fen)),
    )
    available = format_yuan(facts.available_fen)
    return Refusal(f"项目可用预算只有 {available} 元，须先办理预算调整", shown, FINANCE, facts.page)


@rule("YB-12-year-ended", title="年末结转", cites=PAYING, facts=carry_facts, binds="act")
def year_has_ended(facts: CarryFacts, parameters: Parameters) -> Refusal | None:
    """预算年度的最后一日起，方可结转未付的承诺。"""
    first = date(facts.year, 12, 31)
    if facts.on >= first:
        return None
    shown = (
        ("预算年度", str(facts.year)),
        ("最早", first.isoformat()),
        ("今日", facts.on.isoformat()),
    )
    return Refusal(
        f"{facts.year} 年度尚未结束，最早 {first.isoformat()} 办理结转", shown, FINANCE, facts.page
    )


@rule("YB-12-something-unpaid", title="有未付的承诺", cites=PAYING, facts=carry_facts, binds="act")
def something_is_unpaid(facts: CarryFacts, parameters: Parameters) -> Refusal | None:
    """没有未付的，不必结转。"""
    if facts.unpaid_fen > 0:
        return None
    shown = ((f"{facts.year} 年度未付", format_yuan(facts.unpaid_fen)),)
    return Refusal("该年度没有未付的承诺", shown, FINANCE, facts.page)
