"""办结之前，该公开的都已公开。"""

from __future__ import annotations

from core.regulations import PINGHU, YUBEI
from core.rules import Parameters, Refusal, rule
from disclosure.facts.closing import ClosingDuties, closing_duties


@rule(
    "YB-16-duties-fulfilled",
    title="该公开的都已公开",
    cites=(YUBEI.article(16), YUBEI.article(14), PINGHU.article(13)),
    facts=closing_duties,
    binds="act",
)
def every_duty_is_fulfilled(facts: ClosingDuties, parameters: Parameters) -> Refusal | None:
    """批复过的项目应有公开义务；各项公开义务（连同评估结果）都履行之后，方可办结。"""
    if facts.open:
        words = f"还有 {len(facts.open)} 项公开义务没有履行"
        return Refusal(words, facts.open, "经办人", facts.page)
    if facts.is_approved and not facts.opened:
        return Refusal("批复过的项目还没有开立公开义务", (), "系统管理员", facts.page)
    return None
