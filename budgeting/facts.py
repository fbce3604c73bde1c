"""预算规则所问的事实；金额单位为分。"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import Sum

from accounts.models import Mandate, MandateKind
from budgeting.models import (
    SPOKEN,
    BudgetReply,
    BudgetReview,
    Ceiling,
    Decision,
    DecisionLine,
    DecisionOutcome,
    DecisionStatus,
    Objection,
    ObjectionStatus,
    Opinion,
    OpinionStatus,
    ReviewStatus,
)
from core.attachments import Attachment
from core.history.values import reference
from core.money import allocate
from core.rules import Context
from core.transitions import StatefulModel
from projects.models import Project


def review_page(project: Project) -> str:
    return f"/budget/projects/{project.pk}/"


def current_review(project: Project) -> BudgetReview | None:
    """本轮会审；尚未开启时为 None。"""
    found: BudgetReview | None = BudgetReview.objects.filter(
        project=project, round_number=project.round_number
    ).first()
    return found


@dataclass(frozen=True)
class ReviewFacts:
    """本轮会审：应出意见的机构、各自意见、建议金额。"""

    page: str
    is_open: bool
    status: str
    required: tuple[str, ...]
    spoken: tuple[str, ...]
    missing: tuple[str, ...]
    opposed: tuple[str, ...]
    requested_fen: int
    proposed_fen: int
    text: str
    condition: str
    due_stage: str


def review_facts(subject: StatefulModel, context: Context) -> ReviewFacts:
    """以项目、会审或意见为对象，收集本轮会审的事实。"""
    project, review = _project_and_review(subject)
    required = [
        m.organisation
        for m in Mandate.objects.filter(
            jurisdiction=project.jurisdiction(), kind=MandateKind.JOINT_REVIEWER
        ).select_related("organisation")
    ]
    opinions = list(review.opinions.select_related("reviewer")) if review else []
    spoken = {o.reviewer_id for o in opinions if o.status in SPOKEN}
    against = (OpinionStatus.OPPOSED, OpinionStatus.ANSWERED)
    data = context.data
    return ReviewFacts(
        page=review_page(project),
        is_open=review is not None and review.status == ReviewStatus.OPEN,
        status=review.get_status_display() if review else "尚未开启",
        required=tuple(o.short_name for o in required),
        spoken=tuple(o.short_name for o in required if o.pk in spoken),
        missing=tuple(o.short_name for o in required if o.pk not in spoken),
        opposed=tuple(o.reviewer.short_name for o in opinions if o.status in against),
        requested_fen=project.requested_fen,
        proposed_fen=int(data.get("proposed_fen") or 0),
        text=str(data.get("text", "")),
        condition=str(data.get("condition", "")),
        due_stage=str(data.get("due_stage", "")),
    )


def _project_and_review(subject: StatefulModel) -> tuple[Project, BudgetReview | None]:
    if isinstance(subject, BudgetReview):
        return subject.project, subject
    if isinstance(subject, Opinion):
        return subject.review.project, subject.review
    assert isinstance(subject, Project)
    return subject, current_review(subject)


@dataclass(frozen=True)
class ObjectionFacts:
    page: str
    unanswered: tuple[int, ...]
    stated: int
    answer: str


def objection_facts(subject: StatefulModel, context: Context) -> ObjectionFacts:
    """上次退回的编号意见答复了没有；退回时写明了几条。"""
    project = subject if isinstance(subject, Project) else subject.case()  # type: ignore[attr-defined]
    open_ones = Objection.objects.filter(review__project=project, status=ObjectionStatus.OPEN)
    stated = (
        Objection.objects.filter(review=subject).count() if isinstance(subject, BudgetReview) else 0
    )
    return ObjectionFacts(
        page=review_page(project),
        unanswered=tuple(open_ones.order_by("number").values_list("number", flat=True)),
        stated=stated,
        answer=str(context.data.get("text", "")).strip() or str(context.data.get("evidence", "")),
    )


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
    undecided: tuple[str, ...]
    decided: tuple[DecidedFact, ...]
    rejected: tuple[str, ...]
    approved_fen: int
    is_off_budget: bool
    requested_fen: int
    supplement_number: str


def decision_facts(subject: StatefulModel, context: Context) -> DecisionFacts:
    """以项目或批复为对象，收集本轮审定的事实。"""
    projects = _decided_projects(subject)
    rounds = {p.pk: p.round_number for p in projects}
    lines = [
        line
        for line in DecisionLine.objects.filter(
            project__in=projects, decision__status=DecisionStatus.RECORDED
        ).select_related("decision__body", "project")
        if line.round_number == rounds[line.project_id]
    ]
    codes = _body_codes(subject)
    approved = {line.project_id for line in lines if line.outcome == DecisionOutcome.APPROVE}
    only = subject if isinstance(subject, Project) else None
    return DecisionFacts(
        page=review_page(only) if only else f"/budget/replies/{subject.pk}/",
        projects=tuple(str(p) for p in projects),
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
        is_off_budget=only.is_off_budget if only else False,
        requested_fen=only.requested_fen if only else 0,
        supplement_number=only.supplement_number if only else "",
    )


def _decided_projects(subject: StatefulModel) -> list[Project]:
    if isinstance(subject, BudgetReply):
        return [line.project for line in subject.lines.select_related("project")]
    assert isinstance(subject, Project)
    return [subject]


def _body_codes(subject: StatefulModel) -> dict[int, str]:
    mandates = Mandate.objects.filter(
        jurisdiction=subject.jurisdiction(), kind=MandateKind.DECISION_BODY
    )
    return dict(mandates.values_list("organisation_id", "code"))


@dataclass(frozen=True)
class MeetingFacts:
    """登记审定时：各项目的审核意见形成于何日，有无文件。"""

    page: str
    decided_on: date
    meeting: str
    number: str
    has_file: bool
    has_lines: bool
    unconcluded: tuple[str, ...]
    concluded_later: tuple[tuple[str, date], ...]


def meeting_facts(decision: Decision, context: Context) -> MeetingFacts:
    projects = [line.project for line in decision.lines.select_related("project")]
    reviews = {
        r.project_id: r
        for r in BudgetReview.objects.filter(project__in=projects)
        if r.round_number == next(p.round_number for p in projects if p.pk == r.project_id)
    }
    done = {
        pk: r.concluded_on
        for pk, r in reviews.items()
        if r.status == ReviewStatus.CONCLUDED and r.concluded_on
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
    )


@dataclass(frozen=True)
class CeilingFact:
    fund: str
    needed_fen: int
    ceiling_fen: int
    available_fen: int
    is_set: bool


@dataclass(frozen=True)
class CeilingFacts:
    page: str
    lines: tuple[CeilingFact, ...]


def split_by_fund(project: Project, approved_fen: int) -> list[tuple[int, int]]:
    """批复金额按申报的资金构成分摊到各资金来源（最大余数法）：[(fund_id, 分)]。"""
    lines = list(project.fund_lines.all())
    shares = allocate(approved_fen, [line.amount_fen for line in lines])
    return [(line.fund_id, share) for line, share in zip(lines, shares, strict=True) if share]


def ceiling_facts(project: Project, context: Context) -> CeilingFacts:
    """批复金额分摊后，各资金来源的控制数是否够用。"""
    approved = int(context.data.get("approved_fen") or 0) or _decided_fen(project)
    ceilings = {
        c.fund_id: c
        for c in Ceiling.objects.filter(purchaser=project.purchaser_id, year=project.year)
    }
    names = {f.fund_id: str(f.fund) for f in project.fund_lines.select_related("fund")}
    facts = []
    for fund_id, share in split_by_fund(project, approved) if names and approved else []:
        ceiling = ceilings.get(fund_id)
        limit = ceiling.amount_fen if ceiling else 0
        left = limit - ceiling.allocated_fen if ceiling else 0
        facts.append(CeilingFact(names[fund_id], share, limit, left, ceiling is not None))
    return CeilingFacts(page=review_page(project), lines=tuple(facts))


def _decided_fen(project: Project) -> int:
    lines = DecisionLine.objects.filter(
        project=project,
        round_number=project.round_number,
        outcome=DecisionOutcome.APPROVE,
        decision__status=DecisionStatus.RECORDED,
    ).order_by("-decision__decided_on", "-pk")
    line = lines.first()
    return line.approved_fen if line else project.requested_fen


def off_budget_total_fen(project: Project) -> int:
    """同一单位同一年度同一品目的未列预算项目合计（分）。"""
    same = Project.objects.filter(
        purchaser=project.purchaser_id,
        year=project.year,
        catalogue_item=project.catalogue_item_id,
        is_off_budget=True,
    ).exclude(stage__in=("withdrawn", "rejected"))
    return same.aggregate(total=Sum("total_fen"))["total"] or 0


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
