"""控制数编报的次序：一上、一下、二上、二下，之后才有年中调整。"""

from __future__ import annotations

from budgeting.facts.rounds import RoundFacts, allowed_rounds, round_facts
from budgeting.models import Round
from budgeting.rules.review import FINANCE
from core.regulations import PINGHU, YUBEI
from core.rules import Parameters, Refusal, rule


@rule(
    "YB-9.2-rounds-in-order",
    title="编报依次",
    cites=(YUBEI.article(9, 2), PINGHU.article(6)),
    facts=round_facts,
    binds="act",
    of_form=True,
)
def rounds_are_in_order(facts: RoundFacts, parameters: Parameters) -> Refusal | None:
    """控制数依一上、一下、二上、二下的次序编报和下达；直接下达过的不再编报，年中调整在二下之后。"""
    if facts.is_set_directly:
        words = f"{facts.fund}已经直接下达控制数，不再编报；要改的办理调整"
        return Refusal(words, (("拟办", Round(facts.asked).label),), FINANCE, facts.page)
    allowed = allowed_rounds(facts.last)
    if facts.asked in allowed:
        return None
    last = Round(facts.last).label if facts.last else "尚未编报"
    shown = (
        ("最近一轮", last),
        ("拟办", Round(facts.asked).label),
        ("现在可办", "、".join(Round(each).label for each in allowed)),
    )
    words = f"{facts.fund}现在不能办{Round(facts.asked).label}"
    return Refusal(words, shown, f"经办人、{FINANCE}", facts.page)
