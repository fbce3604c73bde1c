"""发布件包和记录包：把已冻结的发布件原样装在一起。同样的发布件，装出来逐字节相同。"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import groupby
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings

from disclosure.ocds.encoding import around, decoded
from disclosure.ocds.merge import compiled_release

VERSION = "1.1"
SHANGHAI = ZoneInfo("Asia/Shanghai")


def envelope(*, path: str, publisher: str, published_at: datetime, policy: str) -> dict[str, Any]:
    """两种包共有的栏目；`published_at` 是其中最近一份的发布时间，不是下载的时间。"""
    fields = {
        "uri": f"{settings.PUBLIC_URL}{path}",
        "version": VERSION,
        "publishedDate": published_at.astimezone(SHANGHAI).isoformat(),
        "publisher": {"name": publisher},
        "publicationPolicy": f"{settings.PUBLIC_URL}{policy}",
    }
    if settings.DATA_LICENSE:
        fields["license"] = settings.DATA_LICENSE
    return fields


def release_package(fields: dict[str, Any], releases: Iterable[str]) -> Iterator[str]:
    """发布件包，一段一段地给出；`releases` 是各份的规范文本。"""
    return around(fields, "releases", releases)


def record_package(fields: dict[str, Any], releases: Iterable[tuple[str, str]]) -> Iterator[str]:
    """记录包：`releases` 是 (ocid, 规范文本)，同一过程的相连，先发的在前。"""
    processes = groupby(releases, key=lambda release: release[0])
    records = (_record(ocid, [text for _, text in members]) for ocid, members in processes)
    return around(fields, "records", records)


def _record(ocid: str, texts: list[str]) -> str:
    """一个合同过程：全部发布件，和合并之后的现状。"""
    compiled = compiled_release([decoded(text) for text in texts])
    fields = {"ocid": ocid, "compiledRelease": compiled}
    return "".join(around(fields, "releases", texts))


def empty_size(fields: dict[str, Any]) -> int:
    """一个还没有装东西的发布件包的字节数。"""
    return sum(len(piece.encode()) for piece in release_package(fields, []))
