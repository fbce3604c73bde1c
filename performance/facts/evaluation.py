"""综合评估规则所问的事实。"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from contracts.models import LIVE, Grade
from core.rules import Context
from performance.facts.results import ResultLine, lines_kept
from performance.facts.scores import ZERO, grade_of, rate, weighted
from performance.models import (
    ASPECTS,
    LIVE_LINKS,
    Evaluation,
    EvaluationLink,
    EvaluationOpinion,
    Party,
)

COMPONENTS = {
    "indicators": "指标得分",
    **dict(Party.choices),
    "users": "服务对象满意率",
}


@dataclass(frozen=True)
class EvaluationFacts:
    """一份综合评估：各方意见、本次登记的一方、拟定的等级。"""

    page: str
    is_in_force: bool
    contract_state: str
    given: tuple[str, ...]
    missing: tuple[str, ...]
    party: str
    blank_aspects: tuple[str, ...]
    asked: int
    answered: int
    satisfied: int
    users_opinion: str
    components: tuple[tuple[str, Decimal], ...]
    grade: str
    grade_reason: str
    agreed_grades: tuple[str, ...]
    mends: bool
    demand: str
    workdays: int
    summary: str


def evaluation_facts(subject: Evaluation | EvaluationLink, context: Context) -> EvaluationFacts:
    data = context.data
    evaluation = subject.evaluation if isinstance(subject, EvaluationLink) else subject
    contract = evaluation.contract
    opinions = list(EvaluationOpinion.objects.filter(evaluation=evaluation))
    given = {o.party for o in opinions}
    grade = str(data.get("grade") or "")
    return EvaluationFacts(
        page=evaluation.case().get_absolute_url(),
        is_in_force=contract.status in LIVE,
        contract_state=contract.get_status_display(),
        given=tuple(label for value, label in Party.choices if value in given),
        missing=tuple(label for value, label in Party.choices if value not in given),
        party=Party(data["party"]).label if data.get("party") in Party.values else "",
        blank_aspects=_blank_aspects(data),
        asked=_survey(evaluation, data, "asked"),
        answered=_survey(evaluation, data, "answered"),
        satisfied=_survey(evaluation, data, "satisfied"),
        users_opinion=_text(data, "users_opinion") or evaluation.users_opinion.strip(),
        components=tuple((score_parts(evaluation) or {}).items()),
        grade=grade,
        grade_reason=_text(data, "grade_reason"),
        agreed_grades=tuple(contract.grade_percents),
        mends=bool(grade) and must_mend(evaluation, grade),
        demand=_text(data, "demand"),
        workdays=int(data.get("workdays") or 0),
        summary=_text(data, "summary"),
    )


def must_mend(evaluation: Evaluation, grade: str) -> bool:
    """不合格的先责令限期整改；整改之后重评仍不合格、合同约定了比例的，按约定结算。"""
    if grade != Grade.POOR:
        return False
    return evaluation.round_number == 1 or grade not in evaluation.contract.grade_percents


def score_parts(
    evaluation: Evaluation, lines: Sequence[ResultLine] | None = None
) -> dict[str, Decimal] | None:
    """总分的各个部分（各按百分计）；还缺一部分的为 None。`lines` 是已经取出的指标得分。"""
    if lines is None:
        lines = lines_kept(evaluation)
    opinions = {o.party: o.score for o in evaluation.opinions.all()}
    is_whole = (
        all(line.is_stated for line in lines)
        and set(opinions) == set(Party.values)
        and bool(evaluation.answered)
    )
    if not is_whole:
        return None
    return {
        "indicators": sum((line.score for line in lines), ZERO),
        **{party: opinions[party] for party in Party.values},
        "users": rate(evaluation.satisfied or 0, evaluation.answered or 0),
    }


def total_score(parts: Mapping[str, Decimal], parameters: Mapping[str, Any]) -> tuple[Decimal, str]:
    """总分和得分等级。"""
    score = weighted(parts, parameters["YB-14-score-weights"])
    return score, grade_of(score, parameters["YB-14-grade-bands"])


def _blank_aspects(data: Mapping[str, Any]) -> tuple[str, ...]:
    """没有写意见，或者评分不在 0 至 100 的方面。"""
    return tuple(
        label
        for name, label in ASPECTS.items()
        if not _text(data, name) or not _is_score(data.get(f"{name}_score"))
    )


def _is_score(value: Decimal | None) -> bool:
    return value is not None and 0 <= value <= 100


def _survey(evaluation: Evaluation, data: Mapping[str, Any], name: str) -> int:
    return int(data[name] if data.get(name) is not None else getattr(evaluation, name) or 0)


def _text(data: Mapping[str, Any], name: str) -> str:
    return str(data.get(name) or "").strip()


@dataclass(frozen=True)
class LinkFacts:
    """第三方链接：能不能发、有效期、今日。"""

    page: str
    live: str
    has_spoken: bool
    on: date
    expires_on: date | None


def link_facts(subject: Evaluation | EvaluationLink, context: Context) -> LinkFacts:
    evaluation, expires_on = _linked(subject, context)
    live = evaluation.links.filter(status__in=LIVE_LINKS).first()
    spoken = evaluation.opinions.filter(party=Party.THIRD_PARTY)
    return LinkFacts(
        page=evaluation.case().get_absolute_url(),
        live=f"{live}（{live.get_status_display()}）" if live else "",
        has_spoken=spoken.exists(),
        on=context.on,
        expires_on=expires_on,
    )


def _linked(
    subject: Evaluation | EvaluationLink, context: Context
) -> tuple[Evaluation, date | None]:
    """已发的链接看它的有效期，拟发的看所填的。"""
    if isinstance(subject, EvaluationLink):
        return subject.evaluation, subject.expires_on
    return subject, context.data.get("expires_on")
