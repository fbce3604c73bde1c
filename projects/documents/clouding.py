"""云资源填报的表格（以制表符分隔的文字）与汇总的工作簿。"""

from __future__ import annotations

import io
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import xlsxwriter

from core.money import format_yuan
from projects.documents.gridding import lines_from, text_from
from projects.models import CloudCategory, CloudPrice
from projects.selectors.cloud import Consolidation, Quantities, SheetLine, Typed

SHEET = "云资源"
FIELD = "sheet-cloud"
MOST = Decimal("999999.99")
_PLAIN = re.compile(r"[0-9]{1,9}(\.[0-9]{1,9})?")


@dataclass(frozen=True)
class CloudColumn:
    """表格的一列；`kind` 为 info 的照价格表，不能改。"""

    name: str
    title: str
    kind: str
    needed: bool = False
    hint: str = ""
    is_wide: bool = False
    is_key: bool = False


COLUMNS = (
    CloudColumn("code", "规格编号", "info", is_key=True),
    CloudColumn("category", "类别", "info", is_key=True),
    CloudColumn("specification", "规格", "info", is_wide=True, is_key=True),
    CloudColumn("price", "年单价（元）", "info", is_key=True),
    CloudColumn("current", "现用", "number", hint="现在使用的数量；已按上一次报出的预填"),
    CloudColumn("released", "其中拟退", "number", hint="下一年度不再使用的，不超过现用"),
    CloudColumn("requested", "新申请", "number", hint="下一年度另外需要的，须写理由"),
    CloudColumn("reason", "用途和新申请的理由", "text", is_wide=True),
)
NUMBERS = ("current", "released", "requested")
TITLES = {column.title: column.name for column in COLUMNS}
INDEX = {column.name: at for at, column in enumerate(COLUMNS)}


@dataclass(frozen=True)
class CloudRow:
    """读好的一行。"""

    price: CloudPrice
    current: Decimal
    released: Decimal
    requested: Decimal
    reason: str


Problem = dict[str, Any]


def plain(quantity: Decimal) -> str:
    """数量：不带多余的零。"""
    return f"{quantity.normalize():f}" if quantity else "0"


def cloud_text(prices: Sequence[CloudPrice], typed: Mapping[str, Typed]) -> str:
    """价格表的各规格写成一段文字，第 1 行是列名；没有填的格空着。"""
    rows: list[list[str]] = [[column.title for column in COLUMNS]]
    for price in prices:
        current, released, requested, reason = typed.get(price.code, (Decimal(0),) * 3 + ("",))
        numbers = [plain(n) if n else "" for n in (current, released, requested)]
        label = str(CloudCategory(price.category).label)
        spec = f"{price.specification}（{price.unit}）"
        rows.append([price.code, label, spec, format_yuan(price.price_fen), *numbers, reason])
    return text_from(rows)


def read_cloud_text(
    text: str, prices: Sequence[CloudPrice]
) -> tuple[list[CloudRow], list[Problem]]:
    """一段文字读成各行；全部错误一次列出，各说在哪一格。只有列名的，没有行也没有错误。"""
    lines = lines_from(text)
    head = [re.sub(r"[\s*＊]", "", cell) for cell in lines[0]] if lines else []
    places = {TITLES[title]: at for at, title in enumerate(head) if title in TITLES}
    missing = [COLUMNS[INDEX[n]].title for n in ("code", *NUMBERS, "reason") if n not in places]
    if missing:
        return [], [_problem(0, None, f"第 1 行须是列名，缺“{'”“'.join(missing)}”。")]
    reader = _Reader(places, {price.code: price for price in prices})
    for at, cells in enumerate(lines[1:], 1):
        if any(cell.strip() for cell in cells):
            reader.read(at, cells)
    return reader.rows, reader.problems


class _Reader:
    """逐行读，记下读好的行和错误。"""

    def __init__(self, places: Mapping[str, int], prices: Mapping[str, CloudPrice]) -> None:
        self.places, self.prices = places, prices
        self.rows: list[CloudRow] = []
        self.problems: list[Problem] = []
        self.seen: dict[str, int] = {}

    def read(self, at: int, cells: Sequence[str]) -> None:
        found = {
            name: cells[place].strip() if place < len(cells) else ""
            for name, place in self.places.items()
        }
        before = len(self.problems)
        price = self._price(at, found["code"])
        numbers = [self._number(at, name, found[name]) for name in NUMBERS]
        reason = found["reason"]
        if len(reason) > 200:
            self._say(at, "reason", f"最多 200 字，现有 {len(reason)} 字。")
        if len(self.problems) == before:
            self._compare(at, *numbers, reason)
        if len(self.problems) == before and price is not None:
            self.rows.append(CloudRow(price, *numbers, reason))

    def _price(self, at: int, code: str) -> CloudPrice | None:
        price = self.prices.get(code)
        if price is None:
            said = f"价格表中没有规格编号“{code}”。" if code else "没有规格编号。"
            self._say(at, "code", said)
        elif code in self.seen:
            self._say(at, "code", f"与第 {self.seen[code] + 1} 行是同一规格，请合并为一行。")
        else:
            self.seen[code] = at
        return price

    def _number(self, at: int, name: str, text: str) -> Decimal:
        if not text:
            return Decimal(0)
        if not _PLAIN.fullmatch(text):
            self._say(at, name, f"“{text[:20]}”不是数量；请用半角数字填写，如 12 或 0.5。")
            return Decimal(0)
        number = Decimal(text)
        if number != round(number, 2):
            self._say(at, name, "最多两位小数。")
        elif number > MOST:
            self._say(at, name, f"数量过大，最多 {plain(MOST)}。")
        return number

    def _compare(
        self, at: int, current: Decimal, released: Decimal, requested: Decimal, reason: str
    ) -> None:
        if released > current:
            said = f"拟退 {plain(released)} 多于现用 {plain(current)}。"
            self._say(at, "released", said)
        if requested and not reason:
            self._say(at, "reason", f"新申请 {plain(requested)}，须写明理由。")

    def _say(self, at: int, name: str, said: str) -> None:
        self.problems.append(_problem(at, name, said))


def _problem(at: int, name: str | None, said: str) -> Problem:
    """`row` 是自列名起第几行（列名是 0），与表格脚本所认的相同。"""
    column = INDEX[name] if name else None
    place = f"第 {at + 1} 行" + (f" {COLUMNS[INDEX[name]].title}" if name else "")
    return {"sheet": SHEET, "row": at, "column": column, "place": place, "said": said}


# --- 汇总的工作簿 --------------------------------------------------------------------------------

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
