"""控制数编报：一上一下二上二下依次，现行的控制数是最后一“下”；试算不写入任何东西。"""

from __future__ import annotations

import pytest
import time_machine
from django.template.loader import get_template

from budgeting.models import Ceiling, CeilingRound, Round
from budgeting.selectors.round_paper import round_papers
from budgeting.selectors.rounds import next_statement, round_lines, totals
from budgeting.selectors.trying import tried
from budgeting.services import (
    CeilingExceeded,
    issue_round,
    ledger_differences,
    report_round,
    set_ceiling,
)
from core.history.reading import refusals_of
from core.history.verify import verify
from core.transitions import NotPermitted, TransitionRefused
from tests import steps
from tests.budgeting.steps import Desk
from tests.procurement.scenes import rows_now
from tests.world import DAY

pytestmark = pytest.mark.django_db
YEAR, FUND = 2027, "部门预算"
NUMBER = "示财预〔2026〕31号"


@pytest.fixture
def purchaser(world):
    return world.purchasers["文旅委"]


def up(world, fen, name=Round.FIRST_UP, **changes):
    figures = [(world.funds[changes.pop("fund", FUND)], fen)]
    values = {"year": YEAR, "round_name": name, "figures": figures, "note": ""} | changes
    by = values.pop("by", world.zhang)
    return report_round(world.purchasers["文旅委"], **values, **by.acts(DAY))


def down(world, fen, name=Round.FIRST_DOWN, **changes):
    figures = [(world.funds[changes.pop("fund", FUND)], fen)]
    values = {"year": YEAR, "round_name": name, "figures": figures, "note": "", "number": NUMBER}
    values |= changes
    by = values.pop("by", world.zhao)
    return issue_round(world.purchasers["文旅委"], **values, **by.acts(DAY))


def ceiling():
    return Ceiling.objects.get(year=YEAR, fund__name=FUND)


class TestTheFourRounds:
    """《渝北办法》第九条第（二）项：计划与部门预算一并报财政，同步批复。"""

    def test_in_turn_and_the_last_down_is_the_ceiling(self, world):
        up(world, 900)
        assert not Ceiling.objects.filter(year=YEAR).exists()
        down(world, 700)
        assert (ceiling().granted_fen, ceiling().number) == (700, NUMBER)
        up(world, 800, Round.SECOND_UP)
        assert ceiling().granted_fen == 700
        down(world, 750, Round.SECOND_DOWN, number="示财预〔2026〕40号")

        assert (ceiling().granted_fen, ceiling().number) == (750, "示财预〔2026〕40号")
        assert [r.round for r in CeilingRound.objects.order_by("pk")] == [
            "first_up",
            "first_down",
            "second_up",
            "second_down",
        ]
        assert ledger_differences() == []
        assert verify().differences == []

    @pytest.mark.parametrize(
        ("done", "asked"),
        [
            ((), Round.FIRST_DOWN),
            ((), Round.SECOND_UP),
            ((Round.FIRST_UP,), Round.SECOND_UP),
            ((Round.FIRST_UP,), Round.SECOND_DOWN),
            ((Round.FIRST_UP, Round.FIRST_DOWN), Round.FIRST_UP),
            ((Round.FIRST_UP, Round.FIRST_DOWN, Round.SECOND_UP), Round.FIRST_DOWN),
        ],
    )
    def test_out_of_turn_is_refused_and_recorded(self, world, purchaser, done, asked):
        for name in done:
            act = up if name in (Round.FIRST_UP, Round.SECOND_UP) else down
            act(world, 500, name)
        act = up if asked in (Round.FIRST_UP, Round.SECOND_UP) else down

        with pytest.raises(TransitionRefused, match=f"现在不能办{asked.label}") as refused:
            act(world, 400, asked)

        assert refused.value.refusals[0].rule == "YB-9.2-rounds-in-order"
        assert refused.value.refusals[0].article.short == "渝北第九条第（二）项"
        assert len(refusals_of(f"projects.purchaser:{purchaser.pk}")) == 1
        assert CeilingRound.objects.count() == len(done)

    def test_the_last_round_may_be_stated_again(self, world):
        up(world, 900)
        up(world, 950)
        down(world, 700)
        down(world, 720)

        line = round_lines(world.zhao.user, YEAR)[0]
        assert (line.fen(Round.FIRST_UP), line.fen(Round.FIRST_DOWN)) == (950, 720)
        assert (line.cut_fen, line.moved_fen, line.state) == (-230, None, "已一下")
        assert ceiling().granted_fen == 720

    def test_below_what_is_allocated_is_refused_with_figures(self, world):
        up(world, 900)
        down(world, 700)
        steps.edit(ceiling(), allocated_fen=600)
        up(world, 900, Round.SECOND_UP)

        with pytest.raises(CeilingExceeded) as refused:
            down(world, 599, Round.SECOND_DOWN)
        assert dict(refused.value.refusals[0].compared)["已分配"] == "6.00"
        assert ceiling().granted_fen == 700

        down(world, 600, Round.SECOND_DOWN)
        assert ceiling().granted_fen == 600

    def test_a_ceiling_set_directly_is_not_stated_in_rounds(self, world, purchaser):
        given = {"year": YEAR, "fund": world.funds[FUND], "amount_fen": 500, "number": NUMBER}
        set_ceiling(purchaser, **given, **world.zhao.acts(DAY))

        with pytest.raises(TransitionRefused, match="已经直接下达"):
            up(world, 500)
        assert (
            next_statement(purchaser, YEAR, world.zhang.user, up=True).lines[0].fund
            != (world.funds[FUND])
        )

    def test_an_adjustment_waits_for_the_second_down_and_is_a_document_then(self, world, purchaser):
        given = {"year": YEAR, "fund": world.funds[FUND], "number": "示财预〔2027〕5号"}
        up(world, 900)
        down(world, 700)
        with pytest.raises(TransitionRefused, match="现在不能办年中调整"):
            set_ceiling(purchaser, amount_fen=650, **given, **world.zhao.acts(DAY))
        up(world, 800, Round.SECOND_UP)
        down(world, 750, Round.SECOND_DOWN)

        set_ceiling(purchaser, amount_fen=770, **given, **world.zhao.acts(DAY))

        assert CeilingRound.objects.latest("pk").round == Round.ADJUSTED
        assert ceiling().granted_fen == 770
        assert ledger_differences() == []

    def test_the_ledger_check_finds_a_ceiling_changed_behind_the_rounds(self, world):
        up(world, 900)
        down(world, 700)
        steps.edit(ceiling(), amount_fen=710)

        (sentence,) = ledger_differences()
        assert "最后一“下”的数为 7.00 元" in sentence

    def test_a_repeated_request_states_once(self, world):
        first = up(world, 900, key="k-1")
        again = up(world, 900, key="k-1")

        assert [r.pk for r in first] == [r.pk for r in again]
        down(world, 700, key="k-2")
        assert down(world, 700, key="k-2")[0].amount_fen == 700
        assert CeilingRound.objects.count() == 2

    def test_each_states_its_own(self, world):
        with pytest.raises(NotPermitted):
            up(world, 900, by=world.chen)
        with pytest.raises(NotPermitted):
            up(world, 900, by=world.zhao)
        up(world, 900)
        with pytest.raises(NotPermitted):
            down(world, 900, by=world.zhang)
        with pytest.raises(ValueError, match="not stated by the purchaser"):
            up(world, 900, Round.FIRST_DOWN)
        with pytest.raises(ValueError, match="not stated by finance"):
            down(world, 900, Round.FIRST_UP)


class TestPrefilled:
    """上的数按已填报的项目预填，下的数按最近一“上”。"""

    def test_from_the_filed_projects_of_the_year(self, world, purchaser):
        Ceiling.objects.filter(purchaser=purchaser, year=2026)
        steps.file(world)
        steps.file(world, name="另一个项目", funds=[world.fund(186_000_000)])

        found = report = next_statement(purchaser, 2026, world.zhang.user, up=True)
        assert (report.round, found.lines) == ("", ())  # 2026 was set directly.
        for row in Ceiling.objects.filter(year=2026):
            steps.edit(row, set_on=None, amount_fen=0, number="")
        found = next_statement(purchaser, 2026, world.zhang.user, up=True)
        line = next(x for x in found.lines if str(x.fund) == FUND)
        assert (found.round, line.suggested_fen, line.filed_count) == (
            "first_up",
            372_000_000,
            2,
        )

    def test_what_is_issued_follows_what_was_reported(self, world, purchaser):
        up(world, 900)
        found = next_statement(purchaser, YEAR, world.zhao.user, up=False)
        assert (found.round, found.label, found.lines[0].suggested_fen) == (
            "first_down",
            "一下",
            900,
        )

    def test_a_correction_begins_from_what_was_stated(self, world, purchaser):
        up(world, 900)
        found = next_statement(purchaser, YEAR, world.zhang.user, up=True)
        line = next(x for x in found.lines if str(x.fund) == FUND)
        assert (found.round, line.suggested_fen) == ("first_up", 900)

    def test_sums_leave_out_what_is_not_stated(self, world):
        up(world, 900)
        up(world, 100, fund="本级财政管理资金")
        down(world, 700)

        sums = totals(round_lines(world.zhao.user, YEAR))
        assert (sums["first_up"], sums["first_down"], sums["cut_fen"]) == (1000, 700, -200)
        assert sums["second_up"] is None


class TestTrying:
    """试算：不写入任何东西。"""

    def test_says_who_no_longer_fits_and_writes_nothing(self, world, purchaser):
        first = steps.submit(world, name="先报的", on=steps.SUBMITTED)
        second = steps.submit(world, name="后报的", on=steps.AGREED)
        row = Ceiling.objects.get(purchaser=purchaser, year=2026, fund__name=FUND)
        before = rows_now()

        (found,) = tried([row], percent=None, amount_fen=first.requested_fen + 1, order="filed")

        assert [s.project for s in found.fitting] == [first]
        assert [s.project for s in found.falling_out] == [second]
        assert found.falling_out[0].short_fen == second.requested_fen - 1
        (found,) = tried([row], percent=200, amount_fen=None, order="filed")
        assert (found.tried_fen, found.falling_out) == (600_000_000, ())
        assert rows_now() == before

    def test_warns_below_what_is_allocated(self, world, purchaser):
        row = Ceiling.objects.filter(purchaser=purchaser, year=2026).earliest("pk")
        row.allocated_fen = 100

        assert tried([row], percent=None, amount_fen=99, order="filed")[0].is_refused
        assert not tried([row], percent=None, amount_fen=100, order="filed")[0].is_refused


class TestPages:
    def test_from_reporting_to_the_sheet(self, world, purchaser):
        with time_machine.travel(DAY):
            officer, finance = Desk(world.zhang), Desk(world.zhao)
            url = f"/budget/ceilings/rounds/{purchaser.pk}/report/"
            assert "2027 年一上" in officer.get(f"{url}?year=2027")
            pk = world.funds[FUND].pk
            empty = officer.post(url, status=422, year="2027", round="first_up", note="三家场馆")
            assert "请至少填写一项资金" in Desk.text(empty)
            assert "三家场馆" in Desk.text(empty)
            figures = {f"fund_{pk}": "9000.01"}
            officer.post(url, year="2027", round="first_up", note="", **figures)
            late = officer.post(url, status=409, year="2027", round="second_up", note="", **figures)
            assert "没有轮到" in Desk.text(late)
            issue = f"/budget/ceilings/rounds/{purchaser.pk}/issue/"
            assert "9,000.01" in finance.get(f"{issue}?year=2027")
            missing = finance.post(issue, status=422, year="2027", round="first_down", **figures)
            assert "请填写下达文号" in Desk.text(missing)
            given = {f"fund_{pk}": "8000", "number": NUMBER, "note": ""}
            finance.post(issue, year="2027", round="first_down", **given)

            sheet = finance.get("/budget/ceilings/rounds/?year=2027")
            for words in ("9,000.01", "8,000.00", "-1,000.01", "已一下"):
                assert words in sheet
            csv = finance.client.get("/budget/ceilings/rounds/?year=2027&export=csv")
            assert "-1000.01" in b"".join(csv.streaming_content).decode()

    def test_trying_shows_what_falls_out(self, world, purchaser):
        steps.submit(world, name="试算的项目")
        with time_machine.travel(DAY):
            finance = Desk(world.zhao)
            query = f"year=2026&purchaser={purchaser.pk}&fund={world.funds[FUND].pk}"
            page = finance.get(f"/budget/ceilings/try/?{query}&amount_fen=100")
            assert "放不下" in page
            assert "试算的项目" in page
            assert "试一个数须同时选定" in finance.get("/budget/ceilings/try/?amount_fen=100")
            page = finance.get("/budget/ceilings/try/?percent=x")
            assert "请填写 0 至 300 的整数" in page

    def test_the_sheet_is_printed_and_says_who_signed(self, world, purchaser):
        up(world, 900_001)
        down(world, 800_000)
        with time_machine.travel(DAY):
            finance = Desk(world.zhao)
            sheet = f"/budget/ceilings/rounds/?year={YEAR}&purchaser={purchaser.pk}"
            page = finance.get(sheet)
            for words in ("各轮签办", world.zhang.user.full_name, NUMBER):
                assert words in page
            assert "印制 PDF" not in Desk(world.zhang).get(sheet)
            key = {"key": "printed-once", "year": str(YEAR)}
            for _ in range(2):
                url = f"/budget/ceilings/rounds/{purchaser.pk}/print/"
                assert finance.client.post(url, key).status_code == 302
            assert Desk(world.zhang).client.post(url, key).status_code == 403
        (paper,) = round_papers([purchaser], YEAR)
        (line,) = paper.context["lines"]
        assert line["amounts"] == [900_001, 800_000, None, None, None, 800_000]
        assert line["differences"] == [["一下比一上", -100_001]]
        assert [row["by"] for row in paper.context["signed"]] == [
            world.zhang.user.full_name,
            world.zhao.user.full_name,
        ]
        assert round_papers([purchaser], YEAR + 1) == []
        template = get_template("budgeting/round_sheet_document.html")
        text = template.render(paper.context | {"record_id": paper.pk})
        for words in ("9,000.01", "8,000.00", "一下比一上 -1,000.01", "财政部门（盖章）"):
            assert words in text
