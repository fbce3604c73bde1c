"""随申报上传的附件：哪些情形须有哪一种。"""

from __future__ import annotations

from core.regulations import PINGHU, YUBEI
from core.rules import Parameters, Refusal, rule
from projects.facts import PreparingFacts, preparing_facts
from projects.models import FormWeight, Paper
from projects.rules.preparing import SECTION, needs_pre_review, weight_asked
from projects.rules.scope import OFFICER
from projects.rules.weight import WEIGHT_PARAMETERS


def _without(facts: PreparingFacts, kind: Paper, mended_by: str = OFFICER) -> Refusal | None:
    if kind in facts.papers:
        return None
    return Refusal(f"没有上传{kind.label}", ((str(kind.label), "未上传"),), mended_by, facts.page)


@rule(
    "PH-8-calculation-attached",
    title="测算表",
    cites=(PINGHU.article(8), YUBEI.article(9, 1)),
    facts=preparing_facts,
    parameters=WEIGHT_PARAMETERS,
)
def calculation_is_attached(facts: PreparingFacts, parameters: Parameters) -> Refusal | None:
    """特定目标类和重点项目须上传测算表。"""
    is_key = weight_asked(facts, parameters) == FormWeight.KEY
    return _without(facts, Paper.CALCULATION) if facts.programme or is_key else None


@rule(
    "YB-4.3-study-attached",
    title="可研报告",
    cites=(PINGHU.article(11), YUBEI.article(4, 3)),
    facts=preparing_facts,
    parameters=WEIGHT_PARAMETERS,
)
def study_is_attached(facts: PreparingFacts, parameters: Parameters) -> Refusal | None:
    """重点项目须上传归口科室编制的可行性研究报告。"""
    is_key = weight_asked(facts, parameters) == FormWeight.KEY
    return _without(facts, Paper.STUDY, SECTION) if is_key else None


@rule(
    "PH-2.5-opinion-attached",
    title="预审意见附件",
    cites=PINGHU.article(2, 5, part="office"),
    facts=preparing_facts,
    parameters=("PH-2.5-programmes", "PH-2.5-item-prefixes"),
    everywhere=True,
)
def opinion_is_attached(facts: PreparingFacts, parameters: Parameters) -> Refusal | None:
    """须预审的，上传政务数据办的预审意见。"""
    return _without(facts, Paper.PRE_REVIEW) if needs_pre_review(facts, parameters) else None


@rule(
    "YB-4.3-evidence-attached",
    title="全额购买佐证材料",
    cites=YUBEI.article(4, 3),
    facts=preparing_facts,
)
def evidence_is_attached(facts: PreparingFacts, parameters: Parameters) -> Refusal | None:
    """全额购买的，上传覆盖弱势群体的佐证材料。"""
    return _without(facts, Paper.EVIDENCE) if facts.is_full_purchase else None
