"""公开站点取数：一律从 `notices()` 和 `checkpoints()` 开始，用公开站点自己的数据库账号。"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import ExtractYear

from disclosure.public.catalogues import PublishedCatalogue
from disclosure.public.index import Part, SearchTerm, SearchText, excerpt, folded, highlighted
from disclosure.public.models import (
    ENDINGS,
    NoticeKind,
    PublishedCheckpoint,
    PublishedNotice,
)

DATABASE: str = settings.PUBLIC_DATABASE
# 长词只取这么多组相连的两个字去查索引，随后在全文里核对。
MOST_PAIRS = 6


def notices() -> QuerySet[PublishedNotice]:
    """全部已发布的公告。"""
    return PublishedNotice.objects.using(DATABASE)


def checkpoints() -> QuerySet[PublishedCheckpoint]:
    """公布的检查点，新的在前。"""
    return PublishedCheckpoint.objects.using(DATABASE)


# --- 公告 -----------------------------------------------------------------------------------------

FILTERS = {
    "kind": "kind",
    "year": "published_on__year",
    "purchaser": "purchaser_name",
    "jurisdiction": "jurisdiction_code",
}


def notice_list(wanted: dict[str, Any]) -> QuerySet[PublishedNotice]:
    """符合筛选条件的公告：种类、年份、购买主体、辖区。"""
    asked = {path: wanted[name] for name, path in FILTERS.items() if wanted.get(name)}
    return notices().filter(**asked)


def years() -> list[int]:
    """有公告的年份，新的在前。"""
    return [day.year for day in notices().dates("published_on", "year", order="DESC")]


def purchasers() -> list[str]:
    names = notices().order_by("purchaser_name").values_list("purchaser_name", flat=True)
    return list(names.distinct())


def jurisdictions() -> list[tuple[str, str]]:
    """有公告的辖区：代码和名称。"""
    rows = notices().order_by("jurisdiction_code", "jurisdiction_name")
    return list(dict(rows.values_list("jurisdiction_code", "jurisdiction_name").distinct()).items())


def corrections_of(number: str) -> list[PublishedNotice]:
    """更正或终止了这份公告的公告，先发的在前。"""
    return list(notices().filter(supersedes=number).order_by("pk"))


def standing(notice: PublishedNotice, later: list[PublishedNotice]) -> tuple[str, str]:
    """公告的状态和它的色调；`later` 是更正或终止了它的公告。"""
    if not notice.is_intact:
        return "与摘要不符", "bad"
    if any(row.kind in ENDINGS for row in later):
        return "已终止", "bad"
    return ("已被更正", "late") if later else ("现行", "ok")


@dataclass(frozen=True)
class KindCount:
    """首页上的一行：某一种类历年的份数。"""

    kind: str
    label: str
    by_year: list[tuple[int, int]]
    total: int


def counted() -> tuple[list[int], list[KindCount]]:
    """近五年和每一种类的份数；没有公告的种类不列。"""
    rows = notices().order_by().annotate(year=ExtractYear("published_on"))
    found = {
        (row["kind"], row["year"]): row["number"]
        for row in rows.values("kind", "year").annotate(number=Count("pk"))
    }
    shown = sorted({year for _, year in found}, reverse=True)[:5]
    table = [
        KindCount(
            kind,
            label,
            [(year, found.get((kind, year), 0)) for year in shown],
            sum(number for (known, _), number in found.items() if known == kind),
        )
        for kind, label in NoticeKind.choices
    ]
    return shown, [line for line in table if line.total]


# --- 项目 -----------------------------------------------------------------------------------------


def project_list(wanted: dict[str, Any]) -> QuerySet[PublishedNotice]:
    """有公告的项目，各以它最近的一份公告代表。"""
    later = notices().filter(project_number=OuterRef("project_number"))
    later = later.filter(
        Q(published_on__gt=OuterRef("published_on"))
        | Q(published_on=OuterRef("published_on"), pk__gt=OuterRef("pk"))
    )
    return notice_list(wanted).filter(~Exists(later))


def notices_of(*project_numbers: str) -> list[PublishedNotice]:
    """这些项目的全部公告，先发的在前。"""
    rows = notices().filter(project_number__in=project_numbers)
    return list(rows.order_by("published_on", "pk"))


# --- 指导性目录 -----------------------------------------------------------------------------------


def catalogues() -> QuerySet[PublishedCatalogue]:
    """全部已公布的目录。"""
    return PublishedCatalogue.objects.using(DATABASE)


def catalogue_list(wanted: dict[str, Any]) -> QuerySet[PublishedCatalogue]:
    code = wanted.get("jurisdiction")
    return catalogues().filter(jurisdiction_code=code) if code else catalogues()


def catalogue_jurisdictions() -> list[tuple[str, str]]:
    """有目录的辖区：代码和名称。"""
    rows = catalogues().order_by("jurisdiction_code", "jurisdiction_name")
    return list(dict(rows.values_list("jurisdiction_code", "jurisdiction_name").distinct()).items())


def later_catalogues(*rows: PublishedCatalogue) -> dict[str, PublishedCatalogue]:
    """这些目录（没有写的，全部）各被哪一版替代，以所据目录的代号为键；没有后一版的没有。"""
    later = catalogues().exclude(replaces="")
    if rows:
        later = later.filter(replaces__in=[row.subject for row in rows])
    return {row.replaces: row for row in later.only("number", "title", "since", "replaces")}


def earlier_catalogue(row: PublishedCatalogue) -> PublishedCatalogue | None:
    """这一版替代的那一版；没有在本站公布过的为 None。"""
    return catalogues().filter(subject=row.replaces).first() if row.replaces else None


# --- 检索 -----------------------------------------------------------------------------------------


def words_of(query: str) -> list[str]:
    """查询里的词：折叠，按空白分开，各不相同。"""
    return list(dict.fromkeys(folded(query).split()))


def searched(words: list[str], wanted: dict[str, Any]) -> QuerySet[PublishedNotice]:
    """每个词都印在里面的公告：先查索引，三个字以上的再在全文里核对（一两个字的，索引就是准的）。

    全文是逐份取来核对的子查询，数据库不会先把全部全文读一遍。
    """
    text = SearchText.objects.using(DATABASE).filter(notice_id=OuterRef("pk")).values("text")
    rows = notice_list(wanted).alias(folded_text=Subquery(text))
    for word in words:
        for term in _pairs(word):
            holders = SearchTerm.objects.using(DATABASE).filter(term=term)
            rows = rows.filter(pk__in=holders.values("notice_id"))
        if len(word) > 2:
            rows = rows.filter(folded_text__contains=word)
    return rows


def _pairs(word: str) -> list[str]:
    pairs = [word[at : at + 2] for at in range(max(1, len(word) - 1))]
    return list(dict.fromkeys(pairs))[:MOST_PAIRS]


@dataclass(frozen=True)
class Found:
    """查到的一份公告：标题和摘录，查到的词标出。"""

    notice: PublishedNotice
    title: list[Part]
    excerpt: list[Part]


def shown(rows: list[PublishedNotice], words: list[str]) -> list[Found]:
    return [Found(row, highlighted(row.title, words), excerpt(row, words)) for row in rows]
