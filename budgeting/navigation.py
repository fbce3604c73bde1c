"""What this app hangs on the shared pages."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.urls import reverse

from accounts.models import RoleAssignment, User
from accounts.roles import Role
from budgeting.facts import current_review
from budgeting.models import (
    BudgetReply,
    BudgetReview,
    Decision,
    DecisionStatus,
    Objection,
    ObjectionStatus,
    Obligation,
    ObligationStatus,
    OpinionStatus,
    ReplyStatus,
    ReviewStatus,
)
from budgeting.selectors.decisions import decisions_visible_to, in_budget, replies_visible_to
from budgeting.selectors.reviews import (
    AWAITED,
    UNSETTLED,
    objections_visible_to,
    obligations_visible_to,
    opinions_visible_to,
    reviews_all_spoken,
)
from core.documents.rendering import register_template
from core.navigation import (
    TodoItem,
    add_act,
    add_documents,
    add_file_subject,
    add_menu,
    add_tab,
    add_todo,
    add_waiting,
)
from core.transitions import StatefulModel
from projects.models import ENDED_STAGES, Project

DESKS = (Role.FINANCE, Role.JOINT_REVIEWER, Role.DECISION_SECRETARY, Role.AUDITOR)
REPLY_DESKS = (Role.FINANCE, Role.DECISION_SECRETARY, Role.AUDITOR, Role.OFFICER)
CEILING_DESKS = (Role.FINANCE, Role.AUDITOR, Role.OFFICER, Role.PRINCIPAL)
LEDGER_DESKS = (*CEILING_DESKS, Role.SECTION_HEAD, Role.DIVISION_LEADER)
CHECK_DESKS = (Role.FINANCE, Role.AUDITOR, Role.AUDIT_ADMIN)

add_menu("预算", "会审", "budgeting:reviews", 200, DESKS)
add_menu("预算", "审定", "budgeting:decisions", 210, DESKS)
add_menu("预算", "批复", "budgeting:replies", 220, REPLY_DESKS)
add_menu("预算", "控制数", "budgeting:ceilings", 230, CEILING_DESKS)
add_menu("预算", "资金台账", "budgeting:ledger", 240, LEDGER_DESKS)
add_menu("预算", "台账核对", "budgeting:ledger_checks", 250, CHECK_DESKS)
add_tab("projects.project", "预算", "budgeting:case", 20)

for act, url_name in {
    "opinion.agree": "agree",
    "opinion.answer": "answer_opinion",
    "budgetreview.conclude": "conclude",
    "objection.answer": "answer_objection",
    "obligation.submit_evidence": "submit_evidence",
    "obligation.accept": "accept_obligation",
    "decision.record": "record",
    "budgetreply.issue": "issue",
}.items():
    add_act(f"budgeting.{act}", f"budgeting:{url_name}")
for act, url_name in {
    "opinion.agree_on_condition": "agree_on_condition",
    "opinion.oppose": "oppose",
    "budgetreview.return_for_correction": "return",
    "obligation.send_back": "send_back",
    "decision.discard": "discard_decision",
    "budgetreply.discard": "discard_reply",
}.items():
    add_act(f"budgeting.{act}", f"budgeting:{url_name}", primary=False)
add_act("projects.project.reject", "budgeting:reject_project", primary=False)

register_template("budgeting.reply", "budgeting/reply_document.html")
add_file_subject(
    # The minutes tell of every purchaser's projects: only those who review or audit read them.
    "budgeting.decision",
    lambda user, pk: Decision.objects.in_jurisdictions_of(user).filter(pk=pk).first(),
)
add_file_subject(
    "budgeting.budgetreply",
    lambda user, pk: BudgetReply.objects.visible_to(user).filter(pk=pk).first(),
)


# --- 下一步 --------------------------------------------------------------------------------------


def opinions_in_hand(review: BudgetReview) -> list[StatefulModel]:
    """本轮还没有了结的意见。"""
    if review.status != ReviewStatus.OPEN:
        return []
    rows = list(review.opinions.filter(status__in=UNSETTLED).select_related("reviewer"))
    for row in rows:
        row.review = review
    return list(rows)


def live_documents(project: Project) -> list[StatefulModel]:
    """案卷中还要办的预算文件：会审与意见、退回意见、待落实条件。"""
    if project.has_ended:
        return []
    found: list[StatefulModel] = []
    review = current_review(project)
    if review is not None and review.status in (ReviewStatus.OPEN, ReviewStatus.CONCLUDED):
        review.project = project
        found += [review, *opinions_in_hand(review)]
    found += Objection.objects.filter(
        review__project=project, status=ObjectionStatus.OPEN
    ).select_related("review__project__purchaser__organisation__jurisdiction")
    found += Obligation.objects.filter(
        project=project, status__in=(ObligationStatus.OPEN, ObligationStatus.EVIDENCED)
    ).select_related("opinion__reviewer", "project__purchaser__organisation__jurisdiction")
    return found


add_documents("projects.project", live_documents)
add_documents("budgeting.budgetreview", opinions_in_hand)


# --- 待办 ----------------------------------------------------------------------------------------


def todos(user: User, acting: RoleAssignment, _on: date) -> Iterable[TodoItem]:
    """本岗位要办的预算事项。"""
    if acting.role in (Role.FINANCE, Role.JOINT_REVIEWER):
        yield from _reviewer_todos(user, acting)
    if acting.role == Role.FINANCE:
        yield from _finance_todos(user, acting)
    if acting.role in (Role.FINANCE, Role.DECISION_SECRETARY):
        yield from _decision_todos(user, acting)
    if acting.role == Role.OFFICER:
        yield from _officer_todos(user, acting)


def _reviewer_todos(user: User, acting: RoleAssignment) -> Iterable[TodoItem]:
    opinions = opinions_visible_to(user).filter(
        reviewer=acting.organisation_id, status__in=AWAITED, review__status=ReviewStatus.OPEN
    )
    for o in opinions:
        again = o.status == OpinionStatus.ANSWERED
        yield TodoItem(
            "异议已答复，重新出具意见" if again else "出具会审意见",
            str(o.review.project),
            o.review.get_absolute_url(),
            o.review.opened_on,
            kind="会审",
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
        )


def _finance_todos(user: User, acting: RoleAssignment) -> Iterable[TodoItem]:
    here = acting.organisation.jurisdiction
    rows = reviews_all_spoken(user).filter(project__purchaser__organisation__jurisdiction=here)
    for r in rows:
        since = r.spoken_on or r.opened_on
        yield TodoItem("汇总审核意见", str(r.project), r.get_absolute_url(), since, kind="会审")
    for p in in_budget(user, here):
        since = p.concluded_on
        if p.is_refused and not p.is_decided:
            url = reverse("budgeting:reject_project", args=[p.pk])
            yield TodoItem("办理不予批准", str(p), url, since, kind="审定")
        elif p.is_decided and not p.is_drafted:
            url = f"{reverse('budgeting:new_reply')}?group={p.purchaser_id}-{p.year}"
            yield TodoItem("已审定，拟制批复", str(p), url, since, kind="批复")
    drafts = replies_visible_to(user).filter(status=ReplyStatus.DRAFT)
    for reply in drafts.filter(purchaser__organisation__jurisdiction=here):
        yield TodoItem(
            "签发批复", str(reply), reply.get_absolute_url(), reply.prepared_on, kind="批复"
        )


def _decision_todos(user: User, acting: RoleAssignment) -> Iterable[TodoItem]:
    here = acting.organisation.jurisdiction
    for p in in_budget(user, here).filter(review_status=ReviewStatus.CONCLUDED, is_listed=False):
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
    """经办人在等谁。"""
    if acting.role != Role.OFFICER:
        return
    own = {"project__purchaser__organisation": acting.organisation_id}
    opinions = opinions_visible_to(user).filter(
        status__in=AWAITED,
        review__status=ReviewStatus.OPEN,
        review__project__purchaser__organisation=acting.organisation_id,
    )
    for o in opinions:
        yield TodoItem(
            "会审意见",
            str(o.review.project),
            _tab_of(o.review.project),
            o.review.opened_on,
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


def _tab_of(project: Project) -> str:
    return reverse("budgeting:case", args=[project.pk])


add_todo(todos)
add_waiting(waiting)
