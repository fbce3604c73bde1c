"""What this app hangs on the shared pages."""

from __future__ import annotations

from accounts.roles import Role
from budgeting.facts import current_request, current_review
from budgeting.models import (
    LIVE_REQUESTS,
    UNSETTLED_OPINIONS,
    AdjustmentStatus,
    Allocation,
    BudgetAdjustment,
    BudgetReply,
    BudgetReview,
    Decision,
    MeetingSheet,
    Objection,
    ObjectionStatus,
    Obligation,
    ObligationStatus,
    ReviewStatus,
)
from budgeting.navigation.programmes import programme_todos
from budgeting.navigation.todos import todos, waiting
from budgeting.navigation.ways import ways
from budgeting.selectors import needs_higher_route
from core.documents.rendering import register_template
from core.navigation import (
    add_act,
    add_documents,
    add_file_subject,
    add_menu,
    add_tab,
    add_todo,
    add_waiting,
    add_way,
)
from core.transitions import StatefulModel
from projects.models import Project, Purchaser, Stage

DESKS = (Role.FINANCE, Role.JOINT_REVIEWER, Role.DECISION_SECRETARY, Role.AUDITOR)
REPLY_DESKS = (Role.FINANCE, Role.DECISION_SECRETARY, Role.AUDITOR, Role.OFFICER)
CEILING_DESKS = (Role.FINANCE, Role.AUDITOR, Role.OFFICER, Role.PRINCIPAL)
REQUEST_DESKS = (*DESKS, Role.OFFICER, Role.DIVISION_LEADER)
LEDGER_DESKS = (*CEILING_DESKS, Role.SECTION_HEAD, Role.DIVISION_LEADER)
CHECK_DESKS = (Role.FINANCE, Role.AUDITOR, Role.AUDIT_ADMIN)
ADJUSTMENT_DESKS = (Role.FINANCE, Role.AUDITOR, Role.OFFICER, Role.DIVISION_LEADER)

add_menu("预算", "会审", "budgeting:reviews", 200, DESKS)
add_menu("预算", "上会材料", "budgeting:meetings", 205, DESKS)
add_menu("预算", "审定", "budgeting:decisions", 210, DESKS)
add_menu("预算", "批复", "budgeting:replies", 220, REPLY_DESKS)
add_menu("预算", "追加申请", "budgeting:off_budget", 225, REQUEST_DESKS)
add_menu("预算", "控制数", "budgeting:ceilings", 230, CEILING_DESKS)
add_menu("预算", "控制数编报", "budgeting:rounds", 231, CEILING_DESKS)
add_menu("预算", "资金下达", "budgeting:releases", 233, CEILING_DESKS)
add_menu("预算", "专项", "budgeting:programmes", 236, LEDGER_DESKS)
add_menu("预算", "项目库", "budgeting:library", 205, (*LEDGER_DESKS, Role.JOINT_REVIEWER))
add_menu("预算", "预算调整", "budgeting:adjustments", 235, ADJUSTMENT_DESKS)
add_menu("预算", "资金台账", "budgeting:ledger", 240, LEDGER_DESKS)
add_menu("预算", "台账核对", "budgeting:ledger_checks", 250, CHECK_DESKS)
add_tab("projects.project", "预算", "budgeting:case", 20)
add_way("projects.project", ways)

for act, url_name in {
    "opinion.agree": "agree",
    "opinion.answer": "answer_opinion",
    "budgetreview.conclude": "conclude",
    "objection.answer": "answer_objection",
    "obligation.submit_evidence": "submit_evidence",
    "obligation.accept": "accept_obligation",
    "decision.record": "record",
    "budgetreply.issue": "issue",
    "offbudgetrequest.choose_route": "choose_route",
    "offbudgetrequest.record_funding": "record_funding",
    "exitconclusion.sign_by_office": "sign_conclusion",
    "exitconclusion.sign_by_bureau": "confirm_conclusion",
}.items():
    add_act(f"budgeting.{act}", f"budgeting:{url_name}")
for act, url_name in {
    "opinion.agree_on_condition": "agree_on_condition",
    "opinion.oppose": "oppose",
    "budgetreview.return_for_correction": "return",
    "obligation.send_back": "send_back",
    "decision.discard": "discard_decision",
    "budgetreply.discard": "discard_reply",
    "exitconclusion.withdraw": "withdraw_conclusion",
    # A draft is finance's own until it is approved: to others the panel does not name it.
    "budgetadjustment.approve": "approve_adjustment",
    "budgetadjustment.send_back": "return_adjustment",
    "budgetadjustment.withdraw": "withdraw_adjustment",
}.items():
    add_act(f"budgeting.{act}", f"budgeting:{url_name}", primary=False)
add_act("projects.project.reject", "budgeting:reject_project", primary=False)
add_act("budgeting.offbudgetrequest.raise_route", "budgeting:raise_route", when=needs_higher_route)
add_act(
    "projects.project.adjust_budget",
    "budgeting:adjust_budget",
    primary=False,
    when=lambda project: Allocation.objects.filter(project=project).exists(),
)

register_template("budgeting.reply", "budgeting/reply_document.html")
register_template("budgeting.review_opinion", "budgeting/review_opinion_document.html")
register_template("budgeting.review_countersign", "budgeting/review_countersign_document.html")
register_template("budgeting.round_sheet", "budgeting/round_sheet_document.html")
register_template("budgeting.meeting", "budgeting/meeting_document.html")
add_file_subject(
    # The minutes tell of every purchaser's projects: only those who review or audit read them.
    "budgeting.decision",
    lambda user, pk: Decision.objects.in_jurisdictions_of(user).filter(pk=pk).first(),
)
add_file_subject(
    "budgeting.meetingsheet",
    lambda user, pk: MeetingSheet.objects.visible_to(user).filter(pk=pk).first(),
)
add_file_subject(
    # The sheet of its ceiling rounds.
    "projects.purchaser",
    lambda user, pk: Purchaser.objects.visible_to(user).filter(pk=pk).first(),
)
add_file_subject(
    "budgeting.budgetreview",
    lambda user, pk: BudgetReview.objects.visible_to(user).filter(pk=pk).first(),
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
    rows = list(review.opinions.filter(status__in=UNSETTLED_OPINIONS).select_related("reviewer"))
    for row in rows:
        row.review = review
    return list(rows)


def live_documents(project: Project) -> list[StatefulModel]:
    """案卷中还要办的预算文件：会审与意见、追加申请、退回意见、待落实条件、预算调整。"""
    if project.has_ended:
        return []
    found: list[StatefulModel] = []
    review = current_review(project)
    if review is not None and review.status in (ReviewStatus.OPEN, ReviewStatus.CONCLUDED):
        review.project = project
        found += [review, *opinions_in_hand(review)]
    request = current_request(project) if project.is_off_budget else None
    if request is not None and project.stage == Stage.BUDGET and request.status in LIVE_REQUESTS:
        found.append(request)
    found += BudgetAdjustment.objects.with_case().filter(
        project=project, status=AdjustmentStatus.DRAFTED
    )
    found += Objection.objects.filter(
        review__project=project, status=ObjectionStatus.OPEN
    ).select_related("review__project__purchaser__organisation__jurisdiction")
    found += Obligation.objects.filter(
        project=project, status__in=(ObligationStatus.OPEN, ObligationStatus.EVIDENCED)
    ).select_related("opinion__reviewer", "project__purchaser__organisation__jurisdiction")
    return found


add_documents("projects.project", live_documents)
add_documents("budgeting.budgetreview", opinions_in_hand)


add_todo(todos)
add_todo(programme_todos)
add_waiting(waiting)
