"""Frozen notices put straight into the table, and the public pages as a stranger gets them."""

from __future__ import annotations

import itertools
from datetime import date
from typing import Any

from django.test import Client

from disclosure.public.models import NoticeKind, PublishedNotice
from tests import steps

DAY = date(2026, 3, 4)
_serial = itertools.count(1)


def frozen(title: str = "平台运维采购意向", **changes: Any) -> PublishedNotice:
    """One published notice; `rows` and `text` fill its only section."""
    serial = next(_serial)
    section = {
        "heading": "一、项目基本情况",
        "text": changes.pop("text", []),
        "rows": changes.pop("rows", []),
    }
    values: dict[str, Any] = {
        "number": f"SF-I-2026-{serial:04d}",
        "kind": NoticeKind.INTENTION,
        "jurisdiction_code": "sf",
        "jurisdiction_name": "示范区",
        "project_number": "SF-2026-0001",
        "project_name": "平台运维",
        "purchaser_name": "区文化和旅游发展委员会",
        "title": title,
        "fields": [section],
        "published_on": DAY,
        "subject": f"tests.paper:{serial}",
    }
    notice = PublishedNotice(**values | changes)
    notice.sha256 = notice.digest()
    return steps.put(notice)


def page(path: str, status: int = 200, **options: Any) -> str:
    response = Client().get(path, **options)
    assert response.status_code == status, path
    return response.getvalue().decode()
