"""The regulations the system carries out: their text, and their articles as values."""

from core.regulations.article import Article, Regulation
from core.regulations.held import PINGHU, REGULATIONS, YUBEI, article_by_code
from core.regulations.notes import Erratum, errata

__all__ = [
    "PINGHU",
    "REGULATIONS",
    "YUBEI",
    "Article",
    "Erratum",
    "Regulation",
    "article_by_code",
    "errata",
]
