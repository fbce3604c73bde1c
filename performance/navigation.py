"""评估挂在共用页面上的：菜单、分页、事项、待办、承接主体页上的评价结果。"""

from __future__ import annotations

from accounts.models import User
from accounts.roles import PURCHASER_ROLES, Role
from budgeting.scores import add_score_source
from core.calendar.clock import today
from core.documents.rendering import register_template
from core.navigation import (
    add_act,
    add_documents,
    add_file_subject,
    add_menu,
    add_panel,
    add_tab,
    add_todo,
)
from performance.models import Evaluation, SelfEvaluation
from performance.selectors.latest import latest_evaluations
from performance.selectors.ledgers import provider_scores
from performance.selectors.review import review_scores
from performance.selectors.todos import (
    lacks_opinions,
    may_issue_link,
    papers_in_hand,
    todos,
    years_to_start,
)
from projects.models import Project

SUBJECT = "projects.project"
READERS = (*PURCHASER_ROLES, Role.FINANCE, Role.AUDITOR)

add_menu("评估", "资金使用绩效", "performance:funds", 500, READERS)
add_tab(SUBJECT, "绩效", "performance:case", 60)
add_panel(
    "procurement.provider",
    "评价结果",
    "performance/_provider_scores.html",
    provider_scores,
    note="供选择承接主体时参考，不自动计入评审",
)
add_panel(
    "budgeting.budgetreview",
    "以往绩效",
    "performance/_review_scores.html",
    review_scores,
    note="同一项目上年的自评和综合评估",
)


def may_start(project: Project) -> bool:
    return bool(years_to_start(project, today()))


def visible_evaluation(user: User, pk: int) -> Evaluation | None:
    return Evaluation.objects.visible_to(user).filter(pk=pk).first()


def visible_self_evaluation(user: User, pk: int) -> SelfEvaluation | None:
    return SelfEvaluation.objects.visible_to(user).filter(pk=pk).first()


add_act("performance.evaluation.score_indicators", "performance:indicators")
add_act("performance.evaluation.record_survey", "performance:survey")
add_act("performance.evaluation.record_opinion", "performance:opinion", when=lacks_opinions)
add_act(
    "performance.evaluation.issue_link",
    "performance:issue_link",
    primary=False,
    when=may_issue_link,
)
add_act("performance.evaluation.conclude", "performance:conclude")
add_act("performance.evaluationlink.accept", "performance:accept_link")
add_act("performance.evaluationlink.refuse", "performance:refuse_link", primary=False)
add_act("performance.evaluationlink.revoke", "performance:revoke_link", primary=False)
add_act(
    "projects.project.start_self_evaluation",
    "performance:start",
    primary=False,
    when=may_start,
)
add_act("performance.selfevaluation.fill", "performance:fill")
add_act("performance.selfevaluation.sign", "performance:sign")
add_documents(SUBJECT, papers_in_hand)
add_file_subject("performance.evaluation", visible_evaluation)
add_file_subject("performance.selfevaluation", visible_self_evaluation)
add_todo(todos)
add_score_source(latest_evaluations)
register_template("performance.self_evaluation", "performance/self_evaluation_document.html")
