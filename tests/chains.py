"""Rows of the internal chain, as several test modules need them."""

from __future__ import annotations

from datetime import timedelta

from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.models import Delegation
from accounts.services import delegate
from config.demo.telling import MINUTES
from projects.models import ApprovalTier, GroupMember, InternalSignature, Project, SignaturePoint
from projects.services import TierInput, add_member, add_tier, record_meeting, send_back
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
