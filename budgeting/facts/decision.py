"""审定与批复规则所问的事实；金额单位为分。"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from accounts.models import Mandate, MandateKind
from budgeting.facts.off_budget import off_budget_total_fen
from budgeting.facts.review import review_page
from budgeting.models import (
    BudgetReply,
    BudgetReview,
    Decision,
    DecisionLine,
    DecisionOutcome,
    DecisionStatus,
    ReviewStatus,
)
from core.attachments import Attachment
from core.history.values import reference
from core.rules import Context
from core.transitions import StatefulModel
from projects.models import Project, Stage


@dataclass(frozen=True)
class DecidedFact:
    project: str
    outcome: str
    approved_fen: int
    body: str
    body_code: str
    decided_on: date
    number: str


@dataclass(frozen=True)
class DecisionFacts:
    """所涉项目各自的审定结论；批复拟列金额。"""

    page: str
    projects: tuple[str, ...]
    misplaced: tuple[str, ...]
    undecided: tuple[str, ...]
    decided: tuple[DecidedFact, ...]
    rejected: tuple[str, ...]
    approved_fen: int
    requested_fen: int


def decision_facts(subject: StatefulModel, context: Context) -> DecisionFacts:
    """以项目或批复为对象，收集本轮审定的事实。"""
    projects = _decided_projects(subject)
    rounds = {p.pk: p.round_number for p in projects}
    lines = _standing_lines(rounds)
    codes = _body_codes(subject)
    refused = {line.project_id for line in lines if line.outcome == DecisionOutcome.REJECT}
    approved = {line.project_id for line in lines} - refused
    only = subject if isinstance(subject, Project) else None
    return DecisionFacts(
        page=review_page(only) if only else f"/budget/replies/{subject.pk}/",
        projects=tuple(str(p) for p in projects),
        misplaced=_misplaced(subject, projects),
        undecided=tuple(str(p) for p in projects if p.pk not in approved),
        decided=tuple(
            DecidedFact(
                str(line.project),
                line.outcome,
                line.approved_fen,
                str(line.decision.body),
                codes.get(line.decision.body_id, ""),
                line.decision.decided_on,
                line.decision.number,
            )
            for line in lines
        ),
        rejected=tuple(
            str(line.project) for line in lines if line.outcome == DecisionOutcome.REJECT
        ),
        approved_fen=int(context.data.get("approved_fen") or 0),
        requested_fen=only.requested_fen if only else 0,
    )


def _standing_lines(rounds: dict[int, int]) -> list[DecisionLine]:
    """各决策机构对各项目本轮的最后一次结论；更正的审定取代此前的。"""
    lines = DecisionLine.objects.filter(
        project__in=rounds, decision__status=DecisionStatus.RECORDED
    ).select_related("decision__body", "project")
    last: dict[tuple[int, int], DecisionLine] = {}
    for line in lines.order_by("decision__decided_on", "pk"):
        if line.round_number == rounds[line.project_id]:
            last[line.project_id, line.decision.body_id] = line
    return list(last.values())


def _decided_projects(subject: StatefulModel) -> list[Project]:
    if isinstance(subject, BudgetReply):
        return [line.project for line in subject.lines.select_related("project")]
    return [subject] if isinstance(subject, Project) else []


def _misplaced(subject: StatefulModel, projects: list[Project]) -> tuple[str, ...]:
    """批复所列而不属于该购买主体、该年度，或已不在预算环节的项目。"""
    if not isinstance(subject, BudgetReply):
        return ()
    return tuple(
        str(p)
        for p in projects
        if (p.purchaser_id, p.year, p.stage) != (subject.purchaser_id, subject.year, Stage.BUDGET)
    )


def _body_codes(subject: StatefulModel) -> dict[int, str]:
    mandates = Mandate.objects.filter(
        jurisdiction=subject.jurisdiction(), kind=MandateKind.DECISION_BODY
    )
    return dict(mandates.values_list("organisation_id", "code"))


@dataclass(frozen=True)
class MeetingFacts:
    """登记审定时：各项目的审核意见形成于何日，有无文件，金额有无超过申请（分）。"""

    page: str
    decided_on: date
    meeting: str
    number: str
    has_file: bool
    has_lines: bool
    unconcluded: tuple[str, ...]
    concluded_later: tuple[tuple[str, date], ...]
    excessive: tuple[tuple[str, int, int], ...]


def meeting_facts(decision: Decision, context: Context) -> MeetingFacts:
    lines = list(decision.lines.select_related("project"))
    projects = [line.project for line in lines]
    stale = {x.project_id for x in lines if x.round_number != x.project.round_number}
    reviews = {
        r.project_id: r
        for r in BudgetReview.objects.filter(project__in=projects)
        if r.round_number == next(p.round_number for p in projects if p.pk == r.project_id)
    }
    done = {
        pk: r.concluded_on
        for pk, r in reviews.items()
        if r.status == ReviewStatus.CONCLUDED and r.concluded_on and pk not in stale
    }
    return MeetingFacts(
        page=decision.get_absolute_url(),
        decided_on=decision.decided_on,
        meeting=decision.meeting,
        number=decision.number,
        has_file=Attachment.objects.filter(subject=reference(decision)).exists(),
        has_lines=bool(projects),
        unconcluded=tuple(str(p) for p in projects if p.pk not in done),
        concluded_later=tuple(
            (str(p), done[p.pk])
            for p in projects
            if p.pk in done and done[p.pk] > decision.decided_on
        ),
        excessive=tuple(
            (str(x.project), x.approved_fen, x.project.requested_fen)
            for x in lines
            if x.approved_fen > x.project.requested_fen
        ),
    )


@dataclass(frozen=True)
class RouteFacts:
    """未列预算项目的审议路径：金额、已作审定的机构。"""

    page: str
    is_off_budget: bool
    same_item_total_fen: int
    decided_by: tuple[str, ...]


def route_facts(project: Project, context: Context) -> RouteFacts:
    decided = decision_facts(project, context).decided
    return RouteFacts(
        page=review_page(project),
        is_off_budget=project.is_off_budget,
        same_item_total_fen=off_budget_total_fen(project) if project.is_off_budget else 0,
        decided_by=tuple(d.body_code for d in decided if d.outcome == DecisionOutcome.APPROVE),
    )
