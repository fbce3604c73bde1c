"""读采购意向清单：CSV，UTF-8 或 GB18030，第一行是列名，金额是万元。"""

from __future__ import annotations

import csv
import io
import re
from dataclasses import dataclass, field
from datetime import date, datetime

from core.attachments import UploadRefused
from core.attachments.upload import LARGEST, Uploaded
from core.money import MoneyError, parse_amount

MOST_ROWS = 1_000
NEEDED = ("采购单位", "采购项目名称", "预算金额(万元)", "预计采购时间")
ASKED = ("发布时间", "采购需求概况", "拟面向中小企业预留")
OTHER = ("地区", "意向公告标题", "备注", "来源地址", "疑似信息类")
LIMITS = {"采购单位": 200, "采购项目名称": 200, "备注": 300, "拟面向中小企业预留": 20}
MOST_SUMMARY = 20_000
_MONTH = re.compile(r"(\d{4})\s*[年/.\-]\s*(\d{1,2})\s*月?")
_DAY = re.compile(r"(\d{4}[-/]\d{1,2}[-/]\d{1,2})([ T]\d{1,2}:\d{2}(:\d{2})?)?")


@dataclass
class IntentionLine:
    """一行：读出的各栏，空着的栏，读不懂的栏（连同原文）。金额为分。"""

    line: int
    unit: str = ""
    name: str = ""
    summary: str = ""
    published_on: date | None = None
    month: date | None = None
    amount_fen: int | None = None
    small_firms: str = ""
    note: str = ""
    missing: list[str] = field(default_factory=list)
    unreadable: list[str] = field(default_factory=list)


class ListRefused(ValueError):
    """清单不收：列名不对、没有内容。`problems` 一次列全。"""

    def __init__(self, problems: list[str]) -> None:
        self.problems = problems
        super().__init__("；".join(problems))


def read_intentions(upload: Uploaded) -> tuple[str, bytes, list[IntentionLine]]:
    """文件名、字节和各行。

    Raises `UploadRefused`（413 过大，415 不是 CSV），`ListRefused`.
    """
    name = re.sub(r"[\x00-\x1f\x7f/\\]", "", upload.name or "").strip()[-180:]
    if (upload.size or 0) > LARGEST:
        raise UploadRefused(f"文件“{name}”超过 20 MB，没有保存。请拆分后再上传。", 413)
    if not name.lower().endswith(".csv"):
        raise UploadRefused(f"文件“{name}”不是 CSV，没有保存。请另存为 CSV 后再上传。", 415)
    data = upload.read()
    rows = list(_rows(name, data))
    if not rows:
        raise ListRefused(["文件里没有内容。"])
    header = [_squeezed(cell) for cell in rows[0]]
    problems = _header_problems(header)
    lines = [
        _line(number, header, row)
        for number, row in enumerate(rows[1:], start=2)
        if any(cell.strip() for cell in row)
    ]
    if not lines:
        problems.append("列名之下没有内容。")
    if len(lines) > MOST_ROWS:
        problems.append(f"一次至多 {MOST_ROWS} 行，这里有 {len(lines)} 行，请拆分。")
    if problems:
        raise ListRefused(problems)
    return name, data, lines


def _rows(name: str, data: bytes) -> list[list[str]]:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" in text:
            break
        try:
            return list(csv.reader(io.StringIO(text, newline="")))
        except csv.Error:
            break
    raise UploadRefused(f"文件“{name}”读不出来，没有保存。请另存为 UTF-8 的 CSV 后再上传。", 415)


def _squeezed(cell: str) -> str:
    """列名里的空白去掉，括号一律半角。"""
    return re.sub(r"\s+", "", cell).replace("（", "(").replace("）", ")")


def _header_problems(header: list[str]) -> list[str]:
    known = {*NEEDED, *ASKED, *OTHER}
    problems = [f"缺少“{column}”一列。" for column in (*NEEDED, *ASKED) if column not in header]
    problems += [f"不认得列名“{c or '（空）'}”。" for c in header if c not in known]
    twice = sorted({c for c in header if c in known and header.count(c) > 1})
    return problems + [f"“{column}”一列重复。" for column in twice]


def _line(number: int, header: list[str], row: list[str]) -> IntentionLine:
    cells = {h: c.strip() for h, c in zip(header, row, strict=False)}
    line = IntentionLine(number)
    line.missing = [c for c in (*NEEDED, *ASKED) if not cells.get(c)]
    line.unreadable = [f"“{c}”没有填写" for c in NEEDED if not cells.get(c)]
    if len(row) > len(header):
        line.unreadable.append(f"这一行有 {len(row)} 格，多于列名的 {len(header)} 格")
    line.unit, line.name = (_short(line, cells, c) for c in ("采购单位", "采购项目名称"))
    line.note, line.small_firms = (_short(line, cells, c) for c in ("备注", "拟面向中小企业预留"))
    line.summary = cells.get("采购需求概况", "")[:MOST_SUMMARY]
    line.published_on = _day(line, cells.get("发布时间", ""))
    line.month = _month(line, cells.get("预计采购时间", ""))
    line.amount_fen = _amount(line, cells.get("预算金额(万元)", ""))
    return line


def _short(line: IntentionLine, cells: dict[str, str], column: str) -> str:
    text = cells.get(column, "")
    if len(text) > LIMITS[column]:
        line.unreadable.append(f"“{column}”超过 {LIMITS[column]} 字")
    return text[: LIMITS[column]]


def _day(line: IntentionLine, text: str) -> date | None:
    if not text:
        return None
    found = _DAY.fullmatch(text)
    try:
        if found:
            return datetime.strptime(found[1].replace("/", "-"), "%Y-%m-%d").date()  # noqa: DTZ007
    except ValueError:
        pass
    line.unreadable.append(f"“发布时间”是“{text[:30]}”，应如 2026-01-30")
    return None


def _month(line: IntentionLine, text: str) -> date | None:
    if not text:
        return None
    found = _MONTH.fullmatch(text)
    if found and 1 <= int(found[2]) <= 12 and 2000 <= int(found[1]) <= 2100:
        return date(int(found[1]), int(found[2]), 1)
    line.unreadable.append(f"“预计采购时间”是“{text[:30]}”，应如 2026年03月")
    return None


def _amount(line: IntentionLine, text: str) -> int | None:
    if not text:
        return None
    try:
        fen = parse_amount(text, "万元")
    except MoneyError as error:
        line.unreadable.append(f"“预算金额(万元)”是“{text[:30]}”：{error}")
        return None
    if fen:
        return fen
    line.unreadable.append("“预算金额(万元)”是 0")
    return None
