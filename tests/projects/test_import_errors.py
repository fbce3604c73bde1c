"""Every error of a workbook at once, at its cell; and files that are no workbook."""

from __future__ import annotations

import io
import zipfile
from datetime import date

import pytest

from core.attachments import UploadRefused
from projects.documents import opening
from projects.documents.headers import letters
from projects.documents.opening import open_book
from projects.models import CatalogueItem, Project, ServiceCatalogue
from tests import steps
from tests.projects.test_import import parts, set_cell
from tests.projects.workbooks import blank, column, made, read, receive, said, upload, whole

pytestmark = pytest.mark.django_db


def expired(world) -> CatalogueItem:
    catalogue = ServiceCatalogue(
        jurisdiction=world.jurisdiction,
        title="旧目录",
        since=date(2020, 1, 1),
        until=date(2024, 1, 1),
    )
    item = CatalogueItem(
        catalogue=steps.put(catalogue),
        code="C99",
        name="旧品目",
        category=1,
        kind="旧",
        nature="旧",
    )
    return steps.put(item)


# sheet, row, column, what is typed, a word of the answer
PLANTED = [
    ("项目", 3, "项目名称", "", "请填写项目名称"),
    ("项目", 5, "项目名称", "长" * 201, "200"),
    ("项目", 7, "申请预算总额（元）", "十二万", "半角阿拉伯数字"),
    ("项目", 9, "申请预算总额（元）", 12, "元填成万元"),
    ("项目", 11, "目录条目", "C16070301", "最接近的是"),
    ("项目", 13, "目录条目", "C99", "不在现行指导性目录中"),
    ("项目", 15, "属于司法审判", "可能", "只能填“是”或“否”"),
    ("项目", 17, "路径", "服务采够", "是否要填“服务采购”"),
    ("项目", 19, "序号", "甲3", "与第 4 行重复"),
    ("项目", 21, "项目编号", "SF-2026-9999", "没有编号为"),
    ("项目", 23, "上年项目编号", "SF-2025-9999", "以往年度"),
    ("测算", 25, "数量", 0, "数量须大于 0"),
    ("测算", 27, "数量", date(2026, 3, 1), "日期或时间（2026-03-01）"),
    ("测算", 29, "单价（元）", ("=A1", ""), "公式没有算出结果"),
    ("测算", 31, "单价（元）", ("=NA()", "#N/A"), "错误值"),
    ("测算", 33, "序号", "无此号", "“项目”表中没有序号"),
    ("测算", 35, "单价（元）", 10000.001, "至多 2 位小数"),
    ("资金", 37, "金额（元）", 119999, "不等"),
    ("资金", 39, "资金来源", "部门予算", "最接近的是“部门预算”"),
    ("资金", 41, "金额（元）", 12, "一万倍"),
    ("绩效指标", 101, "权重（%）", 50, "须为 100"),
    ("绩效指标", 104, "符号", "大于", "不在可选之列"),
]


class TestEveryErrorAtOnce:
    """Two hundred projects; what is wrong is said once, where it stands."""

    def planted(self, world):
        expired(world)
        sheets = whole(world, 200)
        for sheet, row, title, value, _ in PLANTED:
            set_cell(sheets, sheet, row, title, value)
        sheets["项目"][0][column(sheets["项目"], "立项依据")] = "立项依椐"
        return sheets

    def expected(self, sheets):
        found = {("项目", "AA1"): "最接近的是“立项依据”"}
        found = {("项目", f"{letters(column(sheets['项目'], '立项依椐'))}1"): "“立项依据”"}
        for sheet, row, title, _, word in PLANTED:
            found[sheet, f"{letters(column(sheets[sheet], title))}{row}"] = word
        # 第 19 行的序号改了，它的明细没有了主人；测算第 33 行改了序号，那个项目没有了测算。
        for sheet, rows in (("测算", (19,)), ("资金", (19,)), ("绩效指标", (36, 37))):
            found |= {(sheet, f"A{row}"): "没有序号“甲18”" for row in rows}
        total = letters(column(sheets["项目"], "申请预算总额（元）"))
        found["项目", f"{total}33"] = "测算明细没有填写"
        return found

    def test_each_is_reported_with_sheet_row_and_column_and_nothing_else(self, world):
        sheets = self.planted(world)
        row = receive(world, sheets)

        found = {(sheet, cell): words for sheet, cell, words in said(row)}
        wanted = self.expected(sheets)
        assert row.state == "faulty"
        assert set(found) == set(wanted)
        assert [(at, word) for at, word in wanted.items() if word not in found[at]] == []
        assert (row.error_count, row.line_count) == (len(wanted), 1000)
        assert not Project.objects.exists()

    def test_the_workbook_comes_back_with_every_error_marked(self, world):
        from core.attachments import store

        sheets = self.planted(world)
        row = receive(world, sheets)
        data = store.get(row.marked_sha256)
        back, inside = read(data), parts(data)

        listed = {(line[0], line[3]) for line in back["错误"][1:]}
        assert listed == {(sheet, cell) for sheet, cell, _ in said(row)}
        notes = [text.decode() for name, text in inside.items() if "/comments" in name]
        assert sum(text.count("<comment ") for text in notes) == row.error_count
        assert "最接近的是“部门预算”" in "".join(notes)
        for name in ("项目", "资金", "绩效指标"):
            assert [r[:9] for r in back[name]] == [r[:9] for r in read(made(sheets))[name]]

    def test_the_marked_workbook_mended_is_taken(self, world):
        from core.attachments import store

        sheets = whole(world, 2)
        set_cell(sheets, "资金", 2, "金额（元）", "十二万")
        data = store.get(receive(world, sheets).marked_sha256)

        mended = read(data)
        set_cell(mended, "资金", 2, "金额（元）", 120000)
        assert receive(world, mended).state == "ready"


class TestHeaders:
    @pytest.mark.parametrize(
        ("sheet", "old", "new", "word"),
        [
            ("测算", "单价（元）", "单价", "须写明单位"),
            ("测算", "单价（元）", "单价（千元）", "只能是元或万元"),
            ("测算", "数量", "数量（元）", "不是金额"),
            ("测算", "内容", "数量", "列名与"),
            ("资金", "资金来源", "资金来元", "“资金来源”"),
        ],
    )
    def test_a_wrong_header_is_an_error_that_names_the_right_one(
        self, world, sheet, old, new, word
    ):
        sheets = whole(world)
        sheets[sheet][0][column(sheets[sheet], old)] = new

        assert any(at == sheet and word in text for at, _, text in said(receive(world, sheets)))

    def test_full_width_spaces_and_stars_do_not_matter(self, world):
        sheets = whole(world)
        sheets["测算"][0][column(sheets["测算"], "单价（元）")] = " 单价 (元) *"

        assert receive(world, sheets).state == "ready"

    def test_a_sheet_missing_misnamed_or_hidden_and_merged_cells(self, world):
        sheets = whole(world)
        sheets["绩效目标"] = sheets.pop("绩效指标")
        data = made(sheets, hidden=("资金",), merged=(("测算", "A2:A3", "甲1"),))
        found = {(sheet, text[:8]) for sheet, _, text in said(receive(world, data))}

        assert ("资金", "工作表是隐藏的，看") in {(s, t) for s, t in found} or any(
            s == "资金" and "隐藏" in t for s, t in found
        )
        assert any(s == "绩效目标" for s, _ in found)
        assert any(s == "绩效指标" and "缺少" in t for s, t in found)
        assert any(s == "测算" and "合并" in t for s, t in found)

    def test_an_empty_workbook_says_so(self, world):
        assert [text for _, _, text in said(receive(world, blank(world)))] == ["没有一行内容。"]


def bomb(**members: bytes) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name.replace("__", "/"), data)
    return stream.getvalue()


def with_part(name: str, data: bytes) -> bytes:
    stream = io.BytesIO(made({"项目": [["序号"]]}))
    with zipfile.ZipFile(stream, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, data)
    return stream.getvalue()


def replaced(name: str, old: bytes, new: bytes) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for part, data in parts(made({"项目": [["序号"], ["1"]]})).items():
            archive.writestr(part, data.replace(old, new) if part == name else data)
    return stream.getvalue()


SHEET = "xl/worksheets/sheet1.xml"
HOSTILE = {
    "bomb": (with_part("xl/media/a", b"0" * 30_000_000), 413),
    "too_many": (bomb(**{f"xl__{n}": b"" for n in range(1001)}), 413),
    "macro": (with_part("xl/vbaProject.bin", b"x"), 415),
    "links": (with_part("xl/externalLinks/externalLink1.xml", b"<x/>"), 415),
    "upwards": (with_part("../a", b"x"), 415),
    "doctype": (replaced(SHEET, b"<worksheet", b"<!DOCTYPE x [<!ENTITY a 'b'>]><worksheet"), 415),
    "far_away": (replaced(SHEET, b'"A2"', b'"XFD1048576"'), 413),
    "broken_xml": (replaced(SHEET, b"</worksheet>", b""), 415),
    "no_place": (replaced(SHEET, b'"A2"', b'"!!"'), 415),
    "not_a_book": (bomb(a=b"x"), 415),
}


class TestFiles:
    """Size, kind and contents before a cell is read."""

    @pytest.mark.parametrize("name", list(HOSTILE))
    def test_a_hostile_file_is_refused(self, name):
        data, status = HOSTILE[name]
        with pytest.raises(UploadRefused, match="没有保存") as refused:
            open_book("a.xlsx", data)
        assert refused.value.status == status

    @pytest.mark.parametrize("name", ["计划.xls", "计划.csv", "计划.xlsm", "计划.pdf", "计划"])
    def test_another_kind_is_415(self, world, name):
        from projects.services.importing.receiving import received

        with pytest.raises(UploadRefused, match=r"\.xlsx") as refused:
            received(upload(b"x", name))
        assert refused.value.status == 415

    def test_more_cells_than_allowed_is_413(self, monkeypatch):
        monkeypatch.setattr(opening, "MOST_CELLS", 3)
        with pytest.raises(UploadRefused, match="单元格过多") as refused:
            open_book("a.xlsx", made({"项目": [["序号", "a"], ["1", "2"]]}))
        assert refused.value.status == 413
