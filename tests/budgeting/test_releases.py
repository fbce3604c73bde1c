"""资金下达：登记了下达的资金，承诺不超过下达的；缺口须先平衡。"""

from __future__ import annotations

from datetime import date

import pytest
import time_machine

from budgeting.facts.released import pools
from budgeting.models import FundRelease
from budgeting.selectors.releases import pool_lines
from budgeting.services import (
    AlreadyCorrected,
    NotReleased,
    carry_over,
    commit,
    commit_more,
    correct_release,
    decommit,
    pay,
    record_release,
    release_differences,
)
from core.history.reading import refusals_of
from core.history.verify import verify
from core.transitions import NotPermitted
from tests import steps
from tests.budgeting.funds import (
    FUND,
    ON,
    SECOND,
    TOTAL,
    by_finance,
    lines,
    of_two_funds,
    seen,
    shares,
)
from tests.budgeting.steps import Desk

pytestmark = pytest.mark.django_db


@pytest.fixture
def project(world):
    return of_two_funds(world)


@pytest.fixture
def by(world, project):
    return by_finance(world, project)


def released(world, fen, fund=FUND, **changes):
    values = {
        "year": 2026,
        "purchaser": None,
        "amount_fen": fen,
        "number": "示财下〔2026〕1号",
        "released_on": date(2026, 2, 1),
        "issuer": "市财政局",
    } | changes
    by = values.pop("by", world.zhao)
    return record_release(world.funds[fund], **values, **by.acts(ON))


class TestWithinWhatIsReleased:
    """《渝北办法》第十二条、《平湖办法》第八条：结合资金下达情况。"""

    def test_a_fund_nobody_releases_is_not_asked(self, project, by):
        commit(project, TOTAL, by)
        assert sum(seen("committed_fen")) == TOTAL

    @pytest.mark.parametrize("short", [1, 0])
    def test_to_the_cent(self, world, project, by, short):
        """Two to one: 900.00 of 1,350.00 fall on the first fund."""
        released(world, 90_000 - short)
        if not short:
            commit(project, 135_000, by)
            assert seen("committed_fen") == [90_000, 45_000]
            return

        with pytest.raises(NotReleased) as refused:
            commit(project, 135_000, by)

        (verdict,) = refused.value.refusals
        assert verdict.rule == "YB-12-within-released"
        assert dict(verdict.compared) == {
            "已下达": "899.99",
            "已承诺和支付": "0.00",
            "本次承诺": "900.00",
            "尚缺": "0.01",
        }
        assert "先登记资金下达或者调整资金来源" in verdict.message
        assert refused.value.available_fen == 89_999
        assert seen("committed_fen") == [0, 0]
        assert len(refusals_of(project.stream())) == 1

    def test_another_release_balances_it(self, world, project, by):
        released(world, 50_000)
        with pytest.raises(NotReleased):
            commit(project, 135_000, by)
        released(world, 40_000, number="示财下〔2026〕2号")
        commit(project, 135_000, by)
        assert verify().differences == []

    def test_paying_uses_nothing_more_and_decommitting_gives_back(self, world, project, by):
        released(world, 90_000)
        made = commit(project, 135_000, by)
        pay(project, shares(60_000), by)
        with pytest.raises(NotReleased):
            commit(project, 3, by)
        decommit(project, shares(30_000), by)
        commit(project, 3, by)
        assert made[0].amount_fen == 90_000

    def test_upper_transfers_are_asked_without_any_release(self, world, project, by):
        steps.edit(world.funds[FUND], kind="upper_transfer")
        with pytest.raises(NotReleased, match=r"只有 0\.00 元"):
            commit(project, 3, by)
        released(world, 2)
        commit(project, 3, by)

    def test_a_supplement_is_asked_as_well(self, world, project, by):
        line = lines()[0]
        steps.edit(line.ceiling, allocated_fen=line.ceiling.allocated_fen + 10)
        steps.edit(line, approved_fen=line.approved_fen + 10)
        released(world, 9)
        with pytest.raises(NotReleased):
            commit_more(project, 10, by)
        released(world, 1)
        commit_more(project, 10, by)

    def test_what_is_released_to_one_is_not_for_the_others(self, world, project, by):
        other = world.purchasers["教委"]
        released(world, 90_000, purchaser=other)
        with pytest.raises(NotReleased, match="全辖区"):
            commit(project, 3, by)
        released(world, 2, purchaser=world.purchasers["文旅委"])
        commit(project, 3, by)
        released(world, 90_000)
        with pytest.raises(NotReleased, match="文化和旅游"):
            commit(project, 3, by)
        common, *own = pools(world.funds[FUND], 2026)
        assert (common.purchaser, common.left_fen, len(own)) == (None, 90_000, 2)

    def test_what_was_carried_in_was_released_the_year_before(self, world, project, by):
        released(world, 90_000)
        commit(project, 135_000, by)
        carry_over(project, lines()[0], 40_000, by)

        (this,), (after,) = pools(world.funds[FUND], 2026), pools(world.funds[FUND], 2027)
        assert (this.used_fen, this.left_fen) == (90_000, 0)
        assert (after.used_fen, after.left_fen) == (0, 0)
        assert list(release_differences(None)) == []


class TestCorrections:
    def test_is_another_row_and_opens_a_gap(self, world, project, by):
        row = released(world, 90_000)
        commit(project, 135_000, by)
        with pytest.raises(NotPermitted):
            correct_release(row, note="金额有误", **world.zhang.acts(ON))

        undone = correct_release(row, note="金额有误", **world.zhao.acts(ON))

        assert (undone.amount_fen, undone.corrects) == (-90_000, row)
        for wrong in (row, undone):
            with pytest.raises(AlreadyCorrected):
                correct_release(wrong, note="再来", **world.zhao.acts(ON))
        released(world, 80_000)
        (gap,) = release_differences(None)
        assert "缺 100.00 元" in gap.sentence
        with pytest.raises(NotReleased, match=r"只有 -100\.00 元"):
            commit(project, 3, by)
        released(world, 10_002)
        assert list(release_differences(None)) == []
        commit(project, 3, by)

    def test_a_repeated_request_records_once(self, world, project):
        first, again = (released(world, 5, key="same") for _ in range(2))
        assert first.pk == again.pk
        assert FundRelease.objects.count() == 1

    def test_only_finance_records(self, world, project):
        for actor in (world.zhang, world.wu):
            with pytest.raises(NotPermitted):
                released(world, 5, by=actor)


class TestPages:
    def test_recorded_compared_and_corrected(self, world, project, by):
        commit(project, 135_000, by)
        with time_machine.travel(ON):
            finance = Desk(world.zhao)
            given = {
                "fund": world.funds[FUND].pk,
                "year": "2026",
                "purchaser": "",
                "amount_fen": "500",
                "number": "示财下〔2026〕7号",
                "released_on": "2027-01-01",
                "issuer": "市财政局",
                "note": "",
            }
            late = Desk.text(finance.post("/budget/releases/new/", status=422, **given))
            assert "文件日期不能晚于今日" in late
            assert "示财下〔2026〕7号" in late
            given["released_on"] = "2026-03-01"
            finance.post("/budget/releases/new/", **given)
            page = finance.get("/budget/releases/")
            for words in ("示财下〔2026〕7号", "有缺口", "-400.00", "500.00"):
                assert words in page
            row = FundRelease.objects.get()
            finance.post(f"/budget/releases/{row.pk}/correct/", note="文号有误")
            again = finance.post(f"/budget/releases/{row.pk}/correct/", status=409, note="再来")
            assert "已经冲减过" in Desk.text(again)
            officer = Desk(world.zhang)
            assert "已冲减" in officer.get("/budget/releases/")
            assert officer.client.get("/budget/releases/new/").status_code == 403

    def test_a_unit_sees_its_own_and_the_common_pool(self, world, project):
        released(world, 5, purchaser=world.purchasers["教委"])
        released(world, 7, SECOND)

        seen_by = {line.name for line in pool_lines(world.zhang.user, {})}
        assert seen_by == {"全辖区"}
        assert {line.name for line in pool_lines(world.chen.user, {})} == {"全辖区", "教委"}
        assert {line.name for line in pool_lines(world.zhao.user, {})} == {"全辖区", "教委"}
        assert FundRelease.objects.visible_to(world.zhang.user).count() == 1
