"""The “下一步” panel: every move offered to this desk on a case, with every obstacle."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from accounts.models import Organisation, RoleAssignment, User
from accounts.roles import ACTS, Role, Scope
from core.navigation.registry import act_url, documents_of, is_primary, is_shown
from core.rules import Verdict
from core.transitions import Offer, StatefulModel, preview


@dataclass(frozen=True)
class NextAct:
    """One move of the panel, in the words of the page."""

    act: str
    title: str
    about: str
    url: str
    allowed: bool
    permitted: bool
    why_not: str
    items: tuple[Verdict, ...]
    is_primary: bool
    holder: str


def next_acts(
    case: StatefulModel, *, by: User, acting_as: RoleAssignment | None, on: date
) -> list[NextAct]:
    """Moves of the case and of its live documents: permitted ones first, then whose they are."""
    label = case._meta.label_lower
    offers = [
        o for row in [case, *documents_of(label, case)] for o in _offers(row, by, acting_as, on)
    ]
    acts = [_next_act(offer, case) for offer in offers]
    return sorted(acts, key=lambda a: (not a.permitted, not a.is_primary, not a.allowed))


def _offers(row: Any, by: User, acting_as: RoleAssignment | None, on: date) -> list[Offer]:
    return preview(row, by=by, acting_as=acting_as, on=on, wanted=lambda act: is_shown(act, row))


def _next_act(offer: Offer, case: StatefulModel) -> NextAct:
    row = offer.instance
    named = row.required_role(offer.permission)
    roles = "、".join(Role(r).label for r in ([named] if named else ACTS[offer.permission].roles))
    desk = _desk(row, ACTS[offer.permission].scope)
    holder = f"{desk.short_name}{roles}" if desk else roles
    return NextAct(
        act=offer.act,
        title=offer.title,
        about="" if row == case else str(row),
        url=act_url(offer.act, row.pk),
        allowed=offer.is_allowed,
        permitted=offer.is_permitted,
        why_not=_why_not(offer, holder),
        items=offer.verdicts,
        is_primary=is_primary(offer.act),
        holder=holder,
    )


def _desk(row: StatefulModel, scope: str) -> Organisation | None:
    """Whose desk an act is on: the owner's, or that of whom the row waits for."""
    return row.owner() if scope == Scope.OWN else row.assignee()


def _why_not(offer: Offer, holder: str) -> str:
    if not offer.is_permitted:
        return f"由{holder}办理"
    unmet = len(offer.refusals)
    return f"还有 {unmet} 项条件未满足" if unmet else ""
