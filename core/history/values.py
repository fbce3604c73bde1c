"""Rows as JSON-like values: what the log stores and what `verify` compares with the live tables."""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import cache
from typing import Any

from django.db import models

from accounts.recording import COVERED
from core.history.canonical import canonical_bytes

RowValues = dict[str, Any]


def value_of(field: models.Field[Any, Any], value: Any) -> Any:
    """One column as a canonical JSON value; decimals and instants in one fixed spelling."""
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(field, models.DecimalField):
        return str(Decimal(value).quantize(Decimal(1).scaleb(-(field.decimal_places or 0))))
    if isinstance(value, datetime):
        return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(field, models.JSONField):
        return json.loads(canonical_bytes(value))
    return str(value)


def row_values(instance: models.Model) -> RowValues:
    """All concrete columns of a row, by column name."""
    return {
        f.attname: value_of(f, getattr(instance, f.attname)) for f in instance._meta.concrete_fields
    }


@cache
def default_values(model: type[models.Model]) -> RowValues:
    """What columns added by a later version hold until an event names them: their defaults."""
    return {f.attname: value_of(f, f.get_default()) for f in model._meta.concrete_fields}


def stored_values(model: type[models.Model], pk: Any) -> RowValues:
    """The row as the database holds it now; raises `DoesNotExist`."""
    return row_values(model._base_manager.get(pk=pk))


def salted_digest(salt: str, value: Any) -> str:
    """SHA-256 over the salt's bytes and the canonical value: commits to it without showing it."""
    return hashlib.sha256(bytes.fromhex(salt) + canonical_bytes(value)).hexdigest()


def reference(instance: models.Model) -> str:
    """`app.model:pk`, the one spelling of an object in the log."""
    return f"{instance._meta.label_lower}:{instance.pk}"


def referenced_pk(text: str) -> int:
    """The primary key in a spelling made by `reference`."""
    return int(text.rpartition(":")[2])


def personal_fields(model: type[models.Model]) -> frozenset[str]:
    return COVERED[model].personal
