"""综合评估的动作：开始、逐项计分、登记各方和服务对象意见、作出结论并结算或责令整改。"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager
from datetime import date
from decimal import Decimal
from typing import Any

from accounts.models import RoleAssignment, User
from contracts.models import Contract, Rectification
from contracts.services import order_mending, settle
from contracts.services.contract import case_locked
from core.attachments import attach
from core.history import Changes, change, unit_of_work
from core.history.values import row_values
from core.rules.parameters import parameters_in_force
from core.transitions import Outcome, perform, shows
from performance.facts.evaluation import must_mend, score_parts, total_score
from performance.facts.results import lines_typed
from performance.facts.scores import ZERO, weighted
from performance.models import (
    ASPECTS,
    Evaluation,
    EvaluationIndicator,
    EvaluationOpinion,
)
from performance.services.results import write_results

Upload = tuple[str, str, bytes]


def open_evaluation(
    contract: Contract,
    *,
    by: User,
    acting_as: RoleAssignment,
    on: date,
    round_number: int = 1,
) -> Evaluation:
    """全部服务验收合格后开始综合评估；一轮只开一次（第九条第（六）项）。"""
    known = Evaluation.objects.filter(contract=contract, round_number=round_number).first()
    if known is not None:
        return known
    acts: dict[str, Any] = {"by": by, "acting_as": acting_as, "on": on}
    with _under(contract, "开始综合评估", "performance.open_evaluation", **acts) as changes:
        return changes.create(
            Evaluation(contract=contract, round_number=round_number, opened_on=on)
        )


def reopen_evaluation(
    rectification: Rectification, *, by: User, acting_as: RoleAssignment, on: date
) -> Evaluation | None:
    """因评价不合格责令的整改销号之后另起一轮，前一轮保留；其他整改与评估无关（第十九条）。"""
    failed = Evaluation.objects.filter(mending=rectification).first()
    if failed is None:
        return None
    again = failed.round_number + 1
    return open_evaluation(failed.contract, by=by, acting_as=acting_as, on=on, round_number=again)


def score_indicators(
    evaluation: Evaluation,
    *,
    results: Sequence[dict[str, Any]],
    by: User,
    acting_as: RoleAssignment | None,
    on: date,
    file: Upload | None = None,
    **shown: Any,
) -> Outcome:
    """逐项登记完成值，按公式计分；证明材料附在评估上（第十四条）。Raises as `perform`.

    `results` 为 `[{"line": 指标主键, "actual": 完成值, "band": 档次, "percent": 比例,
    "evidence": 依据, "deviation": 偏差原因和措施, "changed": 改后的分, "reason": 改分理由}, …]`。
    """
    data = {"results": list(results)}
    acts: dict[str, Any] = {"by": by, "acting_as": acting_as, "on": on}
    with unit_of_work():
        outcome = perform(evaluation, "score_indicators", data=data, **acts, **shown)
        if not outcome.is_repeat:
            lines = lines_typed(evaluation, list(results))
            with _under(evaluation, "指标得分", "performance.write_results", **acts) as changes:
                write_results(changes, EvaluationIndicator, lines, evaluation=evaluation)
                if file is not None:
                    attach(changes, file, to=evaluation, purpose="指标完成证明", by=by, on=on)
        return outcome


def record_survey(
    evaluation: Evaluation,
    *,
    asked: int,
    answered: int,
    satisfied: int,
    users_opinion: str,
    by: User,
    acting_as: RoleAssignment | None,
    on: date,
    **shown: Any,
) -> Outcome:
    """登记服务对象意见：发放、收回、满意各几份（第十四条）。Raises as `perform`."""
    data = {
        "asked": asked,
        "answered": answered,
        "satisfied": satisfied,
        "users_opinion": users_opinion,
    }
    acts: dict[str, Any] = {"by": by, "acting_as": acting_as, "on": on}
    return perform(evaluation, "record_survey", note=users_opinion, data=data, **acts, **shown)


def record_opinion(
    evaluation: Evaluation,
    *,
    party: str,
    organisation: str,
    given_on: date,
    by: User,
    acting_as: RoleAssignment | None,
    on: date,
    version: int | None = None,
    shown: str | None = None,
    key: str | None = None,
    **aspects: Any,
) -> Outcome:
    """登记一方的意见：各方面有文字（`quality`）和评分（`quality_score`）。Raises as `perform`."""
    names = [name for aspect in ASPECTS for name in (aspect, f"{aspect}_score")]
    data = {
        "party": party,
        "organisation": organisation,
        "given_on": given_on,
        **{name: aspects[name] for name in names},
    }
    acts: dict[str, Any] = {"by": by, "acting_as": acting_as, "on": on}
    page: dict[str, Any] = {"version": version, "shown": shown, "key": key}
    with unit_of_work():
        outcome = perform(evaluation, "record_opinion", data=data, **acts, **page)
        if not outcome.is_repeat:
            weights = parameters_in_force(evaluation.jurisdiction(), on)["YB-14-aspect-weights"]
            score = weighted({a: Decimal(aspects[f"{a}_score"]) for a in ASPECTS}, weights)
            with _under(evaluation, "评估意见", "performance.write_opinion", **acts) as changes:
                changes.create(EvaluationOpinion(evaluation=evaluation, score=score, **data))
        return outcome


def conclude_evaluation(
    evaluation: Evaluation,
    *,
    grade: str,
    summary: str,
    by: User,
    acting_as: RoleAssignment | None,
    on: date,
    grade_reason: str = "",
    demand: str = "",
    workdays: int | None = None,
    **shown: Any,
) -> Outcome:
    """作出结论：总分由系统算出；合同据此结算，不合格的责令限期整改（第十四条、第十九条）。

    Raises as `perform`.
    """
    acts: dict[str, Any] = {"by": by, "acting_as": acting_as, "on": on}
    stated = {
        "grade": grade,
        "grade_reason": grade_reason,
        "summary": summary,
        "demand": demand,
        "workdays": workdays,
    }
    with unit_of_work():
        case_locked(evaluation.contract)
        data = {"on": on, **scored(evaluation, on), **stated}
        outcome = perform(evaluation, "conclude", note=summary, data=data, **acts, **shown)
        if outcome.is_repeat:
            return outcome
        row = Evaluation.objects.with_case().get(pk=evaluation.pk)
        if must_mend(row, grade):
            order = order_mending(row.contract, demand=demand, workdays=workdays or 0, **acts)
            with _under(row, "评价不合格的整改", "performance.order_mending", **acts) as changes:
                changes.update(row, mending=order)
        else:
            settle(row.contract, grade=grade, **acts)
        return outcome


def scored(evaluation: Evaluation, on: date) -> dict[str, Any]:
    """现在的总分和得分等级；还缺一部分的为零分、没有等级，规则不放行。"""
    parts = score_parts(evaluation)
    if parts is None:
        return {"score": ZERO, "scored_grade": ""}
    parameters = parameters_in_force(evaluation.jurisdiction(), on)
    score, grade = total_score(parts, parameters)
    return {"score": score, "scored_grade": grade}


def _under(
    subject: Contract | Evaluation, title: str, act: str, **acts: Any
) -> AbstractContextManager[Changes]:
    return change(title=title, act=act, stream=subject.stream(), **acts)


def _content(evaluation: Evaluation) -> dict[str, Any]:
    parts = (EvaluationOpinion, EvaluationIndicator)
    return {
        part._meta.model_name or "": [
            row_values(row)
            for row in part._default_manager.filter(evaluation=evaluation).order_by("pk")
        ]
        for part in parts
    }


shows("performance.evaluation", _content)
