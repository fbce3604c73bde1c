"""不早于起算日公开，按期公开。"""

from __future__ import annotations

from core.regulations import PINGHU, YUBEI
from core.rules import Parameters, Refusal, rule
from disclosure.facts.deadlines import PERIODS, PublicationFacts, publication_facts

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
    """购买的项目和要求在批复之后公开，合同在签订之后公告，其余在事项办成之后。"""
    if facts.opened_on is None or facts.published_on >= facts.opened_on:
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
    outside=(
        "《中华人民共和国预算法》第十四条、《中华人民共和国政府采购法实施条例》第四十三条、第四十五条、"
        "第五十条、《中华人民共和国政府信息公开条例》第二十六条"
    ),
)
def is_published_in_time(facts: PublicationFacts, parameters: Parameters) -> Refusal | None:
    """法律规定了期限的按期公开；逾期的照样公开，并记为逾期。"""
    if facts.due_on is None or facts.published_on <= facts.due_on:
        return None
    late = (facts.published_on - facts.due_on).days
    shown = (
        ("应公开", facts.due_on.isoformat()),
        ("实公开", facts.published_on.isoformat()),
        ("逾期", f"{late} 日"),
    )
    return Refusal(f"逾期 {late} 日公开", shown, "经办人", facts.page)
