"""公开站点取数：一律从 `notices()` 开始。"""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet

from disclosure.public.models import PublishedNotice

DATABASE = "default"


def notices() -> QuerySet[PublishedNotice]:
    """全部已发布的公告；公开站点另用一个数据库账号时，只改这里。"""
    return PublishedNotice.objects.using(DATABASE)


def notice_list(wanted: dict[str, Any]) -> QuerySet[PublishedNotice]:
    """符合筛选条件的公告；`word` 在标题、购买主体、公告编号、项目编号中查找。"""
    rows = notices()
    if wanted.get("kind"):
        rows = rows.filter(kind=wanted["kind"])
    if wanted.get("year"):
        rows = rows.filter(published_on__year=wanted["year"])
    if word := wanted.get("word"):
        rows = rows.filter(
            Q(title__icontains=word)
            | Q(purchaser_name__icontains=word)
            | Q(number__icontains=word)
            | Q(project_number__icontains=word)
        )
    return rows


def years() -> list[int]:
    """有公告的年份，新的在前。"""
    return [day.year for day in notices().dates("published_on", "year", order="DESC")]
