"""计划表格：网页上的四张表与工作簿的四张表是同样的行、同样的列。

表格交来的是四段以制表符分隔的文字（与电子表格剪贴板的写法相同），变成一个工作簿之后走导入的路：
核对、预览、确认只有一处。
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from projects.documents.columns import SHEETS, Form
from projects.documents.headers import match_headers
from projects.documents.opening import Book, Sheet, is_filled
from projects.documents.reading import text_of
from projects.documents.writing import Entry, marked_book, rows_by_form
from projects.models import CatalogueItem, FundSource

MOST_PROJECTS = 300
MOST_LINES = 3_000
FILE_NAME = "在表格中填写.xlsx"
Lines = list[list[str]]


@dataclass
class GridFile:
    """表格变成的工作簿，当作上传的文件交给导入。"""

    data: bytes
    name: str | None = FILE_NAME
    size: int | None = None

    def __post_init__(self) -> None:
        self.size = len(self.data)

    def read(self) -> bytes:
        return self.data


def field_name(form: Form) -> str:
    """一张表在网页表单里的名字。"""
    return f"sheet-{SHEETS.index(form)}"


def titles_of(form: Form) -> list[str]:
    return [column.heading for column in form.columns]


# --- 文字与行 ------------------------------------------------------------------------------------


def text_from(lines: Iterable[Sequence[str]]) -> str:
    """各行写成制表符分隔的文字；含换行、引号的格加引号，与电子表格一样。"""
    out = io.StringIO()
    csv.writer(out, dialect="excel-tab", lineterminator="\n").writerows(lines)
    return out.getvalue()


def lines_from(text: str) -> Lines:
    """反过来；引号没有配对的也读得出，不会出错。"""
    plain = text.replace("\x00", "").replace("\r\n", "\n").replace("\r", "\n")
    try:
        lines = list(csv.reader(io.StringIO(plain, newline=""), dialect="excel-tab"))
    except csv.Error:
        lines = [line.split("\t") for line in plain.split("\n")]
    return lines[:MOST_LINES]


def texts_of(entries: Sequence[Entry]) -> dict[str, str]:
    """各份申报写成四段文字，第 1 行是列名。"""
    return {
        field_name(form): text_from(
            [titles_of(form), *([_said(value) for value in row] for row in rows)]
        )
        for form, rows in rows_by_form(entries)
    }


def _said(value: Any) -> str:
    if isinstance(value, Decimal):
        return f"{value.normalize():f}" if value % 1 else f"{value:.0f}"
    return "" if value is None else str(value)


# --- 与工作簿的来回 ------------------------------------------------------------------------------


def posted_texts(posted: Mapping[str, Any]) -> dict[str, str]:
    """表单交来的四段文字；没有的当作只有列名。"""
    return {
        field_name(form): str(posted.get(field_name(form)) or text_from([titles_of(form)]))
        for form in SHEETS
    }


def posted_book(posted: Mapping[str, Any]) -> Book:
    """交来的四段文字成为一个读好的工作簿；不是表格交来的，四张表都是空的。"""
    return book_from(posted_texts(posted))


def book_from(texts: Mapping[str, str]) -> Book:
    return Book([Sheet(f.name, False, [*lines_from(texts[field_name(f)])]) for f in SHEETS])


def file_from(
    texts: Mapping[str, str], items: Iterable[CatalogueItem], funds: Iterable[FundSource]
) -> GridFile:
    """四段文字成为一个 .xlsx，各格照所填的文字。"""
    return GridFile(marked_book(book_from(texts), [], items, funds))


def texts_from_book(book: Book) -> dict[str, str] | None:
    """工作簿成为四段文字，列照表格的次序排。

    列名写错的、金额以万元计的、多出工作表的，改不成：先在工作簿里改正。"""
    known = {form.name for form in SHEETS}
    if any(s.is_hidden or s.merged or s.broken for s in book.sheets if s.name.strip() in known):
        return None
    found = {}
    for form in SHEETS:
        sheet = book.sheet(form.name)
        lines = _arranged(form, sheet) if sheet is not None else None
        if lines is None:
            return None
        found[field_name(form)] = text_from(lines)
    return found


def _arranged(form: Form, sheet: Sheet) -> Lines | None:
    rows = sheet.rows
    used = {i for row in rows[1:] for i, cell in enumerate(row) if is_filled(cell)}
    placed, problems = match_headers(form, rows[0] if rows else [], used)
    if problems or any(at.unit != "元" for at in placed.values()):
        return None
    lines = [titles_of(form)]
    for row in rows[1:]:
        cells = [placed.get(column.name) for column in form.columns]
        lines.append([text_of(row[at.index]) if at and at.index < len(row) else "" for at in cells])
    return lines
