"""领导小组会议：在任成员、到会人数、回避、日期（《平湖办法》第十五条）。"""

from __future__ import annotations

from core.regulations import PINGHU, YUBEI
from core.rules import Parameters, Refusal, rule
from projects.facts import MeetingFacts, meeting_facts

SECRETARY = "领导小组秘书"


@rule(
    "PH-15-members-accounted",
    title="成员情形齐全",
    cites=(PINGHU.article(15), YUBEI.article(4, 3)),
    facts=meeting_facts,
    binds="act",
    of_form=True,
)
def members_are_accounted_for(facts: MeetingFacts, parameters: Parameters) -> Refusal | None:
    """会议日在任的成员，须逐人写明到会、缺席或者回避；不在任的不得计入。"""
    shown = tuple((name, "未填") for name in facts.unaccounted)
    if facts.strangers:
        shown += (("会议日不在任的", f"{facts.strangers} 人"),)
    if not facts.members:
        shown += (("在任成员", "没有"),)
    return Refusal("领导小组成员的情形不齐", shown, SECRETARY, facts.page) if shown else None


@rule(
    "PH-15-quorum",
    title="到会人数",
    cites=(PINGHU.article(15), YUBEI.article(4, 3)),
    facts=meeting_facts,
    parameters=("PH-15-quorum-percent",),
    binds="act",
    of_form=True,
)
def meeting_has_its_quorum(facts: MeetingFacts, parameters: Parameters) -> Refusal | None:
    """到会且不回避的成员须超过在任成员的规定比例。"""
    percent = parameters["PH-15-quorum-percent"]
    if facts.present * 100 > facts.members * percent:
        return None
    shown = (
        ("在任成员", f"{facts.members} 人"),
        ("到会且不回避", f"{facts.present} 人"),
        ("须超过", f"{percent}%"),
    )
    return Refusal("领导小组到会人数不足", shown, SECRETARY, facts.page)


@rule(
    "PH-15-avoidance",
    title="回避",
    cites=(PINGHU.article(15), YUBEI.article(4, 3)),
    facts=meeting_facts,
    binds="act",
    of_form=True,
)
def members_concerned_avoid(facts: MeetingFacts, parameters: Parameters) -> Refusal | None:
    """填报过、修改过本项目的成员须回避，不得计入到会。"""
    if not facts.not_avoiding:
        return None
    shown = tuple((name, "是本项目的经办人") for name in facts.not_avoiding)
    return Refusal("应当回避的成员没有回避", shown, SECRETARY, facts.page)


@rule(
    "PH-15-meeting-dated",
    title="会议日期",
    cites=(PINGHU.article(15), YUBEI.article(4, 3)),
    facts=meeting_facts,
    binds="act",
    of_form=True,
)
def meeting_is_dated_after_filing(facts: MeetingFacts, parameters: Parameters) -> Refusal | None:
    """会议在送签之后、登记之前召开。"""
    if facts.held_on is not None and facts.opened_on <= facts.held_on <= facts.on:
        return None
    shown = (("会议日期", str(facts.held_on or "未填")), ("送签日", facts.opened_on.isoformat()))
    return Refusal("会议日期不在送签日至今天之间", shown, SECRETARY, facts.page)
