"""一份申报在四张表里的各格：导出照此写，比对也照此比，两处不会不同。"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from core.money import format_yuan
from projects.documents.columns import (
    ESTIMATE,
    FUNDS,
    INDICATORS,
    PROJECTS,
    Column,
    Form,
)

Row = dict[str, Any]
# 申报内容中各有来处的列：金额合计、五项排除与负面清单、识别项目用的各栏。
OWN = tuple(
    c
    for c in PROJECTS.columns
    if c.name not in ("serial", "number", "precedent", "version", "stage")
)
Difference = tuple[str, str, str]
_NO_CHARACTERS = {0xFFFE: None, 0xFFFF: None}


@dataclass(frozen=True)
class Cells:
    """一个项目的一行，和它的测算、资金、指标各行；金额为分，选项为显示的字。"""

    own: Row
    estimate: tuple[Row, ...]
    funds: tuple[Row, ...]
    indicators: tuple[Row, ...]


def cells_of(
    own: Any,
    total_fen: int,
    estimate: Iterable[Any],
    funds: Iterable[Any],
    indicators: Iterable[Any],
) -> Cells:
    """`own` 是项目行或一份申报（两者同名各栏）；后三项是它的明细。"""
    return Cells(
        {c.name: _own_cell(c, own, total_fen) for c in OWN},
        tuple(_row(ESTIMATE, line, unit_price=line.unit_price_fen) for line in estimate),
        tuple(_row(FUNDS, line, amount=line.amount_fen) for line in funds),
        tuple(_row(INDICATORS, line) for line in indicators),
    )


def _own_cell(column: Column, own: Any, total_fen: int) -> Any:
    if column.name == "total":
        return total_fen
    if column.name == "subsidy":
        return own.subsidy_fen or None
    kind, _, key = column.name.partition("_")
    if kind in ("exclusion", "negative"):
        answers: Mapping[str, bool] = own.exclusions if kind == "exclusion" else own.negative_list
        return _shown(column, answers.get(key))
    return _shown(column, getattr(own, column.name))


def _row(form: Form, line: Any, **money: int) -> Row:
    columns = [c for c in form.columns if c.name != "serial"]
    return {
        c.name: money[c.name] if c.kind == "money" else _shown(c, getattr(line, c.name))
        for c in columns
    }


def _shown(column: Column, value: Any) -> Any:
    if column.kind == "flag":
        return {True: "是", False: "否"}.get(value)
    if column.kind == "choice":
        return dict(column.choices).get(value, "")
    if column.kind == "item":
        return value.code if value else ""
    if column.kind == "number":
        return value
    if column.kind == "date":
        return value.isoformat() if value else ""
    return unbroken(str(value))


def unbroken(text: str) -> str:
    """网页提交的换行是两个字符，工作簿里是一个；两边空白和不成字的码位不算内容。"""
    return text.replace("\r\n", "\n").replace("\r", "\n").translate(_NO_CHARACTERS).strip()


def differences(before: Cells | None, after: Cells) -> list[Difference]:
    """逐格不同之处：[所在, 原来, 现在]；没有原来的，全部是新的。"""
    old, new = dict(_flat(before)) if before else {}, dict(_flat(after))
    names = [*new, *(name for name in old if name not in new)]
    return [
        (name, old.get(name, ""), new.get(name, ""))
        for name in names
        if old.get(name, "") != new.get(name, "")
    ]


def _flat(cells: Cells) -> Iterator[tuple[str, str]]:
    for column in OWN:
        yield column.heading, _said(column, cells.own[column.name])
    tables = ((ESTIMATE, cells.estimate), (FUNDS, cells.funds), (INDICATORS, cells.indicators))
    for form, rows in tables:
        for number, row in enumerate(rows, 1):
            for name, value in row.items():
                column = form.column(name)
                yield f"{form.name}第 {number} 行{column.heading}", _said(column, value)


def _said(column: Column, value: Any) -> str:
    if value is None or value == "":
        return ""
    if column.kind == "money":
        return format_yuan(value)
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    return str(value)
