"""申报挂在共用页面上的：菜单、分页、事项、待办与等待。"""

from __future__ import annotations

from accounts.models import User
from accounts.roles import PURCHASER_ROLES, REVIEW_ROLES, Role
from core.documents.rendering import register_template
from core.navigation import (
    add_act,
    add_documents,
    add_file_subject,
    add_menu,
    add_tab,
    add_todo,
    add_waiting,
)
from projects.models import (
    CloudAnswer,
    CloudCollection,
    CollectionStatus,
    GroupMeeting,
    IntentionList,
    InternalSignature,
    PlanImport,
    PlanSubmission,
    PointStatus,
    Project,
    ProjectTask,
    SignaturePoint,
    SignatureStatus,
    Stage,
)
from projects.navigation.catalogue import (
    catalogue_awaited,
    catalogue_work,
    intention_work,
    opinions_in_hand,
)
from projects.navigation.cloud import cloud_awaited, cloud_work
from projects.navigation.todos import (
    awaited,
    awaited_tasks,
    to_confirm,
    to_do_tasks,
    to_file,
    to_sign,
)
from projects.selectors import SIGNING_STAGES, signatures_in_turn
from projects.services import PLAN_SUMMARY

READERS = (*PURCHASER_ROLES, *REVIEW_ROLES, Role.AUDITOR)
SUBJECT = "projects.project"


def visible_task(user: User, pk: int) -> ProjectTask | None:
    return ProjectTask.objects.visible_to(user).filter(pk=pk).first()


def pending_signatures(project: Project) -> list[InternalSignature]:
    """轮到签的那一步，和纸上签过、待本人确认的各步。"""
    if project.stage not in SIGNING_STAGES:
        return []
    paper = project.signatures.filter(status=SignatureStatus.PAPER)
    return [*signatures_in_turn().filter(project=project), *paper]


def open_points(project: Project) -> list[SignaturePoint]:
    """还没有答复的签批退回意见。"""
    rows = SignaturePoint.objects.filter(signature__project=project, status=PointStatus.OPEN)
    return list(rows) if project.stage == Stage.FILING else []


def visible_signature(user: User, pk: int) -> InternalSignature | None:
    seen = Project.objects.visible_to(user)
    return InternalSignature.objects.filter(project__in=seen, pk=pk).first()


def visible_meeting(user: User, pk: int) -> GroupMeeting | None:
    return GroupMeeting.objects.visible_to(user).filter(pk=pk).first()


def meets(step: InternalSignature) -> bool:
    """领导小组的一步以登记会议办理。"""
    return step.role == Role.LEADING_GROUP


def takes_paper(step: InternalSignature) -> bool:
    return step.role != Role.LEADING_GROUP


def visible_import(user: User, pk: int) -> PlanImport | None:
    return PlanImport.objects.visible_to(user).filter(pk=pk).first()


def visible_submission(user: User, pk: int) -> PlanSubmission | None:
    return PlanSubmission.objects.visible_to(user).filter(pk=pk).first()


def visible_project(user: User, pk: int) -> Project | None:
    return Project.objects.visible_to(user).filter(pk=pk).first()


def visible_intentions(user: User, pk: int) -> IntentionList | None:
    return IntentionList.objects.visible_to(user).filter(pk=pk).first()


def visible_cloud(user: User, pk: int) -> CloudCollection | None:
    return CloudCollection.objects.visible_to(user).filter(pk=pk).first()


def visible_cloud_answer(user: User, pk: int) -> CloudAnswer | None:
    return CloudAnswer.objects.visible_to(user).filter(pk=pk).first()


add_menu("申报", "项目台账", "projects:list", 20, READERS)
add_menu("申报", "年度计划", "projects:plans", 21, READERS)
add_menu("工作", "移交", "projects:handovers", 14, (*PURCHASER_ROLES, Role.AUDITOR))
add_menu("申报", "审批矩阵", "projects:tiers", 29, (*READERS, Role.SECURITY_ADMIN))
add_menu("申报", "领导小组", "projects:group", 28, READERS)
add_menu("申报", "购买主体", "projects:purchasers", 24, READERS)
add_menu("申报", "计划报送", "projects:submissions", 22, READERS)
add_menu("申报", "意向清单", "projects:intention_lists", 23, (Role.FINANCE, Role.AUDITOR))
add_menu("申报", "指导性目录", "projects:catalogues", 22, READERS)
add_tab(SUBJECT, "概况", "projects:case", 10)
add_tab(SUBJECT, "历史", "projects:history", 90)
add_act("projects.project.submit", "projects:submit")
add_act("projects.project.withdraw", "projects:withdraw", primary=False)
add_act(
    "projects.project.conclude_pilot",
    "projects:conclude_pilot",
    primary=False,
    when=lambda project: project.is_pilot and project.pilot_concluded_on is None,
)
add_act("projects.project.close", "projects:close")
add_act("projects.project.archive", "projects:archive", primary=False)
add_act("projects.internalsignature.sign", "projects:sign")
add_act("projects.internalsignature.send_back", "projects:send_back", primary=False)
add_act("projects.internalsignature.hold_meeting", "projects:meeting", when=meets)
add_act(
    "projects.internalsignature.register_paper", "projects:paper", primary=False, when=takes_paper
)
add_act("projects.internalsignature.confirm_paper", "projects:confirm_paper")
add_act("projects.internalsignature.deny_paper", "projects:deny_paper", primary=False)
add_act("projects.signaturepoint.answer", "projects:answer_point")
add_act("projects.projecttask.accept", "projects:accept_task", primary=False)
add_act("projects.projecttask.finish", "projects:finish_task", primary=False)
add_act("projects.projecttask.decline", "projects:decline_task", primary=False)
add_act("projects.projecttask.call_off", "projects:call_off_task", primary=False)
add_documents(SUBJECT, pending_signatures)
add_documents(SUBJECT, open_points)
add_todo(to_sign)
add_todo(to_confirm)
add_todo(to_file)
add_waiting(awaited)
add_todo(to_do_tasks)
add_waiting(awaited_tasks)
add_file_subject(SUBJECT, visible_project)
add_file_subject("projects.internalsignature", visible_signature)
add_file_subject("projects.groupmeeting", visible_meeting)
add_file_subject("projects.projecttask", visible_task)
add_file_subject("projects.planimport", visible_import)
add_file_subject("projects.plansubmission", visible_submission)
register_template(PLAN_SUMMARY, "projects/plan_summary_document.html")

REVISION = "projects.cataloguerevision"
add_act(f"{REVISION}.consult", "projects:consult")
add_act(f"{REVISION}.adopt", "projects:adopt")
add_act(f"{REVISION}.revise", "projects:item_add", primary=False)
add_act(f"{REVISION}.take_back", "projects:take_back", primary=False)
add_act(f"{REVISION}.abandon", "projects:abandon", primary=False)
for move in ("agree", "suggest", "handle"):
    add_act(f"projects.catalogueopinion.{move}", f"projects:catalogue_{move}")
add_documents(REVISION, opinions_in_hand)
add_todo(catalogue_work)
add_waiting(catalogue_awaited)

INTENTIONS = "projects.intentionlist"
add_act(f"{INTENTIONS}.confirm", "projects:intentions_confirm")
add_act(f"{INTENTIONS}.discard", "projects:intentions_discard", primary=False)
add_file_subject(INTENTIONS, visible_intentions)
add_todo(intention_work)

CLOUD, CLOUD_ANSWER = "projects.cloudcollection", "projects.cloudanswer"
add_menu("申报", "云资源收集", "projects:clouds", 25, READERS)
add_act(f"{CLOUD}.close", "projects:cloud_close")
add_act(f"{CLOUD}.abandon", "projects:cloud_abandon", primary=False)
add_act(f"{CLOUD_ANSWER}.fill", "projects:cloud_fill")
add_act(f"{CLOUD_ANSWER}.confirm", "projects:cloud_confirm")
add_act(f"{CLOUD_ANSWER}.send_back", "projects:cloud_send_back", primary=False)
add_act(
    f"{CLOUD_ANSWER}.hand_back",
    "projects:cloud_hand_back",
    primary=False,
    when=lambda answer: answer.collection.status == CollectionStatus.OPEN,
)
add_file_subject(CLOUD, visible_cloud)
add_file_subject(CLOUD_ANSWER, visible_cloud_answer)
add_todo(cloud_work)
add_waiting(cloud_awaited)
