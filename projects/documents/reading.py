"""把一格读成一个值：长度、数值、选项都照填报表的同一栏核对，说法也一样。"""

from __future__ import annotations

import copy
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError

from core.money import AmountField
from projects.documents.columns import ASIDE, SHEETS, Form
from projects.documents.headers import Placed, Problem, closest, match_headers, plain, quoted
from projects.documents.opening import Book, Sheet, is_filled
from projects.models import CatalogueItem, FundSource

_SIGNS = {">=": "≥", "<=": "≤", "＝": "=", "＜": "<", "==": "="}
_FLAGS = {"是": True, "否": False}
# 错到这么多处，就不再往下核对：再多也没有人逐条看，只会拖垮服务。
MOST_PROBLEMS = 10_000
TOO_MANY = "错误太多，从这一行起没有再核对。请先改正以上各处。"
Moment = date | time | timedelta


@dataclass(frozen=True)
class Lookups:
    """品目（编码 → 条目，含已失效的）与资金来源（名称 → 资金）。"""

    items: dict[str, CatalogueItem]
    funds: dict[str, FundSource]


@dataclass
class Line:
    """一行：第几行（从 0 数起）、读得出的各值。读不出的已另记为错误。"""

    row: int
    values: dict[str, Any]


@dataclass
class Table:
    form: Form
    placed: dict[str, Placed] = field(default_factory=dict)
    lines: list[Line] = field(default_factory=list)

    def problem(self, row: int, name: str, said: str) -> Problem:
        """指着某行某列说一处错误；没有这一列的指着整行。"""
        at = self.placed.get(name)
        title = at.column.heading if at else ""
        return Problem(self.form.name, row, at.index if at else None, title, said)


def read_tables(book: Book, lookups: Lookups) -> tuple[dict[str, Table], list[Problem]]:
    """四张表的各行，和读的时候发现的全部错误。"""
    problems = list(_of_book(book))
    tables = {}
    for form in SHEETS:
        table = Table(form)
        sheet = book.sheet(form.name)
        if sheet is not None:
            problems += _read_sheet(sheet, table, lookups)
        tables[form.name] = table
    return tables, problems


def _of_book(book: Book) -> Iterator[Problem]:
    names = [form.name for form in SHEETS]
    for sheet in book.sheets:
        name = sheet.name.strip()
        if sheet.is_hidden and (name in names or not sheet.is_empty):
            said = "工作表是隐藏的，看不见的内容不导入。请取消隐藏后核对，或删去它。"
            yield Problem(sheet.name, None, None, "", said)
        elif name not in (*names, *ASIDE) and not sheet.is_empty:
            near = closest(name, names)
            hint = f"最接近的是“{near}”。" if near else "请把它移出这个文件。"
            yield Problem(sheet.name, None, None, "", f"不认得这张工作表，{hint}")
    for name in names:
        if book.sheet(name) is None:
            yield Problem(name, None, None, "", "缺少这张工作表。")


def _read_sheet(sheet: Sheet, table: Table, lookups: Lookups) -> list[Problem]:
    name, rows = table.form.name, sheet.rows
    used = {i for row in rows[1:] for i, cell in enumerate(row) if is_filled(cell)}
    table.placed, problems = match_headers(table.form, rows[0] if rows else [], used)
    problems += [
        Problem(name, top, left, "", "单元格合并了，请取消合并，每格各填各的。")
        for (top, left), _ in sheet.merged
    ]
    readers = [(placed, _reader(placed, lookups)) for placed in table.placed.values()]
    broken: dict[int, dict[int, str]] = {}
    for (row_at, column), said in sheet.broken.items():
        broken.setdefault(row_at, {})[column] = said
    for at, row in enumerate(rows[1:], 1):
        gaps = broken.get(at, {})
        if not gaps and not any(map(is_filled, row)):
            continue
        if len(problems) >= MOST_PROBLEMS:
            problems.append(Problem(name, at, None, "", TOO_MANY))
            break
        line = Line(at, {})
        for placed, read in readers:
            cell = row[placed.index] if placed.index < len(row) else ""
            try:
                if placed.index in gaps:
                    raise ValidationError(gaps[placed.index])
                line.values[placed.column.name] = read(cell)
            except ValidationError as error:
                problems.append(table.problem(at, placed.column.name, " ".join(error.messages)))
        table.lines.append(line)
    return problems


# --- 一格 ----------------------------------------------------------------------------------------


def _reader(placed: Placed, lookups: Lookups) -> Any:
    """这一列怎样读；必填的空着，也在这里说。"""
    column = placed.column
    read = {
        "text": _text_reader,
        "choice": _choice_reader,
        "flag": _flag_reader,
        "date": _date_reader,
        "money": _number_reader,
        "number": _number_reader,
        "item": lambda _: _item_reader(lookups.items),
        "fund": lambda _: _fund_reader(lookups.funds),
        "info": lambda _: text_of,
    }[column.kind](placed)

    def with_need(cell: Any) -> Any:
        if column.needed and not is_filled(cell):
            raise ValidationError(f"请填写{column.title}。")
        return read(cell)

    return with_need


def text_of(cell: Any) -> str:
    """一格的文字；数按电子表格显示的十五位有效数字，日期写作 2026-03-01。"""
    if isinstance(cell, bool):
        return "是" if cell else "否"
    if isinstance(cell, float | int):
        return f"{Decimal(format(cell, '.15g')):f}"
    if isinstance(cell, datetime):
        is_day = cell.time() == time()
        return cell.date().isoformat() if is_day else cell.strftime("%Y-%m-%d %H:%M")
    if isinstance(cell, time):
        return cell.strftime("%H:%M")
    if isinstance(cell, timedelta):
        minutes = int(cell.total_seconds()) // 60
        return f"{minutes // 60}:{minutes % 60:02d}"
    return "" if cell is None else str(cell).strip()


def _text_reader(placed: Placed) -> Any:
    field: Any = copy.copy(placed.column.field)
    field.required = False

    def read(cell: Any) -> Any:
        text = text_of(cell).replace("\r\n", "\n").replace("\r", "\n")
        if field.max_length and len(text) > field.max_length:
            raise ValidationError(f"至多 {field.max_length} 个字，现有 {len(text)} 个。")
        return field.clean(text)

    return read


def _number_reader(placed: Placed) -> Any:
    field: Any = copy.copy(placed.column.field)
    field.required = False
    if isinstance(field, AmountField):
        field.unit = placed.unit

    def read(cell: Any) -> Any:
        if isinstance(cell, Moment):
            said = f"这一格是日期或时间（{text_of(cell)}），应填数。请改单元格格式后重新填写。"
            raise ValidationError(said)
        if isinstance(cell, bool):
            raise ValidationError("这一格是逻辑值，应填数。")
        return field.clean(text_of(cell))

    return read


def _date_reader(placed: Placed) -> Any:
    """日期格式的单元格，或者写作 2026-03-01 的文字。"""
    field: Any = copy.copy(placed.column.field)
    field.required = False

    def read(cell: Any) -> Any:
        if isinstance(cell, bool | int | float):
            raise ValidationError("这一格是数，应填日期，如 2026-03-01。")
        return field.clean(text_of(cell))

    return read


def _choice_reader(placed: Placed) -> Any:
    labels = {plain(label): value for value, label in placed.column.choices}
    shown = "、".join(label for _, label in placed.column.choices)

    def read(cell: Any) -> str:
        text = plain(_SIGNS.get(text_of(cell), text_of(cell)))
        if not text:
            return ""
        if text not in labels:
            near = closest(text, list(labels))
            hint = f"是否要填“{near}”？" if near else ""
            raise ValidationError(f"“{quoted(text_of(cell))}”不在可选之列：{shown}。{hint}")
        return labels[text]

    return read


def _flag_reader(_: Placed) -> Any:
    def read(cell: Any) -> bool | None:
        text = text_of(cell)
        if text and text not in _FLAGS:
            raise ValidationError(f"只能填“是”或“否”，不能填“{quoted(text)}”。")
        return _FLAGS.get(text)

    return read


def _item_reader(items: dict[str, CatalogueItem]) -> Any:
    def read(cell: Any) -> CatalogueItem:
        text = text_of(cell)
        code = text.split()[0].upper() if text.split() else ""
        if code not in items:
            near = closest(code, list(items))
            hint = f"最接近的是 {items[near]}。" if near else ""
            raise ValidationError(f"指导性目录中没有品目“{quoted(text)}”。{hint}")
        return items[code]

    return read


def _fund_reader(funds: dict[str, FundSource]) -> Any:
    def read(cell: Any) -> FundSource:
        text = text_of(cell)
        if text not in funds:
            near = closest(text, list(funds))
            hint = f"最接近的是“{near}”。" if near else ""
            raise ValidationError(f"没有资金来源“{quoted(text)}”。{hint}")
        return funds[text]

    return read
