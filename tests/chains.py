"""Rows of the internal chain, as several test modules need them."""

from __future__ import annotations

from projects.models import ApprovalTier
from projects.services import TierInput, add_tier
from tests.world import DAY, World


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
