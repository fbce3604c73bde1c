"""Asking permission for an act that is not a transition: filing, drawing up, setting."""

from __future__ import annotations

from datetime import date

from accounts.models import RoleAssignment, User
from accounts.permissions import Scoped, may
from accounts.roles import ACTS
from core.history.models import EventKind
from core.history.unit import PendingEvent
from core.transitions.errors import NotPermitted


def require_may(
    act: str,
    *,
    on: Scoped | None,
    stream: str,
    by: User,
    acting_as: RoleAssignment | None,
    day: date,
) -> None:
    """Raise `NotPermitted`, recorded in `stream` after the rollback, unless it is allowed."""
    if may(by, act, on=on, acting_as=acting_as, day=day):
        return
    title = ACTS[act].title
    refused = PendingEvent(
        kind=EventKind.REFUSED,
        act=act,
        title=title,
        stream=stream,
        subject=stream,
        effective_on=day,
        by=by,
        acting_as=acting_as,
    )
    raise NotPermitted(title, refused)
