"""年度自评的法定条件；金额单位为分。"""

from __future__ import annotations

from core.money import format_yuan
from core.regulations import PINGHU, YUBEI
from core.rules import Parameters, Refusal, rule
from performance.facts.self_evaluation import (
    SelfEvaluationFacts,
    YearFacts,
    self_evaluation_facts,
    year_facts,
)

YEARLY = (PINGHU.article(16), YUBEI.article(17))
TRUTHFUL = (PINGHU.article(13), YUBEI.article(17))
FORM = "项目支出绩效自评表的通行填报要求"
OFFICER, LEADER = "经办人", "分管领导"


@rule(
    "PH-16-year-funded",
    title="当年有资金",
    cites=YEARLY,
    facts=year_facts,
    binds="act",
    of_form=True,
)
def year_is_funded(facts: YearFacts, parameters: Parameters) -> Refusal | None:
    """只有项目有资金分配、已经开始的年度才自评。"""
    if facts.year in facts.funded and facts.year <= facts.on.year:
        return None
    shown = tuple((f"{year} 年度", "有资金") for year in facts.funded)
    return Refusal("项目在这一年度没有资金，或者年度还没有开始", shown, OFFICER, facts.page)


@rule(
    "PH-16-one-a-year",
    title="一年一份自评",
    cites=YEARLY,
    facts=year_facts,
    binds="act",
    of_form=True,
)
def year_is_evaluated_once(facts: YearFacts, parameters: Parameters) -> Refusal | None:
    """一个项目一个年度只有一份自评。"""
    if facts.year not in facts.started:
        return None
    shown = tuple((f"{year} 年度", "已开始") for year in facts.started)
    return Refusal("这一年度的自评已经开始", shown, OFFICER, facts.page)


@rule(
    "PH-16-self-evaluated",
    title="各年度都已自评",
    cites=YEARLY,
    facts=year_facts,
    binds="act",
)
def every_year_is_evaluated(facts: YearFacts, parameters: Parameters) -> Refusal | None:
    """补助项目没有合同可评，用钱的各年度自评都签署了，评估方告完成。"""
    if facts.funded and not facts.unsigned:
        return None
    shown = tuple((f"{year} 年度", "没有签署自评") for year in facts.unsigned)
    return Refusal("还有年度没有完成自评", shown, OFFICER, facts.page)


@rule(
    "PH-16-year-over",
    title="年度已过或项目已完",
    cites=YEARLY,
    facts=self_evaluation_facts,
    binds="act",
)
def year_is_over(facts: SelfEvaluationFacts, parameters: Parameters) -> Refusal | None:
    """到期后自评：年度终了，或者项目实施已经完毕，方可签署。"""
    if facts.on.year > facts.year or facts.is_project_over:
        return None
    shown = (("年度", str(facts.year)), ("今日", facts.on.isoformat()), ("环节", facts.stage))
    return Refusal(f"{facts.year} 年度还没有终了，项目也还在实施", shown, LEADER, facts.page)


@rule(
    "PH-16-completion-stated",
    title="写明总体目标完成情况",
    cites=YEARLY,
    facts=self_evaluation_facts,
    binds="act",
)
def completion_is_stated(facts: SelfEvaluationFacts, parameters: Parameters) -> Refusal | None:
    """自评须写明年度总体目标的实际完成情况。"""
    if facts.completion:
        return None
    return Refusal("没有写年度总体目标的实际完成情况", (), OFFICER, facts.page)


@rule(
    "PH-16-low-rate-explained",
    title="执行率偏低有说明",
    cites=YEARLY,
    facts=self_evaluation_facts,
    parameters=("PH-16-execution-explained-below",),
    binds="act",
    outside=FORM,
)
def low_rate_is_explained(facts: SelfEvaluationFacts, parameters: Parameters) -> Refusal | None:
    """预算执行率低于参数所定的，须写明原因。"""
    limit, total = parameters["PH-16-execution-explained-below"], facts.total
    if total.executed_fen * 100 >= limit * total.budget_fen or facts.rate_reason:
        return None
    shown = (("执行率", f"{facts.execution_rate}%"), ("须说明的", f"低于 {limit}%"))
    return Refusal("预算执行率偏低，没有写明原因", shown, OFFICER, facts.page)


@rule(
    "PH-16-adjustment-explained",
    title="追加调减有说明",
    cites=YEARLY,
    facts=self_evaluation_facts,
    binds="act",
    outside=FORM,
)
def adjustment_is_explained(facts: SelfEvaluationFacts, parameters: Parameters) -> Refusal | None:
    """全年预算数与年初预算数不同的，须说明年中的追加、调减。"""
    total = facts.total
    if total.initial_fen == total.budget_fen or facts.adjustment_reason:
        return None
    shown = (
        ("年初预算数", format_yuan(total.initial_fen)),
        ("全年预算数", format_yuan(total.budget_fen)),
    )
    return Refusal("预算年中有追加、调减，没有说明", shown, OFFICER, facts.page)


@rule(
    "PH-13-signed-by-another",
    title="签署人不是填报人",
    cites=TRUTHFUL,
    facts=self_evaluation_facts,
    binds="act",
)
def it_is_signed_by_another(facts: SelfEvaluationFacts, parameters: Parameters) -> Refusal | None:
    """评价人对真实性和准确性负责：填报的人不能签署自己填报的自评。"""
    if not facts.is_same_person:
        return None
    shown = (("填报人", facts.filler), ("签署人", facts.signer))
    return Refusal("填报人不能签署自己填报的自评", shown, LEADER, facts.page)
