"""Rows that the address test opens: a programme with its conclusion, a release of funds."""

from __future__ import annotations

from datetime import date
from typing import Any

from budgeting.services import propose_conclusion, record_release, set_up_programme
from tests.world import World


def programmed(world: World, on: date) -> dict[str, Any]:
    """A programme whose conclusion waits for its signatures, and a release of funds to one unit."""
    acts = world.zhao.acts(on)
    term = set_up_programme(
        world.jurisdiction,
        programme="cloud",
        name="政务云专项",
        first_year=2024,
        last_year=2026,
        number="示财专〔2024〕1号",
        office=world.organisations["文旅委"],
        **acts,
    )
    given = {"outcome": "keep", "findings": "三年总评", "number": "示政数〔2025〕9号"}
    release = record_release(
        world.funds["本级财政管理资金"],
        year=2026,
        purchaser=world.purchasers["文旅委"],
        amount_fen=10**9,
        number="示财下〔2025〕1号",
        released_on=on,
        issuer="市财政局",
        **acts,
    )
    return {
        "programme": term,
        "conclusion": propose_conclusion(term, **given, **acts),
        "release": release,
    }
