"""The one executor: every change of state of every row goes through `perform`."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from datetime import date
from typing import Any, TypeVar

from accounts.models import RoleAssignment, User
from accounts.permissions import may
from core.history.models import EventKind
from core.history.sealing import may_follow_seal, require_unsealed, seal_after, sealed_among
from core.history.unit import PendingEvent, Unit, unit_of_work
from core.history.values import reference
from core.history.writer import Changes
from core.rules import Answer, Context, Verdict, ask, foreseeable
from core.transitions.declare import Move, act_name, move_of, moves_of
from core.transitions.errors import NotOffered, NotPermitted, StaleAct, TransitionRefused
from core.transitions.guard import refused
from core.transitions.models import StatefulModel
from core.transitions.once import claim
from core.transitions.shown import shown_digest

S = TypeVar("S", bound=StatefulModel)


@dataclasses.dataclass(frozen=True)
class Outcome:
    """What an act did: the row as it is now, the verdicts that held, whether it was a repeat."""

    instance: StatefulModel
    verdicts: tuple[Verdict, ...] = ()
    is_repeat: bool = False


def perform(
    instance: StatefulModel,
    name: str,
    *,
    by: User,
    acting_as: RoleAssignment | None,
    on: date,
    note: str = "",
    version: int | None = None,
    shown: str | None = None,
    key: str | None = None,
    data: dict[str, Any] | None = None,
) -> Outcome:
    """Move a row by one declared transition, or raise and change nothing.

    `on` is the effective day; `version` and `shown` what the actor's page showed; `key` the request
    key of the page; `data` the keyword arguments of the transition method. Raises
    `TransitionRefused`, `NotPermitted`, `NotOffered`, `StaleAct`, `StreamSealed`,
    `RequestKeyMismatch`.
    """
    with unit_of_work() as unit:
        row = _locked(instance)
        move = move_of(type(row), name)
        act = act_name(type(row), move)
        asked = {k: v for k, v in (data or {}).items() if k != "on"}
        if claim(key, by=by, act=act, content=[reference(row), note, asked]) is not None:
            return Outcome(row, is_repeat=True)
        event = _event(row, move, by, acting_as, on, note, key)
        require_unsealed([event])
        _require_current(row, move, version, shown)
        if row.state not in move.sources:
            raise NotOffered(move.title, row.state_label)
        if not may(by, move.permission, on=row, acting_as=acting_as, day=on):
            raise NotPermitted(move.title, refused(event, ()))
        answer = ask(row, move.rules, Context(on, by, acting_as, data or {}))
        if answer.refusals:
            raise TransitionRefused(
                move.title, answer.refusals, refused(event, answer.verdicts, answer.facts)
            )
        _apply(unit, row, move, event, answer, data or {})
        return Outcome(row, answer.verdicts)


def _locked(instance: S) -> S:
    """The row as the database holds it now, locked; never the instance passed in."""
    model = type(instance)
    return model._base_manager.select_for_update(of=("self",), no_key=True).get(pk=instance.pk)


def _require_current(
    row: StatefulModel, move: Move, version: int | None, shown: str | None
) -> None:
    if version is not None and version != row.version:
        raise StaleAct(move.title)
    if shown and shown != shown_digest(row):
        raise StaleAct(move.title)


def _apply(
    unit: Unit,
    row: StatefulModel,
    move: Move,
    event: PendingEvent,
    answer: Answer,
    data: dict[str, Any],
) -> None:
    changes = Changes(event)
    changes.watch(row)
    getattr(row, move.name)(**data)
    changes.save(row)
    event.to_state, event.to_label = row.state, row.state_label
    event.rules = [v.record() for v in answer.verdicts]
    event.facts = answer.facts
    unit.events.append(event)
    if move.seals:
        unit.events.append(seal_after(event))


def _event(
    row: StatefulModel,
    move: Move,
    by: User,
    acting_as: RoleAssignment | None,
    on: date,
    note: str,
    key: str | None,
) -> PendingEvent:
    act = act_name(type(row), move)
    return PendingEvent(
        kind=EventKind.ACT,
        act=act,
        title=move.title,
        stream=row.stream(),
        subject=reference(row),
        label=str(row)[:120],
        effective_on=on,
        by=by,
        acting_as=acting_as,
        reason=note,
        from_state=row.state,
        from_label=row.state_label,
        request_key=key or "",
        announce=act,
    )


@dataclasses.dataclass(frozen=True)
class Offer:
    """One move as the “下一步” panel shows it: allowed, or every obstacle with its article."""

    instance: StatefulModel
    act: str
    title: str
    is_permitted: bool
    verdicts: tuple[Verdict, ...]
    permission: str

    @property
    def refusals(self) -> tuple[Verdict, ...]:
        return tuple(v for v in self.verdicts if v.blocks)

    @property
    def is_allowed(self) -> bool:
        return self.is_permitted and not self.refusals


def preview(
    instance: StatefulModel,
    *,
    by: User,
    acting_as: RoleAssignment | None,
    on: date,
    wanted: Callable[[str], bool] = lambda _act: True,
) -> list[Offer]:
    """The moves offered in the present state, asked of the same rules without lock or record.

    `wanted` leaves out acts by name, before their rules are asked. A sealed case offers what may
    follow its seal.
    """
    model = type(instance)
    context = Context(on, by, acting_as)
    is_sealed = bool(sealed_among({instance.stream()}))
    return [
        Offer(
            instance,
            act_name(model, move),
            move.title,
            may(by, move.permission, on=instance, acting_as=acting_as, day=on),
            ask(instance, foreseeable(move.rules), context).verdicts,
            move.permission,
        )
        for move in moves_of(model)
        if instance.state in move.sources
        and wanted(act_name(model, move))
        and (not is_sealed or may_follow_seal(act_name(model, move)))
    ]
