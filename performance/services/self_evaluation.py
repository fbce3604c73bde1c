"""年度自评的动作：开始、填报、签署；补助项目自评完成即离开评估环节。"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager
from datetime import date
from decimal import Decimal
from typing import Any

from accounts.models import RoleAssignment, User
from accounts.services import system_actor
from budgeting.facts.execution import fund_use, funded_years
from core.documents.services import request_document
from core.history import Changes, change, unit_of_work
from core.history.values import row_values
from core.rules.parameters import parameters_in_force
from core.transitions import Outcome, perform, shows
from performance.documents import fund_rows, self_evaluation_context
from performance.facts.results import lines_kept, lines_typed
from performance.facts.scores import ZERO, execution_score, grade_of
from performance.models import SelfEvaluation, SelfEvaluationIndicator
from performance.services.results import write_results
from projects.models import Project, ProjectKind, Stage


def start_self_evaluation(
    project: Project,
    *,
    year: int,
    by: User,
    acting_as: RoleAssignment | None,
    on: date,
    **shown: Any,
) -> SelfEvaluation:
    """开始某一年度的自评（第十六条）。Raises as `perform`."""
    acts: dict[str, Any] = {"by": by, "acting_as": acting_as, "on": on}
    with unit_of_work():
        outcome = perform(project, "start_self_evaluation", data={"year": year}, **acts, **shown)
        if outcome.is_repeat:
            return SelfEvaluation.objects.get(project=project, year=year)
        points = parameters_in_force(project.jurisdiction(), on)["PH-16-execution-points"]
        with _under(project, "年度自评", "performance.write_self_evaluation", **acts) as changes:
            return changes.create(
                SelfEvaluation(
                    project=project, year=year, started_on=on, execution_points=Decimal(points)
                )
            )


def fill_self_evaluation(
    row: SelfEvaluation,
    *,
    completion: str,
    results: Sequence[dict[str, Any]],
    by: User,
    acting_as: RoleAssignment | None,
    on: date,
    rate_reason: str = "",
    adjustment_reason: str = "",
    **shown: Any,
) -> Outcome:
    """填报总体目标和各项指标的完成情况；`results` 同综合评估。Raises as `perform`."""
    acts: dict[str, Any] = {"by": by, "acting_as": acting_as, "on": on}
    data = {
        "filled_by": by,
        "completion": completion,
        "rate_reason": rate_reason,
        "adjustment_reason": adjustment_reason,
        "results": list(results),
    }
    with unit_of_work():
        outcome = perform(row, "fill", data=data, **acts, **shown)
        if not outcome.is_repeat:
            lines = lines_typed(row, list(results))
            with _under(row, "自评指标得分", "performance.write_results", **acts) as changes:
                write_results(changes, SelfEvaluationIndicator, lines, self_evaluation=row)
        return outcome


def sign_self_evaluation(
    row: SelfEvaluation,
    *,
    by: User,
    acting_as: RoleAssignment | None,
    on: date,
    **shown: Any,
) -> Outcome:
    """分管领导签署：台账上的数固定下来，形成自评表；补助项目自评完成的进入公开。"""
    acts: dict[str, Any] = {"by": by, "acting_as": acting_as, "on": on}
    with unit_of_work():
        data = {"on": on, "signed_by": by, **_frozen(row, on)}
        outcome = perform(row, "sign", data=data, **acts, **shown)
        if not outcome.is_repeat:
            signed = SelfEvaluation.objects.with_case().get(pk=row.pk)
            request_document(
                kind="performance.self_evaluation",
                subject=signed,
                stream=signed.stream(),
                title=f"项目支出绩效自评表：{signed}",
                number="",
                context={"sheet": self_evaluation_context(signed)},
                **acts,
            )
            finish_evaluated_subsidy(signed.project, on=on)
        return outcome


def finish_evaluated_subsidy(project: Project, *, on: date) -> None:
    """补助项目在评估环节、用钱的各年度都已签署自评的，进入公开；由系统办理。"""
    row = Project.objects.select_for_update(no_key=True).get(pk=project.pk)
    signed = SelfEvaluation.objects.filter(project=row).signed().values_list("year", flat=True)
    is_due = row.kind == ProjectKind.SUBSIDY and row.stage == Stage.EVALUATION
    if is_due and set(funded_years(row)) <= set(signed):
        user, role = system_actor()
        perform(row, "finish_subsidy_evaluation", by=user, acting_as=role, on=on, note="自评已完成")


def _frozen(row: SelfEvaluation, on: date) -> dict[str, Any]:
    """签署时固定的数：三类资金、执行率得分、总分、等级。"""
    use = fund_use(row.project, row.year)
    execution = execution_score(use.total.executed_fen, use.total.budget_fen, row.execution_points)
    score = execution + sum((line.score for line in lines_kept(row)), ZERO)
    bands = parameters_in_force(row.jurisdiction(), on)["YB-14-grade-bands"]
    return {
        "funds": fund_rows(row),
        "budget_fen": use.total.budget_fen,
        "executed_fen": use.total.executed_fen,
        "execution_score": execution,
        "score": score,
        "grade": grade_of(score, bands),
    }


def _under(
    subject: Project | SelfEvaluation, title: str, act: str, **acts: Any
) -> AbstractContextManager[Changes]:
    return change(title=title, act=act, stream=subject.stream(), **acts)


def _content(row: SelfEvaluation) -> dict[str, Any]:
    use = fund_use(row.project, row.year)
    results = SelfEvaluationIndicator.objects.filter(self_evaluation=row).order_by("pk")
    return {"results": [row_values(r) for r in results], "total": vars(use.total)}


shows("performance.selfevaluation", _content)
