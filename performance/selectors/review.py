"""审核卡上的绩效：上年同一项目应评的评了没有、评了几等。"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from budgeting.models import BudgetReview
from budgeting.selectors import precedents_of
from core.calendar.clock import today
from performance.models import Evaluation, EvaluationStatus, SelfEvaluation, SelfEvaluationStatus
from performance.selectors.todos import years_to_start
from projects.models import Project


@dataclass(frozen=True)
class Score:
    """一次评价：哪个项目、什么评价、结果、分数、日子；应评而没有评的没有分数。"""

    project: Project
    title: str
    grade: str
    tone: str
    score: str = ""
    on: date | None = None


def review_scores(review: BudgetReview) -> list[Score]:
    """上年、再上年……的同一项目的年度自评和综合评估，近的在前（《平湖办法》第十三条、第十六条）。"""
    found: list[Score] = []
    for project in precedents_of(review.project):
        found += _yearly(project) + _comprehensive(project)
    return found


def _yearly(project: Project) -> list[Score]:
    rows = SelfEvaluation.objects.filter(project=project).order_by("-year")
    made = [_yearly_score(project, row) for row in rows]
    missing = years_to_start(project, today())
    return made + [
        Score(project, f"{year} 年度自评", "应评未评", "bad")
        for year in sorted(missing, reverse=True)
    ]


def _yearly_score(project: Project, row: SelfEvaluation) -> Score:
    title = f"{row.year} 年度自评"
    if row.status != SelfEvaluationStatus.SIGNED:
        return Score(project, title, row.get_status_display(), "act")
    return Score(project, title, row.get_grade_display(), "ok", str(row.score), row.signed_on)


def _comprehensive(project: Project) -> list[Score]:
    rows = Evaluation.objects.filter(contract__package__project=project).with_case()
    found = []
    for row in rows.order_by("-pk"):
        title = f"综合评估：{row.contract.name}"
        if row.status == EvaluationStatus.CONCLUDED:
            grade, tone = row.get_grade_display(), "ok"
        else:
            grade, tone = row.get_status_display(), "act"
        score = "" if row.score is None else str(row.score)
        found.append(Score(project, title, grade, tone, score, row.concluded_on))
    return found
