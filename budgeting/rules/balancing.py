"""平衡资金下达缺口的法定条件；金额单位为分。

两部办法都要求结合资金下达、在既有预算中统筹安排，没有写明下达不足时怎样平衡。本系统采用的理解：补记
下达之外，可以由同一购买主体的另一项资金承担（资金调剂），或者减少依靠这项资金的预算（核减）；两者都
只动没有承诺的部分，另一人批准，不超过缺口。
"""

from __future__ import annotations

from budgeting.facts.balancing import BalancingFacts, balancing_facts
from budgeting.rules.review import FINANCE
from core.money import format_yuan
from core.regulations import PINGHU, YUBEI
from core.rules import Parameters, Refusal, rule

RELEASED = (YUBEI.article(12), PINGHU.article(8))


@rule(
    "YB-12-balancing-fits",
    title="平衡缺口的对象",
    cites=RELEASED,
    facts=balancing_facts,
    binds="act",
)
def balancing_has_its_object(facts: BalancingFacts, parameters: Parameters) -> Refusal | None:
    """资金调剂改由同一购买主体、同一年度已下达控制数的另一项资金承担；核减限还没有进入采购的包。"""
    if facts.is_switch and not facts.target_fits:
        shown = (("改由承担", facts.target or "没有指明"),)
        words = "须改由同一购买主体、同一年度已下达控制数而没有结账的另一项资金承担"
        return Refusal(words, shown, FINANCE, facts.page)
    if facts.is_cut and not facts.package_fits:
        shown = (("核减的采购包", facts.package or "没有指明"),)
        return Refusal("只能核减这个项目还没有进入采购的包", shown, FINANCE, facts.page)
    return None


@rule(
    "YB-12-balancing-within-gap",
    title="不超过缺口",
    cites=RELEASED,
    facts=balancing_facts,
    binds="act",
)
def balancing_is_within_gap(facts: BalancingFacts, parameters: Parameters) -> Refusal | None:
    """平衡的金额不超过这一池资金现有的缺口；没有缺口的不办理。"""
    if not facts.kind or facts.amount_fen <= facts.gap_fen:
        return None
    gap = format_yuan(facts.gap_fen)
    shown = (("平衡", format_yuan(facts.amount_fen)), ("缺口", gap))
    return Refusal(f"{facts.line}的下达缺口只有 {gap} 元", shown, FINANCE, facts.page)


@rule(
    "YB-12-balancing-within-reserved",
    title="只动没有承诺的",
    cites=RELEASED,
    facts=balancing_facts,
    binds="act",
)
def balancing_moves_what_is_reserved(
    facts: BalancingFacts, parameters: Parameters
) -> Refusal | None:
    """资金调剂和核减只动这条分配的预留；合同已经承诺的，资金来源不改，由补记下达平衡。"""
    if not facts.kind or facts.amount_fen <= facts.reserved_fen:
        return None
    left = format_yuan(facts.reserved_fen)
    shown = (("平衡", format_yuan(facts.amount_fen)), ("预留", left))
    return Refusal(f"这个项目{facts.line}的预留只有 {left} 元", shown, FINANCE, facts.page)


@rule(
    "YB-12-switch-within-other-fund",
    title="另一项资金承担得起",
    cites=RELEASED,
    facts=balancing_facts,
    binds="act",
)
def other_fund_can_bear_it(facts: BalancingFacts, parameters: Parameters) -> Refusal | None:
    """改由承担的资金，控制数的可用余额够；它自己也问下达的，不因此出现缺口。"""
    if not facts.is_switch or not facts.target_fits:
        return None
    asked, left = format_yuan(facts.amount_fen), format_yuan(facts.target_available_fen)
    if facts.amount_fen > facts.target_available_fen:
        shown = (("改由承担", asked), ("控制数可用", left))
        return Refusal(f"{facts.target}控制数的可用余额只有 {left} 元", shown, FINANCE, facts.page)
    if facts.target_ahead_fen is not None and facts.amount_fen > facts.target_ahead_fen:
        ahead = format_yuan(facts.target_ahead_fen)
        shown = (("改由承担", asked), ("已下达而没有动用", ahead))
        words = f"{facts.target}已下达而没有预留、承诺的只有 {ahead} 元，改由它承担会出现新的缺口"
        return Refusal(words, shown, FINANCE, facts.page)
    return None


@rule(
    "YB-12-cut-within-package",
    title="核减之后仍有预算",
    cites=RELEASED,
    facts=balancing_facts,
    binds="act",
)
def cut_leaves_a_budget(facts: BalancingFacts, parameters: Parameters) -> Refusal | None:
    """核减之后采购包仍有预算（整包不采购的，终止这个包）；控制数不低于上年结转。"""
    if not facts.is_cut or not facts.package_fits:
        return None
    cut = format_yuan(facts.amount_fen)
    if facts.amount_fen >= facts.package_fen:
        budget = format_yuan(facts.package_fen)
        shown = (("核减", cut), ("采购包预算", budget))
        words = f"{facts.package}的预算只有 {budget} 元，须有剩余；整包不再采购的，终止这个包"
        return Refusal(words, shown, FINANCE, facts.page)
    if facts.amount_fen > facts.granted_fen:
        granted = format_yuan(facts.granted_fen)
        shown = (("核减", cut), ("财政下达的控制数", granted))
        words = f"{facts.line}财政下达的控制数只有 {granted} 元，上年结转的不核减"
        return Refusal(words, shown, FINANCE, facts.page)
    return None
