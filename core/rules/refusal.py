"""What a rule answers: nothing when it is kept, a `Refusal` when it is not."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from core.regulations import Article

Compared = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Refusal:
    """Why not: one Chinese sentence, the values compared, who can mend it, and where."""

    message: str
    compared: Compared = ()
    mended_by: str = ""
    at: str = ""


@dataclass(frozen=True)
class Verdict:
    """One rule asked of one object on one day.

    `state`: met, unmet (refuses), late (recorded), warn (shown), unknown (facts cannot be decided,
    refuses as well).
    """

    rule: str
    title: str
    article: Article
    state: str
    refusal: Refusal | None
    parameters: dict[str, Any]

    @property
    def blocks(self) -> bool:
        return self.state in ("unmet", "unknown")

    @property
    def message(self) -> str:
        return self.refusal.message if self.refusal else ""

    @property
    def compared(self) -> Compared:
        return self.refusal.compared if self.refusal else ()

    @property
    def mended_by(self) -> str:
        return self.refusal.mended_by if self.refusal else ""

    @property
    def at(self) -> str:
        return self.refusal.at if self.refusal else ""

    def record(self) -> dict[str, Any]:
        """As the history event keeps it."""
        return {
            "rule": self.rule,
            "title": self.title,
            "article": self.article.label,
            "article_url": self.article.url,
            "state": self.state,
            "message": self.message,
            "compared": [[k, v] for k, v in self.compared],
            "mended_by": self.mended_by,
            "parameters": self.parameters,
        }
