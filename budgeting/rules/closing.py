"""年终结账：年度终了、各数了结之后结账；结账之后不再过账；金额单位为分。"""

from __future__ import annotations

from budgeting.facts.closing import (
    ClosingFacts,
    OpenYearFacts,
    open_year_facts,
    year_closing_facts,
)
from budgeting.rules.review import FINANCE
from core.money import format_yuan
from core.regulations import PINGHU, YUBEI
from core.rules import Parameters, Refusal, rule

YEAR = (PINGHU.article(16), YUBEI.article(12))


@rule(
    "PH-16-year-open",
    title="年度没有结账",
    cites=YEAR,
    facts=open_year_facts,
    binds="act",
    of_form=True,
)
def year_is_open(facts: OpenYearFacts, parameters: Parameters) -> Refusal | None:
    """项目资金的实施期限为当年年度；结账之后，这一年度的这项资金不再批复、承诺、支付和调整。"""
    if facts.closed_on is None:
        return None
    day = facts.closed_on.isoformat()
    words = f"{facts.ceiling}已于 {day} 结账，不再过账"
    return Refusal(words, (("结账日", day),), FINANCE, facts.page)


@rule(
    "PH-16-year-settled",
    title="各数了结才结账",
    cites=YEAR,
    facts=year_closing_facts,
    binds="act",
    of_form=True,
)
def year_is_settled(facts: ClosingFacts, parameters: Parameters) -> Refusal | None:
    """年度最后一日起，预留的签约或者释放、未付的结转、没有动用的收回之后，方可结账。"""
    if facts.on < facts.last_day:
        shown: tuple[tuple[str, str], ...] = (
            ("年度最后一日", facts.last_day.isoformat()),
            ("今日", facts.on.isoformat()),
        )
        return Refusal(f"{facts.last_day.year} 年度还没有终了", shown, FINANCE, facts.page)
    if not facts.unsettled:
        return None
    shown = tuple((title, format_yuan(fen)) for title, fen in facts.unsettled)
    return Refusal(f"{facts.ceiling}还有没有了结的", shown, FINANCE, facts.page)
