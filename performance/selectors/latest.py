"""试算控制数时所问的以往得分：同一项目最近一次有结论的评价。"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from budgeting.scores import LatestScore
from budgeting.selectors.precedents import precedents_of_all
from performance.models import Evaluation, EvaluationStatus, SelfEvaluation, SelfEvaluationStatus
from projects.models import Project


def latest_evaluations(projects: Sequence[Project]) -> dict[int, LatestScore]:
    """各项目（主键）以往同一项目最近一次综合评估或者年度自评；没有结论的不在其中。"""
    before = precedents_of_all(projects)
    wanted = {each.pk for rows in before.values() for each in rows}
    made: dict[int, list[LatestScore]] = defaultdict(list)
    evaluations = Evaluation.objects.filter(
        contract__package__project__in=wanted,
        status=EvaluationStatus.CONCLUDED,
        score__isnull=False,
        concluded_on__isnull=False,
    ).select_related("contract__package")
    for row in evaluations.order_by("pk"):
        if row.score is not None and row.concluded_on is not None:
            score = LatestScore(row.score, "综合评估", row.concluded_on)
            made[row.contract.package.project_id].append(score)
    yearly = SelfEvaluation.objects.filter(
        project__in=wanted,
        status=SelfEvaluationStatus.SIGNED,
        score__isnull=False,
        signed_on__isnull=False,
    )
    for own in yearly.order_by("pk"):
        if own.score is not None and own.signed_on is not None:
            score = LatestScore(own.score, f"{own.year} 年度自评", own.signed_on)
            made[own.project_id].append(score)
    found = {pk: [s for each in rows for s in made[each.pk]] for pk, rows in before.items()}
    return {pk: max(rows, key=lambda s: s.on) for pk, rows in found.items() if rows}
