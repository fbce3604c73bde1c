"""第三方评估链接的法定条件。"""

from __future__ import annotations

from datetime import timedelta

from core.regulations import PINGHU, YUBEI
from core.rules import Parameters, Refusal, rule
from performance.facts.evaluation import LinkFacts, link_facts

BY_THIRD_PARTY = (YUBEI.article(9, 6), PINGHU.article(13))
OFFICER = "经办人"


@rule(
    "YB-9.6-link-free",
    title="第三方尚未评估",
    cites=BY_THIRD_PARTY,
    facts=link_facts,
    binds="act",
)
def no_link_is_live(facts: LinkFacts, parameters: Parameters) -> Refusal | None:
    """第三方的意见还没有登记，也没有在用的链接，方可再发。"""
    if not facts.live and not facts.has_spoken:
        return None
    shown = (
        ("第三方意见", "已登记" if facts.has_spoken else "未登记"),
        ("链接", facts.live or "无"),
    )
    return Refusal("第三方的意见已经登记，或者还有在用的链接", shown, OFFICER, facts.page)


@rule(
    "YB-9.6-link-dated",
    title="链接有期限",
    cites=BY_THIRD_PARTY,
    facts=link_facts,
    parameters=("YB-9.6-link-days",),
    binds="act",
    of_form=True,
)
def link_is_dated(facts: LinkFacts, parameters: Parameters) -> Refusal | None:
    """链接的有效期自今日起，至多为参数所定的日数。"""
    last = facts.on + timedelta(days=parameters["YB-9.6-link-days"])
    if facts.expires_on is not None and facts.on <= facts.expires_on <= last:
        return None
    shown = (("有效期至", str(facts.expires_on or "未填")), ("最晚", last.isoformat()))
    return Refusal(f"链接的有效期最晚至 {last.isoformat()}", shown, OFFICER, facts.page)


@rule(
    "YB-9.6-link-in-date",
    title="在有效期内填报",
    cites=BY_THIRD_PARTY,
    facts=link_facts,
    binds="act",
)
def link_is_in_date(facts: LinkFacts, parameters: Parameters) -> Refusal | None:
    """第三方在链接的有效期内填报。"""
    if facts.expires_on is not None and facts.on <= facts.expires_on:
        return None
    shown = (("有效期至", str(facts.expires_on)), ("今日", facts.on.isoformat()))
    return Refusal("链接已过有效期", shown, OFFICER, facts.page)
