"""How anything moves: declaration (`advances`), executor (`perform`), dry run (`preview`)."""

from core.transitions.declare import STAYS, advances, moves_of, stateful_models
from core.transitions.each import ItemOutcome, attempt_each
from core.transitions.errors import (
    ActError,
    NotOffered,
    NotPermitted,
    RequestKeyMismatch,
    StaleAct,
    StreamSealed,
    TransitionRefused,
)
from core.transitions.executor import Offer, Outcome, perform, preview
from core.transitions.fields import StateField
from core.transitions.guard import Guard, guard, require_kept
from core.transitions.models import StatefulModel
from core.transitions.once import answered_with, claim
from core.transitions.permission import require_may
from core.transitions.shown import shown_digest, shows

__all__ = [
    "STAYS",
    "ActError",
    "Guard",
    "ItemOutcome",
    "NotOffered",
    "NotPermitted",
    "Offer",
    "Outcome",
    "RequestKeyMismatch",
    "StaleAct",
    "StateField",
    "StatefulModel",
    "StreamSealed",
    "TransitionRefused",
    "advances",
    "answered_with",
    "attempt_each",
    "claim",
    "guard",
    "moves_of",
    "perform",
    "preview",
    "require_kept",
    "require_may",
    "shown_digest",
    "shows",
    "stateful_models",
]
