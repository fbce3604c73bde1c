"""The digest of what a page showed, so that nobody acts on content that has changed meanwhile."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import Any

from django.db import models

from core.history.canonical import canonical_bytes
from core.history.values import row_values

Content = Callable[[Any], Any]
_contents: dict[str, Content] = {}


def shows(model_label: str, content: Content) -> None:
    """Register what a page of this model shows besides the row itself (`app.model`, lower case)."""
    _contents[model_label] = content


def shown_digest(instance: models.Model) -> str:
    """SHA-256, hex, over the row and the registered content of its page."""
    content = _contents.get(instance._meta.label_lower)
    more = content(instance) if content else None
    return hashlib.sha256(canonical_bytes([row_values(instance), more])).hexdigest()
