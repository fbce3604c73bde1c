"""综合评估的法定条件。"""

from __future__ import annotations

from contracts.models import Grade
from core.regulations import PINGHU, YUBEI
from core.rules import Parameters, Refusal, rule
from performance.facts.evaluation import (
    COMPONENTS,
    EvaluationFacts,
    evaluation_facts,
    total_score,
)

TOGETHER = (YUBEI.article(9, 6), PINGHU.article(13))
BY_RESULT = (YUBEI.article(14), PINGHU.article(13))
MENDING = (YUBEI.article(19), PINGHU.article(13))
OFFICER, LEADER = "经办人", "分管领导"


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
    return Refusal(words, tuple((p, "已登记") for p in facts.given), OFFICER, facts.page)


@rule(
    "YB-14-four-aspects",
    title="四个方面都评",
    cites=BY_RESULT,
    facts=evaluation_facts,
    binds="act",
    of_form=True,
)
def four_aspects_are_evaluated(facts: EvaluationFacts, parameters: Parameters) -> Refusal | None:
    """绩效目标的实现程度、资金使用效果、服务质量、公众满意度都要评，各有意见和 0 至 100 的评分。"""
    if not facts.blank_aspects:
        return None
    shown = tuple((name, "没有意见或评分") for name in facts.blank_aspects)
    return Refusal(f"没有评{'、'.join(facts.blank_aspects)}", shown, OFFICER, facts.page)


@rule(
    "YB-14-survey-adds-up",
    title="问卷数字相符",
    cites=BY_RESULT,
    facts=evaluation_facts,
    binds="act",
    of_form=True,
)
def survey_adds_up(facts: EvaluationFacts, parameters: Parameters) -> Refusal | None:
    """表示满意的不多于收回的，收回的不多于发放的，至少收回一份，并写明意见。"""
    if facts.satisfied <= facts.answered <= facts.asked and facts.answered and facts.users_opinion:
        return None
    shown = (
        ("发放", f"{facts.asked} 份"),
        ("收回", f"{facts.answered} 份"),
        ("满意", f"{facts.satisfied} 份"),
        ("意见", "已写" if facts.users_opinion else "未写"),
    )
    return Refusal("问卷的份数不相符，或者没有写服务对象意见", shown, OFFICER, facts.page)


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
    return Refusal("合同已不在履行中", (("合同", facts.contract_state),), OFFICER, facts.page)


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
    return Refusal(f"还缺{'、'.join(facts.missing)}的评估意见", shown, OFFICER, facts.page)


@rule(
    "YB-14-users-opinion",
    title="有服务对象意见",
    cites=BY_RESULT,
    facts=evaluation_facts,
    binds="act",
)
def users_have_spoken(facts: EvaluationFacts, parameters: Parameters) -> Refusal | None:
    """综合评估由购买主体、服务对象及第三方有机结合，须有服务对象的意见和满意率。"""
    if facts.users_opinion and facts.answered:
        return None
    return Refusal("没有登记服务对象意见", (), OFFICER, facts.page)


@rule(
    "YB-14-grade-follows-score",
    title="等级由得分得出",
    cites=BY_RESULT,
    facts=evaluation_facts,
    parameters=("YB-14-score-weights", "YB-14-grade-bands"),
    binds="act",
    of_form=True,
)
def grade_follows_score(facts: EvaluationFacts, parameters: Parameters) -> Refusal | None:
    """考核等级由总分得出；分管领导另定等级的，须写明理由。"""
    if not facts.components:
        return Refusal("得分还没有齐全，得不出等级", (), OFFICER, facts.page)
    score, scored = total_score(dict(facts.components), parameters)
    if facts.grade == scored or facts.grade_reason:
        return None
    shown = (
        *((COMPONENTS[name], str(value)) for name, value in facts.components),
        ("总分", f"{score}，{Grade(scored).label}"),
    )
    return Refusal("所定等级与得分不一致，没有写明理由", shown, LEADER, facts.page)


@rule(
    "YB-14-grade-agreed",
    title="等级有约定",
    cites=BY_RESULT,
    facts=evaluation_facts,
    binds="act",
    of_form=True,
)
def grade_is_agreed(facts: EvaluationFacts, parameters: Parameters) -> Refusal | None:
    """评估结果作为结算依据：据以结算的等级须是合同约定了支付比例的等级，并写明结论。"""
    if facts.summary and (facts.mends or facts.grade in facts.agreed_grades):
        return None
    shown = tuple((Grade(g).label, "有约定") for g in facts.agreed_grades)
    return Refusal("等级没有约定支付比例，或者没有写评估结论", shown, LEADER, facts.page)


@rule(
    "YB-19-failed-mends",
    title="不合格的责令限期整改",
    cites=MENDING,
    facts=evaluation_facts,
    binds="act",
    of_form=True,
)
def failure_is_to_be_mended(facts: EvaluationFacts, parameters: Parameters) -> Refusal | None:
    """绩效评价不合格的，责令限期整改，写明要求和期限；不随即结算，也不随即终止。"""
    if not facts.mends or (facts.demand and facts.workdays > 0):
        return None
    shown = (
        ("整改要求", "已写" if facts.demand else "未写"),
        ("期限（工作日）", str(facts.workdays or "未填")),
    )
    return Refusal("评价不合格，没有写明整改的要求和期限", shown, LEADER, facts.page)
