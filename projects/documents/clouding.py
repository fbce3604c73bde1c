"""云资源填报的表格：以制表符分隔的文字读成各行，错误逐格指出。"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from core.money import format_yuan
from projects.documents.gridding import lines_from, text_from
from projects.models import CloudCategory, CloudPrice
from projects.selectors.cloud import Typed

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
    CloudColumn("specification", "规格", "info", is_key=True),
    CloudColumn("current", "现用", "number", hint="现在使用的数量；已按上一次报出的预填"),
    CloudColumn("released", "其中拟退", "number", hint="下一年度不再使用的，不超过现用"),
    CloudColumn("requested", "新申请", "number", hint="下一年度另外需要的，须写理由"),
    CloudColumn("reason", "用途和新申请的理由", "text", is_wide=True),
    CloudColumn("category", "类别", "info", is_key=True),
    CloudColumn("price", "年单价（元）", "info", is_key=True),
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
        rows.append([price.code, spec, *numbers, reason, label, format_yuan(price.price_fen)])
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
        current, released, requested = (self._number(at, n, found[n]) for n in NUMBERS)
        reason = found["reason"]
        if len(reason) > 200:
            self._say(at, "reason", f"最多 200 字，现有 {len(reason)} 字。")
        if len(self.problems) == before:
            self._compare(at, current, released, requested, reason)
        if len(self.problems) == before and price is not None:
            self.rows.append(CloudRow(price, current, released, requested, reason))

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
