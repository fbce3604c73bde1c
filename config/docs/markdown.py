"""The little Markdown the generated pages need."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

NOTICE = "<!-- 由 `manage.py docs` 生成，请勿手改；改了代码后重新生成。 -->"


def page(title: str, *blocks: str) -> str:
    """A whole page: title, notice, blocks, one newline at the end."""
    return "\n\n".join([f"# {title}", NOTICE, *(b.strip("\n") for b in blocks if b)]) + "\n"


def table(headings: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [_row(headings), _row(["---"] * len(headings)), *(_row(row) for row in rows)]
    return "\n".join(lines)


def bullets(pairs: Iterable[tuple[str, str]]) -> str:
    """One line per name and value; empty values are left out."""
    return "\n".join(f"- {name}：{value}" for name, value in pairs if value)


def quote(text: str) -> str:
    return "\n".join(f"> {line}" if line else ">" for line in text.splitlines())


def code(text: str) -> str:
    return f"`{text}`"


def codes(texts: Iterable[str]) -> str:
    return "、".join(code(text) for text in texts)


def block(text: str) -> str:
    return f"```text\n{text}\n```"


def _row(cells: Sequence[str]) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|").replace("\n", " ") for cell in cells) + " |"
