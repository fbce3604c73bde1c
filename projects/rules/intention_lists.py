"""采购意向须请人注意之处，和整份清单确认的条件。"""

from __future__ import annotations

from core.money import format_wanyuan
from core.regulations import YUBEI
from core.rules import Parameters, Refusal, rule
from projects.facts.intentions import (
    IntentionFacts,
    IntentionListFacts,
    intention_facts,
    intention_list_facts,
)
from projects.rules.intentions import FINANCE, UNIT


@rule(
    "YB-9.1-intention-readable",
    title="各栏读得懂",
    cites=YUBEI.article(9, 1),
    facts=intention_facts,
    binds="act",
    effect="warn",
)
def is_readable(facts: IntentionFacts, parameters: Parameters) -> Refusal | None:
    """单位、名称、预算金额和预计采购时间齐全并读得懂；清单里没有重复的一行。"""
    shown = tuple(("读不懂", text) for text in facts.unreadable)
    if facts.duplicate_of:
        shown += (("重复", f"与第 {facts.duplicate_of} 行的单位和名称相同"),)
    return Refusal("有的栏读不懂或重复", shown, UNIT) if shown else None


@rule(
    "YB-9.1-intention-complete",
    title="各栏都填了",
    cites=YUBEI.article(9, 1),
    facts=intention_facts,
    binds="act",
    effect="record_late",
)
def is_complete(facts: IntentionFacts, parameters: Parameters) -> Refusal | None:
    """空着的栏如实指出。"""
    shown = (("空着", "、".join(facts.missing)),)
    return Refusal("有的栏空着", shown, UNIT) if facts.missing else None


@rule(
    "YB-9.3-intention-month",
    title="意向公开满三十日",
    cites=YUBEI.article(9, 3),
    facts=intention_facts,
    parameters=("YB-9.3-intention-days",),
    binds="act",
    effect="record_late",
    outside="财库〔2020〕10号",
)
def is_published_thirty_days_before(
    facts: IntentionFacts, parameters: Parameters
) -> Refusal | None:
    """发布日距预计采购月的首日不少于三十日；不足的，写明最早哪一日可以开始。"""
    if facts.published_on is None or facts.month is None:
        return None
    days = (facts.month - facts.published_on).days
    least = parameters["YB-9.3-intention-days"]
    if days >= least:
        return None
    earliest = facts.published_on.fromordinal(facts.published_on.toordinal() + least)
    shown = (("发布到该月首日", f"{days} 日"), ("最早开始", earliest.isoformat()))
    return Refusal(f"意向公开不足 {least} 日", shown, UNIT)


@rule(
    "YB-9.1-intention-amount",
    title="金额不可疑",
    cites=YUBEI.article(9, 1),
    facts=intention_facts,
    parameters=("YB-9.1-intention-amounts-fen",),
    binds="act",
    effect="record_late",
)
def amount_is_usual(facts: IntentionFacts, parameters: Parameters) -> Refusal | None:
    """金额小得或大得少见的，核对元与万元。"""
    least, most = parameters["YB-9.1-intention-amounts-fen"]
    fen = facts.amount_fen
    if fen is None or least <= fen < most:
        return None
    return Refusal("金额少见，请核对单位", (("万元", format_wanyuan(fen)),), UNIT)


@rule(
    "YB-11-intention-near-limit",
    title="没有贴近限额",
    cites=YUBEI.article(11),
    facts=intention_facts,
    parameters=("YB-11-standing-committee-fen", "YB-11-intention-near-percent"),
    binds="act",
    effect="record_late",
)
def is_not_near_limit(facts: IntentionFacts, parameters: Parameters) -> Refusal | None:
    """金额在限额之下而相差无几的，请核对。"""
    limit, percent = (
        parameters["YB-11-standing-committee-fen"],
        parameters["YB-11-intention-near-percent"],
    )
    fen = facts.amount_fen
    if fen is None or fen >= limit or fen * 100 < limit * percent:
        return None
    shown = (("万元", format_wanyuan(fen)), ("限额", format_wanyuan(limit)))
    return Refusal("金额贴近限额", shown, UNIT)


@rule(
    "YB-11-intention-not-split",
    title="没有拆分",
    cites=YUBEI.article(11),
    facts=intention_facts,
    parameters=("YB-11-standing-committee-fen",),
    binds="act",
    effect="record_late",
)
def is_not_split_up(facts: IntentionFacts, parameters: Parameters) -> Refusal | None:
    """同一单位、名称主干相同的几条，有的不到限额而合计达到限额的，请核对。"""
    limit = parameters["YB-11-standing-committee-fen"]
    if facts.alike_count < 2 or facts.alike_fen < limit or facts.alike_least_fen >= limit:
        return None
    shown = (("同名", f"{facts.alike_count} 条"), ("合计万元", format_wanyuan(facts.alike_fen)))
    return Refusal("可能把一个项目拆成几条", shown, UNIT)


@rule(
    "YB-9.1-intentions-decided",
    title="各条都已定",
    cites=YUBEI.article(9, 1),
    facts=intention_list_facts,
    binds="act",
)
def intentions_are_decided(facts: IntentionListFacts, parameters: Parameters) -> Refusal | None:
    """需人工复核的各条，都由人定为可入计划或不予受理。"""
    if not facts.undecided:
        return None
    shown = (("待复核", f"{len(facts.undecided)} 条"), ("如", facts.undecided[0]))
    return Refusal("还有意向待人工复核", shown, FINANCE, facts.page)


@rule(
    "YB-9.1-intentions-placed",
    title="放得进计划",
    cites=YUBEI.article(9, 1),
    facts=intention_list_facts,
    binds="act",
)
def intentions_can_be_placed(facts: IntentionListFacts, parameters: Parameters) -> Refusal | None:
    """可入计划的各条，单位已登记、当年的计划已编制、要填的栏齐全、计划里没有同名的。"""
    if not facts.unplaced:
        return None
    return Refusal("有意向放不进计划", facts.unplaced, FINANCE, facts.page)
