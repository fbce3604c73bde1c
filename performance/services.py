"""综合评估的动作：开始、登记各方意见、作出结论并结算。"""

from __future__ import annotations

from datetime import date
from typing import Any

from accounts.models import RoleAssignment, User
from contracts.models import Contract
from contracts.services import settle
from core.history import change, unit_of_work
from core.history.values import row_values
from core.transitions import Outcome, perform, shows
from performance.models import Evaluation, EvaluationOpinion


def open_evaluation(
    contract: Contract, *, by: User, acting_as: RoleAssignment, on: date
) -> Evaluation:
    """全部服务验收合格后开始综合评估；重复调用只开一次（第九条第（六）项）。"""
    known = Evaluation.objects.filter(contract=contract).first()
    if known is not None:
        return known
    with change(
        title="开始综合评估",
        act="performance.open_evaluation",
        by=by,
        acting_as=acting_as,
        on=on,
        stream=contract.stream(),
    ) as changes:
        return changes.create(Evaluation(contract=contract, opened_on=on))


def record_opinion(
    evaluation: Evaluation,
    *,
    party: str,
    organisation: str,
    achievement: str,
    fund_use: str,
    quality: str,
    satisfaction: str,
    grade: str,
    given_on: date,
    by: User,
    acting_as: RoleAssignment | None,
    on: date,
    **shown: Any,
) -> Outcome:
    """登记一方的评估意见。Raises as `perform`."""
    data = {
        "party": party,
        "organisation": organisation,
        "achievement": achievement,
        "fund_use": fund_use,
        "quality": quality,
        "satisfaction": satisfaction,
        "grade": grade,
        "given_on": given_on,
    }
    acts: dict[str, Any] = {"by": by, "acting_as": acting_as, "on": on}
    with unit_of_work():
        outcome = perform(evaluation, "record_opinion", data=data, **acts, **shown)
        if not outcome.is_repeat:
            with change(
                title="评估意见",
                act="performance.write_opinion",
                stream=evaluation.stream(),
                **acts,
            ) as changes:
                changes.create(EvaluationOpinion(evaluation=evaluation, **data))
        return outcome


def conclude_evaluation(
    evaluation: Evaluation,
    *,
    grade: str,
    users_opinion: str,
    summary: str,
    by: User,
    acting_as: RoleAssignment | None,
    on: date,
    **shown: Any,
) -> Outcome:
    """作出结论，合同据此结算：等级定比例，扣款另计（第十四条）。Raises as `perform`."""
    data = {"on": on, "grade": grade, "users_opinion": users_opinion, "summary": summary}
    acts: dict[str, Any] = {"by": by, "acting_as": acting_as, "on": on}
    with unit_of_work():
        outcome = perform(evaluation, "conclude", note=summary, data=data, **acts, **shown)
        if not outcome.is_repeat:
            settle(evaluation.contract, grade=grade, **acts)
        return outcome


def _content(evaluation: Evaluation) -> dict[str, Any]:
    opinions = EvaluationOpinion.objects.filter(evaluation=evaluation).order_by("pk")
    return {"opinions": [row_values(o) for o in opinions]}


shows("performance.evaluation", _content)
