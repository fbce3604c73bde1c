"""Notes on the held texts: what the print lost, how it is read, where other law comes first.

The notes stand in docs/regulations/errata.md, one section per note, opened by an article's code.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Final

from django.conf import settings

from core.regulations.article import Article
from core.regulations.held import article_by_code

_FIELDS: Final = {"类别": "kind", "原文": "printed", "读作": "read_as", "说明": "note"}


@dataclass(frozen=True)
class Erratum:
    """One note. `printed` is quoted from the text; `read_as` is empty when it is only explained."""

    article: Article
    title: str
    kind: str
    printed: str
    read_as: str
    note: str


def errata() -> Mapping[Article, tuple[Erratum, ...]]:
    """The notes by the article or item they are about, in the order of the file."""
    return _errata(Path(settings.BASE_DIR) / "docs/regulations/errata.md")


@cache
def _errata(path: Path) -> Mapping[Article, tuple[Erratum, ...]]:
    found: dict[Article, tuple[Erratum, ...]] = {}
    for section in path.read_text(encoding="utf-8").split("\n## ")[1:]:
        erratum = _erratum(section)
        found[erratum.article] = (*found.get(erratum.article, ()), erratum)
    return MappingProxyType(found)


def _erratum(section: str) -> Erratum:
    heading, _, body = section.partition("\n")
    code, _, title = heading.partition(" ")
    values = dict.fromkeys(_FIELDS.values(), "")
    for line in body.strip().splitlines():
        name, colon, value = line.removeprefix("- ").partition("：")
        if not colon or name not in _FIELDS:
            raise ValueError(f"errata.md, {code}: cannot read the line {line!r}")
        values[_FIELDS[name]] = value.strip()
    return Erratum(article_by_code(code), title.strip(), **values)
