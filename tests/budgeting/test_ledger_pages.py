"""The fund ledger as pages: every number opens its entries, and they come to the number."""

from __future__ import annotations

import csv
import io
import re
from html import unescape

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from budgeting.models import Allocation, Ceiling, LedgerEntry
from budgeting.selectors.ledger import FIGURES, Slice, by_programme, effects, proof_of, totals
from budgeting.services import Share, carry_over, commit, decommit, pay, refund
from core.money import format_yuan
from tests import steps
from tests.budgeting.funds import by_finance, lines, of_two_funds
from tests.budgeting.steps import Desk

pytestmark = pytest.mark.django_db
PAGES = ("", "funds/", "programmes/", "projects/")
LEDGER = "/budget/ledger/"


@pytest.fixture
def project(world):
    """Of 1,800,000.00: some of everything, over two years."""
    project = of_two_funds(world)
    by = by_finance(world, project)
    commit(project, 90_000_000, by)
    first, second = lines()
    pay(project, [Share(first, 30_000_000), Share(second, 10_000_001)], by)
    refund(project, 7_000_000, by)
    decommit(project, [Share(first, 1_000_000)], by)
    carry_over(project, first, 5_000_000, by)
    return project


@pytest.fixture
def desk(world):
    return Desk(world.zhao)


def links(page: str) -> list[tuple[str, str]]:
    """The figures of a page: where each leads, and what it shows."""
    found = re.findall(r'<a href="([^"]+)" class="figure-link">([^<]+)<', page)
    return [(unescape(url), shown) for url, shown in found]


class TestEveryNumber:
    """A number of the ledger opens what it is made of."""

    @pytest.mark.parametrize("path", PAGES)
    def test_opens_a_page_that_shows_the_same_number(self, desk, project, path):
        found = links(desk.get(LEDGER + path))
        assert len(found) >= 16
        for url, shown in found:
            page = desk.get(url)
            assert f">{shown} <" in page or f'value">{shown}' in page, url
            assert "不等" not in page

    def test_is_the_sum_of_its_entries(self, world, project):
        part = Slice(world.zhao.user)
        for figure in FIGURES:
            proof = proof_of(part, figure)
            assert proof.agrees, figure
            assert proof.shown_fen == totals(part)[f"{figure}_fen"]

    def test_says_so_where_the_entries_do_not_come_to_it(self, world, project, desk):
        steps.edit(lines()[0], reserved_fen=1)

        assert "台账上的数与分录之和不等" in desk.get(f"{LEDGER}entries/?figure=reserved")

    def test_of_one_line_is_that_lines_alone(self, desk, project):
        line = lines()[0]
        page = desk.get(f"{LEDGER}entries/?figure=paid&line={line.pk}")

        assert page.count("<tr>") - 1 == 2  # a payment and a refund
        assert f"{format_yuan(line.paid_fen)} " in page

    def test_an_entry_opens_its_document_and_the_act_that_wrote_it(self, desk, project):
        entry = LedgerEntry.objects.filter(kind="refund").first()
        page = desk.get(f"{LEDGER}entries/{entry.pk}/")

        assert "退回资金" in page
        assert project.get_absolute_url() in page
        assert "计入</dt><dd>已付、已释放" in page

    def test_a_ceiling_opens_the_acts_that_set_it_and_its_projects(self, desk, project):
        row = lines()[0].ceiling
        page = desk.get(f"{LEDGER}ceilings/{row.pk}/")

        assert "下达控制数" in page
        assert len(links(page)) == len(FIGURES)

    def test_the_budget_tab_of_the_case_opens_them_too(self, desk, project):
        found = links(desk.get(f"/budget/projects/{project.pk}/"))
        assert len(found) == len(FIGURES) * Allocation.objects.filter(project=project).count()

    def test_the_buckets_are_parts_of_what_was_approved(self, world, project):
        sums = totals(Slice(world.zhao.user))
        parts = [sums[f"{name}_fen"] for name in FIGURES if name != "approved"]
        assert sum(parts) == sums["approved_fen"] == 180_000_000 + 5_000_000

    def test_unreserved_is_what_was_approved_and_never_reserved(self):
        assert effects("unreserved") == {
            "approve": 1,
            "increase": 1,
            "move_in": 1,
            "reserve": -1,
            "decrease": -1,
            "move_out": -1,
            "reclaim": -1,
        }


class TestTheSameSum:
    """Grouped by whatever, the ledger comes to the same."""

    @pytest.mark.parametrize("path", PAGES)
    def test_the_csv_file_sums_to_the_total(self, desk, project, world, path):
        text = desk.get(f"{LEDGER}{path}?export=csv").lstrip("\ufeff")
        rows = list(csv.DictReader(io.StringIO(text)))
        sums = totals(Slice(world.zhao.user))
        for name, (title, _) in FIGURES.items():
            told = sum(round(float(row[f"{title}（元）"]) * 100) for row in rows)
            assert told == sums[f"{name}_fen"], title

    def test_narrowed_by_year(self, world, project):
        part = Slice(world.zhao.user, year=2027)
        assert totals(part)["approved_fen"] == totals(part)["committed_fen"] == 5_000_000
        assert totals(part)["filed_fen"] == 0

    def test_narrowed_by_fund_in_the_page(self, desk, project, world):
        fund = world.funds["本级财政管理资金"]
        page = desk.get(f"{LEDGER}?fund={fund.pk}&year=2026")
        assert "600,000.00" in page
        assert "1,200,000.00" not in page

    def test_by_programme_and_year(self, world, project):
        rows = by_programme(Slice(world.zhao.user))
        assert [(r.programme, r.year, r.sum_approved_fen) for r in rows] == [
            ("", 2027, 5_000_000),
            ("", 2026, 180_000_000),
        ]
        assert rows[1].sum_filed_fen == 186_000_000

    def test_what_is_not_known_is_ignored(self, desk, project):
        for query in ("?year=9", "?fund=x", "?purchaser=999", "?line=" + "9" * 40, "?figure=x"):
            desk.get(f"{LEDGER}entries/{query}")
            desk.get(f"{LEDGER}{query}")
        desk.get(f"{LEDGER}?after=x", status=400)


class TestCharts:
    """Drawn on the server, told in words, with a table of the same page."""

    def test_the_parts_are_drawn_to_scale_and_told(self, desk, project):
        page = desk.get(LEDGER)
        assert page.count('class="chart-plot"') == 1
        widths = [
            float(w) for w in re.findall(r'bar--\w+" x="[^"]+" y="[^"]+" width="([\d.]+)%', page)
        ]
        assert widths[0] == 100  # 1,860,000.00 were filed, the most
        assert sum(widths[1:]) == pytest.approx(185 / 186 * 100, abs=0.1)
        assert "文旅委：申报 1,860,000.00 元，批复 1,850,000.00 元，已付 330,000.01 元" in page

    def test_the_execution_rate_is_that_of_the_self_evaluation(self, desk, project):
        page = desk.get(f"{LEDGER}funds/")
        paid, budget = lines()[0].paid_fen, 120_000_000 + 5_000_000
        assert f"{paid * 100 / budget:.2f}%" in page
        assert page.count('class="chart-plot"') == 2

    def test_nothing_inline(self, desk, project):
        page = desk.get(LEDGER)
        assert " style=" not in page
        assert "<script>" not in page

    def test_an_empty_ledger_draws_nothing(self, world):
        Desk(world.zhao)
        page = Desk(world.chen).get(f"{LEDGER}?year=2026")
        assert "chart-plot" not in page


class TestWhoSees:
    """Finance and auditors the district's, a purchaser its own, others nothing."""

    @pytest.mark.parametrize("name", ["zhao", "wu", "zhang", "li", "wang", "qian"])
    def test_the_money(self, world, project, name):
        assert "1,850,000.00" in Desk(getattr(world, name)).get(LEDGER)

    @pytest.mark.parametrize("name", ["chen", "zhou", "admin", "keeper"])
    def test_not_the_money(self, world, project, name):
        desk = Desk(getattr(world, name))
        for path in PAGES:
            assert "1,850,000.00" not in desk.get(LEDGER + path)
        assert "条</dd>" not in desk.get(f"{LEDGER}entries/")
        desk.get(f"{LEDGER}entries/{LedgerEntry.objects.earliest('pk').pk}/", status=404)
        held = Ceiling.objects.filter(allocations__isnull=False).first()
        desk.get(f"{LEDGER}ceilings/{held.pk}/", status=404)


class TestQueryCount:
    def test_does_not_grow_with_the_rows(self, world, desk):
        of_two_funds(world)
        few = self.counts(desk)
        for number in range(3):
            steps.reply(world, name=f"项目{number}", fen=100, funds=[world.fund(186_000_000)])
        assert self.counts(desk) == few

    def counts(self, desk):
        found = {}
        for path in (*PAGES, "entries/?figure=approved", "filed/", "ceilings/"):
            with CaptureQueriesContext(connection) as asked:
                desk.get(LEDGER + path)
            found[path] = len(asked)
        return found
