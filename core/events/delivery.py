"""Delivery of outbox events: one function, two transports (embedded worker and Celery)."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable
from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from core.events.models import Delivery, OutboxEvent
from core.history.models import HistoryEvent
from core.history.unit import PendingEvent, unit_of_work
from core.history.verify import EXTRA_CHECKS

log = logging.getLogger(__name__)
Handler = Callable[[OutboxEvent], None]
HANDLERS: dict[str, list[tuple[str, Handler]]] = {}
MOST_ATTEMPTS = 8
ANNOUNCED = re.compile(r'"announce":"([^"]*)"')


def on(*names: str) -> Callable[[Handler], Handler]:
    """Subscribe a handler: idempotent, calling its own app's services only."""

    def subscribe(handler: Handler) -> Handler:
        consumer = f"{handler.__module__}.{handler.__name__}"
        for name in names:
            HANDLERS.setdefault(name, []).append((consumer, handler))
        return handler

    return subscribe


def enqueue(row: HistoryEvent, event: PendingEvent) -> None:
    """Follow the log: an announced event becomes an outbox row in the same transaction."""
    if event.announce:
        OutboxEvent(
            seq=row.seq,
            name=event.announce,
            stream=row.stream,
            subject=row.subject,
            effective_on=row.effective_on,
            payload=event.payload,
        ).save(force_insert=True)


def deliver(seq: int) -> bool:
    """Deliver one event to all its handlers; True when done. Safe to call twice or at once."""
    try:
        with unit_of_work():
            return _deliver_locked(seq)
    except Exception as error:
        log.exception("delivery of event %s failed", seq)
        _note_failure(seq, error)
        return False


def _deliver_locked(seq: int) -> bool:
    now = timezone.now()
    event = OutboxEvent.objects.select_for_update(skip_locked=True).undone().filter(pk=seq).first()
    if event is None or not OutboxEvent.objects.deliverable(now).filter(pk=seq).exists():
        return False
    for consumer, handler in HANDLERS.get(event.name, []):
        _, is_new = Delivery.objects.get_or_create(event=event, consumer=consumer)
        if is_new:
            handler(event)
    event.done_at, event.attempts = now, event.attempts + 1
    event.save(update_fields=["done_at", "attempts"])
    return True


def _note_failure(seq: int, error: Exception) -> None:
    with transaction.atomic():
        event = OutboxEvent.objects.select_for_update(no_key=True).get(pk=seq)
        event.attempts += 1
        event.last_error = f"{type(error).__name__}: {error}"[:500]
        event.is_dead = event.attempts >= MOST_ATTEMPTS
        event.retry_at = timezone.now() + timedelta(seconds=2**event.attempts)
        event.save(update_fields=["attempts", "last_error", "is_dead", "retry_at"])


def drain(limit: int = 500) -> int:
    """Deliver what is deliverable, oldest first, until nothing is left or `limit` is reached."""
    done = 0
    while done < limit:
        due = OutboxEvent.objects.deliverable(timezone.now()).values_list("seq", flat=True)
        delivered = sum(deliver(seq) for seq in due[:50])
        if not delivered:
            return done
        done += delivered
    return done


def every_announcement_is_queued() -> list[str]:
    """Differences between the log's announcements and the outbox (part of `verify`)."""
    queued = set(OutboxEvent.objects.values_list("seq", "name", "stream", "subject"))
    announced = set()
    rows = HistoryEvent.objects.exclude(body__contains='"announce":""')
    for row in rows.iterator(chunk_size=2000):
        if (named := ANNOUNCED.search(row.body)) is not None:
            announced.add((row.seq, named[1], row.stream, row.subject))
    lost = [f"第 {s} 条事件（{n}）应送而不在待送表中。" for s, n, *_ in sorted(announced - queued)]
    return lost + [
        f"待送表中第 {s} 条（{n}）在历史中没有来历。" for s, n, *_ in sorted(queued - announced)
    ]


EXTRA_CHECKS.append(every_announcement_is_queued)
