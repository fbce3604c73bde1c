"""绩效目标。"""

from __future__ import annotations

from core.regulations import PINGHU, YUBEI
from core.rules import Parameters, Refusal, rule
from projects.facts import (
    FilingFacts,
    filing_facts,
)
from projects.rules.scope import OFFICER


@rule(
    "YB-14-targets-complete",
    title="绩效目标完整",
    cites=(YUBEI.article(14), PINGHU.article(9)),
    facts=filing_facts,
)
def targets_are_complete(facts: FilingFacts, parameters: Parameters) -> Refusal | None:
    """须有绩效指标，且每项都有目标值和单位；产出与满意度不可缺。"""
    missing = [(i.name, "缺目标值或单位") for i in facts.indicators if not (i.has_value and i.unit)]
    levels = {i.level for i in facts.indicators}
    missing += [
        (title, "没有设置")
        for level, title in (("output", "产出指标"), ("satisfaction", "满意度指标"))
        if level not in levels
    ]
    return Refusal("绩效目标不完整", tuple(missing), OFFICER, facts.page) if missing else None


@rule(
    "PH-9-weights-hundred",
    title="权重合计",
    cites=(PINGHU.article(9, part="indicators"), YUBEI.article(14)),
    facts=filing_facts,
    parameters=("PH-9-weights-total",),
)
def weights_make_a_hundred(facts: FilingFacts, parameters: Parameters) -> Refusal | None:
    """各指标权重合计须等于 100%。"""
    total, wanted = sum(i.weight for i in facts.indicators), parameters["PH-9-weights-total"]
    if total == wanted:
        return None
    return Refusal(f"指标权重合计须为 {wanted}%", (("现合计", f"{total}%"),), OFFICER, facts.page)
