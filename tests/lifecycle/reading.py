"""A real case held as data: every figure with its place in the source, and all that was invented.

A case file has `[document.NN]` (the source), `[[figure]]` rows (name, value, unit, document, line,
words), `[[invented]]` rows (name, value, unit, reason) and, where it is derived, `[[changed]]` rows
(as a figure, with what is `printed`, the value put in its place, and the reason). `faults` says
where a test strays from its case: a figure that nothing reads, a number of its own, an invention
that passes for a figure.
"""

from __future__ import annotations

import ast
import re
import tomllib
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

CASES = Path(__file__).parent / "cases"
# What a test may write itself: none, one, two, and the hundred of a percentage.
OWN_NUMBERS = frozenset({0, 1, 2, 100})
MOST_WORDS = 40
# Below it a number is only a figure together with its unit: 3 家 is not 3 %.
SMALL = 1_000
FIGURE = ("name", "value", "unit", "document", "line", "words")
INVENTED = ("name", "value", "unit", "reason")
CHANGED = (*FIGURE, "printed", "reason")
_NUMBER = re.compile(r"\d+(?:\.\d+)?")


@dataclass(frozen=True)
class Case:
    """One case file; `figures`, `changed` and `invented` are what a test reads, by name."""

    content: dict[str, Any]

    @property
    def rows(self) -> list[dict[str, Any]]:
        return list(self.content.get("figure", ()))

    @property
    def inventions(self) -> list[dict[str, Any]]:
        return list(self.content.get("invented", ()))

    @property
    def changes(self) -> list[dict[str, Any]]:
        return list(self.content.get("changed", ()))

    @property
    def figures(self) -> dict[str, Any]:
        """Values by name; the rows of a table of the source, as they stand, by the table's name."""
        found: dict[str, Any] = {}
        for row in self.rows:
            if "table" in row:
                found.setdefault(row["table"], []).append(row)
            else:
                found[row["name"]] = row["value"]
        return found

    @property
    def changed(self) -> dict[str, Any]:
        return {row["name"]: row["value"] for row in self.changes}

    @property
    def invented(self) -> dict[str, Any]:
        return {row["name"]: row["value"] for row in self.inventions}

    def as_printed(self) -> list[dict[str, Any]]:
        """Every row that quotes the source, with the value printed there."""
        return [*self.rows, *({**row, "value": row["printed"]} for row in self.changes)]


def case(name: str) -> Case:
    return Case(tomllib.loads((CASES / f"{name}.toml").read_text("utf-8")))


def faults(found: Case, source: str) -> list[str]:
    """What is wrong with a case and the test (its text) that reads it; empty when all is well.

    The test reads figures as `PRINTED["name"]`, and so `CHANGED` and `INVENTED`.
    """
    tree = ast.parse(source)
    return [
        *_incomplete(found),
        *_not_in_the_words(found),
        *_passing_for_figures(found),
        *_unread("figure", found.figures, _names_read(tree, "PRINTED")),
        *_unread("change", found.changed, _names_read(tree, "CHANGED")),
        *_unread("invention", found.invented, _names_read(tree, "INVENTED")),
        *(f"line {line} writes {text} itself" for line, text in _own_numbers(tree)),
    ]


def _incomplete(found: Case) -> list[str]:
    wanted = [
        *((row, FIGURE) for row in found.rows),
        *((row, CHANGED) for row in found.changes),
        *((row, INVENTED) for row in found.inventions),
    ]
    names = [(row.get("table", ""), row["name"]) for row, _ in wanted]
    return [
        *(
            f"{row['name']} has no {key}"
            for row, keys in wanted
            for key in keys
            if row.get(key, "") == ""
        ),
        *(f"{name} stands twice" for _, name in sorted({n for n in names if names.count(n) > 1})),
        *(
            f"{row['name']} is of an unknown document"
            for row in found.as_printed()
            if row.get("document") not in found.content.get("document", {})
        ),
        *(
            f"{row['name']} is not changed"
            for row in found.changes
            if row["value"] == row["printed"]
        ),
    ]


def _not_in_the_words(found: Case) -> list[str]:
    return [
        f"{row['name']}: {row['value']} does not stand in “{row['words']}”"
        for row in found.as_printed()
        if len(row["words"]) > MOST_WORDS or not stands_in(row["value"], row["unit"], row["words"])
    ]


def stands_in(value: Any, unit: str, words: str) -> bool:
    """Whether the quoted words say the value: an amount in 元, a day, a number, a phrase."""
    if isinstance(value, str):
        return value in words
    numbers = [float(n) for n in _NUMBER.findall(words.replace(",", ""))]
    if isinstance(value, date):
        wanted = [value.month, value.day]
        return any(numbers[at : at + 2] == wanted for at in range(len(numbers)))
    return (value / 100 if unit == "分" else value) in numbers


def _passing_for_figures(found: Case) -> list[str]:
    """An invention may not be, nor hold inside, what a figure is: small numbers by their unit."""
    printed = {_told(row["value"], row["unit"]) for row in found.as_printed()}
    return [
        f"{row['name']} is invented, and {value} is a figure"
        for row in [*found.inventions, *found.changes]
        for value in _values(row["value"])
        if _told(value, row["unit"]) in printed
    ]


def _told(value: Any, unit: str) -> tuple[str, str]:
    is_small = isinstance(value, int) and value < SMALL
    return (unit if is_small else "", str(value))


def _values(value: Any) -> list[Any]:
    """A value and everything inside it."""
    if isinstance(value, dict):
        return [inner for part in value.values() for inner in _values(part)]
    if isinstance(value, list):
        return [inner for part in value for inner in _values(part)]
    return [value]


def _unread(kind: str, listed: dict[str, Any], read: set[str]) -> list[str]:
    return [
        *(f"{kind} {name} is listed, and nothing reads it" for name in sorted(set(listed) - read)),
        *(f"{kind} {name} is read, and not listed" for name in sorted(read - set(listed))),
    ]


def _names_read(tree: ast.AST, mapping: str) -> set[str]:
    return {
        str(node.slice.value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Subscript)
        and isinstance(node.value, ast.Name)
        and node.value.id == mapping
        and isinstance(node.slice, ast.Constant)
    }


def _own_numbers(tree: ast.AST) -> list[tuple[int, str]]:
    """Numbers and days the test writes itself instead of reading them."""
    return [
        (node.lineno, repr(node.value))
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant)
        and not isinstance(node.value, bool)
        and _is_number(node.value)
    ]


def _is_number(value: Any) -> bool:
    if isinstance(value, str):
        text = value.replace(",", "").replace("-", "")
        return bool(_NUMBER.fullmatch(text)) and not _is_own(float(text))
    return isinstance(value, int | float) and not _is_own(value)


def _is_own(value: float) -> bool:
    return value in OWN_NUMBERS
