"""From a row back to the log: what happened to it, and which event created it."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import Any

from core.history.canonical import loads
from core.history.models import HistoryEvent
from core.history.reading import EventView, view_of, views_of


def events_about(subject: str, *, limit: int = 200) -> list[EventView]:
    """The newest events whose subject is this row (`app.model:pk`), newest first."""
    return views_of(HistoryEvent.objects.filter(subject=subject).order_by("-seq")[:limit])


def events_creating(
    model: str,
    pks: Collection[Any],
    *,
    streams: Collection[str],
    days: Collection[date],
    told: bool = False,
) -> dict[Any, Any]:
    """The event that created each of these rows of one model: `{pk: HistoryEvent}`; one query.

    `streams` and `days` (effective) say where to look. With `told` the events come as views.
    """
    rows = HistoryEvent.objects.filter(
        stream__in=streams, effective_on__in=days, body__contains=f'"model":"{model}"'
    )
    found: dict[Any, Any] = {}
    for row in rows.iterator(chunk_size=500):
        for entry in loads(row.body.encode("utf-8"))["changes"]:
            if entry["model"] == model and entry["op"] == "create" and entry["pk"] in pks:
                found[entry["pk"]] = row
    return {pk: view_of(row) for pk, row in found.items()} if told else found
