"""综合评估的法定条件。"""

from __future__ import annotations

from contracts.models import Grade
from core.regulations import PINGHU, YUBEI
from core.rules import Parameters, Refusal, rule
from performance.facts import EvaluationFacts, evaluation_facts

TOGETHER = (YUBEI.article(9, 6), PINGHU.article(13))
BY_RESULT = (YUBEI.article(14), PINGHU.article(13))


@rule(
    "YB-9.6-party-once",
    title="一方一份意见",
    cites=TOGETHER,
    facts=evaluation_facts,
    binds="act",
    of_form=True,
)
def party_speaks_once(facts: EvaluationFacts, parameters: Parameters) -> Refusal | None:
    """购买主体、职能部门、第三方各出一份意见。"""
    if facts.party and facts.party not in facts.given:
        return None
    words = f"{facts.party}的意见已经登记" if facts.party else "没有选明评估方"
    return Refusal(words, tuple((p, "已登记") for p in facts.given), "经办人", facts.page)


@rule(
    "YB-14-four-aspects",
    title="四个方面都评",
    cites=BY_RESULT,
    facts=evaluation_facts,
    binds="act",
    of_form=True,
)
def four_aspects_are_evaluated(facts: EvaluationFacts, parameters: Parameters) -> Refusal | None:
    """绩效目标的实现程度、资金使用效果、服务质量、公众满意度都要评。"""
    if not facts.blank_aspects:
        return None
    shown = tuple((name, "未评") for name in facts.blank_aspects)
    return Refusal(f"没有评{'、'.join(facts.blank_aspects)}", shown, "经办人", facts.page)


@rule(
    "YB-9.6-contract-in-force",
    title="合同没有终止",
    cites=TOGETHER,
    facts=evaluation_facts,
    binds="act",
)
def contract_is_in_force(facts: EvaluationFacts, parameters: Parameters) -> Refusal | None:
    """合同终止的，不再作评估结论，也不再结算。"""
    if facts.is_in_force:
        return None
    return Refusal("合同已不在履行中", (("合同", facts.contract_state),), "经办人", facts.page)


@rule(
    "YB-9.6-three-parties",
    title="三方意见齐全",
    cites=TOGETHER,
    facts=evaluation_facts,
    binds="act",
)
def three_parties_have_spoken(facts: EvaluationFacts, parameters: Parameters) -> Refusal | None:
    """购买主体会同相关职能部门以及第三方专业机构综合评估，缺一方不得作结论。"""
    if not facts.missing:
        return None
    shown = tuple((party, "未登记") for party in facts.missing)
    return Refusal(f"还缺{'、'.join(facts.missing)}的评估意见", shown, "经办人", facts.page)


@rule(
    "YB-14-users-opinion",
    title="有服务对象意见",
    cites=BY_RESULT,
    facts=evaluation_facts,
    binds="act",
    of_form=True,
)
def users_have_spoken(facts: EvaluationFacts, parameters: Parameters) -> Refusal | None:
    """综合评估由购买主体、服务对象及第三方有机结合，须有服务对象意见。"""
    if facts.users_opinion:
        return None
    return Refusal("没有服务对象意见", (), "经办人", facts.page)


@rule(
    "YB-14-grade-agreed",
    title="等级有约定",
    cites=BY_RESULT,
    facts=evaluation_facts,
    binds="act",
    of_form=True,
)
def grade_is_agreed(facts: EvaluationFacts, parameters: Parameters) -> Refusal | None:
    """评估结果作为结算依据：所定等级须是合同约定了支付比例的等级，并写明结论。"""
    if facts.grade in facts.agreed_grades and facts.summary:
        return None
    shown = tuple((Grade(g).label, "有约定") for g in facts.agreed_grades)
    return Refusal("等级没有约定支付比例，或者没有写评估结论", shown, "分管领导", facts.page)
