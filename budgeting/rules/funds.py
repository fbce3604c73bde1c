"""资金的上限：过账不超过余额，控制数不低于已分配；金额单位为分。"""

from __future__ import annotations

from budgeting.facts import BalanceFacts, LimitFacts, balance_facts, limit_facts
from budgeting.rules.review import FINANCE
from core.money import format_yuan
from core.regulations import PINGHU, YUBEI
from core.rules import Parameters, Refusal, rule

FUNDS = (YUBEI.article(12), PINGHU.article(6))


@rule(
    "YB-12-within-balance",
    title="余额以内",
    cites=FUNDS,
    facts=balance_facts,
    binds="act",
    of_form=True,
)
def posting_is_within_balance(facts: BalanceFacts, parameters: Parameters) -> Refusal | None:
    """批复、承诺、支付、释放、退回和结转，都不得超过所动用的那一项余额。"""
    if facts.asked_fen <= facts.available_fen:
        return None
    available = format_yuan(facts.available_fen)
    shown = (
        ("需", format_yuan(facts.asked_fen)),
        ("可用", available),
        ("尚缺", format_yuan(facts.asked_fen - facts.available_fen)),
    )
    return Refusal(f"{facts.holder}只有 {available} 元", shown, FINANCE, facts.page)


@rule(
    "YB-12-ceiling-covers-allocated",
    title="控制数不低于已分配",
    cites=FUNDS,
    facts=limit_facts,
    binds="act",
    of_form=True,
)
def ceiling_covers_what_is_allocated(facts: LimitFacts, parameters: Parameters) -> Refusal | None:
    """控制数连同上年结转，不得低于已经分配出去的金额。"""
    if facts.limit_fen >= facts.allocated_fen:
        return None
    available = format_yuan(facts.available_fen)
    shown = (
        ("拟定（连同上年结转）", format_yuan(facts.limit_fen)),
        ("已分配", format_yuan(facts.allocated_fen)),
        ("可用", available),
    )
    words = f"拟定的控制数低于已分配的金额；{facts.ceiling}可用余额只有 {available} 元"
    return Refusal(words, shown, FINANCE)
