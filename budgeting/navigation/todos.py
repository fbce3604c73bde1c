"""预算的待办和等待：每个岗位要办什么，经办人在等谁。"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.db.models import Q
from django.urls import reverse

from accounts.models import RoleAssignment, User
from accounts.roles import Role
from budgeting.models import (
    UNSETTLED_OPINIONS,
    AdjustmentStatus,
    BudgetAdjustment,
    BudgetReview,
    DecisionStatus,
    ObjectionStatus,
    ObligationStatus,
    OffBudgetRequest,
    OffBudgetStatus,
    OpinionStatus,
    ReplyStatus,
    ReviewStatus,
)
from budgeting.selectors.decisions import (
    decisions_visible_to,
    in_budget,
    replies_visible_to,
    turns_of,
)
from budgeting.selectors.reviews import (
    AWAITED,
    objections_visible_to,
    obligations_visible_to,
    opinion_since,
    opinions_visible_to,
    reviews_all_spoken,
)
from core.navigation import TodoItem
from projects.models import ENDED_STAGES, Project


def todos(user: User, acting: RoleAssignment, _on: date) -> Iterable[TodoItem]:
    """本岗位要办的预算事项。"""
    if acting.role in (Role.FINANCE, Role.JOINT_REVIEWER):
        yield from _reviewer_todos(user, acting)
    if acting.role == Role.FINANCE:
        yield from _finance_todos(user, acting)
        yield from _request_todos(user, acting)
        yield from _adjustment_todos(user, acting)
    if acting.role in (Role.FINANCE, Role.DECISION_SECRETARY):
        yield from _decision_todos(user, acting)
    if acting.role == Role.OFFICER:
        yield from _officer_todos(user, acting)


def _reviewer_todos(user: User, acting: RoleAssignment) -> Iterable[TodoItem]:
    opinions = opinions_visible_to(user).filter(
        reviewer=acting.organisation_id, status__in=AWAITED, review__status=ReviewStatus.OPEN
    )
    # Only what is this desk's turn on the path of review.
    for o in opinions.in_turn().with_turn():
        again = o.status == OpinionStatus.ANSWERED
        yield TodoItem(
            "异议已答复，重新出具意见" if again else "出具会审意见",
            str(o.review.project),
            o.review.get_absolute_url(),
            opinion_since(o, o.review, o.turn_on) or o.review.opened_on,
            kind="会审",
            act="budgeting.give_opinion",
        )
    evidenced = obligations_visible_to(user).filter(
        opinion__reviewer=acting.organisation_id, status=ObligationStatus.EVIDENCED
    )
    for b in evidenced.exclude(project__stage__in=ENDED_STAGES):
        yield TodoItem(
            "确认条件是否落实",
            f"{b.project}：{b.text[:40]}",
            reverse("budgeting:accept_obligation", args=[b.pk]),
            b.evidenced_on or b.opened_on,
            kind="条件",
            act="budgeting.accept_obligation",
        )


def _finance_todos(user: User, acting: RoleAssignment) -> Iterable[TodoItem]:
    here = acting.organisation.jurisdiction
    rows = reviews_all_spoken(user).filter(project__purchaser__organisation__jurisdiction=here)
    for r in rows:
        since = r.spoken_on or r.opened_on
        yield TodoItem("汇总审核意见", str(r.project), r.get_absolute_url(), since, kind="会审")
    for p in in_budget(user, here):
        since = p.concluded_on
        is_held = p.request_status not in (None, OffBudgetStatus.FUNDED)
        is_over = p.request_status == OffBudgetStatus.REFUSED
        if p.is_refused and (is_over or not p.is_decided):
            url = reverse("budgeting:reject_project", args=[p.pk])
            yield TodoItem("办理不予批准", str(p), url, since, kind="审定")
        elif p.is_decided and not p.is_drafted and not is_held:
            url = f"{reverse('budgeting:new_reply')}?group={p.purchaser_id}-{p.year}"
            yield TodoItem("已审定，拟制批复", str(p), url, since, kind="批复")
    drafts = replies_visible_to(user).filter(status=ReplyStatus.DRAFT)
    for reply in drafts.filter(purchaser__organisation__jurisdiction=here):
        yield TodoItem(
            "签发批复", str(reply), reply.get_absolute_url(), reply.prepared_on, kind="批复"
        )


def _request_todos(user: User, acting: RoleAssignment) -> Iterable[TodoItem]:
    """追加申请：审核意见形成之后定路径；各级通过之后登记追加（调剂）文号。"""
    here = acting.organisation.jurisdiction
    rows = OffBudgetRequest.objects.visible_to(user).with_case()
    mine = rows.filter(project__purchaser__organisation__jurisdiction=here)
    concluded = BudgetReview.objects.filter(status=ReviewStatus.CONCLUDED).values("project")
    to_route = Q(status=OffBudgetStatus.OPENED, project__in=concluded)
    for r in mine.filter(to_route | Q(status=OffBudgetStatus.APPROVED)):
        is_new = r.status == OffBudgetStatus.OPENED
        yield TodoItem(
            "确定审议路径" if is_new else "登记追加（调剂）文号",
            str(r.project),
            reverse(f"budgeting:{'choose_route' if is_new else 'record_funding'}", args=[r.pk]),
            r.routed_on or r.opened_on,
            kind="追加",
        )


def _adjustment_todos(user: User, acting: RoleAssignment) -> Iterable[TodoItem]:
    """别人拟订、等我审批的预算调整。"""
    here = acting.organisation.jurisdiction
    rows = BudgetAdjustment.objects.visible_to(user).with_case()
    mine = rows.filter(project__purchaser__organisation__jurisdiction=here)
    for a in mine.filter(status=AdjustmentStatus.DRAFTED).exclude(drafted_by=user):
        url = reverse("budgeting:approve_adjustment", args=[a.pk])
        yield TodoItem("审批预算调整", f"{a.project}：{a}", url, a.drafted_on, kind="调整")


def _decision_todos(user: User, acting: RoleAssignment) -> Iterable[TodoItem]:
    here = acting.organisation.jurisdiction
    for p in turns_of(user, acting.organisation):
        yield TodoItem(
            "审议未列预算的追加申请",
            str(p),
            reverse("budgeting:new_decision"),
            p.concluded_on,
            kind="审定",
        )
    ready = in_budget(user, here).filter(review_status=ReviewStatus.CONCLUDED, is_listed=False)
    for p in ready.filter(request_status=None):
        yield TodoItem(
            "已形成审核意见，待审定",
            str(p),
            reverse("budgeting:new_decision"),
            p.concluded_on,
            kind="审定",
        )
    for d in decisions_visible_to(user).filter(
        status=DecisionStatus.DRAFT, body=acting.organisation
    ):
        yield TodoItem("登记审定", str(d), d.get_absolute_url(), d.decided_on, kind="审定")


def _officer_todos(user: User, acting: RoleAssignment) -> Iterable[TodoItem]:
    own = {"project__purchaser__organisation": acting.organisation_id}
    reviewed = {f"review__{name}": value for name, value in own.items()}
    for o in opinions_visible_to(user).filter(status=OpinionStatus.OPPOSED, **reviewed):
        yield TodoItem(
            f"答复{o.reviewer.short_name}的异议",
            str(o.review.project),
            reverse("budgeting:answer_opinion", args=[o.pk]),
            o.given_on or o.review.opened_on,
            kind="会审",
        )
    objections = objections_visible_to(user).filter(status=ObjectionStatus.OPEN, **reviewed)
    for j in objections.exclude(review__project__stage__in=ENDED_STAGES):
        yield TodoItem(
            f"答复{j}",
            f"{j.review.project}：{j.text[:40]}",
            reverse("budgeting:answer_objection", args=[j.pk]),
            j.review.opened_on,
            kind="退回",
        )
    open_ones = obligations_visible_to(user).filter(status=ObligationStatus.OPEN, **own)
    for b in open_ones.exclude(project__stage__in=ENDED_STAGES):
        yield TodoItem(
            f"落实条件（{b.get_due_stage_display()}前）",
            f"{b.project}：{b.text[:40]}",
            reverse("budgeting:submit_evidence", args=[b.pk]),
            b.opened_on,
            kind="条件",
        )


def waiting(user: User, acting: RoleAssignment, _on: date) -> Iterable[TodoItem]:
    """经办人在等谁；财政在等哪些会审机构、哪些答复。"""
    if acting.role == Role.FINANCE:
        yield from _finance_waiting(user, acting)
    if acting.role != Role.OFFICER:
        return
    own = {"project__purchaser__organisation": acting.organisation_id}
    opinions = opinions_visible_to(user).filter(
        status__in=AWAITED,
        review__status=ReviewStatus.OPEN,
        review__project__purchaser__organisation=acting.organisation_id,
    )
    for o in opinions.in_turn().with_turn():
        yield TodoItem(
            "会审意见",
            str(o.review.project),
            _tab_of(o.review.project),
            opinion_since(o, o.review, o.turn_on) or o.review.opened_on,
            kind="会审",
            waits_for=o.reviewer.short_name,
        )
    concluded = BudgetReview.objects.visible_to(user).filter(status=ReviewStatus.CONCLUDED, **own)
    for r in concluded.with_case():
        yield TodoItem(
            "审定和批复",
            str(r.project),
            _tab_of(r.project),
            r.concluded_on or r.opened_on,
            kind="批复",
            waits_for="财政和审定机构",
        )
    for b in obligations_visible_to(user).filter(status=ObligationStatus.EVIDENCED, **own):
        yield TodoItem(
            "确认条件已落实",
            str(b.project),
            _tab_of(b.project),
            b.evidenced_on or b.opened_on,
            kind="条件",
            waits_for=b.opinion.reviewer.short_name,
        )


def _finance_waiting(user: User, acting: RoleAssignment) -> Iterable[TodoItem]:
    """汇总审核意见之前还差谁：轮到而没有出具的其他机构，没有答复异议的购买主体。"""
    opinions = opinions_visible_to(user).filter(
        status__in=UNSETTLED_OPINIONS,
        review__status=ReviewStatus.OPEN,
        review__project__purchaser__organisation__jurisdiction=acting.organisation.jurisdiction,
    )
    for o in opinions.in_turn().with_turn():
        is_opposed = o.status == OpinionStatus.OPPOSED
        if o.reviewer_id == acting.organisation_id and not is_opposed:
            continue
        owner = o.review.project.purchaser.organisation.short_name
        yield TodoItem(
            f"答复{o.reviewer.short_name}的异议" if is_opposed else "会审意见",
            str(o.review.project),
            o.review.get_absolute_url(),
            opinion_since(o, o.review, o.turn_on) or o.review.opened_on,
            kind="会审",
            waits_for=owner if is_opposed else o.reviewer.short_name,
        )


def _tab_of(project: Project) -> str:
    return reverse("budgeting:case", args=[project.pk])
