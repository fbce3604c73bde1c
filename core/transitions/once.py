"""One click, one effect: request keys bound to the actor, the act and the content."""

from __future__ import annotations

import hashlib
from typing import Any

from django.db import IntegrityError, models, transaction

from accounts.models import User
from core.history.canonical import canonical_bytes
from core.history.models import RequestKey
from core.history.values import reference
from core.transitions.errors import RequestKeyMismatch


def content_digest(content: Any) -> str:
    """SHA-256 of what the request asks; file objects and rows count by name or reference."""
    return hashlib.sha256(canonical_bytes(_plain(content))).hexdigest()


def claim(key: str | None, *, by: User, act: str, content: Any) -> RequestKey | None:
    """Claim a key inside the open unit of work.

    Returns None the first time (or without a key), else the row of the first time. Raises
    `RequestKeyMismatch` when the key came with another actor, act or content.
    """
    if not key:
        return None
    digest = content_digest(content)
    known = RequestKey.objects.filter(pk=key).first()
    if known is None:
        try:
            with transaction.atomic():
                RequestKey.objects.create(key=key, actor_id=by.pk, act=act, digest=digest)
            return None
        except IntegrityError:
            known = RequestKey.objects.get(pk=key)
    if (known.actor_id, known.act, known.digest) != (by.pk, act, digest):
        raise RequestKeyMismatch
    return known


def answered_with(key: str | None, row: models.Model) -> None:
    """Remember which object the first request made, so that a repetition answers the same."""
    if key:
        RequestKey.objects.filter(pk=key).update(result=reference(row))


def _plain(value: Any) -> Any:
    if isinstance(value, models.Model):
        return reference(value)
    if isinstance(value, dict):
        return {str(k): _plain(v) for k, v in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_plain(v) for v in value]
    if hasattr(value, "read"):
        return str(getattr(value, "name", ""))
    return value
