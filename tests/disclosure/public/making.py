"""Frozen notices put straight into the table, and the public pages as a stranger gets them."""

from __future__ import annotations

import itertools
from datetime import date
from typing import Any

from django.test import Client

from disclosure.public.models import NoticeKind, PublishedCatalogue, PublishedNotice
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


def frozen_catalogue(**changes: Any) -> PublishedCatalogue:
    """One version of a catalogue with one item, changed from a version that is not there."""
    serial = next(_serial)
    item = {"code": "C16070300", "name": "软件运维服务", "kind": "运行维护服务", "nature": "均可"}
    blank = {"category": "（一）信息技术服务", "content": "", "note": "", "upper": ""}
    change = {"code": "C16070300", "name": "软件运维服务", "kind": "增加", "reason": "新增。"}
    values: dict[str, Any] = {
        "number": f"SF-L-2026-{serial:04d}",
        "jurisdiction_code": "sf",
        "jurisdiction_name": "示范区",
        "bureau_name": "区财政局",
        "title": "指导性目录（2026 年版）",
        "document_number": "示财购〔2026〕3号",
        "reason": "职能调整。",
        "adopted_on": DAY,
        "since": DAY,
        "items": [item | blank],
        "changes": [change | {"fields": []}],
        "medium": "门户网站",
        "address": "https://www.example.gov.cn/mulu.html",
        "published_on": DAY,
        "subject": f"tests.catalogue:{serial}",
        "replaces": "tests.catalogue:0",
        "replaces_title": "指导性目录（2024 年版）",
    }
    catalogue = PublishedCatalogue(**values | changes)
    catalogue.sha256 = catalogue.digest()
    return steps.put(catalogue)


def page(path: str, status: int = 200, **options: Any) -> str:
    response = Client().get(path, **options)
    assert response.status_code == status, path
    return response.getvalue().decode()
