"""评估的待办和“下一步”里的文件。"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from django.urls import reverse

from accounts.models import RoleAssignment, User
from accounts.roles import Role
from budgeting.facts.execution import funded_years
from core.navigation import TodoItem
from performance.models import (
    LIVE_LINKS,
    Evaluation,
    EvaluationLink,
    LinkStatus,
    Party,
    SelfEvaluation,
    SelfEvaluationStatus,
)
from performance.models.self_evaluation import SelfEvaluationQuerySet
from performance.selectors.case import (
    evaluations_visible_to,
    links_visible_to,
    self_evaluations_visible_to,
)
from projects.models import CaseDocument, Project, Stage

KIND = "评估"


def lacks_opinions(evaluation: Evaluation) -> bool:
    return evaluation.opinions.count() < len(Party.values)


def may_issue_link(evaluation: Evaluation) -> bool:
    """第三方还没有意见，也没有在用的链接。"""
    has_spoken = evaluation.opinions.filter(party=Party.THIRD_PARTY).exists()
    return not has_spoken and not evaluation.links.filter(status__in=LIVE_LINKS).exists()


def years_to_start(project: Project, on: date) -> list[int]:
    """有资金、已经开始、还没有自评的年度。"""
    started = set(SelfEvaluation.objects.filter(project=project).values_list("year", flat=True))
    return [y for y in funded_years(project) if y <= on.year and y not in started]


def papers_in_hand(project: Project) -> list[CaseDocument]:
    """案卷中没有结论的综合评估、在用的链接、没有签署的自评。"""
    evaluations = Evaluation.objects.filter(contract__package__project=project).under_way()
    links = EvaluationLink.objects.filter(evaluation__in=evaluations, status__in=LIVE_LINKS)
    drafts = SelfEvaluation.objects.filter(project=project, status=SelfEvaluationStatus.DRAFT)
    return [*evaluations.with_case(), *links.with_case(), *drafts.with_case()]


def todos(user: User, acting: RoleAssignment, on: date) -> Iterator[TodoItem]:
    """经办人要登记的、要采纳的、要填报的，分管领导要作的结论、要签署的自评。"""
    if acting.role == Role.OFFICER:
        yield from _officers(user, acting)
    elif acting.role == Role.DIVISION_LEADER:
        yield from _leaders(user, acting, on)


OWN = "contract__package__project__purchaser__organisation"


def _officers(user: User, acting: RoleAssignment) -> Iterator[TodoItem]:
    rows = _under_way(user, acting)
    for row in rows:
        if (lacking := _lacking(row)) is not None:
            title, name = lacking
            yield _item(title, row, f"performance:{name}", row.opened_on)
    answered = links_visible_to(user).filter(
        status=LinkStatus.ANSWERED,
        evaluation__in=rows,
    )
    for link in answered:
        since = link.answered_on or link.issued_on
        yield _item("核对第三方填报", link, "performance:accept_link", since)
    for draft in _drafts(user, acting):
        if not draft.completion:
            yield _item("填报年度自评", draft, "performance:fill", draft.started_on)


def _leaders(user: User, acting: RoleAssignment, on: date) -> Iterator[TodoItem]:
    for row in _under_way(user, acting):
        if _lacking(row) is None:
            url, act = "performance:conclude", "performance.conclude"
            yield _item("作出评估结论", row, url, row.opened_on, act)
    for draft in _drafts(user, acting):
        if draft.completion and (on.year > draft.year or draft.project.stage in AFTER):
            url, act = "performance:sign", "performance.sign_self_evaluation"
            yield _item("签署年度自评", draft, url, draft.started_on, act)


AFTER = (Stage.EVALUATION, Stage.DISCLOSURE)


def _under_way(user: User, acting: RoleAssignment) -> list[Evaluation]:
    rows = evaluations_visible_to(user).under_way()
    mine = rows.filter(**{OWN: acting.organisation_id})
    return list(mine.prefetch_related("opinions", "results"))


def _lacking(row: Evaluation) -> tuple[str, str] | None:
    """还缺的第一件：（待办，网址名）；都齐了为 None。指标一次登记齐，有一项就有全部。"""
    if not row.results.all():
        return "登记指标完成情况", "indicators"
    if len(row.opinions.all()) < len(Party.values):
        return "登记评估意见", "opinion"
    return None if row.answered else ("登记服务对象意见", "survey")


def _drafts(user: User, acting: RoleAssignment) -> SelfEvaluationQuerySet:
    rows = self_evaluations_visible_to(user).filter(status=SelfEvaluationStatus.DRAFT)
    return rows.filter(project__purchaser__organisation=acting.organisation_id)


def _item(title: str, row: CaseDocument, url_name: str, since: date, act: str = "") -> TodoItem:
    url = reverse(url_name, args=[row.pk])
    return TodoItem(title, str(row.case()), url, since, kind=KIND, act=act)
