"""Workbooks made to hurt, and how far a long import has come."""

from __future__ import annotations

import io
import zipfile

import pytest
import xlsxwriter

from core.attachments import UploadRefused
from projects.documents import opening, reading, scanning
from projects.documents.opening import open_book
from projects.services import confirm_import, progress_of
from projects.services.importing import acts, progress
from projects.services.importing.progress import Progress, Reporter
from tests.projects.test_import import set_cell
from tests.projects.workbooks import made, receive, report, said, whole

pytestmark = pytest.mark.django_db


def repeated(count: int, size: int) -> bytes:
    """One long shared string that every cell refers to: a small file, a giant text."""
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, {"in_memory": True})
    sheet = book.add_worksheet("项目")
    for row in range(count):
        sheet.write_string(row, 0, "国" * size)
    book.close()
    return stream.getvalue()


def repacked(data: bytes, change) -> bytes:
    """The same archive with its parts renamed or rewritten."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            new.writestr(*change(name, old.read(name)))
    return out.getvalue()


class TestGiantTexts:
    """What one string takes in the file says nothing of what it takes once read."""

    def test_a_string_shared_by_too_many_cells_is_refused_unread(self):
        data = repeated(2000, 30_000)

        assert len(data) < 100_000
        with pytest.raises(UploadRefused, match="文字过多") as refused:
            open_book("计划.xlsx", data)
        assert refused.value.status == 413

    def test_a_reference_to_a_string_that_is_not_there_is_refused(self):
        def change(name, data):
            return name, data.replace(b"<v>0</v>", b"<v>99</v>") if "sheet1" in name else data

        with pytest.raises(UploadRefused, match="已损坏"):
            open_book("计划.xlsx", repacked(made({"项目": [["序号"]]}), change))

    def test_a_sheet_under_another_ending_is_looked_through_too(self):
        """The reader follows the relation, not the file's ending."""

        def change(name, data):
            return name.replace("sheet1.xml", "sheet1.dat"), data.replace(
                b"sheet1.xml", b"sheet1.dat"
            )

        with pytest.raises(UploadRefused, match="文字过多"):
            open_book("计划.xlsx", repacked(repeated(2000, 30_000), change))

    def test_too_many_cells_and_too_many_merges_are_refused(self, monkeypatch):
        monkeypatch.setattr(scanning, "MOST_CELLS", 10)
        with pytest.raises(UploadRefused, match="单元格过多"):
            open_book("计划.xlsx", made({"项目": [["x"]] * 11}))
        monkeypatch.setattr(scanning, "MOST_CELLS", 1000)
        monkeypatch.setattr(opening, "MOST_CELLS", 1000)
        monkeypatch.setattr(scanning, "MOST_MERGED", 1)
        merged = (("项目", "A1:B1", "x"), ("项目", "A3:B3", "x"))
        with pytest.raises(UploadRefused, match="合并的单元格过多"):
            open_book("计划.xlsx", made({"项目": []}, merged=merged))

    def test_a_long_cell_is_quoted_by_its_beginning_only(self, world):
        sheets = whole(world)
        set_cell(sheets, "资金", 2, "资金来源", "款" * 30_000)
        row = receive(world, sheets)

        (_, _, words), *_ = said(row)
        assert words.startswith("没有资金来源“款款")
        assert len(words) < 200

    def test_beyond_ten_thousand_errors_nobody_reads_on(self, world, monkeypatch):
        monkeypatch.setattr(reading, "MOST_PROBLEMS", 5)
        sheets = whole(world, 12)
        for at in range(2, 14):
            set_cell(sheets, "测算", at, "数量", "许多")
        row = receive(world, sheets)

        assert row.state == "faulty"
        assert ("测算", "", reading.TOO_MANY) in said(row)
        assert len([p for p in report(row)["problems"] if p["sheet"] == "测算"]) == 6


class TestProgress:
    """A transaction is not seen before its end: how far it is stands in a file beside it."""

    @pytest.fixture(autouse=True)
    def _files(self, settings, tmp_path):
        settings.MINGGOU_FILES = tmp_path

    def test_each_project_moves_it_on_and_the_end_clears_it(self, world, monkeypatch):
        monkeypatch.setattr(progress, "EVERY", 0)
        row = receive(world, whole(world, 3))
        seen = []
        write = acts._write

        def watched(*args):
            seen.append(progress_of(row))
            write(*args)

        monkeypatch.setattr(acts, "_write", watched)
        confirm_import(row, **world.zhang.acts())

        assert [(p.doing, p.done, p.total) for p in seen] == [("写入", n, 3) for n in range(3)]
        assert progress_of(row) is None

    def test_it_foretells_by_the_pace_so_far_and_not_at_once(self):
        assert Progress("写入", 10, 1000, 1.0).left_seconds is None
        assert Progress("写入", 250, 1000, 10.0).left_seconds == 30

    def test_a_disk_that_takes_nothing_stops_no_import(self, world, settings, tmp_path):
        (tmp_path / "progress").write_text("a file where the folder should be")
        row = receive(world, whole(world))

        assert confirm_import(row, **world.zhang.acts()).state == "done"

    def test_what_is_no_progress_is_none(self, world):
        row = receive(world, whole(world))
        place = Reporter(row).path
        place.parent.mkdir(exist_ok=True)
        for text in ("", "{", "[]", "[1,2,3,4,5]"):
            place.write_text(text)
            assert progress_of(row) is None
