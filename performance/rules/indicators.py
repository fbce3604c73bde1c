"""绩效指标逐项计分的法定条件；综合评估和年度自评共用。"""

from __future__ import annotations

from core.regulations import PINGHU, YUBEI
from core.rules import Parameters, Refusal, rule
from performance.facts.results import ResultFacts, result_facts
from performance.models import Band

BY_INDICATOR = (PINGHU.article(9, part="indicators"), YUBEI.article(14))
TRUTHFUL = (PINGHU.article(13), YUBEI.article(14))
OFFICER = "经办人"


@rule(
    "PH-9-indicators-scored",
    title="指标逐项登记",
    cites=BY_INDICATOR,
    facts=result_facts,
    binds="act",
)
def indicators_are_scored(facts: ResultFacts, parameters: Parameters) -> Refusal | None:
    """申报的每项绩效指标都要登记实际完成值（定性的登记档次和比例）和依据。"""
    missing = tuple(
        (line.name, "没有依据" if line.is_stated else "没有完成值")
        for line in facts.lines
        if not (line.is_stated and line.evidence)
    )
    if facts.lines and not missing:
        return None
    return Refusal("绩效指标没有逐项登记完成情况", missing, OFFICER, facts.page)


@rule(
    "PH-9-band-percent",
    title="比例在档次之内",
    cites=BY_INDICATOR,
    facts=result_facts,
    parameters=("PH-9-qualitative-bands",),
    binds="act",
    of_form=True,
    outside="《项目支出绩效评价管理办法》（财预〔2020〕10号）",
)
def percent_is_within_its_band(facts: ResultFacts, parameters: Parameters) -> Refusal | None:
    """定性指标的得分比例须在所选档次之内：下限含，上限除满分外不含。"""
    bands = parameters["PH-9-qualitative-bands"]
    wrong = tuple(
        (line.name, f"{Band(line.band).label}，{line.percent}%")
        for line in facts.lines
        if line.band and line.percent is not None and not _is_within(line.percent, bands[line.band])
    )
    return Refusal("得分比例不在所选的档次之内", wrong, OFFICER, facts.page) if wrong else None


def _is_within(percent: object, band: list[int]) -> bool:
    low, high = band
    return low <= percent < high or percent == high == 100  # type: ignore[operator]


@rule(
    "PH-13-shortfall-explained",
    title="未满分的说明偏差",
    cites=TRUTHFUL,
    facts=result_facts,
    binds="act",
    of_form=True,
    outside="项目支出绩效自评表的通行填报要求",
)
def shortfall_is_explained(facts: ResultFacts, parameters: Parameters) -> Refusal | None:
    """没有得满分或者没有达到目标的，须写明偏差原因和改进措施。"""
    wrong = tuple(
        (line.name, f"得分 {line.score}，分值 {line.points}")
        for line in facts.lines
        if line.is_stated and not line.is_full and not line.deviation
    )
    if not wrong:
        return None
    return Refusal("未满分的指标没有写偏差原因和改进措施", wrong, OFFICER, facts.page)


@rule(
    "PH-13-change-reasoned",
    title="改分有理由",
    cites=TRUTHFUL,
    facts=result_facts,
    binds="act",
    of_form=True,
)
def change_is_reasoned(facts: ResultFacts, parameters: Parameters) -> Refusal | None:
    """人工改分的，改后的分在 0 和分值之间，并写明理由。"""
    wrong = tuple(
        (line.name, f"算得 {line.computed}，改为 {line.score}，分值 {line.points}")
        for line in facts.lines
        if line.is_changed and not (line.reason and 0 <= line.score <= line.points)
    )
    return Refusal("改分没有理由，或者超出分值", wrong, OFFICER, facts.page) if wrong else None
