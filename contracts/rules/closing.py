"""办结的法定条件：合同都已兑现，履约中的文件都已办完。"""

from __future__ import annotations

from contracts.facts.closing import ClosingFacts, closing_facts
from contracts.rules.terms import OFFICER
from core.regulations import PINGHU, YUBEI
from core.rules import Parameters, Refusal, rule


@rule(
    "YB-9.6-contracts-settled",
    title="合同都已付清或者终止",
    cites=(YUBEI.article(9, 6), PINGHU.article(12)),
    facts=closing_facts,
    binds="act",
)
def contracts_are_settled(facts: ClosingFacts, parameters: Parameters) -> Refusal | None:
    """按合同约定兑现购买服务经费（补助结清）之后，方可办结。"""
    if not facts.unsettled:
        return None
    return Refusal(
        f"还有 {len(facts.unsettled)} 份合同或者补助没有结清", facts.unsettled, OFFICER, facts.page
    )


@rule(
    "YB-9.5-papers-finished",
    title="履约文件都已办完",
    cites=(YUBEI.article(9, 5), PINGHU.article(12)),
    facts=closing_facts,
    binds="act",
)
def papers_are_finished(facts: ClosingFacts, parameters: Parameters) -> Refusal | None:
    """全过程跟踪监管：备案、补充合同、整改、验收、付款申请、支出报告、预算调整都有结果，方可办结。"""
    if not facts.unfinished:
        return None
    return Refusal(
        f"还有 {len(facts.unfinished)} 份文件没有办完", facts.unfinished, OFFICER, facts.page
    )
