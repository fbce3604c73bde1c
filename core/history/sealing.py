"""Sealed streams: what a case file may still take once it is closed.

A move declared with `seals=True` is followed by one event of kind `seal`, whose body binds every
leaf of the stream before it. From then on the log refuses any event of the stream, and any event
that touches a row belonging to it, whatever stream it names. Two things may follow a seal: the
record of a refused attempt, and the acts allowed here by name, each with its reason.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from functools import cache
from typing import Any

from django.apps import apps
from django.db import models

from core.history.merkle import ALGORITHMS, root_of
from core.history.models import EventKind, HistoryEvent
from core.history.unit import ActError, PendingEvent, RecordedRefusal

SEAL_ACT = "core.seal"
AFTER_SEAL: dict[str, str] = {
    "core.document.render": "把封存前已定的内容生成为 PDF，不添内容",
}


class StreamSealed(ActError, RecordedRefusal):
    """The act belongs to a case file that is closed for ever (409)."""

    def __init__(self, event: PendingEvent, sealed_on: date) -> None:
        sentence = f"案卷已于 {sealed_on.isoformat()} 封存"
        self.record = event.refused(facts={"sealed_on": sealed_on.isoformat()})
        super().__init__(f"{sentence}，不能再办理“{event.title}”，未作任何改动。")


def allow_after_seal(act: str, reason: str) -> None:
    """Let an act be recorded in a sealed stream; the reason is for the auditor."""
    AFTER_SEAL[act] = reason


def may_follow_seal(act: str) -> bool:
    return act in AFTER_SEAL


def sealed_among(streams: Iterable[str]) -> dict[str, date]:
    """Those of the streams that are sealed, with the day; one query."""
    rows = HistoryEvent.objects.filter(stream__in=set(streams), kind=EventKind.SEAL)
    return dict(rows.values_list("stream", "effective_on"))


def sealed_on(stream: str, act: str) -> date | None:
    """The day from which the stream takes no such act any more."""
    return None if may_follow_seal(act) else sealed_among({stream}).get(stream)


def require_unsealed(events: Iterable[PendingEvent]) -> None:
    """Raise `StreamSealed` for the first event that a sealed stream does not take."""
    asked = [e for e in events if e.kind != EventKind.REFUSED and not may_follow_seal(e.act)]
    if not asked:
        return
    sealed = sealed_among({s for e in asked for s in (e.stream, *e.touched)})
    for event in asked if sealed else ():
        for stream in sorted({event.stream, *event.touched} & sealed.keys()):
            raise StreamSealed(event, sealed[stream])


def seal_after(event: PendingEvent) -> PendingEvent:
    """The event that seals the stream of `event`, by the same person on the same day."""
    return PendingEvent(
        kind=EventKind.SEAL,
        act=SEAL_ACT,
        title="封存案卷",
        stream=event.stream,
        subject=event.subject,
        label=event.label,
        effective_on=event.effective_on,
        by=event.by,
        acting_as=event.acting_as,
    )


def seal_of(stream: str) -> dict[str, Any]:
    """What a seal says: how many leaves the stream has, from where to where, and their digest.

    Per algorithm the digest is the RFC 9162 root over the stream's own leaf hashes, in order.
    """
    rows = list(
        HistoryEvent.objects.filter(stream=stream)
        .order_by("seq")
        .values_list("seq", "leaf_sha256", "leaf_sm3")
    )
    seal: dict[str, Any] = {
        "events": len(rows),
        "first": rows[0][0] if rows else 0,
        "last": rows[-1][0] if rows else 0,
    }
    for place, name in enumerate(ALGORITHMS, 1):
        seal[name] = root_of((bytes.fromhex(str(row[place])) for row in rows), name).hex()
    return seal


# --- Which streams a row belongs to ---------------------------------------------------------------


def streams_of(row: models.Model) -> set[str]:
    """The case files a row is part of: its own, or those of the rows it hangs on."""
    own = getattr(row, "stream", None)
    if callable(own):
        return {own()}
    wholes = [getattr(row, name) for name in _ways(type(row))]
    subject = getattr(row, "subject", None)
    if isinstance(subject, str) and (found := _referenced(subject)) is not None:
        wholes.append(found)
    return {stream for whole in wholes if whole is not None for stream in streams_of(whole)}


@cache
def _ways(model: type[models.Model]) -> tuple[str, ...]:
    """Foreign keys that lead, here or further on, to a row with a stream of its own."""
    return tuple(
        field.name
        for field in model._meta.concrete_fields
        if isinstance(field, models.ForeignKey) and _leads_on(model, field.related_model)
    )


def _leads_on(model: type[models.Model], remote: Any) -> bool:
    return remote is not model and (
        callable(getattr(remote, "stream", None)) or bool(_ways(remote))
    )


def _referenced(subject: str) -> models.Model | None:
    """The row behind a reference (`app.model:pk`) kept as text, where it is still there."""
    label, _, pk = subject.rpartition(":")
    try:
        model = apps.get_model(label)
    except (LookupError, ValueError):
        return None
    found: models.Model | None = model._base_manager.filter(pk=pk).first() if pk.isdigit() else None
    return found
