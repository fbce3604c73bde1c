"""云资源收集汇总的工作簿：单位一览、汇总明细、价格表。"""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import xlsxwriter

from projects.models import CloudCategory
from projects.selectors.cloud import Consolidation, Quantities, SheetLine

LINE_TITLES = (
    "类别", "规格编号", "规格", "单位", "使用单位", "现用", "其中拟退", "新申请", "下一年度所需",
    "年单价（元）", "金额（元）", "用途和新申请的理由",
)  # fmt: skip
WIDTHS = (24, 12, 26, 10, 14, 10, 10, 10, 12, 14, 16, 40)


def sheet_row(line: SheetLine) -> list[Any]:
    """汇总明细的一行，次序同 `LINE_TITLES`；金额为元。"""
    price, own = line.price, line.quantities
    return [
        str(CloudCategory(price.category).label),
        price.code,
        price.specification,
        price.unit,
        line.unit,
        own.current,
        own.released,
        own.requested,
        own.needed,
        Decimal(price.price_fen) / 100,
        Decimal(own.amount_fen) / 100,
        line.reason,
    ]


def consolidation_book(sheet: Consolidation) -> bytes:
    """汇总的工作簿：单位一览、逐行明细、价格表；文字一律按文字写入。"""
    stream = io.BytesIO()
    options = {"strings_to_numbers": False, "strings_to_formulas": False, "strings_to_urls": False}
    book = xlsxwriter.Workbook(stream, options)
    book.set_properties(
        {"title": str(sheet.collection), "created": datetime(2000, 1, 1, tzinfo=UTC)}
    )
    pen = _Pen(book)
    pen.units(sheet)
    pen.lines(sheet)
    pen.prices(sheet)
    book.close()
    return stream.getvalue()


class _Pen:
    """三张表各写一遍；合计行用粗体。"""

    def __init__(self, book: xlsxwriter.Workbook) -> None:
        self.book = book
        base = {"valign": "top", "border": 1, "border_color": "#D9D9D9", "text_wrap": True}
        self.head = book.add_format({**base, "bold": True, "bg_color": "#EDEDED"})
        self.text = book.add_format({**base, "num_format": "@"})
        self.number = book.add_format({**base, "num_format": "#,##0.##"})
        self.money = book.add_format({**base, "num_format": "#,##0.00"})
        self.total = book.add_format({**base, "bold": True})
        self.total_number = book.add_format({**base, "bold": True, "num_format": "#,##0.##"})
        self.total_money = book.add_format({**base, "bold": True, "num_format": "#,##0.00"})

    def _sheet(self, name: str, titles: Sequence[str], widths: Sequence[int]) -> Any:
        made = self.book.add_worksheet(name)
        made.freeze_panes(1, 0)
        made.set_landscape()
        made.set_paper(9)
        made.fit_to_pages(1, 0)
        made.repeat_rows(0)
        for at, (title, width) in enumerate(zip(titles, widths, strict=True)):
            made.set_column(at, at, width)
            made.write_string(0, at, title, self.head)
        return made

    def units(self, sheet: Consolidation) -> None:
        labels = [f"{c.label}（元）" for c in CloudCategory]
        titles = ["使用单位", *labels, "合计（元）", "说明"]
        made = self._sheet("单位一览", titles, [24, *[20] * len(labels), 20, 30])
        for at, row in enumerate(sheet.units, 1):
            self._write(made, at, [str(row.answer.purchaser)], self.text)
            self._write(made, at, _yuan([*row.amounts, row.total_fen]), self.money, 1)
            self._write(made, at, [row.said], self.text, len(labels) + 2)
        end = len(sheet.units) + 1
        self._write(made, end, ["合计"], self.total)
        self._write(made, end, _yuan([*sheet.amounts, sheet.total_fen]), self.total_money, 1)

    def lines(self, sheet: Consolidation) -> None:
        made = self._sheet("汇总明细", LINE_TITLES, WIDTHS)
        at = 1
        for category in sheet.categories:
            for spec in category.specs:
                for line in spec.lines:
                    self._line(made, at, sheet_row(line))
                    at += 1
                self._sum(made, at, f"{spec.price.code} 小计", spec.total)
                at += 1
            self._sum(
                made, at, f"{category.label} 合计", Quantities(amount_fen=category.amount_fen)
            )
            at += 1
        self._sum(made, at, "总计", Quantities(amount_fen=sheet.total_fen))

    def _line(self, made: Any, at: int, row: list[Any]) -> None:
        self._write(made, at, row[:5], self.text)
        self._write(made, at, row[5:9], self.number, 5)
        self._write(made, at, row[9:11], self.money, 9)
        self._write(made, at, row[11:], self.text, 11)

    def _sum(self, made: Any, at: int, label: str, own: Quantities) -> None:
        self._write(made, at, [label], self.total)
        if own.current or own.requested:
            numbers = [own.current, own.released, own.requested, own.needed]
            self._write(made, at, numbers, self.total_number, 5)
        self._write(made, at, _yuan([own.amount_fen]), self.total_money, 10)

    def prices(self, sheet: Consolidation) -> None:
        titles = ("规格编号", "类别", "规格", "单位", "年单价（元）", "价格来源", "价格日期")
        made = self._sheet("价格表", titles, (12, 24, 28, 10, 14, 40, 12))
        for at, price in enumerate(sheet.collection.prices.all(), 1):
            label = str(CloudCategory(price.category).label)
            words = [price.code, label, price.specification, price.unit]
            self._write(made, at, words, self.text)
            self._write(made, at, _yuan([price.price_fen]), self.money, 4)
            self._write(made, at, [price.source, price.priced_on.isoformat()], self.text, 5)

    def _write(self, made: Any, at: int, values: Sequence[Any], style: Any, start: int = 0) -> None:
        for column, value in enumerate(values, start):
            if isinstance(value, str):
                made.write_string(at, column, value, style)
            else:
                made.write_number(at, column, float(value), style)


def _yuan(fen: Sequence[int]) -> list[Decimal]:
    return [Decimal(each) / 100 for each in fen]
