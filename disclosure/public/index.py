"""检索索引：公告冻结时逐字编入，凡是公告里印着的两个字，都查得到（docs/decisions/0019）。

折叠是逐字进行的：NFKD、去大小写、去不可见字符。所以原文的任何一段，折叠之后仍是折叠后全文的一段。
"""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import groupby, pairwise
from operator import itemgetter
from typing import Any, ClassVar, Protocol

from django.db import models

from core.history import uncovered
from core.templatetags.ui import cn_date

Part = tuple[str, bool]
AROUND = 40


class Printed(Protocol):
    """一份公告印出来的内容。"""

    pk: Any
    title: Any
    fields: Any
    number: Any
    project_number: Any
    project_name: Any
    purchaser_name: Any
    jurisdiction_name: Any
    medium: Any
    address: Any
    supersedes: Any
    published_on: Any

    def get_kind_display(self) -> str: ...


class SearchText(models.Model):
    """一份公告折叠后的全文，一段一行：核对三个字以上的词。"""

    notice_id = models.BigIntegerField("公告", primary_key=True)
    text = models.TextField("折叠后的全文")

    class Meta:
        verbose_name = verbose_name_plural = "检索全文"

    def __str__(self) -> str:
        return f"公告 {self.notice_id} 的检索全文"


class SearchTerm(models.Model):
    """倒排索引的一行：这份公告里有这个字，或者有这相连的两个字。"""

    term = models.CharField("字或相连的两个字", max_length=2)
    notice_id = models.BigIntegerField("公告")

    class Meta:
        verbose_name = verbose_name_plural = "检索词"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["term", "notice_id"], name="search_term_once")
        ]

    def __str__(self) -> str:
        return f"{self.term} → {self.notice_id}"


for _table in ("searchtext", "searchterm"):
    uncovered(
        f"disclosure_{_table}",
        "由已发布的公告推出的检索索引，可用 manage.py rebuild_search 重建；核验时与公告逐一比对",
    )


# --- 折叠与取词 -----------------------------------------------------------------------------------


@lru_cache(maxsize=20_000)
def _folded(char: str) -> str:
    plain = unicodedata.normalize("NFKD", char).casefold()
    return "".join(c for c in plain if not _is_invisible(c))


def _is_invisible(char: str) -> bool:
    """零宽字符和异体字选择符：看不见，也不妨碍查找。"""
    is_selector = "\ufe00" <= char <= "\ufe0f" or "\U000e0100" <= char <= "\U000e01ef"
    return is_selector or unicodedata.category(char) == "Cf"


def folded(text: str) -> str:
    """全角半角、大小写、兼容字形归一；长度可能改变。"""
    return "".join(map(_folded, text))


def terms(text: str) -> set[str]:
    """折叠后的文字里的每个字和每两个相连的字；空白隔开。"""
    found: set[str] = set()
    for run in text.split():
        found.update(run)
        found.update(first + second for first, second in pairwise(run))
    return found


def printed(notice: Printed) -> Iterator[str]:
    """公告印出来的各段文字，依次。"""
    yield notice.title
    for section in notice.fields:
        yield section["heading"]
        yield from section["text"]
        for row in section["rows"]:
            yield from row
    yield from (notice.purchaser_name, notice.project_name, notice.get_kind_display())
    yield from (notice.number, notice.project_number, notice.supersedes)
    yield from (notice.jurisdiction_name, notice.medium, notice.address)
    yield from (notice.published_on.isoformat(), cn_date(notice.published_on))


def full_text(notice: Printed) -> str:
    return "\n".join(folded(part) for part in printed(notice) if part)


# --- 编入与比对 -----------------------------------------------------------------------------------


def index_notice(notice: Printed) -> None:
    """把一份公告编入索引；由公告的保存调用，与冻结同一事务。"""
    text = full_text(notice)
    SearchText(notice_id=notice.pk, text=text).save(force_insert=True)
    SearchTerm.objects.bulk_create(
        SearchTerm(term=term, notice_id=notice.pk) for term in sorted(terms(text))
    )


def drop_notices(pks: Iterable[int]) -> None:
    """从索引里撤下这些公告；只为重新编入。"""
    for table in (SearchText, SearchTerm):
        table._default_manager.filter(notice_id__in=list(pks)).delete()


def stale(notices: Iterable[Printed]) -> list[int]:
    """索引与公告不符的：漏编的、内容不同的、没有这份公告的。每份只记一个摘要，不占内存。"""
    texts = {
        pk: _digest([text])
        for pk, text in SearchText.objects.values_list("notice_id", "text").iterator()
    }
    words = SearchTerm.objects.order_by("notice_id").values_list("notice_id", "term").iterator()
    indexed = {
        pk: _digest(sorted(term for _, term in rows))
        for pk, rows in groupby(words, key=itemgetter(0))
    }
    found = []
    for notice in notices:
        text = full_text(notice)
        is_same = texts.pop(notice.pk, "") == _digest([text])
        is_found = indexed.pop(notice.pk, "") == _digest(sorted(terms(text)))
        if not (is_same and is_found):
            found.append(notice.pk)
    return sorted({*found, *texts, *indexed})


def _digest(lines: list[str]) -> str:
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


# --- 标出查到的词 ---------------------------------------------------------------------------------


def highlighted(text: str, words: list[str]) -> list[Part]:
    """文字分成若干段，查到的词所在的段标真；`words` 已折叠。"""
    marks = _marks(text, words)
    return [
        ("".join(char for _, char in part), is_hit)
        for is_hit, part in groupby(enumerate(text), key=lambda pair: marks[pair[0]])
    ]


def excerpt(notice: Printed, words: list[str]) -> list[Part]:
    """标题以外第一处查到的词，连同前后各四十个字；只在标题里的为空。"""
    for part in [p for p in printed(notice) if p][1:]:
        marks = _marks(part, words)
        if any(marks):
            at = marks.index(True)
            start, end = max(0, at - AROUND), at + 2 * AROUND
            before, after = "…" if start else "", "…" if end < len(part) else ""
            shown = highlighted(part[start:end], words)
            return [(before, False), *shown, (after, False)]
    return []


def _marks(text: str, words: list[str]) -> list[bool]:
    """每个字是否在查到的词里。"""
    origin = [place for place, char in enumerate(text) for _ in _folded(char)]
    whole, marks = folded(text), [False] * len(text)
    for word in words:
        at = whole.find(word)
        while word and at >= 0:
            for place in origin[at : at + len(word)]:
                marks[place] = True
            at = whole.find(word, at + len(word))
    return marks
