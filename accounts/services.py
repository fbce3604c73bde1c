"""机构、账号与任职的变更。每一次变更都写入历史。"""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import Q

from accounts.models import (
    Jurisdiction,
    Mandate,
    Organisation,
    RegulationAdoption,
    RoleAssignment,
    User,
)
from accounts.recording import change
from accounts.roles import ADMINISTRATOR_ROLES, Role


class ConflictingRoles(ValueError):
    """三员不得由同一人兼任，也不得兼任业务岗位。"""


def create_jurisdiction(
    *, code: str, name: str, adopts: dict[str, date], by: User | None, on: date, **act: Any
) -> Jurisdiction:
    """Create a jurisdiction adopting regulations (code → first day)."""
    with change(title="设立辖区", act="accounts.manage_accounts", by=by, on=on, **act) as changes:
        jurisdiction: Jurisdiction = changes.create(Jurisdiction(code=code, name=name))
        for regulation, since in adopts.items():
            changes.create(
                RegulationAdoption(jurisdiction=jurisdiction, regulation=regulation, since=since)
            )
    return jurisdiction


def create_organisation(
    *, jurisdiction: Jurisdiction, name: str, by: User | None, on: date, **fields: Any
) -> Organisation:
    with change(title="登记机构", act="accounts.manage_accounts", by=by, on=on) as changes:
        made: Organisation = changes.create(
            Organisation(jurisdiction=jurisdiction, name=name, **fields)
        )
    return made


def give_mandate(
    organisation: Organisation,
    *,
    kind: str,
    position: int,
    by: User | None,
    on: date,
    code: str = "",
    step: int = 1,
    step_name: str = "",
) -> Mandate:
    """Name the organisation that carries a function (joint reviewer, decision body) here.

    Reviewers of one `step` speak in parallel; those of a later step after all of the earlier.
    """
    with change(title="确定职能机构", act="accounts.manage_accounts", by=by, on=on) as changes:
        made: Mandate = changes.create(
            Mandate(
                jurisdiction=organisation.jurisdiction,
                kind=kind,
                organisation=organisation,
                position=position,
                code=code,
                step=step,
                step_name=step_name,
            )
        )
    return made


def create_user(
    *,
    username: str,
    full_name: str,
    organisation: Organisation,
    password: str,
    by: User | None,
    on: date,
    mobile: str = "",
) -> User:
    user = User(username=username, full_name=full_name, organisation=organisation, mobile=mobile)
    user.set_password(password)
    with change(title="开立账号", act="accounts.manage_accounts", by=by, on=on) as changes:
        made: User = changes.create(user)
    return made


def assign_role(
    user: User, *, role: str, organisation: Organisation, since: date, by: User | None, on: date
) -> RoleAssignment:
    """Give a role from `since` on, without end.

    Raises `ConflictingRoles` where an administrator's duty would meet any other, then or later.
    """
    held = set(
        RoleAssignment.objects.filter(Q(until__isnull=True) | Q(until__gt=since), user=user)
        .exclude(role=role)
        .values_list("role", flat=True)
    )
    if held and (role in ADMINISTRATOR_ROLES or held & set(ADMINISTRATOR_ROLES)):
        raise ConflictingRoles(
            "系统、安全、审计三类管理员须由不同的人担任，也不得兼任业务岗位，未作任何改动。"
        )
    with change(title="任命岗位", act="accounts.assign_role", by=by, on=on) as changes:
        made: RoleAssignment = changes.create(
            RoleAssignment(user=user, role=role, organisation=organisation, since=since)
        )
    return made


SYSTEM_USERNAME = "system"


def system_actor() -> tuple[User, RoleAssignment]:
    """The named system user that jobs and handlers act as; made when reference data is loaded."""
    user = User.objects.select_related("organisation").get(username=SYSTEM_USERNAME)
    role = RoleAssignment.objects.select_related("organisation__jurisdiction").get(
        user=user, role=Role.WORKER
    )
    return user, role


def ensure_system_actor(*, on: date) -> User:
    """Make the system organisation, user and role once; the account cannot sign in."""
    known = User.objects.filter(username=SYSTEM_USERNAME).first()
    if known is not None:
        return known
    jurisdiction = create_jurisdiction(code="system", name="系统", adopts={}, by=None, on=on)
    organisation = create_organisation(
        jurisdiction=jurisdiction,
        name="明购系统",
        short_name="系统",
        kind="operator",
        by=None,
        on=on,
    )
    user = User(username=SYSTEM_USERNAME, full_name="系统任务", organisation=organisation)
    user.set_unusable_password()
    with change(title="开立账号", act="accounts.manage_accounts", by=None, on=on) as changes:
        changes.create(user)
    assign_role(user, role=Role.WORKER, organisation=organisation, since=on, by=None, on=on)
    return user
