"""Rows of the internal chain, as several test modules need them."""

from __future__ import annotations

from datetime import timedelta

from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.models import Delegation
from accounts.services import assign_role, create_user, delegate
from config.demo.telling import MINUTES
from projects.models import (
    ApprovalTier,
    GroupMember,
    Handover,
    InternalSignature,
    Project,
    ProjectTask,
    SignaturePoint,
)
from projects.services import (
    TierInput,
    add_member,
    add_tier,
    assign_task,
    hand_over,
    items_of,
    record_meeting,
    send_back,
)
from tests import steps
from tests.world import DAY, Actor, World


def own_tier(world: World, short: str = "文旅委") -> ApprovalTier:
    """A row of the matrix for one purchaser alone, above anything a test files."""
    tier = TierInput(
        title="亿元以上",
        roles=("section_head", "division_leader", "principal"),
        basis="示府办〔2025〕9号",
        since=DAY,
        purchaser=world.purchasers[short],
        from_fen=10_000_000_000,
    )
    return add_tier(world.jurisdiction, tier, **world.keeper.acts())


def deputy_of(world: World, holder: Actor, deputy: Actor, *acts: str, **changes) -> Delegation:
    """The holder entrusts the signing of their post for thirty days from `DAY`."""
    values = {
        "deputy": deputy.user,
        "scope": "acts" if acts else "signing",
        "acts": acts,
        "reason": "出差",
        "since": DAY,
        "until": DAY + timedelta(30),
    } | changes
    return delegate(holder.role, **values, **holder.acts())


def standing_in(holder: Actor, deputy: Actor, on=DAY) -> dict:
    """The keywords of a service by which the deputy acts in the holder's post."""
    return {"by": deputy.user, "acting_as": holder.role, "on": on}


def returned_point(world: World) -> SignaturePoint:
    """A point of a filing the head has sent back, still to be answered."""
    project = steps.file(world, name="退回的申报")
    step = project.signatures.get(position=1)
    send_back(step, points=["请补充依据。"], **world.li.acts())
    return step.points.get()


def member(
    world: World, name: str, title: str = "相关科室负责人", user=None, since=DAY
) -> GroupMember:
    """A member of the leading group of 文旅委."""
    acts = world.leading.acts(since)
    return add_member(
        world.purchasers["文旅委"], name=name, title=title, user=user, since=since, **acts
    )


def pdf(name: str = "扫描件.pdf") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, MINUTES, "application/pdf")


def group_step(project: Project) -> InternalSignature:
    return project.signatures.order_by("chain").filter(role="leading_group").last()


def meet(world: World, project: Project, states: dict, on=DAY, **changes):
    """The group meets over a project; `states` is {member: present | absent | avoiding}."""
    values = {
        "held_on": on,
        "number": "领导小组纪要〔2026〕1号",
        "conclusion": "approve",
        "opinion": "",
        "attendance": {row.pk: state for row, state in states.items()},
        "file": pdf("纪要.pdf"),
    } | changes
    return record_meeting(group_step(project), **values, **world.leading.acts(on))


def employed(world: World, name: str, role: str, place: str = "文旅委") -> Actor:
    """A further person with a post in an organisation."""
    organisation = world.organisations[place]
    user = create_user(
        username=name, full_name=name, organisation=organisation, password="x", by=None, on=DAY
    )
    post = assign_role(user, role=role, organisation=organisation, since=DAY, by=None, on=DAY)
    return Actor(user, post)


def task(world: World, project: Project, doer: Actor, **changes) -> ProjectTask:
    """A licence another section has to get within ten days."""
    values = {
        "kind": "licence",
        "demand": "办理增值电信业务许可变更",
        "section": "政策法规科",
        "doer": doer.user,
        "due_on": DAY + timedelta(10),
    } | changes
    return assign_task(project, **values, **world.zhang.acts())


def hand(world: World, post, successor, by: Actor | None = None, **changes) -> Handover:
    """Everything on the desk of a post goes to one successor."""
    keys = [item.key for item in items_of(post)]
    values = {
        "successors": dict.fromkeys(keys, successor),
        "ends_on": DAY + timedelta(1),
        "reason": "调离",
        "shown": keys,
    } | changes
    return hand_over(post, **values, **(by or world.li).acts())


def handed_over(world: World) -> Handover:
    """A second officer of 文旅委 has left, an empty desk behind."""
    return hand(world, employed(world, "离任的", "officer").role, None)


def opened(world: World, filing: Project) -> dict:
    """One row for each word of `opens` in routes.toml that is about the internal chain."""
    return {
        "tier": own_tier(world),
        "point": returned_point(world),
        "member": member(world, "尹涛"),
        "task": task(world, filing, world.li),
        "handover": handed_over(world),
        "post": world.zhang.role,
        "delegation": deputy_of(world, world.wang, world.li),
    }
