"""评估：指标计分、各方意见、第三方链接、服务对象、结论。"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from config.story.acts.registry import act
from config.story.scene import Acts, Scene
from performance.models import ASPECTS, Evaluation, EvaluationLink, Party
from performance.services import (
    accept_answer,
    conclude_evaluation,
    issue_link,
    record_opinion,
    record_survey,
    score_indicators,
    take_answer,
)
from projects.models import Indicator


def _evaluation(scene: Scene, package: int) -> Evaluation:
    """进行中的一轮，或者最后一轮。"""
    return Evaluation.objects.filter(contract=scene.contract_of(package)).latest("round_number")


def _aspects(words: dict[str, str], scores: dict[str, int]) -> dict[str, Any]:
    return {name: words[name] for name in ASPECTS} | {
        f"{name}_score": Decimal(scores[name]) for name in ASPECTS
    }


@act
def score_targets(
    scene: Scene, acts: Acts, *, results: dict[str, dict[str, str]], package: int = 1
) -> None:
    """逐项计分；`results` 以指标名为键，写完成值、依据、未满分的偏差原因。"""
    rows = [
        {
            "line": row.pk,
            "actual": Decimal(results[row.name]["actual"]),
            "evidence": results[row.name]["evidence"],
            "deviation": results[row.name].get("deviation", ""),
        }
        for row in Indicator.objects.filter(project=scene.project)
    ]
    score_indicators(_evaluation(scene, package), results=rows, **acts)


@act
def give_opinion(
    scene: Scene,
    acts: Acts,
    *,
    party: str,
    organisation: str,
    words: dict[str, str],
    scores: dict[str, int],
    given: date,
    package: int = 1,
) -> None:
    record_opinion(
        _evaluation(scene, package),
        party=Party(party),
        organisation=organisation,
        given_on=given,
        **_aspects(words, scores),
        **acts,
    )


@act
def invite_third_party(
    scene: Scene, acts: Acts, *, organisation: str, expires: date, package: int = 1
) -> None:
    """发出第三方评估链接。"""
    issue_link(_evaluation(scene, package), organisation=organisation, expires_on=expires, **acts)


def _link(scene: Scene, package: int) -> EvaluationLink:
    return EvaluationLink.objects.filter(evaluation=_evaluation(scene, package)).latest("pk")


@act
def third_party_answers(
    scene: Scene, acts: Acts, *, words: dict[str, str], scores: dict[str, int], package: int = 1
) -> None:
    """第三方凭链接填报，不登录；`who` 只是发链接的人。"""
    take_answer(_link(scene, package), on=acts["on"], **_aspects(words, scores))


@act
def take_third_party(scene: Scene, acts: Acts, *, package: int = 1) -> None:
    accept_answer(_link(scene, package), **acts)


@act
def survey_users(
    scene: Scene,
    acts: Acts,
    *,
    asked: int,
    answered: int,
    satisfied: int,
    opinion: str,
    package: int = 1,
) -> None:
    record_survey(
        _evaluation(scene, package),
        asked=asked,
        answered=answered,
        satisfied=satisfied,
        users_opinion=opinion,
        **acts,
    )


@act
def conclude_with_grade(
    scene: Scene, acts: Acts, *, grade: str, summary: str, package: int = 1
) -> None:
    conclude_evaluation(_evaluation(scene, package), grade=grade, summary=summary, **acts)
