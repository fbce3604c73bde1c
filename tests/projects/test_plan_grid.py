"""The plan typed or pasted into the page: the same rows, the same check, the same preview."""

from __future__ import annotations

import pytest

from core.drafts.models import Draft
from projects.documents import SHEETS
from projects.documents.gridding import (
    field_name,
    file_from,
    lines_from,
    text_from,
    texts_from_book,
    titles_of,
)
from projects.documents.opening import open_book
from projects.models import PlanImport, Project
from projects.services import file_project, open_plan
from tests import steps
from tests.projects.test_import import parts, set_cell
from tests.projects.test_import_pages import keeper
from tests.projects.workbooks import column, made, receive, whole

pytestmark = pytest.mark.django_db


def texts(sheets) -> dict[str, str]:
    """What the page sends for these sheets."""
    book = texts_from_book(open_book("计划.xlsx", made(sheets)))
    assert book is not None
    return book


def url(world) -> str:
    return f"/projects/plans/{world.plans['文旅委'].pk}/grid/"


class TestText:
    """Cells parted by tabs, as a spreadsheet's clipboard writes them."""

    def test_comes_back_as_it_went_whatever_the_cell_holds(self):
        lines = [["甲", '说"好"', "两\n行", "", "=1+1"], ["", "\t", "0012", " 空 ", "是"]]
        assert lines_from(text_from(lines)) == lines

    def test_unbalanced_quotes_and_nul_break_nothing(self):
        assert lines_from('"甲\t乙')[0][0].startswith("甲")
        assert lines_from("甲\x00\t乙\r\n丙") == [["甲", "乙"], ["丙"]]
        assert lines_from("x" * 200_000)[0][0].startswith("x")

    def test_a_book_with_misspelt_headings_is_not_for_the_grid(self, world):
        sheets = whole(world)
        sheets["项目"][0][0] = "序好"
        assert texts_from_book(open_book("计划.xlsx", made(sheets))) is None

    def test_amounts_in_wanyuan_are_not_for_the_grid(self, world):
        sheets = whole(world)
        at = column(sheets["资金"], "金额（元）")
        sheets["资金"][0][at] = "金额（万元）"
        assert texts_from_book(open_book("计划.xlsx", made(sheets))) is None

    def test_columns_in_another_order_are_put_in_theirs(self, world):
        sheets = whole(world)
        for name in sheets:
            sheets[name] = [row[::-1] for row in sheets[name]]
        found = texts(sheets)
        for form in SHEETS:
            assert lines_from(found[field_name(form)])[0] == titles_of(form)


class TestGrid:
    """《渝北办法》第九条第（一）项: another way in, the same way on."""

    def post(self, world, client, sheets, **more):
        client.force_login(world.zhang.user)
        return client.post(url(world), texts(sheets) | more)

    def test_what_is_typed_becomes_an_import_to_confirm(self, world, client):
        page = self.post(world, client, whole(world, 3), key="g1")
        row = PlanImport.objects.get()

        assert (page.status_code, page.url) == (302, row.get_absolute_url())
        assert (row.state, row.new_count, row.line_count) == ("ready", 3, 15)
        assert not Project.objects.exists()
        client.post(f"/projects/plans/imports/{row.pk}/confirm/")
        assert Project.objects.count() == 3

    def test_the_same_grid_and_the_same_workbook_find_the_same(self, world, client):
        sheets = whole(world, 2)
        self.post(world, client, sheets)
        row = receive(world, sheets)
        assert [row.report_sha256] == list(
            PlanImport.objects.exclude(pk=row.pk).values_list("report_sha256", flat=True)
        )

    def test_sent_twice_with_one_key_it_is_one_import(self, world, client):
        """The workbook made of the cells has the same bytes a minute later: it bears no moment."""
        first = self.post(world, client, whole(world), key="g1")
        second = self.post(world, client, whole(world), key="g1")

        assert (first.url, second.status_code) == (second.url, 302)
        assert PlanImport.objects.count() == 1
        data = file_from(texts(whole(world)), [], []).read()
        assert b"2000-01-01T00:00:00Z" in parts(data)["docProps/core.xml"]

    def test_opened_again_it_changes_nothing(self, world, client):
        steps.file(world)
        client.force_login(world.zhang.user)
        shown = client.get(url(world)).context["sheets"]
        client.post(url(world), {s["field"]: s["text"] for s in shown})

        row = PlanImport.objects.get()
        assert (row.state, row.unchanged_count, row.to_write) == ("ready", 1, 0)

    def test_errors_stand_at_their_cells_and_what_was_typed_stays(self, world, client):
        sheets = whole(world, 2)
        set_cell(sheets, "测算", 3, "数量", "许多")
        page = self.post(world, client, sheets)
        body = page.content.decode()

        assert page.status_code == 422
        at = column(sheets["测算"], "数量")
        assert f'data-sheet="测算" data-row="2" data-column="{at}"' in body
        assert "许多" in page.context["sheets"][1]["text"]
        assert not Project.objects.exists()

    def test_a_faulty_import_is_mended_in_the_grid(self, world, client):
        sheets = whole(world, 2)
        set_cell(sheets, "资金", 2, "资金来源", "部门予算")
        row = receive(world, sheets)
        client.force_login(world.zhang.user)
        assert f"?import={row.pk}" in client.get(row.get_absolute_url()).content.decode()

        page = client.get(url(world), {"import": row.pk})
        assert [p["place"] for p in page.context["problems"]] == ["“资金”第 2 行 B 列“资金来源”"]
        mended = {s["field"]: s["text"].replace("予算", "预算") for s in page.context["sheets"]}
        assert client.post(url(world), mended).status_code == 302
        assert PlanImport.objects.latest("pk").state == "ready"

    def test_a_secret_project_stops_it_and_nothing_is_kept(self, world, client):
        sheets = whole(world)
        set_cell(sheets, "项目", 2, "涉及国家安全", "是")
        page = self.post(world, client, sheets)

        assert page.status_code == 422
        assert "涉密采购渠道" in page.content.decode()
        assert "项目甲1" not in page.content.decode()
        assert not PlanImport.objects.exists()

    def test_last_years_projects_are_added_and_their_base_shown(self, world, client):
        before = open_plan(
            world.purchasers["文旅委"], year=2025, budget_total_fen=1, **keeper(world)
        )
        old = file_project(before, world.filing(), **world.zhang.acts())
        client.force_login(world.zhang.user)
        page = client.get(url(world), {"from": "last-year"})
        sheet = page.context["sheets"][0]

        at = titles_of(SHEETS[0]).index("上年项目编号")
        assert lines_from(sheet["text"])[1][at] == old.number
        assert lines_from(sheet["base"])[1][0] == old.number

    def test_others_and_other_peoples_imports_are_not_found(self, world, client):
        row = receive(world, whole(world))
        client.force_login(world.chen.user)
        assert client.get(url(world)).status_code == 404
        own = f"/projects/plans/{world.plans['教委'].pk}/grid/"
        assert client.get(own, {"import": row.pk}).status_code == 404
        for text in ("x", "9" * 30, "-1"):
            assert client.get(own, {"import": text}).status_code == 404
        client.force_login(world.zhao.user)
        assert client.post(url(world), {}).status_code == 403

    def test_an_empty_grid_says_so(self, world, client):
        client.force_login(world.zhang.user)
        page = client.post(url(world), {})
        assert page.status_code == 422
        assert "没有一行内容" in page.content.decode()

    def test_a_file_too_large_to_be_a_form_is_refused(self, world, client):
        client.force_login(world.zhang.user)
        page = client.post(url(world), {"sheet-0": "甲" * 1_200_000})
        assert page.status_code in (400, 413)


class TestDraft:
    """What is typed is kept for its writer alone, unless it must not be kept at all."""

    def save(self, world, client, sheets):
        form = f"projects.grid:{world.plans['文旅委'].pk}"
        data = texts(sheets) | {"draft_form": form}
        return client.post("/projects/drafts/", data, headers={"accept": "application/json"})

    def test_is_kept_shown_again_and_gone_when_checked(self, world, client):
        client.force_login(world.zhang.user)
        assert self.save(world, client, whole(world)).status_code == 200
        page = client.get(url(world))

        assert page.context["draft"] is not None
        assert "项目甲1" in page.context["sheets"][0]["text"]
        client.post(url(world), texts(whole(world)))
        assert not Draft.objects.exists()

    def test_one_with_a_secret_project_is_not_kept_and_takes_the_older_with_it(self, world, client):
        client.force_login(world.zhang.user)
        self.save(world, client, whole(world))
        sheets = whole(world)
        set_cell(sheets, "项目", 2, "涉及保密事项", "是")

        assert self.save(world, client, sheets).status_code == 422
        assert not Draft.objects.exists()

    def test_of_another_departments_plan_is_not_found(self, world, client):
        client.force_login(world.chen.user)
        assert self.save(world, client, whole(world)).status_code == 404
