"""Rules that guard an act outside the state machines: posting money, setting a limit."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import Any

from core.history.models import EventKind
from core.history.unit import PendingEvent, Unit, unit_of_work
from core.rules import Context, Verdict, ask
from core.rules.engine import Governed
from core.transitions.errors import TransitionRefused


@dataclasses.dataclass(frozen=True)
class Guard:
    """An act and the rules that guard it; the rule book lists it beside the declared moves."""

    act: str
    title: str
    rules: tuple[str, ...]


GUARDS: dict[str, Guard] = {}
Refuse = Callable[[str, tuple[Verdict, ...], PendingEvent], TransitionRefused]


def guard(act: str, title: str, *rules: str) -> Guard:
    """Declare the rules of an act that is not a transition."""
    GUARDS[act] = Guard(act, title, rules)
    return GUARDS[act]


def require_kept(
    guarded: Guard,
    subject: Governed,
    *,
    stream: str,
    context: Context,
    refuse: Refuse = TransitionRefused,
) -> None:
    """Raise unless every rule of the guard holds; recorded in `stream` after the rollback.

    The record is of the act under way in that stream, which is undone as well; where there is
    none, of the guarded act itself.
    """
    with unit_of_work() as unit:
        answer = ask(subject, guarded.rules, context)
        if answer.refusals:
            event = _under_way(unit, stream) or _own(guarded, stream, context)
            record = refused(event, answer.verdicts, answer.facts)
            raise refuse(event.title, answer.refusals, record)


def _under_way(unit: Unit, stream: str) -> PendingEvent | None:
    acts = (e for e in reversed(unit.events) if e.kind == EventKind.ACT and e.stream == stream)
    return next(acts, None)


def _own(guarded: Guard, stream: str, context: Context) -> PendingEvent:
    return PendingEvent(
        kind=EventKind.REFUSED,
        act=guarded.act,
        title=guarded.title,
        stream=stream,
        subject=stream,
        effective_on=context.on,
        by=context.by,
        acting_as=context.acting_as,
    )


def refused(
    event: PendingEvent, verdicts: tuple[Verdict, ...], facts: dict[str, Any] | None = None
) -> PendingEvent:
    """The record of a refusal, appended in a second transaction after the rollback."""
    return event.refused(
        rules=[*event.rules, *(v.record() for v in verdicts)], facts=event.facts | (facts or {})
    )
