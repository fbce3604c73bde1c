"""资金下达：承诺不超过已经下达的；更正不造成缺口；金额单位为分。"""

from __future__ import annotations

from budgeting.facts.released import ReleasedFacts, released_facts
from budgeting.rules.review import FINANCE
from core.money import format_yuan
from core.regulations import PINGHU, YUBEI
from core.rules import Parameters, Refusal, rule


@rule(
    "YB-12-within-released",
    title="资金下达以内",
    cites=(YUBEI.article(12), PINGHU.article(8)),
    facts=released_facts,
    binds="act",
    of_form=True,
)
def commitment_is_within_released(facts: ReleasedFacts, parameters: Parameters) -> Refusal | None:
    """登记资金下达的（上级转移支付资金一律登记），承诺不得超过已经下达而没有承诺的。"""
    if facts.asked_fen <= facts.left_fen:
        return None
    left = format_yuan(facts.left_fen)
    shown = (
        ("已下达", format_yuan(facts.released_fen)),
        ("已承诺和支付", format_yuan(facts.used_fen)),
        ("本次承诺", format_yuan(facts.asked_fen)),
        ("尚缺", format_yuan(facts.asked_fen - facts.left_fen)),
    )
    words = f"{facts.pool}已下达而没有承诺的只有 {left} 元；先登记资金下达或者调整资金来源，再承诺"
    return Refusal(words, shown, FINANCE, facts.page)
