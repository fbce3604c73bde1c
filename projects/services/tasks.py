"""配合事项的动作：交办、接收、办结、退回、取消。"""

from __future__ import annotations

from datetime import date
from typing import Any

from accounts.models import RoleAssignment, User
from accounts.roles import PURCHASER_ROLES
from core.attachments import attach, checked_upload
from core.attachments.upload import Uploaded
from core.history import change, unit_of_work
from core.history.values import referenced_pk
from core.transitions import ActError, Outcome, answered_with, claim, perform, require_may
from projects.models import Project, ProjectTask

ASSIGN = "projects.assign_task"


class TaskRefused(ActError):
    """不能这样交办；`str()` 说明理由。"""

    is_of_form = True


def assign_task(
    project: Project,
    *,
    kind: str,
    demand: str,
    section: str,
    doer: User,
    due_on: date,
    by: User,
    acting_as: RoleAssignment | None,
    on: date,
    key: str | None = None,
) -> ProjectTask:
    """把一件事交给本单位另一科室的人办。Raises `NotPermitted`, `TaskRefused`, `StreamSealed`."""
    acts: dict[str, Any] = {"by": by, "acting_as": acting_as, "on": on}
    content = [project, kind, demand, section, doer, due_on]
    with unit_of_work():
        known = claim(key, by=by, act=ASSIGN, content=content)
        if known is not None:
            return ProjectTask.objects.get(pk=referenced_pk(known.result))
        require_may(ASSIGN, on=project, stream=project.stream(), by=by, acting_as=acting_as, day=on)
        if project.has_ended:
            raise TaskRefused(f"项目{project.state_label}，不再交办。未作改动。")
        if due_on < on:
            raise TaskRefused("办结期限不能早于今天。未作改动。")
        if not employed_here(doer, project.owner().pk, on):
            raise TaskRefused(f"{doer}不在本单位任职，不能交办。未作改动。")
        with change(
            title="交办配合事项", act=ASSIGN, stream=project.stream(), reason=demand, **acts
        ) as changes:
            task = changes.create(
                ProjectTask(
                    project=project,
                    kind=kind,
                    demand=demand,
                    section=section,
                    doer=doer,
                    assigned_by=by,
                    assigned_on=on,
                    due_on=due_on,
                )
            )
        answered_with(key, task)
        return task


def colleagues(organisation: int, on: date) -> list[User]:
    """这一天在这个单位任业务岗位的人。"""
    posts = RoleAssignment.objects.in_force(on).filter(
        organisation=organisation, role__in=PURCHASER_ROLES, user__is_active=True
    )
    return list(User.objects.filter(pk__in=posts.values("user")).order_by("pk"))


def employed_here(user: User, organisation: int, on: date) -> bool:
    """这一天在这个单位任某个业务岗位，账号启用。"""
    posts = RoleAssignment.objects.in_force(on).filter(
        user=user, organisation=organisation, role__in=PURCHASER_ROLES
    )
    return user.is_active and posts.exists()


def accept_task(
    task: ProjectTask, *, by: User, acting_as: RoleAssignment | None, on: date, **shown: Any
) -> Outcome:
    return perform(task, "accept", by=by, acting_as=acting_as, on=on, data={"on": on}, **shown)


def finish_task(
    task: ProjectTask,
    *,
    result: str,
    file: Uploaded,
    by: User,
    acting_as: RoleAssignment | None,
    on: date,
    **shown: Any,
) -> Outcome:
    """办结，附凭据。Raises as `perform`, and `UploadRefused`."""
    upload = checked_upload(file)
    acts: dict[str, Any] = {"by": by, "acting_as": acting_as, "on": on}
    with unit_of_work():
        data = {"result": result, "on": on}
        outcome = perform(task, "finish", note=result, data=data, **acts, **shown)
        if not outcome.is_repeat:
            with change(
                title="配合事项的凭据", act="projects.do_task", stream=task.stream(), **acts
            ) as changes:
                attach(changes, upload, to=task, purpose="办结凭据", by=by, on=on)
        return outcome


def decline_task(
    task: ProjectTask,
    *,
    note: str,
    by: User,
    acting_as: RoleAssignment | None,
    on: date,
    **shown: Any,
) -> Outcome:
    return perform(task, "decline", by=by, acting_as=acting_as, on=on, note=note, **shown)


def call_off_task(
    task: ProjectTask,
    *,
    note: str,
    by: User,
    acting_as: RoleAssignment | None,
    on: date,
    **shown: Any,
) -> Outcome:
    return perform(task, "call_off", by=by, acting_as=acting_as, on=on, note=note, **shown)
