"""The workbook's pages: download, upload, preview, confirm; who may, and what never changes."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from core.attachments import upload as uploading
from core.history.models import HistoryEvent
from core.money import multiply
from projects.declarations import EXCLUSIONS, NEGATIVE_LIST
from projects.documents import Lookups, differences, open_book, read_tables
from projects.documents.cells import cells_of
from projects.documents.writing import Entry, plan_book
from projects.models import CatalogueItem, FundSource, PlanImport, PlanLine, Project
from projects.services import (
    EstimateInput,
    Filing,
    FundInput,
    IndicatorInput,
    file_project,
    open_plan,
)
from projects.services.importing.drafting import drafts_of
from tests import steps
from tests.projects.test_import import set_cell
from tests.projects.workbooks import add, blank, exported, four, imported, receive, upload, whole
from tests.world import DAY, World

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@pytest.fixture
def world(world, monkeypatch) -> World:
    for place in (
        "core.views.acts.today", "projects.views.importing.today", "projects.views.rights.today",
    ):  # fmt: skip
        monkeypatch.setattr(place, lambda: DAY)
    return world


@pytest.fixture
def as_(world):
    def signed_in(name: str) -> Client:
        client = Client()
        client.force_login(
            getattr(world, name).user, backend="django.contrib.auth.backends.ModelBackend"
        )
        return client

    return signed_in


def url(name: str, pk: int) -> str:
    return reverse(f"projects:{name}", args=[pk])


def sent(client: Client, world: World, data, name: str = "计划.xlsx"):
    address = url("plan_import", world.plans["文旅委"].pk)
    return client.post(address, {"file": upload(data, name), "key": "k1"})


@pytest.mark.django_db
class TestWalk:
    def test_upload_preview_confirm(self, as_, world):
        client = as_("zhang")
        answer = sent(client, world, whole(world, 2))
        row = PlanImport.objects.get()
        assert (answer.status_code, answer["Location"]) == (302, row.get_absolute_url())

        text = client.get(row.get_absolute_url()).content.decode()
        assert "项目甲2" in text
        assert "120,000.00" in text
        assert "确认写入" in text

        done = client.post(url("import_confirm", row.pk), {"key": "k2"}, follow=True)
        assert "已写入：新增 2 个，修改 0 个。" in done.content.decode()
        again = client.post(url("import_confirm", row.pk), {"key": "k3"})
        assert (again.status_code, Project.objects.count()) == (409, 2)

    def test_errors_stand_on_the_page_and_in_the_workbook(self, as_, world):
        sheets = whole(world)
        set_cell(sheets, "测算", 2, "数量", 0)
        client = as_("zhang")
        page = client.get(sent(client, world, sheets)["Location"]).content.decode()

        assert "“测算”第 2 行 E 列“数量”" in page
        assert "确认写入" not in page
        marked = client.get(url("import_marked", PlanImport.objects.get().pk))
        assert marked["Content-Type"] == XLSX
        assert marked.content.startswith(b"PK")

    def test_a_secret_is_answered_like_the_form_and_nothing_is_kept(self, as_, world):
        before = HistoryEvent.objects.count()
        answer = sent(
            as_("zhang"), world, add(blank(world), "1", 涉及保密事项="是", 项目名称="绝密事")
        )

        assert answer.status_code == 422
        assert "涉密采购渠道" in answer.content.decode()
        assert "绝密事" not in answer.content.decode()
        assert (PlanImport.objects.count(), HistoryEvent.objects.count()) == (0, before)

    @pytest.mark.parametrize(
        ("name", "size", "status"), [("a.xls", 9, 415), ("a.xlsx", 9, 415), ("a.xlsx", 99, 413)]
    )
    def test_a_wrong_or_large_file_has_its_status(
        self, as_, world, monkeypatch, name, size, status
    ):
        monkeypatch.setattr(uploading, "LARGEST", 50)
        answer = sent(as_("zhang"), world, b"x" * size, name)

        assert answer.status_code == status
        assert "没有保存" in answer.content.decode()

    def test_no_file_is_said_at_the_field(self, as_, world):
        answer = as_("zhang").post(url("plan_import", world.plans["文旅委"].pk))

        assert answer.status_code == 422
        assert "请选择工作簿文件。" in answer.content.decode()


@pytest.mark.django_db
class TestDoors:
    """The officer of the purchaser; for another unit there is no such page."""

    PLAN = ("plan_workbook", "plan_template", "last_year", "plan_import")
    IMPORT = ("import", "import_marked")

    def test_another_unit_finds_nothing(self, as_, world):
        row = receive(world, whole(world))
        client = as_("chen")

        for name in self.PLAN:
            assert client.get(url(name, world.plans["文旅委"].pk)).status_code == 404, name
        for name in self.IMPORT:
            assert client.get(url(name, row.pk)).status_code == 404, name
        assert client.post(url("import_confirm", row.pk)).status_code == 404
        assert not Project.objects.exists()

    @pytest.mark.parametrize("name", ["li", "zhao", "wu"])
    def test_others_who_see_the_plan_do_not_import(self, as_, world, name):
        for page in self.PLAN[1:]:
            assert as_(name).get(url(page, world.plans["文旅委"].pk)).status_code == 403, page

    def test_reviewers_see_no_import_and_export_only_what_was_submitted(self, as_, world):
        steps.file(world)
        row = receive(world, whole(world))
        client = as_("zhao")

        assert client.get(url("import", row.pk)).status_code == 404
        data = client.get(url("plan_workbook", world.plans["文旅委"].pk)).content
        assert len(four(data)["项目"]) == 1


@pytest.mark.django_db
class TestLastYear:
    """This year's plan begins with last year's lines."""

    @pytest.fixture
    def before(self, world):
        plan = open_plan(world.purchasers["文旅委"], year=2025, budget_total_fen=1, **keeper(world))
        return file_project(plan, world.filing(), **world.zhang.acts())

    def test_the_chosen_projects_come_prefilled_and_changes_are_marked(self, as_, world, before):
        client, plan = as_("zhang"), world.plans["文旅委"]
        answer = client.post(url("last_year", plan.pk), {"projects": [before.pk]})
        sheets = four(answer.content)
        assert sheets["项目"][1][:4] == [before.number, "", before.number, ""]
        set_cell(sheets, "项目", 2, "服务需求", "今年的需求")

        preview = client.get(sent(client, world, sheets)["Location"]).content.decode()
        assert f"与上年 {before.number} 相比 1 处不同" in preview
        client.post(url("import_confirm", PlanImport.objects.get().pk), {"key": "k2"})

        line = PlanLine.objects.get(plan=plan)
        assert line.precedent.project == before
        page = client.get(url("plan", plan.pk)).content.decode()
        assert "1 处不同" in page
        assert "今年的需求" in page

    def test_nothing_chosen_and_foreign_ones_are_refused(self, as_, world, before):
        address = url("last_year", world.plans["文旅委"].pk)
        for chosen in ([], [999_999], ["x"]):
            answer = as_("zhang").post(address, {"projects": chosen})
            assert answer.status_code == 422

    def test_a_precedent_can_be_named_later(self, world, before):
        project = steps.file(world, name="延续")
        sheets = four(exported(world))
        set_cell(sheets, "项目", 2, "上年项目编号", before.number)
        imported(world, sheets)

        assert PlanLine.objects.get(project=project).precedent.project == before


def keeper(world):
    return {"by": world.keeper.user, "on": DAY}


# --- Round trip ----------------------------------------------------------------------------------

ITEM = CatalogueItem(pk=1, code="C16070300", name="平台运维")
FUND = FundSource(pk=1, name="=部门预算")
text = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=40)
words = text.filter(lambda t: t.replace("\ufffe", "").replace("\uffff", "").strip())
money = st.integers(1, 9_999_999_999_99)
decimals = st.decimals("0.01", "99999999.99", places=2)


@st.composite
def filings(draw) -> Filing:
    estimate = [
        EstimateInput(
            draw(words), ITEM, draw(st.decimals("0.01", "99.99", places=2)),
            "个" + draw(words)[:19], draw(money),
        )
        for _ in range(draw(st.integers(1, 3)))
    ]  # fmt: skip
    indicators = [
        IndicatorInput(
            "output", draw(words), draw(st.sampled_from(["ge", "le", "eq", "lt"])),
            draw(st.none() | decimals), draw(text)[:19], draw(st.decimals("0", "100", places=2)),
        )
        for _ in range(draw(st.integers(0, 3)))
    ]  # fmt: skip
    flags = {k: draw(st.booleans()) for k in ("is_off_budget", "is_partly_commercial")}
    return Filing(
        name=draw(words),
        service_nature=draw(st.sampled_from(["duty", "public"])),
        catalogue_item=ITEM,
        exclusions=dict.fromkeys(EXCLUSIONS, False),
        negative_list={k: draw(st.booleans()) for k in NEGATIVE_LIST if draw(st.booleans())},
        need=draw(text),
        basis=draw(text),
        subsidy_fen=draw(st.just(0) | money),
        proposed_method=draw(st.sampled_from(["", "open", "own"])),
        programme=draw(st.sampled_from(["", "cloud"])),
        estimate=estimate,
        funds=[FundInput(FUND, draw(money))],
        indicators=indicators,
        **flags,
    )


class TestRoundTrip:
    """Whatever was filed: written, opened and read again, not one cell differs."""

    @given(filings())
    @settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
    def test_what_is_exported_is_read_back_exactly(self, filing):
        # A line of less than half a 分 costs nothing, and is refused when it is read.
        assume(all(multiply(line.quantity, line.unit_price_fen) for line in filing.estimate))
        cells = cells_of(
            filing, filing.total_fen(), filing.estimate, filing.funds, filing.indicators
        )
        data = plan_book([Entry("=1", cells)], [ITEM], [FUND])
        lookups = Lookups({ITEM.code: ITEM}, {FUND.name: FUND})
        tables, problems = read_tables(open_book("a.xlsx", data), lookups)

        (draft,) = drafts_of(tables).found
        assert problems == []
        assert differences(cells, draft.cells()) == []

    def test_one_fen_is_a_difference(self):
        one = cells_of(*contents(100))
        assert [label for label, _, _ in differences(one, cells_of(*contents(101)))] == [
            "申请预算总额（元）", "测算第 1 行单价（元）",
        ]  # fmt: skip


def contents(fen: int):
    line = EstimateInput("运维", ITEM, Decimal(1), "项", fen)
    filing = Filing(
        name="x", service_nature="duty", catalogue_item=ITEM, exclusions={}, negative_list={},
        estimate=[line],
    )  # fmt: skip
    return filing, fen, filing.estimate, (), ()
