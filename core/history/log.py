"""Appending to the log: sequence, canonical body, leaves of both trees."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from django.conf import settings
from django.db import connection
from django.db.models import Max
from django.utils import timezone

from core.history.canonical import canonical_bytes
from core.history.merkle import leaf_hash
from core.history.models import EventKind, HistoryEvent, PersonalValue
from core.history.sealing import require_unsealed, seal_of
from core.history.unit import PendingEvent, use_appender

FORMAT = 1
LOG_LOCK = 0x6D696E67
Follower = Callable[[HistoryEvent, PendingEvent], None]
_followers: list[Follower] = []


def follow(follower: Follower) -> None:
    """Register a function called for each event in the transaction that appends it (the outbox)."""
    if follower not in _followers:
        _followers.append(follower)


def append(pending: list[PendingEvent]) -> None:
    """Append events under the log's lock, the last lock a transaction takes.

    Raises `StreamSealed`: asked here, under the lock, no write can slip past a seal.
    """
    if not pending:
        return
    _lock()
    require_unsealed(pending)
    seq = HistoryEvent.objects.aggregate(last=Max("seq"))["last"] or 0
    previous: dict[str, str] = {}
    for event in pending:
        seq += 1
        if event.stream not in previous:
            previous[event.stream] = _last_leaf(event.stream)
        row = _row(seq, event, previous[event.stream])
        row.save(force_insert=True)
        previous[event.stream] = row.leaf_sha256
        PersonalValue.objects.bulk_create(
            PersonalValue(event_seq=seq, path=p, salt=s, value=v) for p, s, v in event.personal
        )
        for follower in _followers:
            follower(row, event)


def _lock() -> None:
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOG_LOCK])


def _last_leaf(stream: str) -> str:
    last = HistoryEvent.objects.filter(stream=stream).order_by("-seq").values_list("leaf_sha256")
    found = last.first()
    return found[0] if found else ""


def _row(seq: int, event: PendingEvent, previous: str) -> HistoryEvent:
    now = timezone.now()
    body = canonical_bytes(_body(seq, event, previous, now))
    return HistoryEvent(
        seq=seq,
        kind=event.kind,
        act=event.act,
        stream=event.stream,
        subject=event.subject,
        actor_id=event.by.pk if event.by else None,
        effective_on=event.effective_on,
        recorded_at=now,
        body=body.decode("utf-8"),
        leaf_sha256=leaf_hash(body, "sha256").hex(),
        leaf_sm3=leaf_hash(body, "sm3").hex(),
    )


def instant(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def _body(seq: int, event: PendingEvent, previous: str, now: datetime) -> dict[str, Any]:
    seal = {"seal": seal_of(event.stream)} if event.kind == EventKind.SEAL else {}
    return seal | {
        "format": FORMAT,
        "origin": settings.HISTORY_ORIGIN,
        "seq": seq,
        "kind": event.kind,
        "act": event.act,
        "title": event.title,
        "stream": event.stream,
        "subject": event.subject,
        "label": event.label,
        "actor": _actor(event),
        "acting_role": _acting_role(event),
        "effective_on": event.effective_on.isoformat(),
        "recorded_at": instant(now),
        "from": [event.from_state, event.from_label],
        "to": [event.to_state, event.to_label],
        "reason": event.reason,
        "rules": event.rules,
        "facts": event.facts,
        "changes": event.changes,
        "request_key": event.request_key,
        "announce": event.announce,
        "previous": previous,
    }


def _actor(event: PendingEvent) -> dict[str, Any] | None:
    if event.by is None:
        return None
    return {
        "id": event.by.pk,
        "name": event.by.full_name,
        "organisation": event.by.organisation.name,
    }


def _acting_role(event: PendingEvent) -> dict[str, Any] | None:
    role = event.acting_as
    if role is None:
        return None
    told: dict[str, Any] = {
        "id": role.pk,
        "role": role.role,
        "title": role.get_role_display(),
        "organisation": role.organisation.name,
    }
    if event.by is not None and role.user_id != event.by.pk:
        told["on_behalf_of"] = {"id": role.user_id, "name": role.user.full_name}
    return told


use_appender(append)
