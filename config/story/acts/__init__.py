"""The acts a case may name: each calls one service with what the step says."""

from config.story.acts import (
    budget,
    contract,
    delivery,
    disclosure,
    evaluation,
    filing,
    payment,
    tender,
)
from config.story.acts.registry import ACTS, Act

__all__ = [
    "ACTS",
    "Act",
    "budget",
    "contract",
    "delivery",
    "disclosure",
    "evaluation",
    "filing",
    "payment",
    "tender",
]
