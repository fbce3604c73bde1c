"""开放数据取数：一律从 `releases()` 开始。"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Count, Max, QuerySet, Sum
from django.db.models.functions import TruncMonth
from django.urls import reverse

from disclosure.ocds.packages import empty_size, envelope, record_package, release_package
from disclosure.public.models import PublishedRelease
from disclosure.public.selectors import DATABASE

SHANGHAI = ZoneInfo("Asia/Shanghai")
CHUNK = 200


def releases() -> QuerySet[PublishedRelease]:
    """全部发布件；与公告同用公开站点的数据库账号。"""
    return PublishedRelease.objects.using(DATABASE)


@dataclass(frozen=True)
class Month:
    """一个辖区一个月的发布件包；月份按发布时间，以北京时间计。"""

    jurisdiction_code: str
    jurisdiction_name: str
    begins: datetime
    count: int
    content_size: int
    latest: datetime

    @property
    def name(self) -> str:
        return f"{self.jurisdiction_code}-{self.begins:%Y-%m}"

    @property
    def url(self) -> str:
        return reverse("public:month_package", args=[self.name])

    @property
    def size(self) -> int:
        """整个文件的字节数：各份、其间的逗号、包的栏目。"""
        return self.content_size + self.count - 1 + empty_size(self._fields())

    @property
    def sha256(self) -> str:
        return _digest_of(self)

    def pieces(self) -> Iterator[str]:
        """文件的内容，从头到尾，不整个放进内存。"""
        rows = releases().filter(
            jurisdiction_code=self.jurisdiction_code,
            date__gte=self.begins,
            date__lt=_next_month(self.begins),
        )
        texts = rows.order_by("date", "pk").values_list("content", flat=True)
        return release_package(self._fields(), texts.iterator(chunk_size=CHUNK))

    def _fields(self) -> dict[str, Any]:
        return _envelope(self.url, self.jurisdiction_name, self.latest)


def months() -> list[Month]:
    """有发布件的各月，新的在前。"""
    return _months(releases())


def month_named(name: str) -> Month | None:
    """如 sf-2026-03；没有的为 None。"""
    found = re.fullmatch(r"(?P<code>[\w-]+)-(?P<year>20[0-9]{2})-(?P<month>0[1-9]|1[0-2])", name)
    if found is None:
        return None
    begins = datetime(int(found["year"]), int(found["month"]), 1, tzinfo=SHANGHAI)
    rows = releases().filter(
        jurisdiction_code=found["code"], date__gte=begins, date__lt=_next_month(begins)
    )
    return next(iter(_months(rows)), None)


def _months(rows: QuerySet[PublishedRelease]) -> list[Month]:
    grouped = (
        rows.order_by()
        .annotate(month=TruncMonth("date", tzinfo=SHANGHAI))
        .values("jurisdiction_code", "month")
        .annotate(
            name=Max("jurisdiction_name"),
            count=Count("pk"),
            size=Sum("size"),
            latest=Max("date"),
        )
        .order_by("-month", "jurisdiction_code")
    )
    return [
        Month(
            row["jurisdiction_code"],
            row["name"],
            row["month"],
            row["count"],
            row["size"],
            row["latest"],
        )
        for row in grouped
    ]


def _next_month(begins: datetime) -> datetime:
    year, month = divmod(begins.year * 12 + begins.month, 12)
    return begins.replace(year=year, month=month + 1)


@lru_cache(maxsize=512)
def _digest_of(month: Month) -> str:
    """整个文件的 SHA-256；份数、字节数、最近时间都没有变的，内容也没有变（发布件只增不改）。"""
    digest = hashlib.sha256()
    for piece in month.pieces():
        digest.update(piece.encode())
    return digest.hexdigest()


def project_package(number: str) -> str | None:
    """一个项目的发布件包；没有发布件的为 None。"""
    rows = list(releases().filter(project_number=number).order_by("date", "pk"))
    if not rows:
        return None
    path = reverse("public:project_releases", args=[number])
    return "".join(release_package(_around(rows, path), [row.content for row in rows]))


def project_record(number: str) -> str | None:
    """一个项目的记录包：计划过程和每一次采购各一条记录；没有发布件的为 None。"""
    rows = list(releases().filter(project_number=number).order_by("ocid", "date"))
    if not rows:
        return None
    path = reverse("public:project_record", args=[number])
    return "".join(record_package(_around(rows, path), [(row.ocid, row.content) for row in rows]))


def _around(rows: list[PublishedRelease], path: str) -> dict[str, Any]:
    latest = max(rows, key=lambda row: row.date)
    return _envelope(path, latest.jurisdiction_name, latest.date)


def _envelope(path: str, publisher: str, latest: datetime) -> dict[str, Any]:
    policy = reverse("public:data")
    return envelope(path=path, publisher=publisher, published_at=latest, policy=policy)
