"""The unit of work: one transaction, its events appended last, its refusal recorded after rollback.

Row locks are taken first and the log's own lock last, so two acts that wait for the same row never
hold the log against each other.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from django.db import transaction

from accounts.models import RoleAssignment, User


@dataclass
class PendingEvent:
    """What will become one `HistoryEvent`; see docs/reference/canonical-bytes.md for the body."""

    kind: str
    act: str
    title: str
    stream: str
    subject: str
    effective_on: date
    by: User | None
    acting_as: RoleAssignment | None
    label: str = ""
    reason: str = ""
    from_state: str = ""
    to_state: str = ""
    from_label: str = ""
    to_label: str = ""
    rules: list[dict[str, Any]] = field(default_factory=list)
    facts: dict[str, Any] = field(default_factory=dict)
    changes: list[dict[str, Any]] = field(default_factory=list)
    personal: list[tuple[str, str, str]] = field(default_factory=list)
    request_key: str = ""
    announce: str = ""
    payload: dict[str, Any] = field(default_factory=dict)
    touched: set[str] = field(default_factory=set)

    def refused(self, **changes: Any) -> PendingEvent:
        """The record of its refusal: the same attempt, nothing done."""
        nothing: dict[str, Any] = {
            "kind": "refusal",
            "announce": "",
            "to_state": "",
            "to_label": "",
            "rules": [],
            "facts": {},
            "changes": [],
            "personal": [],
            "touched": set(),
        }
        return replace(self, **nothing | changes)


class ActError(Exception):
    """Base of why an act did not happen; `str()` is a Chinese sentence for the user."""


class RecordedRefusal(Exception):
    """An exception whose `record` is appended in a second short transaction after the rollback."""

    record: PendingEvent | None = None


@dataclass
class Unit:
    events: list[PendingEvent] = field(default_factory=list)


_current: ContextVar[Unit | None] = ContextVar("unit_of_work", default=None)
_append: list[Callable[[list[PendingEvent]], None]] = []


def use_appender(append: Callable[[list[PendingEvent]], None]) -> None:
    """Plug the function that writes pending events (called by `core.history.log`)."""
    _append[:] = [append]


@contextmanager
def unit_of_work() -> Iterator[Unit]:
    """Open the outermost transaction of an act, or join the one that is open."""
    open_unit = _current.get()
    if open_unit is not None:
        yield open_unit
        return
    unit = Unit()
    token = _current.set(unit)
    try:
        with transaction.atomic():
            yield unit
            _append[0](unit.events)
    except RecordedRefusal as refusal:
        _record_after_rollback(refusal)
        raise
    finally:
        _current.reset(token)


def _record_after_rollback(refusal: RecordedRefusal) -> None:
    if refusal.record is not None:
        with transaction.atomic():
            _append[0]([refusal.record])
        refusal.record = None
