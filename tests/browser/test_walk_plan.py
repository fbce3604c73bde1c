"""A year's plan of two hundred rows with twenty mistakes: mended, written, sent in again."""

from __future__ import annotations

import io
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from python_calamine import load_workbook

from tests.browser.visitor import Visitor

pytestmark = pytest.mark.browser
# A district of its own: two hundred projects more would stand in the way of the other walks.
CLERK, FUND = "north", "北区部门预算"
COUNT = 200

# Sheet, row as the spreadsheet counts, column, what is typed wrongly, a word of the answer.
PLANTED = [
    ("项目", 3, "项目名称", "", "请填写项目名称"),
    ("项目", 5, "项目名称", "长" * 201, "至多 200 个字，现有 201 个"),
    ("项目", 7, "申请预算总额（元）", "十二万", "半角阿拉伯数字"),
    ("项目", 9, "申请预算总额（元）", 12, "元填成万元"),
    ("项目", 11, "目录条目", "C16070301", "最接近的是"),
    ("项目", 13, "属于司法审判", "可能", "只能填“是”或“否”"),
    ("项目", 15, "路径", "服务采够", "是否要填“服务采购”"),
    ("项目", 17, "项目编号", "SF-2026-9999", "没有编号为"),
    ("项目", 19, "上年项目编号", "SF-2025-9999", "以往年度"),
    ("项目", 21, "服务性质", "", "请填写服务性质"),
    ("测算", 23, "数量", 0, "数量须大于 0"),
    ("测算", 25, "数量", "一批", "数"),
    ("测算", 27, "单价（元）", 10000.001, "至多 2 位小数"),
    ("测算", 29, "支出性质", "工资", "不在可选之列"),
    ("测算", 31, "品目", "", "请填写品目"),
    ("资金", 33, "金额（元）", 119999, "不等"),
    ("资金", 35, "资金来源", "部门予算", "没有资金来源"),
    ("资金", 37, "金额（元）", -1, "负"),
    ("绩效指标", 101, "权重（%）", 50, "须为 100"),
    ("绩效指标", 104, "符号", "大于", "不在可选之列"),
]
Sheets = dict[str, list[list[Any]]]


def read(data: bytes) -> Sheets:
    book = load_workbook(io.BytesIO(data))
    names = ("项目", "测算", "资金", "绩效指标")
    return {n: book.get_sheet_by_name(n).to_python(skip_empty_area=False) for n in names}


def write(sheets: Sheets, place: Path) -> Path:
    book = xlsxwriter.Workbook(str(place))
    for name, rows in sheets.items():
        sheet = book.add_worksheet(name)
        for at, row in enumerate(rows):
            for index, value in enumerate(row):
                if isinstance(value, int | float | Decimal):
                    sheet.write_number(at, index, value)
                elif value:
                    sheet.write_string(at, index, value)
    book.close()
    return place


def filled(template: Sheets) -> Sheets:
    """Two hundred projects of 12 × 10,000.00 元, typed under the template's headings."""
    heads = template["项目"][0]
    first, last = heads.index("涉及国家安全"), heads.index("立项依据")
    for number in range(1, COUNT + 1):
        serial = f"走查{number}"
        own = dict.fromkeys(heads[first:last], "否") | {
            "序号": serial, "项目名称": f"信息服务项目{number}", "路径": "服务采购",
            "服务性质": "政府履职所需", "目录条目": "C16070300", "申请预算总额（元）": 120000,
            "立项依据": "区政府工作部署", "服务需求": "全年运行维护",
            "适合采取市场化方式提供": "是", "社会力量能够承担": "是",
        }  # fmt: skip
        template["项目"].append([own.get(title, "") for title in heads])
        template["测算"].append([serial, "运维", "C16070300", "服务费", 12, "月", 10000])
        template["资金"].append([serial, FUND, 120000])
        template["绩效指标"].append([serial, "产出指标", "可用率", "≥", 99.5, "%", 60])
        template["绩效指标"].append([serial, "满意度指标", "满意度", "≥", 90, "%", 40])
    return template


def planted(sheets: Sheets) -> list[tuple[list[Any], int, Any]]:
    """Spoil the cells; what stood there, to be put back."""
    kept = []
    for name, row, title, value, _ in PLANTED:
        line, at = sheets[name][row - 1], sheets[name][0].index(title)
        kept.append((line, at, line[at]))
        line[at] = value
    return kept


def this_years(desk: Visitor) -> str:
    """The address of the newest plan of the person's own unit."""
    desk.open("/projects/plans/")
    return desk.page.locator("main tbody th a").first.get_attribute("href") or ""


def upload(desk: Visitor, plan: str, file: Path) -> None:
    desk.open(f"{plan}import/")
    desk.page.set_input_files("input[type=file]", str(file))
    desk.press("上传并核对")


def fetched(desk: Visitor, path: str) -> bytes:
    return desk.page.request.get(desk.address + path).body()


def test_two_hundred_rows_with_twenty_mistakes(visitor: Visitor, tmp_path: Path) -> None:
    visitor.sign_in(CLERK)
    plan = this_years(visitor)
    sheets = filled(read(fetched(visitor, f"{plan}template/")))
    kept = planted(sheets)

    upload(visitor, plan, write(sheets, tmp_path / "计划.xlsx"))
    said = visitor.text()
    visitor.picture("plan-errors")
    assert "有 20 处错误，没有写入任何内容" in said
    places = visitor.page.locator(".form-errors ol li").all_inner_texts()
    assert len(places) == len(PLANTED)
    for name, row, title, _, word in PLANTED:
        assert any(f"“{name}”第 {row} 行" in p and title in p and word in p for p in places), word

    address = visitor.page.locator("a:has-text('下载标好错的工作簿')").get_attribute("href")
    back = fetched(visitor, address or "")
    listed = load_workbook(io.BytesIO(back)).get_sheet_by_name("错误").to_python()
    assert len(listed) == len(PLANTED) + 1

    mended = read(back)
    for (line, at, value), (name, row, *_) in zip(kept, PLANTED, strict=True):
        line[at] = mended[name][row - 1][at] = value
    upload(visitor, plan, write(mended, tmp_path / "计划（改正）.xlsx"))
    assert "新增 200 个、修改 0 个项目" in visitor.text()
    visitor.picture("plan-preview")
    visitor.press("确认写入")
    _wait_until_written(visitor)
    assert "新增 200 个，修改 0 个" in visitor.text()

    upload(visitor, plan, write(sheets, tmp_path / "计划（再交）.xlsx"))
    assert "与计划现有的内容没有不同，不需要写入" in visitor.text()
    visitor.open(plan)
    assert "信息服务项目200" in visitor.text()


def _wait_until_written(desk: Visitor) -> None:
    """The worker writes; the page turns itself and says how far it is."""
    desk.page.wait_for_selector(".message--success:has-text('确认写入')", timeout=45_000)
    desk.picture("plan-written")


def test_the_grid_takes_what_is_pasted_and_marks_what_is_wrong(visitor: Visitor) -> None:
    """Typed and pasted, wrong at its cell, kept as typed, mended with the keyboard alone."""
    page = visitor.page
    visitor.sign_in("chen")
    visitor.open(f"{this_years(visitor)}grid/")
    page.click(".grid-sheet:nth-of-type(3) tbody tr:last-child td:nth-of-type(1)")
    page.keyboard.type("没有的序号")
    page.keyboard.press("Tab")
    page.keyboard.type("部门予算")
    page.keyboard.press("Tab")
    page.keyboard.type("12")
    page.keyboard.press("Enter")
    page.wait_for_selector("[data-save-state][data-state=saved]:has-text('草稿已保存')")
    visitor.press("核对并预览")
    assert page.locator("td.is-wrong").count() == 2
    assert "部门予算" in page.locator("[name=sheet-2]").input_value()
    visitor.picture("plan-grid-errors")
    page.click(".grid-errors a >> nth=0")
    page.click("[data-grid='2'] [data-grid-delete]")
    visitor.press("核对并预览")
    assert "/projects/plans/imports/" in page.url
