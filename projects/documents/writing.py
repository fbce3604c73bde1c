"""写出工作簿：模板、导出、预填、标错，都是同样的列名、格式和选项。"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from projects.documents.cells import Cells
from projects.documents.columns import (
    ASIDE,
    ESTIMATE,
    FUNDS,
    INDICATORS,
    PROJECTS,
    SHEETS,
    Column,
    Form,
)
from projects.documents.headers import Problem, match_headers
from projects.documents.opening import Book
from projects.documents.writer import Choice, Page, Writer
from projects.models import CatalogueItem, FundSource


@dataclass(frozen=True)
class Entry:
    """写出的一个项目：识别它的各栏，和它的内容。"""

    serial: str
    cells: Cells
    number: str = ""
    precedent: str = ""
    version: int | None = None
    stage: str = ""


def rows_by_form(entries: Sequence[Entry]) -> tuple[tuple[Form, Iterator[list[Any]]], ...]:
    """四张表各自的行，照列的次序；金额为元。"""
    return (
        (PROJECTS, (_own_row(e) for e in entries)),
        (ESTIMATE, (r for e in entries for r in _part_rows(ESTIMATE, e, e.cells.estimate))),
        (FUNDS, (r for e in entries for r in _part_rows(FUNDS, e, e.cells.funds))),
        (INDICATORS, (r for e in entries for r in _part_rows(INDICATORS, e, e.cells.indicators))),
    )


def plan_book(
    entries: Sequence[Entry], items: Iterable[CatalogueItem], funds: Iterable[FundSource]
) -> bytes:
    """一份计划的工作簿；没有项目的就是模板。"""
    tables = rows_by_form(entries)
    pages = [Page(f.name, [c.heading for c in f.columns], f.columns, rows) for f, rows in tables]
    return Writer(_choices(items, funds)).written(pages, [])


def marked_book(
    book: Book,
    problems: Sequence[Problem],
    items: Iterable[CatalogueItem],
    funds: Iterable[FundSource],
) -> bytes:
    """交来的各表原样写回，错处涂色加批注，另附“错误”表逐条列出。"""
    forms = {form.name: form for form in SHEETS}
    pages = []
    for sheet in book.sheets:
        name = sheet.name.strip()
        if name in ASIDE:
            continue
        titles = sheet.rows[0] if sheet.rows else []
        columns = _columns(forms.get(name), titles)
        marks: dict[tuple[int, int], list[str]] = {}
        for at in problems:
            if at.sheet == sheet.name and at.row is not None:
                marks.setdefault((at.row, at.column or 0), []).append(at.said)
        pages.append(Page(sheet.name, titles, columns, sheet.rows[1:], marks))
    return Writer(_choices(items, funds)).written(pages, problems)


def _columns(form: Form | None, titles: Sequence[Any]) -> list[Column | None]:
    placed = match_headers(form, titles, set())[0] if form else {}
    by_index = {at.index: at.column for at in placed.values()}
    return [by_index.get(index) for index in range(len(titles))]


def _own_row(entry: Entry) -> list[Any]:
    own = entry.cells.own | {
        "serial": entry.serial,
        "number": entry.number,
        "precedent": entry.precedent,
        "version": entry.version,
        "stage": entry.stage,
    }
    return [_plain(c, own[c.name]) for c in PROJECTS.columns]


def _part_rows(form: Form, entry: Entry, rows: Iterable[dict[str, Any]]) -> Iterator[list[Any]]:
    for row in rows:
        values = row | {"serial": entry.serial}
        yield [_plain(c, values[c.name]) for c in form.columns]


def _plain(column: Column, value: Any) -> Any:
    """分写作元。"""
    return Decimal(value).scaleb(-2) if column.kind == "money" and value is not None else value


def _choices(items: Iterable[CatalogueItem], funds: Iterable[FundSource]) -> dict[str, Choice]:
    """下拉的各列：是否、品目、资金来源，和各选项列自己的。"""
    listed = list(items)
    found = {
        "flag": Choice("是否", ("是", "否")),
        "item": Choice("品目编码", [i.code for i in listed], [i.name for i in listed]),
        "fund": Choice("资金来源", [f.name for f in funds]),
    }
    for form in SHEETS:
        for column in form.columns:
            if column.kind == "choice":
                found[column.title] = Choice(column.title, [label for _, label in column.choices])
    return found
