"""试点先行：期限、推广、结论（《渝北办法》第四条第（二）项）。"""

from __future__ import annotations

from core.regulations import YUBEI
from core.rules import Parameters, Refusal, rule
from projects.facts import PreparingFacts, preparing_facts
from projects.models import PilotOutcome
from projects.rules.scope import OFFICER


@rule("YB-4.2-pilot-dated", title="试点期限", cites=YUBEI.article(4, 2), facts=preparing_facts)
def pilot_has_an_end(facts: PreparingFacts, parameters: Parameters) -> Refusal | None:
    """试点项目须写明截止日，截止日在申报之后。"""
    if not facts.is_pilot:
        return None
    if facts.pilot_until is None:
        return Refusal("试点项目没有写明截止日", (), OFFICER, facts.page)
    if facts.pilot_until > facts.on:
        return None
    shown = (("试点截止日", facts.pilot_until.isoformat()), ("申报日", facts.on.isoformat()))
    return Refusal("试点截止日须在申报日之后", shown, OFFICER, facts.page)


@rule(
    "YB-4.2-extension-after-pilot",
    title="试点先行",
    cites=YUBEI.article(4, 2),
    facts=preparing_facts,
)
def extension_follows_its_pilot(facts: PreparingFacts, parameters: Parameters) -> Refusal | None:
    """推广试点的项目，须待试点到期、结论为可以推广，方可申报。"""
    if not facts.pilot_of.strip():
        return None
    pilot = facts.pilot
    shown: tuple[tuple[str, str], ...] = (("试点项目", facts.pilot_of),)
    if pilot is None or not pilot.is_pilot:
        return Refusal("所填编号不是本辖区的试点项目", shown, OFFICER, facts.page)
    ended = pilot.until is not None and pilot.until <= facts.on
    outcome = str(PilotOutcome(pilot.outcome).label) if pilot.outcome else "未登记"
    shown += (("试点截止日", f"{pilot.until or '未填'}"), ("试点结论", outcome))
    if ended and pilot.outcome in (PilotOutcome.EXTEND, PilotOutcome.AMEND):
        return None
    return Refusal("试点尚未到期，或者没有可以推广的结论", shown, "试点项目经办人", facts.page)


@rule(
    "YB-4.2-pilot-ended",
    title="试点到期",
    cites=YUBEI.article(4, 2),
    facts=preparing_facts,
    binds="act",
)
def pilot_has_ended(facts: PreparingFacts, parameters: Parameters) -> Refusal | None:
    """试点结论只给试点项目登记，到期之后登记。"""
    if not facts.is_pilot:
        return Refusal("本项目不是试点项目", (), OFFICER, facts.page)
    if facts.pilot_until is not None and facts.pilot_until <= facts.asked_on:
        return None
    shown = (("试点截止日", f"{facts.pilot_until or '未填'}"), ("今日", facts.asked_on.isoformat()))
    return Refusal("试点还没有到期", shown, OFFICER, facts.page)


@rule(
    "YB-4.2-pilot-concluded-once",
    title="试点结论一次",
    cites=YUBEI.article(4, 2),
    facts=preparing_facts,
    binds="act",
)
def pilot_is_concluded_once(facts: PreparingFacts, parameters: Parameters) -> Refusal | None:
    """试点结论只登记一次。"""
    if facts.pilot_concluded_on is None:
        return None
    shown = (("已登记", facts.pilot_concluded_on.isoformat()),)
    return Refusal("试点结论已经登记", shown, OFFICER, facts.page)


@rule(
    "YB-4.2-pilot-not-left-open",
    title="试点有结论",
    cites=YUBEI.article(4, 2),
    facts=preparing_facts,
    binds="act",
)
def pilot_is_not_left_open(facts: PreparingFacts, parameters: Parameters) -> Refusal | None:
    """试点项目办结之前须登记试点结论：案卷封存之后再也登记不了。"""
    if not facts.is_pilot or facts.pilot_concluded_on is not None:
        return None
    shown = (("试点截止日", f"{facts.pilot_until or '未填'}"),)
    return Refusal("试点项目没有登记试点结论", shown, OFFICER, facts.page)
