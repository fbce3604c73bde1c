"""公开的法定条件。"""

from __future__ import annotations

from core.regulations import PINGHU, YUBEI
from core.rules import Parameters, Refusal, rule
from disclosure.facts import (
    PERIODS,
    ClosingDuties,
    PublicationFacts,
    closing_duties,
    publication_facts,
)

# 《平湖办法》没有专条：其第十二条按签订的合同支付，合同公告据国家规定。
CITES = (YUBEI.article(9, 2), YUBEI.article(16), PINGHU.article(12))


@rule(
    "YB-9.2-published-not-early",
    title="不早于起算日公开",
    cites=CITES,
    facts=publication_facts,
    binds="act",
)
def is_published_after_approval(facts: PublicationFacts, parameters: Parameters) -> Refusal | None:
    """购买的项目和要求在批复之后公开，合同在签订之后公告。"""
    if facts.published_on >= facts.opened_on:
        return None
    shown = (("起算日", facts.opened_on.isoformat()), ("公开日", facts.published_on.isoformat()))
    return Refusal("公开日早于起算日，请核对日期", shown, "经办人", facts.page)


@rule(
    "YB-9.2-published-in-time",
    title="按期公开",
    cites=CITES,
    facts=publication_facts,
    parameters=PERIODS,
    binds="act",
    effect="record_late",
    outside="《中华人民共和国预算法》第十四条、《中华人民共和国政府采购法实施条例》第五十条",
)
def is_published_in_time(facts: PublicationFacts, parameters: Parameters) -> Refusal | None:
    """批复后、合同签订后按期公开；逾期的照登，并记为逾期。"""
    if facts.published_on <= facts.due_on:
        return None
    late = (facts.published_on - facts.due_on).days
    shown = (
        ("应公开", facts.due_on.isoformat()),
        ("实公开", facts.published_on.isoformat()),
        ("逾期", f"{late} 日"),
    )
    return Refusal(f"逾期 {late} 日公开", shown, "经办人", facts.page)


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
