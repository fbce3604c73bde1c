"""评估挂在共用页面上的：分页、事项、待办。"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from django.urls import reverse

from accounts.models import RoleAssignment, User
from accounts.roles import Role
from contracts.models import LIVE
from core.navigation import TodoItem, add_act, add_documents, add_tab, add_todo
from performance.models import Evaluation, EvaluationStatus, Party
from performance.selectors import evaluations_visible_to
from projects.models import Project

add_tab("projects.project", "绩效", "performance:case", 60)


def lacks_opinions(evaluation: Evaluation) -> bool:
    return evaluation.opinions.count() < len(Party.values)


def open_evaluations(project: Project) -> list[Evaluation]:
    """案卷中还没有结论的综合评估。"""
    rows = Evaluation.objects.filter(
        contract__package__project=project,
        contract__status__in=LIVE,
        status=EvaluationStatus.OPEN,
    )
    return list(rows.with_case())


def todos(user: User, acting: RoleAssignment, _on: date) -> Iterator[TodoItem]:
    """经办人要登记的意见，分管领导要作的结论。"""
    if acting.role not in (Role.OFFICER, Role.DIVISION_LEADER):
        return
    rows = evaluations_visible_to(user).filter(
        status=EvaluationStatus.OPEN,
        contract__status__in=LIVE,
        contract__package__project__purchaser__organisation=acting.organisation_id,
    )
    for row in rows.prefetch_related("opinions"):
        is_waiting = len(row.opinions.all()) < len(Party.values)
        if is_waiting == (acting.role == Role.OFFICER):
            title, name = (
                ("登记评估意见", "opinion") if is_waiting else ("作出评估结论", "conclude")
            )
            url = reverse(f"performance:{name}", args=[row.pk])
            yield TodoItem(title, str(row.case()), url, row.opened_on, kind="评估")


add_act("performance.evaluation.record_opinion", "performance:opinion", when=lacks_opinions)
add_act("performance.evaluation.conclude", "performance:conclude")
add_documents("projects.project", open_evaluations)
add_todo(todos)
