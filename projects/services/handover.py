"""移交：列出一个岗位手里的事，选定接手的人，一次办完；有一件不成，全部不办。"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import models
from django.db.models import Q

from accounts.models import Delegation, RoleAssignment, User
from accounts.roles import DELEGABLE_ACTS, PURCHASER_ROLES, Role
from accounts.services import end_delegation
from core.drafts.models import Draft
from core.history import Changes, change, unit_of_work
from core.history.reading import actors_of
from core.history.values import referenced_pk
from core.transitions import (
    ActError,
    StaleAct,
    answered_with,
    claim,
    moves_of,
    require_may,
    stateful_models,
)
from core.transitions.declare import act_name
from projects.models import (
    ENDED_STAGES,
    OPEN_TASKS,
    Handover,
    InternalSignature,
    Project,
    ProjectTask,
)
from projects.services.tasks import colleagues, employed_here

HAND_OVER = "projects.hand_over"


class HandoverRefused(ActError):
    """移交不成立；`str()` 逐件说明理由，未作任何改动。"""

    is_of_form = True


@dataclass(frozen=True)
class HandoverItem:
    """手里的一件事：`key` 是它的代号，`row` 是它的行。"""

    key: str
    kind: str
    title: str
    row: Any


@dataclass(frozen=True)
class Outcome:
    """一件事交给谁；`why_not` 空的才交得成。"""

    item: HandoverItem
    successor: User | None
    why_not: str = ""


def items_of(post: RoleAssignment) -> list[HandoverItem]:
    """要逐件交出去的：经办的项目、草稿、承办的配合事项。"""
    user = post.user
    projects = Project.objects.filter(
        officer=user, purchaser__organisation=post.organisation_id, sealed_on__isnull=True
    ).exclude(stage__in=ENDED_STAGES)
    tasks = ProjectTask.objects.filter(
        doer=user, status__in=OPEN_TASKS, project__purchaser__organisation=post.organisation_id
    )
    found = []
    if post.role == Role.OFFICER:
        found = [HandoverItem(f"project-{p.pk}", "项目", f"{p.number} {p}", p) for p in projects]
        drafts = Draft.objects.filter(user=user)
        found += [HandoverItem(f"draft-{d.pk}", "草稿", str(d), d) for d in drafts]
    return found + [HandoverItem(f"task-{t.pk}", "配合事项", str(t), t) for t in tasks]


def successors_of(post: RoleAssignment, on: date) -> list[User]:
    """本单位在岗的其他人。"""
    return [u for u in colleagues(post.organisation_id, on) if u.pk != post.user_id]


def preview_handover(
    post: RoleAssignment, successors: Mapping[str, User | None], *, on: date
) -> list[Outcome]:
    """逐件看交不交得成；不写任何东西。"""
    return [_outcome(item, successors.get(item.key), post, on) for item in items_of(post)]


def hand_over(
    post: RoleAssignment,
    *,
    successors: Mapping[str, User | None],
    ends_on: date,
    reason: str,
    shown: Iterable[str],
    by: User,
    acting_as: RoleAssignment | None,
    on: date,
    key: str | None = None,
) -> Handover:
    """办理移交：逐件换人，结束其代理，岗位到 `ends_on` 止；有一件交不成，全部不办。

    `shown` 是页面上列出的各件，此间有变动的须重看。Raises `NotPermitted`, `HandoverRefused`,
    `StaleAct`, `StreamSealed`.
    """
    acts: dict[str, Any] = {"by": by, "acting_as": acting_as, "on": on}
    chosen = sorted((k, u.pk) for k, u in successors.items() if u is not None)
    with unit_of_work():
        known = claim(key, by=by, act=HAND_OVER, content=[post, chosen, ends_on, reason])
        if known is not None:
            return Handover.objects.get(pk=referenced_pk(known.result))
        post = RoleAssignment.objects.select_for_update(of=("self",)).get(pk=post.pk)
        _require_allowed(post, ends_on, **acts)
        for row in (i.row for i in items_of(post) if isinstance(i.row, Project)):
            Project.objects.select_for_update(no_key=True).get(pk=row.pk)
        outcomes = preview_handover(post, successors, on=on)
        if {o.item.key for o in outcomes} != set(shown):
            raise StaleAct("办理移交")
        wrong = [f"{o.item.title}：{o.why_not}" for o in outcomes if o.why_not]
        if wrong:
            raise HandoverRefused("；".join(wrong) + "。未作任何改动。")
        made = _write(post, outcomes, ends_on, reason, **acts)
        answered_with(key, made)
        return made


def _outcome(item: HandoverItem, successor: User | None, post: RoleAssignment, on: date) -> Outcome:
    if successor is None:
        return Outcome(item, None, "没有选接手的人")
    return Outcome(item, successor, _why_not(item, successor, post, on))


def _why_not(item: HandoverItem, successor: User, post: RoleAssignment, on: date) -> str:
    if successor.pk == post.user_id or not employed_here(successor, post.organisation_id, on):
        return f"{successor}不是本单位在岗的其他人"
    if isinstance(item.row, ProjectTask):
        return ""
    if isinstance(item.row, Draft):
        taken = Draft.objects.filter(user=successor, form=item.row.form).exists()
        return f"{successor}自己也有这份表单的草稿" if taken else ""
    is_officer = RoleAssignment.objects.in_force(on).filter(
        user=successor, organisation=post.organisation_id, role=Role.OFFICER
    )
    if not is_officer.exists():
        return f"{successor}不任经办人岗位"
    if successor.pk in signers_of(item.row):
        return f"{successor}签批、审核过这个项目，不得再任经办人"
    return ""


def signers_of(project: Project) -> frozenset[int]:
    """在这个案卷里签批、审核过的人，不论在哪个环节；代签的连同所代的人。"""
    acts = [
        act_name(model, move)
        for model in stateful_models()
        for move in moves_of(model)
        if move.permission in DELEGABLE_ACTS
    ]
    steps = InternalSignature.objects.filter(project=project)
    named = {pk for pair in steps.values_list("signer", "signed_for") for pk in pair if pk}
    return actors_of(project.stream(), *acts) | named


def _require_allowed(
    post: RoleAssignment, ends_on: date, *, by: User, acting_as: RoleAssignment | None, on: date
) -> None:
    """本单位的负责人，为他人办，岗位还在任。"""
    allowed = acting_as is not None and acting_as.organisation_id == post.organisation_id
    stream = f"accounts.roleassignment:{post.pk}"
    require_may(HAND_OVER, on=None, stream=stream, by=by, acting_as=acting_as, day=on)
    if not allowed or post.role not in PURCHASER_ROLES:
        raise HandoverRefused("只能为本单位的业务岗位办理移交。未作任何改动。")
    if post.user_id == by.pk:
        raise HandoverRefused("不能为自己办理移交，请本单位其他负责人办理。未作任何改动。")
    if post.until is not None and post.until <= on:
        raise HandoverRefused("这个岗位的任职已经结束。未作任何改动。")
    if ends_on < on or (post.until is not None and ends_on > post.until):
        raise HandoverRefused("任职结束日不能早于今天，也不能晚于原定的结束日。未作任何改动。")


def _write(
    post: RoleAssignment,
    outcomes: list[Outcome],
    ends_on: date,
    reason: str,
    *,
    by: User,
    acting_as: RoleAssignment | None,
    on: date,
) -> Handover:
    acts: dict[str, Any] = {"by": by, "acting_as": acting_as, "on": on}
    for outcome in outcomes:
        if outcome.successor is not None:
            _give(outcome.item.row, outcome.successor, reason, **acts)
    _end_delegations(post, reason, **acts)
    with change(title="办理移交", act=HAND_OVER, reason=reason, **acts) as changes:
        made = changes.create(
            Handover(
                post=post,
                ends_on=ends_on,
                reason=reason,
                items=[_told(o) for o in outcomes],
                made_by=by,
                made_on=on,
            )
        )
        _end_post(changes, post, ends_on)
    return made


def _end_post(changes: Changes, post: RoleAssignment, ends_on: date) -> None:
    changes.update(post, until=ends_on)


def _give(row: models.Model, successor: User, reason: str, **acts: Any) -> None:
    if isinstance(row, Draft):
        Draft.objects.filter(pk=row.pk).update(user=successor)
        return
    column = "officer" if isinstance(row, Project) else "doer"
    with change(title="移交", act=HAND_OVER, subject=row, reason=reason, **acts) as changes:
        changes.update(row, **{column: successor})


def _end_delegations(
    post: RoleAssignment, reason: str, *, by: User, acting_as: RoleAssignment | None, on: date
) -> None:
    """他授出的这个岗位的代理，和他在本单位受托的代理，一并结束。"""
    live = Delegation.objects.filter(
        Q(post=post) | Q(deputy=post.user_id, post__organisation=post.organisation_id),
        Q(ended_on__isnull=True),
        until__gt=on,
    )
    for row in live:
        end_delegation(row, reason=f"移交：{reason}"[:200], by=by, acting_as=acting_as, on=on)


def _told(outcome: Outcome) -> dict[str, str]:
    return {
        "key": outcome.item.key,
        "kind": outcome.item.kind,
        "title": outcome.item.title,
        "successor": str(outcome.successor),
    }
