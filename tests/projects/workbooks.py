"""Workbooks for tests: written and read cell by cell, apart from the product's own writer."""

from __future__ import annotations

import io
from typing import Any

import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile
from python_calamine import load_workbook

from projects.documents import SHEETS
from projects.documents.exporting import exported_book
from projects.services import BudgetInput, submit_plan
from projects.services.importing import confirm_import, receive_import
from tests.world import DAY

Rows = list[list[Any]]
Sheets = dict[str, Rows]
NAMES = [form.name for form in SHEETS]


def read(data: bytes) -> Sheets:
    """Every sheet's cells as an independent reader sees them."""
    book = load_workbook(io.BytesIO(data))
    return {
        name: book.get_sheet_by_name(name).to_python(skip_empty_area=False)
        for name in book.sheet_names
    }


def made(sheets: Sheets, hidden: tuple[str, ...] = (), merged: tuple = ()) -> bytes:
    """A workbook of these cells; a tuple (formula, value) writes a formula."""
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, {"in_memory": True})
    day = book.add_format({"num_format": "yyyy-mm-dd"})
    for name, rows in sheets.items():
        sheet = book.add_worksheet(name)
        if name in hidden:
            sheet.hide()
        for at, row in enumerate(rows):
            for index, value in enumerate(row):
                put(sheet, at, index, value, day)
        for at, cells, value in merged:
            if at == name:
                sheet.merge_range(cells, value)
    book.close()
    return stream.getvalue()


def put(sheet: Any, row: int, column: int, value: Any, day: Any) -> None:
    if isinstance(value, tuple):
        sheet.write_formula(row, column, value[0], None, value[1])
    elif isinstance(value, bool):
        sheet.write_boolean(row, column, value)
    elif isinstance(value, str):
        if value:
            sheet.write_string(row, column, value)
    elif hasattr(value, "year"):
        sheet.write_datetime(row, column, value, day)
    else:
        sheet.write_number(row, column, value)


def exported(world: Any, name: str = "zhang", place: str = "文旅委") -> bytes:
    return exported_book(world.plans[place], getattr(world, name).user, DAY)


def four(data: bytes) -> Sheets:
    """The four sheets that are imported, to be changed at will."""
    found = read(data)
    return {name: found[name] for name in NAMES}


def column(rows: Rows, title: str) -> int:
    return rows[0].index(title)


def blank(world: Any) -> Sheets:
    """The headers of the template and nothing below."""
    from projects.documents.exporting import template_book

    return four(template_book(world.plans["文旅委"], DAY))


def add(sheets: Sheets, serial: str | int, **own: Any) -> Sheets:
    """One whole new project of 12 × 10,000.00 元, as an official would type it."""
    values = {
        "序号": serial, "项目名称": f"项目{serial}", "路径": "服务采购", "服务性质": "政府履职所需",
        "目录条目": "C16070300", "申请预算总额（元）": 120000, "立项依据": "工作部署",
        "服务需求": "需求", "适合采取市场化方式提供": "是", "社会力量能够承担": "是",
        "拟采用采购方式": "竞争性磋商",
    }  # fmt: skip
    heads = sheets["项目"][0]
    declared = heads[heads.index("涉及国家安全") : heads.index("立项依据")]
    values |= dict.fromkeys(declared, "否") | own
    sheets["项目"].append([values.get(title, "") for title in heads])
    sheets["测算"].append([serial, "运维", "C16070300", "服务费", 12, "月", 10000])
    sheets["资金"].append([serial, "部门预算", 120000])
    sheets["绩效指标"].append([serial, "产出指标", "可用率", "≥", 99.5, "%", 60])
    sheets["绩效指标"].append([serial, "满意度指标", "满意度", "≥", 90, "%", 40])
    return sheets


def whole(world: Any, count: int = 1) -> Sheets:
    sheets = blank(world)
    for number in range(1, count + 1):
        add(sheets, f"甲{number}")
    return sheets


def upload(data: bytes | Sheets, name: str = "计划.xlsx") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, made(data) if isinstance(data, dict) else data)


def receive(world: Any, data: bytes | Sheets, on: Any = DAY, **more: Any) -> Any:
    return receive_import(world.plans["文旅委"], upload(data), **world.zhang.acts(on), **more)


def imported(world: Any, data: bytes | Sheets) -> Any:
    """Received, found right, confirmed and written."""
    row = receive(world, data)
    assert row.state == "ready", said(row)
    return confirm_import(row, **world.zhang.acts())


def report(row: Any) -> dict[str, Any]:
    import json

    from core.attachments import store

    return json.loads(store.get(row.report_sha256))


def said(row: Any) -> list[tuple[str, str, str]]:
    """Where each error stands, cell and what it says."""
    return [(p["sheet"], p["cell"], p["said"]) for p in report(row)["problems"]]


def kinds(row: Any) -> list[str]:
    return [outcome["kind"] for outcome in report(row)["outcomes"]]


def faulty_import(world: Any) -> Any:
    """An import with an error, so that it has a marked workbook."""
    sheets = whole(world)
    sheets["测算"][1][column(sheets["测算"], "数量")] = 0
    return receive(world, sheets)


def reported(world: Any) -> Any:
    """The plan reported to finance, with one line of the department's budget."""
    line = BudgetInput(world.funds["部门预算"], world.item(), 100_000_00)
    return submit_plan(world.plans["文旅委"], budget=[line], **world.zhang.acts())
