"""Articles as values: to cite one is to name it in code, and a name that is not printed is found.

Making a value reads nothing. The text is read on first use and kept; it comes from the files
under docs/regulations, which are the law and are never edited.
"""

from dataclasses import dataclass, field
from datetime import date
from functools import cache
from pathlib import Path

from django.conf import settings

from core.regulations.text import Fragment, PartHeading, chinese_number, cut, paragraphs


@dataclass(frozen=True)
class Regulation:
    """One regulation: how it is cited and where its text stands."""

    code: str
    title: str = field(repr=False)
    short: str = field(repr=False)
    file: str = field(repr=False)
    issuer: str = field(repr=False)
    jurisdiction: str = field(repr=False)
    issued_on: date | None = field(default=None, repr=False)
    headings: tuple[PartHeading, ...] = field(default=(), repr=False)

    def article(
        self,
        number: int,
        item: int | None = None,
        *,
        part: str | None = None,
        paragraph: int | None = None,
    ) -> "Article":
        """第几条（第几项）. `part` names an unnumbered part of it, `paragraph` a 款."""
        return Article(self, number, item, part, paragraph)

    @property
    def path(self) -> Path:
        return Path(settings.BASE_DIR) / "docs/regulations" / self.file

    @property
    def fragments(self) -> tuple[Fragment, ...]:
        """The whole file in order, cut at every address."""
        return _fragments(self)

    @property
    def chapters(self) -> tuple[str, ...]:
        """The chapter headings as printed."""
        return tuple(each.chapter for each in self.fragments if each.kind == "chapter")

    @property
    def articles(self) -> tuple["Article", ...]:
        """The articles in order; a part standing after its article follows it."""
        found: dict[Article, None] = {}
        for each in self.fragments:
            if each.number:
                apart = each.part if each.part and not self.heading(each.part).inside else None
                found[self.article(each.number, part=apart)] = None
        return tuple(found)

    @property
    def addresses(self) -> tuple["Article", ...]:
        """Everything a rule may have to answer for: articles, their parts, their items."""
        return tuple(
            self.article(each.number, each.item or None, part=each.part or None)
            for each in self.fragments
            if each.number
        )

    def heading(self, key: str) -> PartHeading:
        """The unnumbered part of that key; raises KeyError."""
        for each in self.headings:
            if each.key == key:
                return each
        raise KeyError(key)


@dataclass(frozen=True)
class Article:
    """The address of an article, of a part, paragraph (款) or item (项) of it."""

    regulation: Regulation
    number: int
    item: int | None = None
    part: str | None = None
    paragraph: int | None = None

    def __str__(self) -> str:
        return self.label

    def exists(self) -> bool:
        """Whether the printed text has this address."""
        return bool(self.text)

    @property
    def label(self) -> str:
        """《…办法》第九条第（二）项."""
        return f"《{self.regulation.title}》{self._place()}"

    @property
    def short(self) -> str:
        """渝北第九条第（二）项."""
        return f"{self.regulation.short}{self._place()}"

    @property
    def code(self) -> str:
        """YB-9.2; a part adds its letter (PH-9K.1), a paragraph P and its number (PH-16P2)."""
        letter = self.regulation.heading(self.part).suffix if self.part else ""
        paragraph = f"P{self.paragraph}" if self.paragraph else ""
        item = f".{self.item}" if self.item else ""
        return f"{self.regulation.code}-{self.number}{letter}{paragraph}{item}"

    @property
    def anchor(self) -> str:
        """The place within the article's page, empty for the whole article."""
        names = [self.part or ""]
        names.append(f"paragraph-{self.paragraph}" if self.paragraph else "")
        names.append(f"item-{self.item}" if self.item else "")
        return "-".join(name for name in names if name)

    @property
    def url(self) -> str:
        """/regulations/YB/9/#item-2: one stable page per article."""
        page = f"/regulations/{self.regulation.code}/{self.number}/"
        return f"{page}#{self.anchor}" if self.anchor else page

    @property
    def text(self) -> str:
        """The words as printed; empty when there is no such address."""
        whole = "".join(each.raw for each in self._own()).strip("\n")
        if self.paragraph is None:
            return whole
        if self.items:
            return ""
        found = list(paragraphs(whole))
        return found[self.paragraph - 1] if 0 < self.paragraph <= len(found) else ""

    @property
    def lead(self) -> str:
        """The words before the first item or part."""
        own = self._own()
        return own[0].raw.strip("\n") if own else ""

    @property
    def chapter(self) -> str:
        """The heading of its chapter as printed."""
        own = self._own()
        return own[0].chapter if own else ""

    @property
    def parts(self) -> tuple["Article", ...]:
        """The unnumbered parts that are text of this article."""
        if self.item or self.part:
            return ()
        own = [each.part for each in self._own() if each.kind == "part"]
        return tuple(self.regulation.article(self.number, part=part) for part in own)

    @property
    def items(self) -> tuple["Article", ...]:
        """The items directly under this article or part."""
        if self.item:
            return ()
        return tuple(
            self.regulation.article(self.number, each.item, part=self.part)
            for each in self._own()
            if each.kind == "item" and each.part == (self.part or "")
        )

    def _own(self) -> list[Fragment]:
        return [each for each in self.regulation.fragments if self._covers(each)]

    def _covers(self, each: Fragment) -> bool:
        if each.number != self.number:
            return False
        if self.item is not None:
            return (each.item, each.part) == (self.item, self.part or "")
        if self.part is not None:
            return each.part == self.part
        return not each.part or self.regulation.heading(each.part).inside

    def _place(self) -> str:
        place = f"第{chinese_number(self.number)}条"
        if self.part:
            place += f"（{self.regulation.heading(self.part).title}）"
        if self.paragraph:
            place += f"第{chinese_number(self.paragraph)}款"
        return f"{place}第（{chinese_number(self.item)}）项" if self.item else place


@cache
def _fragments(regulation: Regulation) -> tuple[Fragment, ...]:
    return cut(regulation.path.read_bytes().decode("utf-8"), regulation.headings)
