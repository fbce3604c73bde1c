"""“下一步” of a page that is not a case: a review, a decision, a reply."""

from __future__ import annotations

from typing import Any

from core.calendar.clock import today
from core.navigation.panel import NextAct, next_acts
from core.transitions import StatefulModel
from core.views.acts import SignedInRequest


def next_step(request: SignedInRequest, row: StatefulModel) -> dict[str, Any]:
    """`acts` and `others` of components/next_step.html."""
    acts = next_acts(row, by=request.user, acting_as=request.acting, on=today())
    return {
        "acts": [_shown(act) for act in acts if act.permitted],
        "others": [act for act in acts if act.is_primary and not act.permitted],
    }


def _shown(act: NextAct) -> dict[str, Any]:
    return {
        **vars(act),
        "items": [item for item in act.items if item.state != "met"],
        "met": [item for item in act.items if item.state == "met"],
    }
