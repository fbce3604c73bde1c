"""申报挂在共用页面上的：菜单、分页、事项、待办与等待。"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from accounts.models import RoleAssignment, User
from accounts.roles import PURCHASER_ROLES, REVIEW_ROLES, Role
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
from projects.models import InternalSignature, PlanImport, PlanSubmission, Project, Stage
from projects.selectors import filing_work, signatures_in_turn
from projects.services import PLAN_SUMMARY

READERS = (*PURCHASER_ROLES, *REVIEW_ROLES, Role.AUDITOR)
SUBJECT = "projects.project"


def to_sign(user: User, acting: RoleAssignment, _on: date) -> Iterator[TodoItem]:
    """轮到这个岗位签批的项目；自己经办的不在其中。"""
    rows = signatures_in_turn().filter(
        role=acting.role, project__purchaser__organisation=acting.organisation_id
    )
    for row in rows.exclude(project__officer=user).select_related("project"):
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


def pending_signatures(project: Project) -> list[InternalSignature]:
    """轮到签的那一步。"""
    if project.stage != Stage.FILING:
        return []
    return list(signatures_in_turn().filter(project=project))


def visible_import(user: User, pk: int) -> PlanImport | None:
    return PlanImport.objects.visible_to(user).filter(pk=pk).first()


def visible_submission(user: User, pk: int) -> PlanSubmission | None:
    return PlanSubmission.objects.visible_to(user).filter(pk=pk).first()


def visible_project(user: User, pk: int) -> Project | None:
    return Project.objects.visible_to(user).filter(pk=pk).first()


add_menu("申报", "项目台账", "projects:list", 20, READERS)
add_menu("申报", "年度计划", "projects:plans", 21, READERS)
add_menu("申报", "计划报送", "projects:submissions", 22, READERS)
add_tab(SUBJECT, "概况", "projects:case", 10)
add_tab(SUBJECT, "历史", "projects:history", 90)
add_act("projects.project.submit", "projects:submit")
add_act("projects.project.withdraw", "projects:withdraw", primary=False)
add_act("projects.project.close", "projects:close")
add_act("projects.project.archive", "projects:archive", primary=False)
add_act("projects.internalsignature.sign", "projects:sign")
add_act("projects.internalsignature.send_back", "projects:send_back", primary=False)
add_documents(SUBJECT, pending_signatures)
add_todo(to_sign)
add_todo(to_file)
add_waiting(awaited)
add_file_subject(SUBJECT, visible_project)
add_file_subject("projects.planimport", visible_import)
add_file_subject("projects.plansubmission", visible_submission)
register_template(PLAN_SUMMARY, "projects/plan_summary_document.html")
