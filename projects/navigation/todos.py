"""申报、签批、配合事项的待办与等待。"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from accounts.models import RoleAssignment, User
from accounts.roles import Role
from core.navigation import (
    TodoItem,
)
from projects.models import (
    InternalSignature,
    ProjectTask,
    SignatureStatus,
)
from projects.selectors import filing_work, signatures_in_turn


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
            act="projects.sign",
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
