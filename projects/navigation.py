"""申报挂在共用页面上的：菜单、分页、事项、待办与等待。"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from django.db.models import Count, Exists, Min, OuterRef
from django.urls import reverse

from accounts.models import RoleAssignment, User
from accounts.roles import ACTS, PURCHASER_ROLES, REVIEW_ROLES, Role
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
from projects.models import (
    OPEN_REVISIONS,
    CatalogueOpinion,
    CatalogueOpinionStatus,
    CatalogueRevision,
    GroupMeeting,
    IntentionList,
    IntentionListStatus,
    InternalSignature,
    ListedIntention,
    PlanImport,
    PlanSubmission,
    PointStatus,
    Project,
    ProjectTask,
    RevisionStatus,
    SignaturePoint,
    SignatureStatus,
    Stage,
)
from projects.models.revision import ANSWER
from projects.selectors import SIGNING_STAGES, filing_work, signatures_in_turn
from projects.services import PLAN_SUMMARY

READERS = (*PURCHASER_ROLES, *REVIEW_ROLES, Role.AUDITOR)
SUBJECT = "projects.project"


def to_sign(user: User, acting: RoleAssignment, _on: date) -> Iterator[TodoItem]:
    """轮到这个岗位签批的项目；自己经办的不在其中。"""
    rows = signatures_in_turn().filter(
        role=acting.role, project__purchaser__organisation=acting.organisation_id
    )
    for row in rows.exclude(project__officer__in=(user, acting.user_id)).select_related("project"):
        yield TodoItem(
            title=f"签批：{row.project}",
            subject=row.project.number,
            url=row.project.get_absolute_url(),
            since=row.opened_on,
            kind="签批",
        )


def to_file(_user: User, acting: RoleAssignment, _on: date) -> Iterator[TodoItem]:
    """经办人手里的项目：签批退回的、会审退回的、签齐待提交的。"""
    if acting.role != Role.OFFICER:
        return
    for work in filing_work(acting.organisation):
        if not work.waits_for:
            project = work.project
            url = project.get_absolute_url()
            yield TodoItem(
                f"{work.kind}：{project}", project.number, url, work.since, kind=work.kind
            )


def awaited(_user: User, acting: RoleAssignment, _on: date) -> Iterator[TodoItem]:
    """经办人等谁签批。"""
    if acting.role != Role.OFFICER:
        return
    for work in filing_work(acting.organisation):
        if work.waits_for:
            yield TodoItem(
                title=str(work.project),
                subject=work.project.number,
                url=work.project.get_absolute_url(),
                since=work.since,
                kind="签批",
                waits_for=work.waits_for,
            )


def to_confirm(user: User, acting: RoleAssignment, _on: date) -> Iterator[TodoItem]:
    """纸上签过、待本人确认的；代理人不能代为确认，不在其中。"""
    rows = InternalSignature.objects.filter(
        status=SignatureStatus.PAPER, role=acting.role, signer=user, project__sealed_on=None
    )
    own = rows.filter(project__purchaser__organisation=acting.organisation_id)
    for row in own.select_related("project"):
        yield TodoItem(
            title=f"确认纸质签署：{row.project}",
            subject=row.project.number,
            url=row.project.get_absolute_url(),
            since=row.registered_on or row.opened_on,
            kind="签批",
        )


def to_do_tasks(user: User, acting: RoleAssignment, _on: date) -> Iterator[TodoItem]:
    """交给本人办的配合事项。"""
    rows = ProjectTask.objects.open().filter(
        doer=user, project__purchaser__organisation=acting.organisation_id
    )
    for row in rows.select_related("project") if acting.user_id == user.pk else ():
        yield TodoItem(
            title=f"{row.get_status_display()}：{row}",
            subject=row.project.number,
            url=row.project.get_absolute_url(),
            since=row.assigned_on,
            due=row.due_on,
            kind="配合事项",
        )


def awaited_tasks(user: User, acting: RoleAssignment, _on: date) -> Iterator[TodoItem]:
    """交办人等谁办。"""
    rows = ProjectTask.objects.open().filter(
        assigned_by=user, project__purchaser__organisation=acting.organisation_id
    )
    for row in rows.select_related("project", "doer"):
        yield TodoItem(
            title=str(row),
            subject=row.project.number,
            url=row.project.get_absolute_url(),
            since=row.assigned_on,
            due=row.due_on,
            kind="配合事项",
            waits_for=f"{row.section} {row.doer}",
        )


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


# --- 指导性目录 ----------------------------------------------------------------------------------


def catalogue_work(_user: User, acting: RoleAssignment, on: date) -> Iterator[TodoItem]:
    """部门要答复的草案；财政部门要说明采纳、可以通过的草案。"""
    if acting.role in ACTS[ANSWER].roles:
        waiting = CatalogueOpinion.objects.filter(
            status=CatalogueOpinionStatus.PENDING, organisation=acting.organisation_id
        )
        for opinion in waiting.whole():
            yield _catalogue_item("答复目录草案", opinion.revision, opinion.asked_on)
    if acting.role == Role.FINANCE:
        drafts = CatalogueRevision.objects.filter(
            bureau=acting.organisation_id, status__in=OPEN_REVISIONS
        )
        for revision in drafts.whole().prefetch_related("opinions"):
            title, since = _finance_work(revision, on)
            if title:
                yield _catalogue_item(title, revision, since)


def _finance_work(revision: CatalogueRevision, on: date) -> tuple[str, date]:
    """草案在财政部门手里的，做什么、自哪一日起；在等部门答复的为空。"""
    if revision.status == RevisionStatus.DRAFTED:
        return "修改目录草案并征求意见", revision.drafted_on
    rows = [o for o in revision.opinions.all() if o.round_number == revision.round_number]
    answered = [o.answered_on for o in rows if o.answered_on]
    if any(o.status == CatalogueOpinionStatus.SUGGESTED for o in rows):
        return "说明目录意见的采纳情况", max(answered)
    waiting = any(o.status == CatalogueOpinionStatus.PENDING for o in rows)
    due = revision.answers_due_on
    if not waiting:
        return "通过目录草案", max(answered, default=revision.drafted_on)
    return ("通过目录草案", due) if due is not None and on > due else ("", revision.drafted_on)


def catalogue_awaited(_user: User, acting: RoleAssignment, _on: date) -> Iterator[TodoItem]:
    """财政部门在等哪些部门答复。"""
    if acting.role != Role.FINANCE:
        return
    waiting = CatalogueOpinion.objects.filter(
        status=CatalogueOpinionStatus.PENDING, revision__bureau=acting.organisation_id
    )
    for opinion in waiting.whole():
        yield _catalogue_item(
            "答复目录草案",
            opinion.revision,
            opinion.asked_on,
            waits_for=opinion.organisation.short_name,
        )


def _catalogue_item(
    title: str, revision: CatalogueRevision, since: date, waits_for: str = ""
) -> TodoItem:
    return TodoItem(
        f"{title}：{revision}",
        "指导性目录",
        revision.get_absolute_url(),
        since,
        due=revision.answers_due_on if title.startswith("答复") else None,
        kind="目录",
        waits_for=waits_for,
    )


def opinions_in_hand(revision: CatalogueRevision) -> list[CatalogueOpinion]:
    """草案的意见中待答复、待说明的。"""
    if revision.status != RevisionStatus.CONSULTING:
        return []
    live = (CatalogueOpinionStatus.PENDING, CatalogueOpinionStatus.SUGGESTED)
    rows = CatalogueOpinion.objects.filter(revision=revision, status__in=live)
    return list(rows.filter(round_number=revision.round_number).whole())


def visible_import(user: User, pk: int) -> PlanImport | None:
    return PlanImport.objects.visible_to(user).filter(pk=pk).first()


def visible_submission(user: User, pk: int) -> PlanSubmission | None:
    return PlanSubmission.objects.visible_to(user).filter(pk=pk).first()


def visible_project(user: User, pk: int) -> Project | None:
    return Project.objects.visible_to(user).filter(pk=pk).first()


# --- 采购意向 ------------------------------------------------------------------------------------


def intention_work(_user: User, acting: RoleAssignment, _on: date) -> Iterator[TodoItem]:
    """财政部门待确认的清单；经办人计划里还没有据以填报的意向。"""
    if acting.role == Role.FINANCE:
        open_lists = IntentionList.objects.filter(
            bureau=acting.organisation_id, status=IntentionListStatus.OPEN
        )
        for row in open_lists:
            url = row.get_absolute_url()
            yield TodoItem(f"复核并确认：{row}", "采购意向", url, row.received_on, kind="意向")
    if acting.role == Role.OFFICER:
        yield from _to_file_by_intention(acting)


def _to_file_by_intention(acting: RoleAssignment) -> Iterator[TodoItem]:
    """计划里没有同名项目的意向，一份计划一件。"""
    rows = ListedIntention.objects.planned().filter(
        plan__purchaser__organisation=acting.organisation_id
    )
    filed = Project.objects.filter(plan_line__plan=OuterRef("plan"), name=OuterRef("name"))
    waiting = rows.filter(~Exists(filed)).values("plan", "plan__year")
    counted = waiting.annotate(n=Count("pk"), since=Min("intentions__confirmed_on"))
    for each in counted.order_by("plan"):
        title = f"据采购意向填报 {each['plan__year']} 年度计划：{each['n']} 条"
        url = reverse("projects:plan_intentions", args=[each["plan"]])
        yield TodoItem(title, "年度计划", url, each["since"], kind="意向")


def visible_intentions(user: User, pk: int) -> IntentionList | None:
    return IntentionList.objects.visible_to(user).filter(pk=pk).first()


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
