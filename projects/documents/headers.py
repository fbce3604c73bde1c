"""列名：认得哪些，金额列的单位，写错的最接近哪一个。"""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from core.money import Unit
from projects.documents.columns import Column, Form

HEADER = 0
LONGEST_QUOTE = 40
_UNIT = re.compile(r"(.+)\((.*元|分)\)")


@dataclass(frozen=True)
class Problem:
    """一处错误：哪张表、第几行、第几列（都从 0 数起，空为整行或整表）、错在哪里。"""

    sheet: str
    row: int | None
    column: int | None
    title: str
    said: str

    @property
    def cell(self) -> str:
        """如 F12；指不到一格的为空。"""
        if self.row is None or self.column is None:
            return ""
        return f"{letters(self.column)}{self.row + 1}"

    @property
    def place(self) -> str:
        parts = [f"“{self.sheet}”"] if self.sheet else []
        parts += [f"第 {self.row + 1} 行 "] if self.row is not None else []
        parts += [f"{letters(self.column)} 列"] if self.column is not None else []
        parts += [f"“{self.title}”"] if self.title else []
        return "".join(parts).rstrip()


@dataclass(frozen=True)
class Placed:
    """一列在表里的位置，和它的金额单位。"""

    column: Column
    index: int
    unit: Unit = "元"


def letters(index: int) -> str:
    """0 → A，27 → AB。"""
    text, rest = "", index + 1
    while rest:
        rest, last = divmod(rest - 1, 26)
        text = chr(65 + last) + text
    return text


def closest(text: str, known: Sequence[str]) -> str:
    """提示用：最接近的一个；太不像的不提。"""
    found = difflib.get_close_matches(text, known, n=1, cutoff=0.5)
    return found[0] if found else ""


def quoted(text: Any) -> str:
    """错误里引用所填的：太长的只引开头，一格的错误不会有几万字。"""
    said = str(text).strip()
    return said if len(said) <= LONGEST_QUOTE else f"{said[:LONGEST_QUOTE]}…"


def plain(title: Any) -> str:
    """列名的样子不计全角半角、空白和必填的星号。"""
    text = unicodedata.normalize("NFKC", str(title))
    return re.sub(r"\s+|\*", "", text)


def match_headers(
    form: Form, titles: Sequence[Any], used: set[int]
) -> tuple[dict[str, Placed], list[Problem]]:
    """第 1 行的各列名；`used` 是下面填有内容的列。"""
    known = {plain(c.title): c for c in form.columns}
    placed: dict[str, Placed] = {}
    problems: list[Problem] = []
    for index, title in enumerate(titles):
        text = plain(title)
        if not text:
            if index in used:
                said = "这一列填了内容，却没有列名。"
                problems.append(Problem(form.name, HEADER, index, "", said))
            continue
        found = _column(known, text)
        if isinstance(found, str):
            problems.append(Problem(form.name, HEADER, index, quoted(title), found))
        elif found[0].name in placed:
            said = f"列名与 {letters(placed[found[0].name].index)} 列重复。"
            problems.append(Problem(form.name, HEADER, index, found[0].title, said))
        else:
            placed[found[0].name] = Placed(found[0], index, found[1])
    return placed, problems + _missing(form, placed, problems)


def _column(known: dict[str, Column], text: str) -> tuple[Column, Unit] | str:
    """列与单位；不认得的，返回该怎样写。"""
    stated = _UNIT.fullmatch(text)
    column = known.get(stated[1] if stated else text)
    if column is None:
        near = closest(stated[1] if stated else text, list(known))
        hint = f"最接近的是“{known[near].heading}”。" if near else "请使用模板中的列名。"
        return f"不认得列名“{quoted(text)}”，{hint}"
    if column.kind != "money":
        return (column, "元") if not stated else f"“{column.title}”不是金额，列名里不写单位。"
    if stated is None:
        return f"金额列须写明单位：“{column.title}（元）”或“{column.title}（万元）”。"
    if stated[2] not in ("元", "万元"):
        return f"金额单位只能是元或万元，不能是“{quoted(stated[2])}”。"
    return column, "万元" if stated[2] == "万元" else "元"


def _missing(form: Form, placed: dict[str, Placed], problems: list[Problem]) -> list[Problem]:
    """必有的列；列名已经指出写错的不再说缺。"""
    spoken = " ".join(p.said for p in problems)
    return [
        Problem(form.name, HEADER, None, "", f"缺少必有的列“{c.heading}”。")
        for c in form.columns
        if c.needed and c.name not in placed and f"“{c.heading}”" not in spoken
    ]
