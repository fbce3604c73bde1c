"""一轮报送写成工作簿：汇总、所列项目、部门预算、与部门预算的差异、与上一轮的差异。

内容取自定格的报送，与汇总表（PDF）是同一份；金额按数写入，单位元，文字一律按文字写入。
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import xlsxwriter

from projects.documents.package import Content, summary_context
from projects.models import PlanSubmission


@dataclass(frozen=True)
class Sheet:
    """一张表：列名和列宽，各行；`Decimal` 是元。"""

    name: str
    columns: Sequence[tuple[str, int]]
    rows: Iterable[Sequence[Any]]


def submission_book(submission: PlanSubmission, before: Content | None) -> bytes:
    """工作簿；`before` 是上一轮的内容，没有的不列与上一轮的差异。同样的报送总是同样的字节。"""
    content = summary_context(submission, before)
    stream = io.BytesIO()
    kept = {"strings_to_numbers": False, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(stream, kept) as book:
        book.set_properties({"title": str(submission), "created": datetime(2000, 1, 1, tzinfo=UTC)})
        for sheet in _sheets(content, submission.content):
            _write(book, sheet)
    return stream.getvalue()


def yuan(fen: int | None) -> Decimal | None:
    return None if fen is None else Decimal(fen) / 100


def _sheets(printed: Mapping[str, Any], content: Content) -> list[Sheet]:
    sheets = [
        Sheet("汇总", (("项", 22), ("内容", 60)), _facts(printed)),
        Sheet(
            "所列项目",
            (
                ("项目编号", 16),
                ("项目名称", 36),
                ("品目编码", 14),
                ("品目", 28),
                ("总额（元）", 16),
                ("申请财政资金（元）", 18),
                ("未列入当年预算", 12),
                ("结果", 16),
                ("未能提交的原因", 50),
            ),
            map(_project, content["rows"], printed["rows"]),
        ),
        Sheet("部门预算", _BUDGET, _budget(printed)),
        Sheet("按资金来源", (("资金来源", 28), *_GAP), map(_gap, printed["funds"])),
        Sheet("按品目编码", (("品目编码", 16), *_GAP), map(_gap, printed["items"])),
    ]
    return [*sheets, _moved(printed)] if printed["has_before"] else sheets


_GAP = (("计划（元）", 16), ("部门预算（元）", 16), ("部门预算减计划（元）", 20))
_BUDGET = (("资金来源", 24), ("品目编码", 14), ("品目", 32), ("金额（元）", 16))


def _facts(printed: Mapping[str, Any]) -> list[tuple[str, Any]]:
    return [
        ("购买主体", printed["purchaser"]),
        ("年度", str(printed["year"])),
        ("第几次报送", str(printed["round"])),
        ("报送日", printed["submitted_on"]),
        ("计划申请财政资金（元）", yuan(printed["planned_fen"])),
        ("部门预算合计（元）", yuan(printed["budget_total_fen"])),
        ("部门预算减计划（元）", yuan(printed["gap_fen"])),
        ("差异说明", printed["note"]),
        ("报送内容摘要（SHA-256）", printed["digest"]),
        ("说明", "未列入当年预算的项目另行审批，不计入计划申请财政资金和各项差异。"),
    ]


def _project(row: Mapping[str, Any], shown: Mapping[str, Any]) -> tuple[Any, ...]:
    off = "是" if row["is_off_budget"] else ""
    outcome = shown["outcome"].removesuffix("（未列入当年预算）")
    why = "；".join(row["said"]) if row["outcome"] == "held" else ""
    amounts = yuan(row["total_fen"]), yuan(row["requested_fen"])
    return (row["number"], row["name"], row["code"], _named(row), *amounts, off, outcome, why)


def _named(row: Mapping[str, Any]) -> str:
    """品目的名称；定格的内容里它前面有编码。"""
    return str(row["item"]).removeprefix(row["code"]).strip()


def _budget(printed: Mapping[str, Any]) -> list[tuple[Any, ...]]:
    lines = [
        (line["fund"], line["code"], _named(line), yuan(line["amount_fen"]))
        for line in printed["budget"]
    ]
    return [*lines, ("合计", "", "", yuan(printed["budget_total_fen"]))]


def _gap(gap: Mapping[str, Any]) -> tuple[Any, ...]:
    return gap["name"], yuan(gap["plan_fen"]), yuan(gap["budget_fen"]), yuan(gap["gap_fen"])


def _moved(printed: Mapping[str, Any]) -> Sheet:
    columns = (
        ("变动", 12),
        ("项目编号", 16),
        ("项目名称", 36),
        ("上一轮（元）", 16),
        ("本轮（元）", 16),
        ("增减（元）", 16),
    )
    rows = [
        (m["kind"], m["number"], m["name"], *(yuan(m[n]) for n in _AMOUNTS))
        for m in printed["moved"]
    ]
    return Sheet("与上一轮的差异", columns, rows)


_AMOUNTS = ("before_fen", "after_fen", "change_fen")


def _write(book: Any, sheet: Sheet) -> None:
    base = {"valign": "top", "border": 1, "border_color": "#D9D9D9"}
    head = book.add_format({**base, "bold": True, "text_wrap": True, "bg_color": "#EDEDED"})
    text = book.add_format({**base, "num_format": "@", "text_wrap": True})
    money = book.add_format({**base, "num_format": "#,##0.00", "align": "right"})
    page = book.add_worksheet(sheet.name)
    page.freeze_panes(1, 0)
    page.set_landscape()
    page.set_paper(9)
    page.fit_to_pages(1, 0)
    for at, (title, width) in enumerate(sheet.columns):
        page.set_column(at, at, width)
        page.write_string(0, at, title, head)
    for line, row in enumerate(sheet.rows, 1):
        for at, value in enumerate(row):
            if isinstance(value, Decimal):
                page.write_number(line, at, float(value), money)
            else:
                page.write_string(line, at, "" if value is None else str(value), text)
