"""Steps of an evaluation, each by the person who takes it: scores, opinions, users, conclusion."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from contracts.models import Contract
from performance.models import ASPECTS, Evaluation, Party
from performance.services import (
    conclude_evaluation,
    record_opinion,
    record_survey,
    score_indicators,
)
from projects.models import Indicator, Project
from tests.staging import staged
from tests.steps import fresh
from tests.world import World

# What every party and the users say, in points of a hundred, so that the total earns the grade:
# the indicators are all reached and weigh 40 %.
SAID = {"excellent": 90, "good": 70, "fair": 60, "poor": 20}
WORDS = {
    "achievement": "各项指标达到。",
    "fund_use": "资金使用合规。",
    "quality": "夏季故障较多。",
    "satisfaction": "使用单位基本满意。",
}


def evaluation_of(contract: Contract) -> Evaluation:
    """The round under way, or the last one."""
    return Evaluation.objects.filter(contract=contract.pk).order_by("-round_number")[0]


def reached(project: Project, **actuals: str) -> list[dict[str, Any]]:
    """Every indicator of the project exactly reached; `actuals` by name say otherwise."""
    return [
        {
            "line": row.pk,
            "actual": Decimal(actuals[row.name]) if row.name in actuals else row.value,
            "evidence": "运行月报",
            "deviation": "值守不足，已增派人员" if row.name in actuals else "",
        }
        for row in Indicator.objects.filter(project=project)
    ]


def aspects(score: int | str, **changes: Any) -> dict[str, Any]:
    """Four aspects with text, each scored alike."""
    return WORDS | {f"{name}_score": Decimal(score) for name in ASPECTS} | changes


@staged
def score(world: World, evaluation: Evaluation, on: date, **actuals: str) -> Any:
    results = reached(evaluation.case(), **actuals)
    return score_indicators(fresh(evaluation), results=results, **world.zhang.acts(on))


@staged
def ask_users(world: World, evaluation: Evaluation, on: date, satisfied: int = 92) -> Any:
    values = {"asked": 120, "answered": 100, "satisfied": satisfied, "users_opinion": "基本满意"}
    return record_survey(fresh(evaluation), **values, **world.zhang.acts(on))


@staged
def say(world: World, evaluation: Evaluation, party: str, on: date, **changes: Any) -> Any:
    """One party's opinion, registered by 张."""
    values = aspects(changes.pop("score", SAID["fair"])) | {
        "party": party,
        "organisation": "区文化馆",
        "given_on": on,
    }
    return record_opinion(fresh(evaluation), **values | changes, **world.zhang.acts(on))


@staged
def hear(world: World, evaluation: Evaluation, grade: str, on: date) -> None:
    """All that a conclusion needs, scored so that the total earns the grade."""
    score(world, evaluation, on)
    for party in Party.values:
        say(world, evaluation, party, on, score=SAID[grade])
    ask_users(world, evaluation, on, SAID[grade])


@staged
def conclude(world: World, evaluation: Evaluation, grade: str, on: date, **changes: Any) -> Any:
    """The conclusion by 王; a failure orders mending."""
    values: dict[str, Any] = {"grade": grade, "summary": "按得分定级。"}
    if grade == "poor":
        values |= {"demand": "补足值守，重做巡检", "workdays": 10}
    return conclude_evaluation(fresh(evaluation), **values | changes, **world.wang.acts(on))


@staged
def evaluate(world: World, contract: Contract, grade: str, on: date) -> Evaluation:
    """Heard and concluded in that grade."""
    row = evaluation_of(contract)
    hear(world, row, grade, on)
    conclude(world, row, grade, on)
    return fresh(row)
