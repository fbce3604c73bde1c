"""流式扫描工作簿里的 XML：不收文档类型声明；数出单元格的边界；记下没有值的公式。"""

from __future__ import annotations

import posixpath
import re
from dataclasses import dataclass, field
from typing import Any
from xml.parsers import expat

MOST_ROWS = 100_001
MOST_COLUMNS = 200
MOST_CELLS = 4_000_000
MOST_MERGED = 10_000
_PLACE = re.compile(r"([A-Z]{1,3})([1-9][0-9]{0,6})")
NO_RESULT = "公式没有算出结果，请在电子表格软件中打开、重算并保存后再上传，或直接填写数值。"
WRONG_RESULT = "公式的结果是错误值，请改正。"
Broken = dict[tuple[int, int], str]


class Refused(Exception):
    """不收这个文件；`status` 是该答的状态。"""

    def __init__(self, said: str, status: int) -> None:
        self.status = status
        super().__init__(said)


@dataclass
class Scan:
    """一张表的边界、没有值的格，和它引用共用字串的次数（第几个字串 → 几次）。"""

    last_row: int = 0
    last_column: int = 0
    cells: int = 0
    merged: int = 0
    broken: Broken = field(default_factory=dict)
    shared: dict[int, int] = field(default_factory=dict)

    def characters(self, lengths: list[int]) -> int:
        """共用的字串展开之后，这张表有多少个字。Raises `Refused` for one that is not there."""
        if any(index >= len(lengths) for index in self.shared):
            raise Refused("已损坏，读不出来，", 415)
        return sum(lengths[index] * times for index, times in self.shared.items())


def _parser() -> expat.XMLParserType:
    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = _no_doctype
    parser.buffer_text = True
    return parser


def _no_doctype(*_: Any) -> None:
    raise Refused("不是正常的工作簿（含有文档类型声明），", 415)


def _parse(parser: expat.XMLParserType, data: bytes) -> None:
    try:
        parser.Parse(data, True)
    except expat.ExpatError as error:
        raise Refused("已损坏，读不出来，", 415) from error


def scan_xml(data: bytes) -> None:
    """Raises `Refused` for what is not well formed or declares a document type."""
    _parse(_parser(), data)


def scan_strings(data: bytes) -> list[int]:
    """共用字串表：各个字串有几个字。Raises `Refused`."""
    lengths: list[int] = []

    def start(name: str, _: dict[str, str]) -> None:
        if name.rpartition(":")[2] == "si":
            lengths.append(0)

    def text(text: str) -> None:
        if lengths:
            lengths[-1] += len(text)

    parser = _parser()
    parser.StartElementHandler = start
    parser.CharacterDataHandler = text
    _parse(parser, data)
    return lengths


def scan_sheet(data: bytes) -> Scan:
    """一张表有多宽多长，哪些格有公式而没有可用的值。Raises `Refused`."""
    reader = _SheetReader()
    parser = _parser()
    parser.StartElementHandler = reader.start
    parser.EndElementHandler = reader.end
    reader.parser = parser
    _parse(parser, data)
    return reader.scan


class _SheetReader:
    """逐个元素读；只有公式所在的格和引用共用字串的格才看文字。"""

    parser: expat.XMLParserType

    def __init__(self) -> None:
        self.scan = Scan()
        self.row, self.column = -1, -1
        self.is_formula = self.is_value = self.has_value = self.is_error = False
        self.is_shared = False

    def start(self, name: str, attributes: dict[str, str]) -> None:
        tag = name.rpartition(":")[2]
        if tag == "c":
            self._cell(attributes)
        elif tag in ("v", "is", "f"):
            self._content(tag)
        elif tag == "row":
            self.row = self._number(attributes.get("r"), self.row + 2) - 1
            self.column = -1
        elif tag == "mergeCell":
            self.scan.merged += 1
            if self.scan.merged > MOST_MERGED:
                raise Refused("合并的单元格过多，", 413)

    def end(self, name: str) -> None:
        tag = name.rpartition(":")[2]
        if tag in ("v", "is"):
            self.is_value = False
            if self.is_shared:
                self.parser.CharacterDataHandler = None
        elif tag == "c" and (self.is_formula or self.is_error):
            self.parser.CharacterDataHandler = None
            if self.is_error:
                self.scan.broken[self.row, self.column] = WRONG_RESULT
            elif not self.has_value:
                self.scan.broken[self.row, self.column] = NO_RESULT

    def text(self, text: str) -> None:
        if self.is_value and text.strip():
            self.has_value = True

    def shared(self, text: str) -> None:
        """一格引用的是第几个共用字串。"""
        number = text.strip()
        if not (number.isascii() and number.isdigit() and len(number) < 10):
            raise Refused("已损坏，读不出来，", 415)
        index = int(number)
        self.scan.shared[index] = self.scan.shared.get(index, 0) + 1
        self.has_value = True

    def _cell(self, attributes: dict[str, str]) -> None:
        place = attributes.get("r")
        if place is None:
            self.column += 1
        else:
            found = _PLACE.fullmatch(place)
            if found is None:
                raise Refused("不是正常的工作簿，", 415)
            self.row, self.column = int(found[2]) - 1, _index(found[1])
        self.is_formula = self.is_value = self.has_value = False
        self.is_error = attributes.get("t") == "e"
        self.is_shared = attributes.get("t") == "s"
        self.scan.cells += 1
        if self.scan.cells > MOST_CELLS:
            raise Refused("单元格过多，", 413)

    def _content(self, tag: str) -> None:
        if tag == "f":
            self.is_formula = True
            self.parser.CharacterDataHandler = self.text
        else:
            self.is_value = True
            if self.is_shared:
                self.parser.CharacterDataHandler = self.shared
        if self.row >= MOST_ROWS or self.column >= MOST_COLUMNS:
            raise Refused(f"过大：至多 {MOST_ROWS - 1} 行、{MOST_COLUMNS} 列，", 413)
        self.scan.last_row = max(self.scan.last_row, self.row)
        self.scan.last_column = max(self.scan.last_column, self.column)

    def _number(self, text: str | None, otherwise: int) -> int:
        return int(text) if text and text.isascii() and text.isdigit() else otherwise


def _index(letters: str) -> int:
    index = 0
    for letter in letters:
        index = index * 26 + ord(letter) - 64
    return index - 1


def sheet_parts(workbook: bytes, parts: dict[str, bytes]) -> dict[str, str]:
    """表名 → 它在包里的部件名。"""
    targets: dict[str, str] = {}
    sheets: list[tuple[str, str]] = []

    def start(name: str, attributes: dict[str, str]) -> None:
        tag = name.rpartition(":")[2]
        if tag == "Relationship":
            target = attributes.get("Target", "")
            absolute = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
            targets[attributes.get("Id", "")] = posixpath.normpath(absolute)
        elif tag == "sheet":
            link = next((v for k, v in attributes.items() if k.rpartition(":")[2] == "id"), "")
            sheets.append((attributes.get("name", ""), link))

    for data in (parts.get("xl/_rels/workbook.xml.rels", b"<x/>"), workbook):
        parser = _parser()
        parser.StartElementHandler = start
        _parse(parser, data)
    return {name: targets.get(link, "") for name, link in sheets}
