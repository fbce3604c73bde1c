"""合同此刻的处境，以及外部发生的事的日期：各项履约办理共用的事实。"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Protocol

from contracts.facts.money import settlement_of
from contracts.models import LIVE, Contract, Milestone, Rectification
from core.rules import Context


class UnderContract(Protocol):
    """合同名下的一份文件。"""

    contract: Contract


def contract_under(subject: Contract | UnderContract) -> Contract:
    return subject if isinstance(subject, Contract) else subject.contract


@dataclass(frozen=True)
class StandingFacts:
    """合同的状态，是否在履行；哪一天结算的，什么等级，评价是不是不合格。"""

    page: str
    state: str
    is_live: bool
    settled_on: date | None
    grade: str
    is_failed: bool


def standing_facts(subject: Contract | UnderContract, context: Context) -> StandingFacts:
    contract = contract_under(subject)
    settlement = settlement_of(contract)
    return StandingFacts(
        page=contract.get_absolute_url(),
        state=contract.get_status_display(),
        is_live=contract.status in LIVE,
        settled_on=settlement.settled_on if settlement else None,
        grade=settlement.get_grade_display() if settlement else "",
        is_failed=settlement is not None and settlement.is_failed,
    )


# 表单里的日期，和它说的是什么事。
STATED = {
    "inspected_on": "检查日",
    "occurred_on": "发生日",
    "delivered_on": "交付日",
    "held_on": "验收日",
    "replied_on": "回复日",
}


@dataclass(frozen=True)
class DayFacts:
    """外部发生的事在哪一天；最早能在哪一天；今日。还没有填的为 None。"""

    page: str
    what: str
    day: date | None
    since_what: str
    since: date | None
    on: date


def day_facts(subject: Contract | UnderContract, context: Context) -> DayFacts:
    contract, data = contract_under(subject), context.data
    name = next((each for each in STATED if each in data), "")
    since_what, since = _earliest(subject, contract, data.get("milestone"))
    return DayFacts(
        page=contract.get_absolute_url(),
        what=STATED.get(name, ""),
        day=data.get(name),
        since_what=since_what,
        since=since,
        on=context.on,
    )


def _earliest(
    subject: Contract | UnderContract, contract: Contract, milestone: Milestone | None
) -> tuple[str, date | None]:
    """回复在责令之后，节点的验收在交付之后，其余在合同签订之后。"""
    if isinstance(subject, Rectification):
        return "责令日", subject.ordered_on
    if milestone is not None and milestone.delivered_on is not None:
        return "交付日", milestone.delivered_on
    return "合同签订日", contract.signed_on
