"""The plan's workbook comes in: new, changed, unchanged, refused; all or nothing."""

from __future__ import annotations

from datetime import date

import pytest

from core.attachments import Attachment
from core.history.models import HistoryEvent
from core.history.reading import acts_of
from core.history.verify import verify
from core.transitions import NotOffered, NotPermitted
from projects.models import EstimateLine, PlanImport, PlanLine, Project
from projects.services import (
    SecretDeclared,
    confirm_import,
    revise_project,
    sign,
    submit_project,
    work_off,
)
from projects.services.importing import acts as importing
from tests import steps
from tests.projects.workbooks import (
    add,
    blank,
    column,
    exported,
    four,
    imported,
    kinds,
    made,
    receive,
    report,
    said,
    whole,
)
from tests.world import DAY

pytestmark = pytest.mark.django_db


def set_cell(sheets, sheet, row, title, value):
    """Change one cell; `row` as the spreadsheet counts it."""
    sheets[sheet][row - 1][column(sheets[sheet], title)] = value


def submitted(world, project):
    for actor, step in zip((world.li, world.wang), project.signatures.all(), strict=True):
        sign(step, **actor.acts())
    submit_project(project, **world.zhang.acts())
    return steps.fresh(project)


class TestNew:
    """《渝北办法》第九条第（一）项: each row is filed by the service the form uses."""

    def test_each_row_becomes_a_project_with_one_event_of_its_own(self, world):
        row = imported(world, whole(world, 3))

        assert (row.state, row.new_count) == ("done", 3)
        found = list(Project.objects.order_by("pk"))
        assert [p.name for p in found] == ["项目甲1", "项目甲2", "项目甲3"]
        assert {(p.total_fen, p.officer) for p in found} == {(12_000_000, world.zhang.user)}
        assert all(acts_of(p.stream()) == ["projects.file"] for p in found)
        assert all(p.signatures.count() == 2 for p in found)
        assert [line.serial for line in PlanLine.objects.order_by("pk")] == ["甲1", "甲2", "甲3"]
        assert verify().is_clean

    def test_the_same_workbook_again_changes_nothing(self, world):
        sheets = whole(world, 3)
        imported(world, sheets)
        before = HistoryEvent.objects.filter(stream__startswith="projects.project:").count()

        row = imported(world, sheets)

        assert kinds(row) == ["unchanged"] * 3
        after = HistoryEvent.objects.filter(stream__startswith="projects.project:").count()
        assert (before, Project.objects.count()) == (after, 3)

    def test_amounts_may_be_text_with_separators_or_stand_in_wanyuan(self, world):
        sheets = whole(world, 2)
        set_cell(sheets, "项目", 2, "申请预算总额（元）", "120,000.00")
        for sheet, title in (("测算", "单价（元）"), ("资金", "金额（元）")):
            at = column(sheets[sheet], title)
            sheets[sheet][0][at] = title.replace("元", "万元")
            for line in sheets[sheet][1:]:
                line[at] /= 10_000

        imported(world, sheets)

        assert {p.total_fen for p in Project.objects.all()} == {12_000_000}
        assert set(EstimateLine.objects.values_list("unit_price_fen", flat=True)) == {1_000_000}

    def test_cells_of_other_kinds_are_read_as_the_spreadsheet_shows_them(self, world):
        sheets = add(blank(world), 7)
        set_cell(sheets, "项目", 2, "服务需求", date(2026, 3, 1))
        set_cell(sheets, "项目", 2, "未列入当年预算", True)
        set_cell(sheets, "项目", 2, "立项依据", 2026)
        set_cell(sheets, "资金", 2, "金额（元）", ("=60000*2", 120000))

        imported(world, sheets)

        project = Project.objects.get()
        assert (project.need, project.is_off_budget) == ("2026-03-01", True)
        assert (project.basis, project.plan_line.serial) == ("2026", "7")

    def test_what_looks_like_a_formula_stays_text(self, world):
        name = "=HYPERLINK(\"http://x\")&cmd|' /C calc'!A0"
        imported(world, add(blank(world), "1", 项目名称=name))

        assert Project.objects.get().name == name
        back = exported(world)
        assert four(back)["项目"][1][column(four(back)["项目"], "项目名称")] == name
        assert b"<f>" not in b"".join(parts(back).values())


def parts(data):
    import io
    import zipfile

    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {n: archive.read(n) for n in archive.namelist()}


class TestChanged:
    """What is there already is known by its number, or by the serial it came with."""

    def test_an_export_comes_back_without_a_difference(self, world):
        steps.file(world)

        assert kinds(receive(world, exported(world))) == ["unchanged"]

    def test_a_changed_cell_is_shown_and_revises_by_the_service_of_the_form(self, world):
        project = steps.file(world)
        sheets = four(exported(world))
        set_cell(sheets, "项目", 2, "服务需求", "新的需求")
        set_cell(sheets, "测算", 3, "内容", "安全服务")

        row = receive(world, sheets)

        shown = report(row)["outcomes"][0]["differences"]
        assert [(label, new) for label, _, new in shown] == [
            ("服务需求", "新的需求"), ("测算第 2 行内容", "安全服务"),
        ]  # fmt: skip
        confirm_import(row, **world.zhang.acts())
        assert steps.fresh(project).need == "新的需求"
        assert acts_of(project.stream())[-1] == "projects.revise"
        assert verify().is_clean

    def test_a_column_left_out_keeps_what_was_filed(self, world):
        steps.file(world)
        sheets = four(exported(world))
        at = column(sheets["项目"], "服务需求")
        sheets["项目"] = [row[:at] + row[at + 1 :] for row in sheets["项目"]]

        assert kinds(receive(world, sheets)) == ["unchanged"]

    def test_a_serial_used_for_another_name_is_asked_about(self, world):
        imported(world, whole(world))
        row = receive(world, add(blank(world), "甲1", 项目名称="别的项目"))

        assert row.state == "faulty"
        assert [(sheet, cell) for sheet, cell, _ in said(row)] == [("项目", "A2")]
        assert "换一个序号" in said(row)[0][2]

    def test_what_was_changed_since_the_export_is_not_overwritten(self, world):
        project = steps.file(world)
        sheets = four(exported(world))
        set_cell(sheets, "项目", 2, "服务需求", "新的需求")
        revise_project(project, world.filing(basis="别人改的"), **world.zhang.acts())

        row = receive(world, sheets)

        assert [cell for _, cell, _ in said(row)] == ["D2"]
        set_cell(sheets, "项目", 2, "版次", "")
        assert kinds(receive(world, sheets)) == ["changed"]

    def test_what_is_submitted_is_listed_and_left(self, world):
        project = submitted(world, steps.file(world))
        sheets = add(four(exported(world)), "新1")
        set_cell(sheets, "项目", 2, "服务需求", "新的需求")
        set_cell(sheets, "项目", 2, "版次", "")

        row = imported(world, sheets)

        assert (kinds(row), row.locked_count) == (["locked", "new"], 1)
        assert steps.fresh(project).need == project.need
        assert Project.objects.count() == 2

    def test_an_incomplete_filing_that_nobody_touched_is_no_error(self, world):
        steps.file(world, indicators=[world.indicator("60")])

        assert kinds(receive(world, exported(world))) == ["unchanged"]


class TestRefused:
    """《渝北办法》第七条."""

    @pytest.mark.parametrize("title", ["涉及国家安全", "涉及保密事项"])
    def test_a_secret_stops_at_once_and_nothing_is_kept(self, world, title, settings, tmp_path):
        settings.MINGGOU_FILES = tmp_path
        before = HistoryEvent.objects.count()

        with pytest.raises(SecretDeclared):
            receive(world, add(whole(world, 3), "密", **{title: "是"}))

        assert not PlanImport.objects.exists()
        assert not Attachment.objects.exists()
        assert HistoryEvent.objects.count() == before
        assert not list(tmp_path.rglob("*"))

    def test_a_secret_under_a_misspelt_header_in_a_hidden_sheet_stops_as_well(self, world):
        sheets = add(blank(world), "密", 涉及保密事项="是")
        sheets["项目"][0][column(sheets["项目"], "涉及保密事项")] = "是否涉及 保密?"

        with pytest.raises(SecretDeclared):
            receive(world, made(sheets, hidden=("项目",)))

    def test_another_exclusion_refuses_that_row_alone(self, world):
        row = imported(world, add(whole(world, 1), "乙", 属于司法审判="是"))

        assert (kinds(row), row.refused_count) == (["new", "refused"], 1)
        assert [p.name for p in Project.objects.all()] == ["项目甲1"]


class TestAllOrNothing:
    """One row that fails commits none."""

    def test_an_error_in_one_row_leaves_no_preview_to_confirm(self, world):
        sheets = whole(world, 3)
        set_cell(sheets, "资金", 3, "金额（元）", 119_999)
        row = receive(world, sheets)

        assert (row.state, row.error_count) == ("faulty", 1)
        with pytest.raises(NotOffered):
            confirm_import(row, **world.zhang.acts())
        assert not Project.objects.exists()

    def test_a_failure_half_way_writes_nothing(self, world, monkeypatch):
        row = receive(world, whole(world, 3))
        real, calls = importing.file_project, []

        def failing(*args, **kwargs):
            calls.append(1)
            if len(calls) == 3:
                raise NotOffered("填报项目", "测试")
            return real(*args, **kwargs)

        monkeypatch.setattr(importing, "file_project", failing)
        done = confirm_import(row, **world.zhang.acts())

        assert (done.state, len(calls)) == ("failed", 3)
        assert not Project.objects.exists()
        assert verify().is_clean

    def test_a_plan_that_moved_since_the_preview_is_not_written(self, world):
        row = receive(world, whole(world, 2))
        imported(world, whole(world, 1))

        done = confirm_import(row, **world.zhang.acts())

        assert done.state == "failed"
        assert "请重新上传" in done.problem
        assert Project.objects.count() == 1

    def test_a_second_click_writes_once(self, world):
        data = made(whole(world, 2))
        row = receive(world, data, key="a")
        assert receive(world, data, key="a").pk == row.pk
        for _ in range(2):
            confirm_import(row, key="b", **world.zhang.acts())

        assert Project.objects.count() == 2

    @pytest.mark.parametrize("name", ["chen", "li", "zhao", "wu"])
    def test_only_the_unit_s_own_officer_imports_and_confirms(self, world, name):
        row = receive(world, whole(world))
        actor = getattr(world, name).acts()

        with pytest.raises(NotPermitted):
            importing.receive_import(row.plan, None, **actor)
        with pytest.raises(NotPermitted):
            confirm_import(row, **actor)
        assert not Project.objects.exists()


class TestInTheBackground:
    """A large workbook is checked and written by the worker, in the officer's name."""

    def test_it_waits_is_checked_waits_and_is_written(self, world, monkeypatch):
        monkeypatch.setattr(importing, "CHECKED_AT_ONCE", 0)
        monkeypatch.setattr(importing, "WRITTEN_AT_ONCE", 0)
        row = receive(world, whole(world, 2))
        assert row.state == "queued"

        assert work_off(on=DAY) == 1
        row = steps.fresh(row)
        assert (row.state, row.new_count) == ("ready", 2)
        assert confirm_import(row, **world.zhang.acts()).state == "confirmed"
        assert (work_off(on=DAY), work_off(on=DAY)) == (1, 0)

        assert steps.fresh(row).state == "done"
        assert importing.check_import(row, on=DAY).state == "done"
        assert importing.write_import(steps.fresh(row)).state == "done"
        assert {p.officer for p in Project.objects.all()} == {world.zhang.user}
        assert verify().is_clean
