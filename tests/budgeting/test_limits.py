"""The turn of the year, and what is refused for want of money: to the 分, and on record."""

from __future__ import annotations

import pytest
import time_machine
from django.db import transaction
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from budgeting.models import Allocation, Ceiling
from budgeting.services import (
    CeilingExceeded,
    FundsShort,
    Share,
    available,
    carry_over,
    commit,
    decommit,
    ledger_differences,
    pay,
    release,
    set_ceiling,
)
from core.history.reading import events_of, refusals_of
from core.history.verify import verify
from procurement.services import cancel_package
from tests import steps
from tests.budgeting.funds import FUND, ON, TOTAL, by_finance, lines, of_two_funds, seen, shares
from tests.budgeting.steps import Desk
from tests.procurement.scenes import rows_now
from tests.steps import edit

pytestmark = pytest.mark.django_db


@pytest.fixture
def project(world):
    return of_two_funds(world)


@pytest.fixture
def by(world, project):
    return by_finance(world, project)


class TestRefusalsRecorded:
    """What was asked beyond the limit stays in the case's history, with the values compared."""

    def test_the_posting_itself_where_nothing_else_is_under_way(self, project, by):
        with pytest.raises(FundsShort):
            release(project, TOTAL + 1, by)

        (event,) = refusals_of(project.stream())
        assert (event.act, event.title, event.actor_name) == ("budgeting.post", "资金过账", "赵磊")
        assert event.effective_on == ON
        (refusal,) = event.refusals
        assert refusal.rule == "YB-12-within-balance"
        assert dict(refusal.compared) == {
            "需": "1,800,000.01",
            "可用": "1,800,000.00",
            "尚缺": "0.01",
        }
        assert verify().differences == []

    @pytest.mark.parametrize("post", [pay, decommit])
    def test_of_a_named_line(self, project, by, post):
        commit(project, 300, by)
        with pytest.raises(FundsShort):
            post(project, shares(200, 101), by)

        (event,) = refusals_of(project.stream())
        assert dict(event.refusals[0].compared)["可用"] == "1.00"

    def test_the_act_under_way_is_what_was_refused(self, world, project, by):
        """Ending the purchase releases all of the package; a cent of it is committed already."""
        commit(project, 1, by)
        package = project.packages.get()
        before = rows_now()

        with pytest.raises(FundsShort):
            cancel_package(package, note="任务取消", **world.wang.acts(ON))

        assert rows_now() == before
        (event,) = refusals_of(project.stream())
        assert (event.act, event.title) == ("projects.package.cancel", "终止采购")
        assert (event.from_label, event.to_label, event.diffs) == ("待采购", "", ())
        assert (event.reason, event.actor_name) == ("任务取消", "王芳")
        assert [r.rule for r in event.refusals] == ["YB-12-within-balance"]
        assert verify().differences == []

    def test_the_page_and_the_history_of_the_case_show_it(self, world, project, by):
        commit(project, 1, by)
        url = f"/procurement/packages/{project.packages.get().pk}/cancel/"
        with time_machine.travel(ON):
            desk = Desk(world.wang)
            answer = Desk.text(desk.post(url, status=422, note="任务取消"))
            history = desk.get(f"/projects/{project.pk}/history/")

        for page in (answer, history):
            for words in ("第十二条", "的预留只有 1,799,999.99 元", "1,800,000.00", "0.01"):
                assert words in page
        assert "未获准" in history


class TestCarryingOver:
    """《渝北办法》第十二条: what is unpaid at the year's end goes into the next."""

    def carry(self, project, by, fen, at=0):
        return carry_over(project, lines()[at], fen, by)

    def test_next_year_s_ceiling_comes_to_be(self, project, by):
        commit(project, 300, by)
        made = self.carry(project, by, 200)

        ceiling = made.ceiling
        assert (ceiling.year, ceiling.amount_fen, ceiling.carried_in_fen) == (2027, 200, 200)
        assert (ceiling.set_on, ceiling.number) == (None, "")
        assert (ceiling.allocated_fen, available(ceiling)) == (200, 0)
        assert (made.approved_fen, made.committed_fen) == (200, 200)
        assert seen("carried_fen")[:2] == [200, 0]
        assert verify().differences == []

    def test_a_ceiling_that_is_there_grows(self, world, project, by):
        fund = {"year": 2027, "fund": world.funds[FUND], "number": "示财预〔2026〕12号"}
        set_ceiling(world.purchasers["文旅委"], amount_fen=1000, **fund, **world.zhao.acts(ON))
        commit(project, 300, by)
        self.carry(project, by, 200)

        ceiling = Ceiling.objects.get(year=2027)
        assert (ceiling.amount_fen, available(ceiling)) == (1200, 1000)
        assert (ceiling.carried_in_fen, ceiling.granted_fen) == (200, 1000)
        assert ledger_differences() == []

    def test_a_second_one_adds_to_the_first(self, project, by):
        commit(project, 300, by)
        first, second = self.carry(project, by, 50), self.carry(project, by, 150)

        assert first.pk == second.pk
        assert (second.committed_fen, second.ceiling.amount_fen) == (200, 200)
        assert ledger_differences() == []

    def test_it_is_paid_from_the_next_year(self, project, by):
        commit(project, 300, by)
        made = self.carry(project, by, 200)
        with pytest.raises(FundsShort, match=r"的承诺只有 0\.00 元"):
            pay(project, shares(1), by)

        pay(project, [Share(made, 200)], by)

        assert (steps.fresh(made).paid_fen, seen("paid_fen")[:2]) == (200, [0, 0])
        assert ledger_differences() == []

    def test_what_is_not_needed_then_returns_to_the_next_year_s_ceiling(self, project, by):
        commit(project, 300, by)
        made = self.carry(project, by, 200)
        before = available(lines()[0].ceiling)

        decommit(project, [Share(made, 200)], by)

        assert available(Ceiling.objects.get(year=2027)) == 200
        assert available(lines()[0].ceiling) == before

    def test_a_cent_more_than_is_committed_is_refused(self, project, by):
        commit(project, 300, by)

        with pytest.raises(FundsShort, match=r"的承诺只有 2\.00 元"):
            self.carry(project, by, 201)

        assert not Ceiling.objects.filter(year=2027).exists()


class TestTurnOfTheYear:
    """Set first or carried into first, next year's ceiling comes to the same."""

    FIVE = st.lists(st.integers(1, 60), min_size=1, max_size=4)

    @settings(
        max_examples=25,
        deadline=None,
        suppress_health_check=[HealthCheck.function_scoped_fixture],
    )
    @example(carried=[200], granted=[1000], shuffled=[0, 1])
    @example(carried=[200], granted=[1000], shuffled=[1, 0])
    @example(carried=[1, 2], granted=[0, 5], shuffled=[2, 0, 3, 1])
    @given(carried=FIVE, granted=FIVE, shuffled=st.permutations(range(8)))
    def test_any_order_of_setting_and_carrying_gives_the_same(
        self, world, project, by, carried, granted, shuffled
    ):
        acts = [("carry", fen) for fen in carried] + [("set", fen) for fen in granted]
        order = [acts[at] for at in shuffled if at < len(acts)]
        with transaction.atomic():
            commit(project, 600, by)
            for name, fen in order:
                self.carry(project, by, fen) if name == "carry" else self.grant(world, fen)
                assert ledger_differences() == []
            last = [fen for name, fen in order if name == "set"][-1]

            row, total = Ceiling.objects.get(year=2027), sum(carried)
            assert (row.granted_fen, row.carried_in_fen, row.allocated_fen) == (last, total, total)
            assert available(row) == last
            line = Allocation.objects.get(ceiling=row)
            assert (line.approved_fen, line.committed_fen) == (total, total)
            transaction.set_rollback(True)

    def carry(self, project, by, fen):
        carry_over(project, lines()[0], fen, by)

    def grant(self, world, fen):
        fund = {"year": 2027, "fund": world.funds[FUND], "number": f"示财预〔2026〕{fen}号"}
        set_ceiling(world.purchasers["文旅委"], amount_fen=fen, **fund, **world.zhao.acts(ON))

    def test_the_first_setting_after_a_carry_over_is_a_new_one(self, world, project, by):
        commit(project, 300, by)
        self.carry(project, by, 200)
        self.grant(world, 1000)
        self.grant(world, 900)

        titles = [e.title for e in events_of(f"projects.purchaser:{project.purchaser_id}")]
        assert titles[:2] == ["调整控制数", "下达控制数"]

    def test_what_was_carried_and_then_approved_again_is_not_taken_back(self, world, project, by):
        """Carried 200, of it 50 not needed; 1000 granted, then lowered below what is in use."""
        commit(project, 300, by)
        self.carry(project, by, 200)
        self.grant(world, 1000)
        row = Ceiling.objects.get(year=2027)
        edit(row, allocated_fen=1200)

        with pytest.raises(CeilingExceeded, match=r"可用余额只有 0\.00 元") as refused:
            self.grant(world, 999)

        assert refused.value.available_fen == 0
        assert dict(refused.value.refusals[0].compared) == {
            "拟定（连同上年结转）": "11.99",
            "已分配": "12.00",
            "可用": "0.00",
        }
        self.grant(world, 1000)
