"""The held text of a regulation, cut into addressable fragments without losing a byte."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Literal

Kind = Literal["front", "chapter", "article", "part", "item"]

_DIGITS: Final = "零一二三四五六七八九"
_CHAPTER: Final = re.compile(r"第([一二三四五六七八九十]+)章[ \u3000]")
_ARTICLE: Final = re.compile(r"第([一二三四五六七八九十]+)条[ \u3000]")
_ITEM: Final = re.compile(r"[(（]([一二三四五六七八九十]+)[)）]")


@dataclass(frozen=True)
class PartHeading:
    """A heading inside an article that the print does not number.

    `inside` says whether the part is text of its article (two lists of duties) or stands after it
    (a heading whose own number was lost). `suffix` marks it in codes, `key` in addresses.
    """

    number: int
    line: str
    key: str
    suffix: str
    title: str
    inside: bool


@dataclass(frozen=True)
class Fragment:
    """A run of lines with one address; `raw` keeps every byte, blank lines included."""

    kind: Kind
    raw: str
    chapter: str = ""
    number: int = 0
    part: str = ""
    item: int = 0


def chinese_number(number: int) -> str:
    """1–99 as in 第二十一条."""
    tens, ones = divmod(number, 10)
    if not 0 < number < 100:
        raise ValueError(f"{number} is not an article number")
    leading = {0: "", 1: "十"}.get(tens, f"{_DIGITS[tens]}十")
    return leading + (_DIGITS[ones] if ones else "")


_VALUES: Final = {chinese_number(number): number for number in range(1, 100)}


def cut(text: str, headings: tuple[PartHeading, ...]) -> tuple[Fragment, ...]:
    """Cut a whole file; the `raw` of the fragments, joined, is the file again."""
    fragments: list[Fragment] = []
    here = Fragment("front", "")
    for line in text.splitlines(keepends=True):
        start = _start_of(line, here, headings)
        if start is None:
            here = _with_line(here, line)
            continue
        fragments.append(here)
        here = start
    return tuple(fragment for fragment in (*fragments, here) if fragment.raw)


def _start_of(line: str, here: Fragment, headings: tuple[PartHeading, ...]) -> Fragment | None:
    """The fragment this line opens, or None when it goes on with the present one."""
    if _CHAPTER.match(line):
        return Fragment("chapter", line, line.strip())
    if found := _ARTICLE.match(line):
        return Fragment("article", line, here.chapter, _VALUES[found[1]])
    if not here.number:
        return None
    for heading in headings:
        if (heading.number, heading.line) == (here.number, line.rstrip("\n")):
            return Fragment("part", line, here.chapter, here.number, heading.key)
    if found := _ITEM.match(line):
        return Fragment("item", line, here.chapter, here.number, here.part, _VALUES[found[1]])
    return None


def _with_line(here: Fragment, line: str) -> Fragment:
    return Fragment(here.kind, here.raw + line, here.chapter, here.number, here.part, here.item)


def paragraphs(text: str) -> Iterator[str]:
    """The paragraphs (款) of a text, which blank lines part."""
    return (paragraph for paragraph in re.split(r"\n{2,}", text) if paragraph)
