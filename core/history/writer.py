"""`change()`: the only writer of recorded rows, and the rows' field-level differences."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any, TypeVar

from django.db import models

from accounts.models import RoleAssignment, User
from accounts.recording import COVERED, UnrecordedWriteError, writing
from core.history.models import EventKind
from core.history.sealing import streams_of
from core.history.unit import PendingEvent, unit_of_work
from core.history.values import (
    RowValues,
    personal_fields,
    reference,
    row_values,
    salted_digest,
    stored_values,
)

Row = TypeVar("Row", bound=models.Model)


class Changes:
    """Writes recorded rows and collects what changed in them for one event."""

    def __init__(self, event: PendingEvent) -> None:
        self.event = event
        self._watched: dict[int, RowValues] = {}

    def watch(self, row: models.Model) -> None:
        """Remember a row just locked, so that `save` needs no second read."""
        self._watched[id(row)] = row_values(row)

    def create(self, row: Row) -> Row:
        """Insert a recorded row."""
        _require_covered(row)
        with writing():
            row.save(force_insert=True)
        self._note(row, "create", None, row_values(row))
        if not self.event.subject:
            self.name_subject(row)
        return row

    def update(self, row: Row, **values: Any) -> Row:
        """Set fields of a recorded row and write it."""
        if id(row) not in self._watched:
            self._watched[id(row)] = stored_values(type(row), row.pk)
        for name, value in values.items():
            setattr(row, name, value)
        return self.save(row)

    def save(self, row: Row) -> Row:
        """Write a recorded row whose attributes were set; nothing changed writes nothing."""
        _require_covered(row)
        before = self._watched.pop(id(row), None) or stored_values(type(row), row.pk)
        if row_values(row) == before:
            return row
        if hasattr(row, "version"):
            row.version = before["version"] + 1
        with writing():
            row.save(force_update=True)
        self._note(row, "update", before, row_values(row))
        return row

    def delete(self, row: models.Model) -> None:
        """Delete a recorded row."""
        _require_covered(row)
        before = stored_values(type(row), row.pk)
        table_row = (row._meta.label_lower, row.pk)
        self.event.touched |= streams_of(row)
        with writing():
            row.delete()
        self._append(table_row, type(row), "delete", before, None)

    def name_subject(self, row: models.Model) -> None:
        """Say which object the event is about; the first created row by default."""
        self.event.subject = reference(row)
        self.event.label = str(row)[:120]
        if not self.event.stream:
            stream = getattr(row, "stream", None)
            self.event.stream = stream() if callable(stream) else reference(row)

    def _note(self, row: models.Model, op: str, before: RowValues | None, after: RowValues) -> None:
        self.event.touched |= streams_of(row)
        self._append((row._meta.label_lower, row.pk), type(row), op, before, after)

    def _append(
        self,
        key: tuple[str, Any],
        model: type[models.Model],
        op: str,
        before: RowValues | None,
        after: RowValues | None,
    ) -> None:
        if before is not None and after is not None:
            names = [n for n in after if after[n] != before[n]]
            before, after = {n: before[n] for n in names}, {n: after[n] for n in names}
        index = len(self.event.changes)
        entry: dict[str, Any] = {"model": key[0], "pk": key[1], "op": op}
        for side, values in (("before", before), ("after", after)):
            if values is not None:
                entry[side] = self._hide_personal(model, values, f"{index}.{side}")
        self.event.changes.append(entry)

    def _hide_personal(self, model: type[models.Model], values: RowValues, path: str) -> RowValues:
        hidden = dict(values)
        for name in personal_fields(model) & values.keys():
            salt = secrets.token_hex(16)
            hidden[name] = {"digest": salted_digest(salt, values[name])}
            kept = "" if name == "password" else str(values[name] or "")
            self.event.personal.append((f"{path}.{name}", salt, kept))
        return hidden


def _require_covered(row: models.Model) -> None:
    if type(row) not in COVERED:
        raise UnrecordedWriteError(f"{row._meta.label} is not marked @recorded")


@contextmanager
def change(
    *,
    title: str,
    act: str,
    by: User | None,
    on: date,
    acting_as: RoleAssignment | None = None,
    subject: models.Model | None = None,
    stream: str = "",
    reason: str = "",
    announce: str = "",
    kind: str = EventKind.CHANGE,
) -> Iterator[Changes]:
    """Open one recorded change: rows written inside become one event of the log.

    `on` is the effective day stated by the actor. `announce` names the outbox event, if any.
    An empty change appends nothing.
    """
    event = PendingEvent(
        kind=kind,
        act=act,
        title=title,
        stream=stream,
        subject="",
        effective_on=on,
        by=by,
        acting_as=acting_as,
        reason=reason,
        announce=announce,
    )
    changes = Changes(event)
    if subject is not None:
        changes.name_subject(subject)
    with unit_of_work() as unit:
        yield changes
        if event.changes:
            unit.events.append(event)
