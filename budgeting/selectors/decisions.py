"""审定与批复：列表、详情、可列入的项目。"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery, Sum

from accounts.models import Jurisdiction, MandateKind, Organisation, User
from budgeting.models import (
    LIVE_REQUESTS,
    BudgetReply,
    BudgetReview,
    Decision,
    DecisionLine,
    DecisionOutcome,
    DecisionStatus,
    OffBudgetRequest,
    OffBudgetStatus,
    ReplyLine,
    ReplyStatus,
    ReviewStatus,
)
from budgeting.selectors.badges import badge_of
from budgeting.selectors.case import documents_by_subject
from core.attachments import Attachment
from core.history.values import reference
from projects.models import Project, Purchaser, Stage


def decision_bodies(own: Organisation) -> QuerySet[Organisation]:
    """可登记其审定的机构：本机构，且在本辖区承担审定职能。"""
    bodies = own.jurisdiction.mandates.filter(kind=MandateKind.DECISION_BODY, organisation=own)
    return Organisation.objects.filter(pk__in=bodies.values("organisation"))


def in_budget(user: User, jurisdiction: Jurisdiction) -> QuerySet[Any]:
    """本辖区处在预算环节的项目，附本轮会审状态、建议金额、审定金额、是否已在拟制的批复中；

    未列预算的，另附追加申请的状态（`request_status`）和轮到的机构（`request_body`）。
    """
    this_round = {"project": OuterRef("pk"), "round_number": OuterRef("round_number")}
    review = BudgetReview.objects.filter(**this_round)
    lines = DecisionLine.objects.filter(**this_round)
    listed = lines.exclude(decision__status=DecisionStatus.DISCARDED)
    decided = lines.filter(decision__status=DecisionStatus.RECORDED)
    approved = decided.filter(outcome=DecisionOutcome.APPROVE)
    request = OffBudgetRequest.objects.filter(**this_round)
    drafted = ReplyLine.objects.filter(project=OuterRef("pk"), reply__status=ReplyStatus.DRAFT)
    return (
        Project.objects.visible_to(user)
        .with_owner()
        .filter(stage=Stage.BUDGET, purchaser__organisation__jurisdiction=jurisdiction)
        .annotate(
            review_pk=Subquery(review.values("pk")[:1]),
            review_status=Subquery(review.values("status")[:1]),
            concluded_on=Subquery(review.values("concluded_on")[:1]),
            proposed_fen=Subquery(review.values("proposed_fen")[:1]),
            decided_fen=Subquery(
                approved.order_by("-decision__decided_on", "-pk").values("approved_fen")[:1]
            ),
            is_decided=Exists(approved),
            is_refused=Exists(decided.filter(outcome=DecisionOutcome.REJECT)),
            is_listed=Exists(listed),
            is_drafted=Exists(drafted),
            request_status=Subquery(request.values("status")[:1]),
            request_body=Subquery(request.values("body")[:1]),
        )
        .order_by("purchaser_id", "pk")
    )


def candidates_for_decision(user: User, body: Organisation) -> QuerySet[Any]:
    """已形成审核意见、可由这个机构列入审定的项目；未列预算的，轮到它或者它审议过的才列。"""
    spoken = DecisionLine.objects.filter(
        project=OuterRef("pk"),
        round_number=OuterRef("round_number"),
        decision__body=body,
        decision__status=DecisionStatus.RECORDED,
        outcome=DecisionOutcome.APPROVE,
    )
    its_turn = Q(request_status=OffBudgetStatus.DECIDING, request_body=body.pk)
    corrects = Q(request_status__in=LIVE_REQUESTS) & Q(Exists(spoken))
    rows = in_budget(user, body.jurisdiction).filter(review_status=ReviewStatus.CONCLUDED)
    return rows.filter(Q(request_status=None) | its_turn | corrects)


def turns_of(user: User, body: Organisation) -> QuerySet[Any]:
    """轮到这个机构审议、还没有拟登的未列预算项目。"""
    drawn_up = DecisionLine.objects.filter(
        project=OuterRef("pk"),
        round_number=OuterRef("round_number"),
        decision__body=body,
        decision__status=DecisionStatus.DRAFT,
    )
    rows = in_budget(user, body.jurisdiction).filter(
        request_status=OffBudgetStatus.DECIDING, request_body=body.pk
    )
    return rows.exclude(Exists(drawn_up))


def candidates_for_reply(
    user: User, jurisdiction: Jurisdiction, *, purchaser: int, year: int
) -> QuerySet[Any]:
    """某购买主体某年度处在预算环节的项目。"""
    return in_budget(user, jurisdiction).filter(purchaser=purchaser, year=year)


def reply_groups(user: User, jurisdiction: Jurisdiction) -> list[tuple[str, str]]:
    """可拟制批复的购买主体和年度：`("3-2026", "区文旅委 2026 年（2 个项目）")`。"""
    counts: dict[str, tuple[str, int]] = {}
    for project in in_budget(user, jurisdiction):
        key = f"{project.purchaser_id}-{project.year}"
        title = f"{project.purchaser.organisation.short_name} {project.year} 年"
        counts[key] = (title, counts.get(key, ("", 0))[1] + 1)
    return [(key, f"{title}（{count} 个项目）") for key, (title, count) in counts.items()]


@dataclass(frozen=True)
class ReplyGroup:
    """一个购买主体一个年度已审定同意、还没有列入批复的项目（附 `decided_fen`，分）。"""

    purchaser: Purchaser
    year: int
    projects: tuple[Any, ...]

    @property
    def key(self) -> str:
        return f"{self.purchaser.pk}-{self.year}"


def reply_groups_ready(user: User, jurisdiction: Jurisdiction) -> list[ReplyGroup]:
    """可以成批拟制批复的各组；退回的、没有审定的、等待追加文号的项目不在其中，也不牵连同组的。"""
    found: dict[tuple[int, int], list[Any]] = {}
    for project in in_budget(user, jurisdiction).filter(is_decided=True):
        if is_ready_to_reply(project):
            found.setdefault((project.purchaser_id, project.year), []).append(project)
    return [ReplyGroup(ps[0].purchaser, ps[0].year, tuple(ps)) for ps in found.values()]


def is_ready_to_reply(project: Any) -> bool:  # noqa: ANN401 - a Project, annotated
    """`in_budget` 的一个项目可以列入批复：已审定同意，还没有列入，未列预算的已落实预算。"""
    funded = project.request_status in (None, OffBudgetStatus.FUNDED)
    return project.is_decided and not project.is_refused and not project.is_drafted and funded


def decisions_visible_to(user: User) -> QuerySet[Decision]:
    return Decision.objects.visible_to(user).select_related("body__jurisdiction")


def replies_visible_to(user: User) -> QuerySet[BudgetReply]:
    rows = BudgetReply.objects.visible_to(user).select_related(
        "purchaser__organisation__jurisdiction", "bureau"
    )
    return rows.annotate(total_fen=Sum("lines__approved_fen"), line_count=Count("lines"))


def decision_page(decision: Decision, user: User) -> dict[str, Any]:
    """一次审定：会议、文件、所列项目；只列看得见的项目。"""
    lines = decision.lines.filter(project__in=Project.objects.visible_to(user)).select_related(
        "project__purchaser__organisation"
    )
    return {
        "decision": decision,
        "badge": badge_of(decision),
        "lines": lines,
        "files": Attachment.objects.filter(subject=reference(decision)),
        "facts": [
            ("审定机构", decision.body),
            ("会议", decision.meeting),
            ("审定日期", decision.decided_on.isoformat()),
            ("文号", decision.number or None),
        ],
    }


def reply_page(reply: BudgetReply) -> dict[str, Any]:
    """一份批复：所列项目、合计、文书。"""
    lines = reply.lines.select_related("project").annotate(
        decided_fen=Subquery(
            DecisionLine.objects.filter(
                project=OuterRef("project"),
                round_number=OuterRef("project__round_number"),
                outcome=DecisionOutcome.APPROVE,
                decision__status=DecisionStatus.RECORDED,
            )
            .order_by("-decision__decided_on", "-pk")
            .values("approved_fen")[:1]
        )
    )
    rows = list(lines.order_by("project_id"))
    return {
        "reply": reply,
        "badge": badge_of(reply),
        "lines": rows,
        "total_fen": sum(line.approved_fen for line in rows),
        "documents": documents_by_subject([reply])[reference(reply)],
        "facts": [
            ("购买主体", reply.purchaser),
            ("批复机关", reply.bureau),
            ("预算年度", reply.year),
            ("批次", f"第 {reply.round_number} 批" if reply.round_number else None),
            ("拟制日期", reply.prepared_on.isoformat()),
            ("文号", reply.number or None),
            ("签发日期", reply.issued_on and reply.issued_on.isoformat()),
        ],
    }
