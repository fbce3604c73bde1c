"""机构、账号与任职的变更。每一次变更都写入历史。"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.db.models import Q

from accounts.models import (
    Delegation,
    DelegationScope,
    Jurisdiction,
    Mandate,
    Organisation,
    RegulationAdoption,
    RoleAssignment,
    User,
)
from accounts.recording import change
from accounts.roles import ADMINISTRATOR_ROLES, Role, delegable_acts


class DelegationRefused(ValueError):
    """授权代理不成立；`str()` 说明理由，未作任何改动。"""


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
    deputised = Delegation.objects.filter(
        Q(ended_on__isnull=True) | Q(ended_on__gt=since), deputy=user, until__gt=since
    )
    held |= set(deputised.values_list("post__role", flat=True))
    if held and (role in ADMINISTRATOR_ROLES or held & set(ADMINISTRATOR_ROLES)):
        raise ConflictingRoles(
            "系统、安全、审计三类管理员须由不同的人担任，也不得兼任业务岗位，未作任何改动。"
        )
    with change(title="任命岗位", act="accounts.assign_role", by=by, on=on) as changes:
        made: RoleAssignment = changes.create(
            RoleAssignment(user=user, role=role, organisation=organisation, since=since)
        )
    return made


def delegate(
    post: RoleAssignment,
    *,
    deputy: User,
    scope: str,
    acts: Sequence[str],
    reason: str,
    since: date,
    until: date,
    by: User,
    on: date,
    acting_as: RoleAssignment | None = None,
) -> Delegation:
    """Entrust the signing of one's own post to a colleague, from `since` until before `until`.

    Raises `DelegationRefused`: not the own post, nothing that can be entrusted, a deputy of another
    organisation or with an administrator's or auditor's duty, a second deputy for the same days, or
    two people standing in for each other.
    """
    post = RoleAssignment.objects.select_for_update().get(pk=post.pk)
    listed = sorted(set(acts)) if scope == DelegationScope.ACTS else []
    _require_own_post(post, by, listed, scope, since, until, on)
    _require_fit_deputy(post, deputy, since)
    _require_alone(post, deputy, since, until)
    with change(
        title="授权代理", act="accounts.delegate", by=by, acting_as=acting_as, on=on, reason=reason
    ) as changes:
        made: Delegation = changes.create(
            Delegation(
                post=post,
                deputy=deputy,
                scope=scope,
                acts=listed,
                reason=reason,
                since=since,
                until=until,
                made_on=on,
            )
        )
    return made


def _require_own_post(
    post: RoleAssignment,
    by: User,
    listed: list[str],
    scope: str,
    since: date,
    until: date,
    on: date,
) -> None:
    if post.user_id != by.pk:
        raise DelegationRefused("只能授权他人代理自己的岗位，受托的岗位不得转授。")
    able = delegable_acts(post.role)
    if not able or not set(listed) <= set(able) or (scope == DelegationScope.ACTS and not listed):
        raise DelegationRefused("所选事项不能由本岗位授权他人代办。")
    if since < on or until <= since:
        raise DelegationRefused("起始日不能早于今天，截止日须晚于起始日。")
    if post.since > since or (post.until is not None and post.until < until):
        raise DelegationRefused("授权的日子不能超出本人任职的日子。")


def _require_fit_deputy(post: RoleAssignment, deputy: User, since: date) -> None:
    if deputy.pk == post.user_id:
        raise DelegationRefused("不能授权给自己。")
    held = RoleAssignment.objects.filter(Q(until__isnull=True) | Q(until__gt=since), user=deputy)
    roles = set(held.values_list("role", flat=True))
    if roles & {*ADMINISTRATOR_ROLES, Role.AUDITOR, Role.WORKER}:
        raise DelegationRefused(f"{deputy}任管理员或审计岗位，不得代理业务岗位。")
    here = held.filter(organisation=post.organisation_id, since__lte=since)
    if not deputy.is_active or not here.exists():
        raise DelegationRefused("代理人须是本机构现任岗位的人员。")


def _require_alone(post: RoleAssignment, deputy: User, since: date, until: date) -> None:
    live = Delegation.objects.filter(
        Q(ended_on__isnull=True) | Q(ended_on__gt=since), since__lt=until, until__gt=since
    ).select_related("deputy", "post__user")
    other = live.filter(post=post).first()
    if other is not None:
        raise DelegationRefused(f"这些日子已授权{other.deputy}代理，请先结束那一次授权。")
    if live.filter(post__user=deputy, deputy=post.user_id).exists():
        raise DelegationRefused(f"您正受托代理{deputy}，不得互相代理。")


def end_delegation(
    delegation: Delegation,
    *,
    reason: str,
    by: User,
    on: date,
    acting_as: RoleAssignment | None = None,
) -> Delegation:
    """End it at once: from today on the deputy may no more. What was done stays done.

    Raises `DelegationRefused` when it is over already.
    """
    row = Delegation.objects.select_for_update().get(pk=delegation.pk)
    if row.ends_on() <= on:
        raise DelegationRefused(f"这一授权已于 {row.ends_on().isoformat()} 结束。")
    with change(
        title="结束授权代理",
        act="accounts.delegate",
        by=by,
        acting_as=acting_as,
        on=on,
        subject=row,
        reason=reason,
    ) as changes:
        changes.update(row, ended_on=on, ended_reason=reason)
    return row


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
