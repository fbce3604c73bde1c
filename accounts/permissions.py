"""Who may act: `may()`; and what a user's roles let them see: `sight_of()`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Protocol, runtime_checkable

from accounts.models import Delegation, Jurisdiction, Organisation, RoleAssignment, User
from accounts.roles import ACTS, DELEGABLE_ACTS, Role, Scope


class Scoped(Protocol):
    """What an object must tell so that its permission can be judged."""

    def owner(self) -> Organisation:
        """The organisation whose business this is."""
        ...

    def assignee(self) -> Organisation | None:
        """The organisation that has to act on it now, where one is named."""
        ...

    def required_role(self, act: str, /) -> str | None:
        """The one role that may do this act, where the document names one (a signature does)."""
        ...

    def jurisdiction(self) -> Jurisdiction: ...


@runtime_checkable
class OfACase(Protocol):
    """What belongs to a case with an officer tells who may not act on it as a deputy."""

    def barred_deputies(self, act: str, /) -> frozenset[int]: ...


@dataclass(frozen=True)
class Sight:
    """The ids a user's roles open: own organisations, trading centres, jurisdictions by kind."""

    own: frozenset[int]
    reviewed: frozenset[int]
    audited: frozenset[int]
    entrusted: frozenset[int]
    is_worker: bool = False


def may(
    by: User, act: str, *, on: Scoped | None, acting_as: RoleAssignment | None, day: date
) -> bool:
    """Whether `by`, acting in that role on that day, may do `act` to the object.

    Raises `KeyError` for an act that is not in the table: an unknown act is a mistake, not a no.
    """
    entry = ACTS[act]
    if acting_as is None or not by.is_active:
        return False
    if acting_as.user_id != by.pk and not _stands_in(by, act, on, acting_as, day):
        return False
    if acting_as.since > day or (acting_as.until is not None and acting_as.until <= day):
        return False
    if acting_as.role not in entry.roles:
        return False
    if on is not None and on.required_role(act) not in (None, acting_as.role):
        return False
    return acting_as.role == Role.WORKER or _in_scope(entry.scope, acting_as.organisation, on)


def _stands_in(by: User, act: str, on: Scoped | None, post: RoleAssignment, day: date) -> bool:
    """Whether `by` is the deputy of the post's holder for this act, and the case is not their own.

    Asked of the delegation itself every time, so one ended a moment ago counts no more. Nobody
    passes a delegation on: only the holder of a post can have made it.
    """
    if act not in DELEGABLE_ACTS:
        return False
    if isinstance(on, OfACase) and by.pk in on.barred_deputies(act):
        return False
    rows = Delegation.objects.of_deputy(by, day).filter(post=post)
    return any(row.covers(act) for row in rows)


def _in_scope(scope: str, organisation: Organisation, on: Scoped | None) -> bool:
    if scope == Scope.EVERYWHERE or on is None:
        return True
    if scope == Scope.OWN:
        return on.owner().pk == organisation.pk
    if scope == Scope.ASSIGNED:
        assignee = on.assignee()
        return assignee is not None and assignee.pk == organisation.pk
    return on.jurisdiction().pk == organisation.jurisdiction_id


def sight_of(user: User) -> Sight:
    """What the user's roles in force let them see; an empty sight sees nothing."""
    roles = user.active_roles()
    return Sight(
        own=frozenset(r.organisation_id for r in roles if r.is_purchaser_role),
        reviewed=frozenset(r.organisation.jurisdiction_id for r in roles if r.is_review_role),
        audited=frozenset(r.organisation.jurisdiction_id for r in roles if r.role == Role.AUDITOR),
        entrusted=frozenset(r.organisation_id for r in roles if r.role == Role.TRADING_CENTRE),
        is_worker=any(r.role == Role.WORKER for r in roles),
    )
