"""合同在履行中、尚未结算、日期说得通：各项办理共用的法定条件。"""

from __future__ import annotations

from contracts.facts.standing import DayFacts, StandingFacts, day_facts, standing_facts
from contracts.facts.subsidy import return_day_facts
from contracts.rules.subsidy import FINANCE, SPENDING
from contracts.rules.terms import OFFICER
from core.regulations import PINGHU, YUBEI
from core.rules import Parameters, Refusal, rule

SUPERVISING = (YUBEI.article(9, 5), PINGHU.article(11))
SETTLING = (YUBEI.article(9, 6), PINGHU.article(13))
MENDING = (YUBEI.article(19), PINGHU.article(13))


@rule(
    "YB-9.5-contract-in-force",
    title="合同在履行中",
    cites=SUPERVISING,
    facts=standing_facts,
    binds="act",
)
def contract_is_in_force(facts: StandingFacts, parameters: Parameters) -> Refusal | None:
    """合同签订之后、付清或终止之前，方有交付和补充合同。"""
    if facts.is_live:
        return None
    return Refusal("合同不在履行中", (("合同状态", facts.state),), OFFICER, facts.page)


@rule(
    "YB-9.6-not-settled",
    title="尚未结算",
    cites=SETTLING,
    facts=standing_facts,
    binds="act",
)
def contract_is_not_settled(facts: StandingFacts, parameters: Parameters) -> Refusal | None:
    """结算确定了应付总额，此后不再登记检查、扣款事件，不再组织验收，不再签补充合同。"""
    if facts.settled_on is None:
        return None
    day = facts.settled_on.isoformat()
    return Refusal(f"合同已于 {day} 结算，应付总额已定", (("结算日", day),), OFFICER, facts.page)


@rule(
    "YB-19-mending-has-ground",
    title="责令整改有由",
    cites=MENDING,
    facts=standing_facts,
    binds="act",
)
def mending_has_ground(facts: StandingFacts, parameters: Parameters) -> Refusal | None:
    """结算之前不能严格履行合同的，或者评价不合格的，方责令限期整改。"""
    if facts.settled_on is None or facts.is_failed:
        return None
    shown = (("结算日", facts.settled_on.isoformat()), ("考核等级", facts.grade))
    return Refusal(f"合同已经结算，评价为{facts.grade}，不再责令整改", shown, OFFICER, facts.page)


@rule(
    "YB-9.5-within-performance",
    title="日期在履约之中",
    cites=SUPERVISING,
    facts=day_facts,
    binds="act",
    of_form=True,
)
def day_is_within_performance(facts: DayFacts, parameters: Parameters) -> Refusal | None:
    """检查、扣款事件、交付、验收在合同签订之后，节点的验收在交付之后；都不在今日之后。"""
    return _day_between(facts, OFFICER)


@rule(
    "YB-19-replied-after-order",
    title="回复在责令之后",
    cites=MENDING,
    facts=day_facts,
    binds="act",
    of_form=True,
)
def reply_follows_the_order(facts: DayFacts, parameters: Parameters) -> Refusal | None:
    """整改的回复在责令之后，不在今日之后。"""
    return _day_between(facts, OFFICER)


@rule(
    "PH-7.4-returned-after-release",
    title="退回在拨付之后",
    cites=SPENDING,
    facts=return_day_facts,
    binds="act",
    of_form=True,
)
def return_follows_a_release(facts: DayFacts, parameters: Parameters) -> Refusal | None:
    """款项退回的日期不早于首次拨付，不在今日之后。"""
    return _day_between(facts, FINANCE)


def _day_between(facts: DayFacts, mended_by: str) -> Refusal | None:
    """最早的一日至今日之间；没有填的，由别的规则管。"""
    if facts.day is None:
        return None
    day, on = facts.day.isoformat(), facts.on.isoformat()
    if facts.day > facts.on:
        shown = ((facts.what, day), ("今日", on))
        return Refusal(f"{facts.what} {day} 晚于今日 {on}", shown, mended_by, facts.page)
    if facts.since is None or facts.day >= facts.since:
        return None
    since = facts.since.isoformat()
    shown = ((facts.what, day), (facts.since_what, since))
    message = f"{facts.what} {day} 早于{facts.since_what} {since}"
    return Refusal(message, shown, mended_by, facts.page)
