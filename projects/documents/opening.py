"""打开一个工作簿：先当作不可信的压缩包查过，再读各格。

各部件由我们自己解压、数过、查过 XML，重新装成一个不压缩的包，才交给读取程序：虚报的大小、重叠的
部件、外部实体和远在天边的单元格都到不了它那里。
"""

from __future__ import annotations

import io
import stat
import zipfile
import zlib
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from python_calamine import CalamineError, SheetTypeEnum, SheetVisibleEnum, load_workbook

from core.attachments import UploadRefused
from projects.documents.scanning import (
    MOST_CELLS,
    Broken,
    Refused,
    scan_sheet,
    scan_strings,
    scan_xml,
    sheet_parts,
)

MOST_PARTS = 1000
MOST_BYTES = 200 * 1024 * 1024
MOST_RATIO = 100
SMALL_ENOUGH = 5 * 1024 * 1024
MOST_CHARACTERS = 40_000_000
_STRINGS = "xl/sharedStrings.xml"
_KEPT = (
    "[Content_Types].xml",
    "_rels/",
    "xl/_rels/",
    "xl/workbook.xml",
    "xl/sharedStrings.xml",
    "xl/styles.xml",
    "xl/worksheets/",
)
UNREADABLE = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    CalamineError,
    OSError,
    RuntimeError,
    ValueError,
)
Range = tuple[tuple[int, int], tuple[int, int]]


@dataclass
class Sheet:
    """一张表：名称、是否隐藏、各格的值、合并的区域、没有值的格（公式没有结果，或结果是错误）。"""

    name: str
    is_hidden: bool
    rows: list[list[Any]]
    merged: list[Range] = field(default_factory=list)
    broken: Broken = field(default_factory=dict)

    @property
    def is_empty(self) -> bool:
        return not any(is_filled(cell) for row in self.rows for cell in row)


@dataclass
class Book:
    sheets: list[Sheet]

    def sheet(self, name: str) -> Sheet | None:
        return next((s for s in self.sheets if s.name.strip() == name), None)


def is_filled(cell: Any) -> bool:
    return cell is not None and (not isinstance(cell, str) or bool(cell.strip()))


def open_book(name: str, data: bytes) -> Book:
    """读入一个 .xlsx；raises `UploadRefused`（413 或 415），一个字节也不执行、不外连。"""
    try:
        parts = _parts(data)
        broken = _scanned(parts)
        return _read(parts, broken)
    except Refused as error:
        raise UploadRefused(f"文件“{name}”{error}没有保存。", error.status) from error
    except UNREADABLE as error:
        said = f"文件“{name}”已损坏或加了密码，读不出来，没有保存。请另存为 .xlsx 后再上传。"
        raise UploadRefused(said, 415) from error


def _parts(data: bytes) -> dict[str, bytes]:
    """要读的各部件，解压在内存里；其余部件只查不读。"""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        entries = archive.infolist()
        _require_harmless(entries, len(data))
        return {e.filename: archive.read(e) for e in entries if e.filename.startswith(_KEPT)}


def _require_harmless(entries: list[zipfile.ZipInfo], size: int) -> None:
    names = [e.filename for e in entries]
    total = sum(e.file_size for e in entries)
    if len(entries) > MOST_PARTS or total > MOST_BYTES:
        raise Refused("解压后过大，", 413)
    if total > SMALL_ENOUGH and total > MOST_RATIO * size:
        raise Refused("压缩得不合常理，", 413)
    if len(set(names)) != len(names) or any(map(_is_odd, entries)) or _overlap(entries):
        raise Refused("不是正常的工作簿，", 415)
    if any(n.lower().endswith((".bin", ".exe", ".dll")) and "vba" in n.lower() for n in names):
        raise Refused("带有宏，请另存为不带宏的 .xlsx，", 415)
    if any(n.startswith("xl/externalLinks/") for n in names):
        raise Refused("引用了别的工作簿，请粘贴为数值后再上传，", 415)


def _is_odd(entry: zipfile.ZipInfo) -> bool:
    """绝对路径、上级目录、加密、符号链接、少见的压缩法。"""
    name = entry.filename
    is_link = stat.S_ISLNK(entry.external_attr >> 16)
    is_strange = entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
    is_away = name.startswith(("/", "\\")) or ".." in name
    return is_away or bool(entry.flag_bits & 1) or is_link or is_strange


def _overlap(entries: list[zipfile.ZipInfo]) -> bool:
    """部件不得共用字节：解压炸弹的一种做法。"""
    at = sorted(
        (e.header_offset, e.header_offset + 30 + e.compress_size + len(e.orig_filename))
        for e in entries
    )
    return any(end > start for (_, end), (start, _) in pairwise(at))


def _scanned(parts: dict[str, bytes]) -> dict[str, Broken]:
    """每张表里没有值的格；过宽、过长、过密的，展开后字数过多的，都不收。

    同一个字串可以被一百万个格引用：文件很小，读出来却是几十亿个字。
    """
    cells, characters, found = 0, 0, {}
    lengths = scan_strings(parts[_STRINGS]) if _STRINGS in parts else []
    for name, data in parts.items():
        if name.startswith("xl/worksheets/") and not name.endswith(".rels"):
            scan = scan_sheet(data)
            cells += (scan.last_row + 1) * (scan.last_column + 1)
            characters += scan.characters(lengths)
            found[name] = scan.broken
        elif name != _STRINGS and name.endswith((".xml", ".rels")):
            scan_xml(data)
    if cells > MOST_CELLS:
        raise Refused("单元格过多，", 413)
    if characters > MOST_CHARACTERS:
        raise Refused("文字过多，", 413)
    return found


def _read(parts: dict[str, bytes], broken: dict[str, Broken]) -> Book:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_STORED) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    packed.seek(0)
    try:
        return _book(packed, parts, broken)
    except BaseException as error:
        # The reader is written in Rust: what it did not expect comes as a panic, no Exception.
        if type(error).__name__ != "PanicException":
            raise
        raise Refused("已损坏，读不出来，", 415) from error


def _book(packed: io.BytesIO, parts: dict[str, bytes], broken: dict[str, Broken]) -> Book:
    where = sheet_parts(parts.get("xl/workbook.xml", b""), parts)
    book = load_workbook(packed)
    sheets = []
    for at in book.sheets_metadata:
        if at.typ != SheetTypeEnum.WorkSheet:
            continue
        sheet = book.get_sheet_by_name(at.name)
        rows = sheet.to_python(skip_empty_area=False)
        is_hidden = at.visible != SheetVisibleEnum.Visible
        merged = sheet.merged_cell_ranges or []
        gaps = broken.get(where.get(at.name, ""), {})
        sheets.append(Sheet(at.name, is_hidden, rows, merged, gaps))
    if not sheets:
        raise Refused("里没有工作表，", 415)
    return Book(sheets)
