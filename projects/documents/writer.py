"""写工作簿的笔：格式、下拉选择、批注，逐行写出。

文字一律按文字写入，以“=”开头的也不会成为公式；金额按数写入，至多十五位有效数字，与库内逐分相等。
"""

from __future__ import annotations

import io
import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

import xlsxwriter
from xlsxwriter.utility import xl_col_to_name

from projects.documents.columns import ERRORS, GUIDE, OPTIONS, SHEETS, Column
from projects.documents.headers import Problem

LAST_LISTED = 20_000
MOST_NOTES = 5_000
_NOT_IN_NAMES = re.compile(r"[\[\]:*?/\\\x00-\x1f]")
Marks = Mapping[tuple[int, int], Sequence[str]]


@dataclass(frozen=True)
class Choice:
    """“选项”表的一列，供各表的下拉选择。"""

    title: str
    values: Sequence[str]
    notes: Sequence[str] = ()


@dataclass(frozen=True)
class Page:
    """要写的一张表：列名、各列的声明（不认得的为空）、各行、标错。"""

    name: str
    titles: Sequence[Any]
    columns: Sequence[Column | None]
    rows: Iterable[Sequence[Any]]
    marks: Marks = field(default_factory=dict)


class Writer:
    """一个工作簿，从上到下逐行写，不把整张表留在内存里。"""

    def __init__(self, choices: dict[str, Choice]) -> None:
        self.choices = choices
        self.stream = io.BytesIO()
        options = {
            "constant_memory": True,
            "strings_to_numbers": False,
            "strings_to_formulas": False,
        }
        self.book = xlsxwriter.Workbook(self.stream, options | {"strings_to_urls": False})
        # 同样的内容总是同样的字节：重复提交认得出来。
        self.book.set_properties({"created": datetime(2000, 1, 1, tzinfo=UTC)})
        made = self.book.add_format
        base = {"valign": "top", "border": 1, "border_color": "#D9D9D9"}
        head = {**base, "bold": True, "text_wrap": True, "bg_color": "#EDEDED"}
        self.head, self.needed = made(head), made({**head, "bg_color": "#FBE9D7"})
        self.text = made({**base, "num_format": "@", "text_wrap": True})
        self.money = made({**base, "num_format": "#,##0.00####"})
        self.number, self.day = made(base), made({**base, "num_format": "yyyy-mm-dd"})
        self.wrong = made({**base, "bg_color": "#F8C9C4", "text_wrap": True})
        self.wrong_day = made({**base, "bg_color": "#F8C9C4", "num_format": "yyyy-mm-dd"})
        self.ranges: dict[str, str] = {}
        self.notes = 0

    def written(self, pages: Sequence[Page], problems: Sequence[Problem]) -> bytes:
        at = 0
        for key, choice in self.choices.items():
            last = max(2, len(choice.values) + 1)
            self.ranges[key] = f"={OPTIONS}!${xl_col_to_name(at)}$2:${xl_col_to_name(at)}${last}"
            at += 2 if choice.notes else 1
        if problems:
            self._errors(problems)
        for page in pages:
            self._page(page)
        self._guide()
        self._options()
        self.book.close()
        return self.stream.getvalue()

    def _page(self, page: Page) -> None:
        sheet = self.book.add_worksheet(self._name(page.name))
        sheet.freeze_panes(1, 1)
        for index, column in enumerate(page.columns):
            if column is not None:
                self._lay_out(sheet, index, column)
        for index, title in enumerate(page.titles):
            column = page.columns[index]
            style = self.needed if column is not None and column.needed else self.head
            self._cell(sheet, 0, index, title, style, page.marks)
        styles = [self._style(column) for column in page.columns]
        for at, row in enumerate(page.rows, 1):
            for index, value in enumerate(row):
                style = styles[index] if index < len(styles) else self.text
                self._cell(sheet, at, index, value, style, page.marks)

    def _name(self, name: str) -> str:
        """表名照原样；电子表格不许的写法改掉。"""
        kept = _NOT_IN_NAMES.sub("_", name).strip("'")[:28] or "表"
        taken = {sheet.get_name().lower() for sheet in self.book.worksheets()}
        return kept if kept.lower() not in taken else f"{kept}_{len(taken)}"

    def _style(self, column: Column | None) -> Any:
        kind = column.kind if column is not None else "text"
        return {"money": self.money, "number": self.number}.get(kind, self.text)

    def _lay_out(self, sheet: Any, index: int, column: Column) -> None:
        """列宽、空格子的格式、下拉选择。"""
        sheet.set_column(index, index, column.width, self._style(column))
        key = column.title if column.kind == "choice" else column.kind
        if key in self.ranges:
            rule = {"validate": "list", "source": self.ranges[key], "error_type": "warning"}
            said = {"error_title": "不在可选之列", "error_message": "请从下拉列表中选择。"}
            sheet.data_validation(1, index, LAST_LISTED, index, rule | said)

    def _cell(self, sheet: Any, row: int, index: int, value: Any, style: Any, marks: Marks) -> None:
        said = marks.get((row, index))
        if said:
            if self.notes < MOST_NOTES:
                self.notes += 1
                sheet.write_comment(row, index, "\n".join(said), {"x_scale": 2, "author": "明购"})
            style = self.wrong
        if value is None or value == "":
            sheet.write_blank(row, index, None, style)
        elif isinstance(value, bool):
            sheet.write_string(row, index, "是" if value else "否", style)
        elif isinstance(value, int | float | Decimal) and math.isfinite(value):
            sheet.write_number(row, index, float(value), style)
        elif isinstance(value, datetime | date | time | timedelta):
            sheet.write_datetime(row, index, value, self.wrong_day if said else self.day)
        else:
            sheet.write_string(row, index, str(value), style)

    def _errors(self, problems: Sequence[Problem]) -> None:
        sheet = self.book.add_worksheet(ERRORS)
        sheet.freeze_panes(1, 0)
        for index, (title, width) in enumerate(
            (("工作表", 12), ("行", 6), ("列", 6), ("单元格", 10), ("列名", 20), ("错误", 80))
        ):
            sheet.set_column(index, index, width)
            sheet.write_string(0, index, title, self.head)
        for at, problem in enumerate(problems, 1):
            row = "" if problem.row is None else str(problem.row + 1)
            column = "" if problem.column is None else xl_col_to_name(problem.column)
            shown = (problem.sheet, row, column, problem.cell, problem.title, problem.said)
            for index, text in enumerate(shown):
                sheet.write_string(at, index, text, self.text)

    def _guide(self) -> None:
        sheet = self.book.add_worksheet(GUIDE)
        sheet.freeze_panes(1, 0)
        for index, (title, width) in enumerate(
            (("工作表", 10), ("列名", 30), ("必填", 8), ("怎样填写", 60))
        ):
            sheet.set_column(index, index, width)
            sheet.write_string(0, index, title, self.head)
        at = 0
        for form in SHEETS:
            for column in form.columns:
                at += 1
                need = "必填" if column.needed else ""
                for index, text in enumerate((form.name, column.heading, need, hint_of(column))):
                    sheet.write_string(at, index, text, self.text)

    def _options(self) -> None:
        """下拉所用的各列；逐行写，所以先转成行。"""
        sheet = self.book.add_worksheet(OPTIONS)
        sheet.freeze_panes(1, 0)
        columns: list[Sequence[str]] = []
        for choice in self.choices.values():
            columns.append((choice.title, *choice.values))
            if choice.notes:
                columns.append((f"{choice.title}对应的名称", *choice.notes))
        sheet.set_column(0, len(columns), 18)
        for row in range(max(map(len, columns))):
            for index, values in enumerate(columns):
                if row < len(values):
                    style = self.text if row else self.head
                    sheet.write_string(row, index, values[row], style)


def hint_of(column: Column) -> str:
    """一列怎样填：可选的值，或单位，再加说明。"""
    parts = [column.hint] if column.hint else []
    if column.kind == "choice":
        parts.append("可选：" + "、".join(label for _, label in column.choices))
    elif column.kind == "flag":
        parts.append("填是或否")
    elif column.kind == "money":
        parts.append("单位写在列名里，可改为（万元）")
    return "；".join(parts)
