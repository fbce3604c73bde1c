"""Rows of the internal chain, as several test modules need them."""

from __future__ import annotations

from datetime import timedelta

from accounts.models import Delegation
from accounts.services import delegate
from projects.models import ApprovalTier
from projects.services import TierInput, add_tier
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
