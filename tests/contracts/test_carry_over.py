"""The end of the year: what is unpaid is carried over, and only then paid in the next one."""

from __future__ import annotations

from datetime import date

import pytest

import contracts.services.filing as filing_service
from budgeting.models import Allocation, Ceiling, LedgerEntry
from budgeting.services import FundsShort, Posting, ledger_differences
from budgeting.services import carry_over as carry_funds
from contracts.selectors.ledgers import carry_over_list
from contracts.services import carry_over
from core.transitions import (
    NotOffered,
    NotPermitted,
    RequestKeyMismatch,
    StaleAct,
    TransitionRefused,
)
from tests import purchase
from tests.contracts.scenes import Case, fail, in_state, law, rules_of, shared
from tests.purchase import AWARDED
from tests.steps import edit, put
from tests.world import World

ADVANCE = 52_704_000
LEFT = AWARDED - ADVANCE
LAST, NEXT = date(2026, 12, 31), date(2027, 1, 4)


def advance_paid(world: World) -> Case:
    contract = purchase.filed(world)
    purchase.paid(world, contract, 1, purchase.FILED)
    return Case(world, contract.pk)


built, case = shared(advance_paid)


def carry(case, on=LAST, year=2026, by="zhao", **shown):
    return carry_over(case.contract, year=year, **getattr(case.world, by).acts(on), **shown)


def left(case, year):
    return [row.left_fen for row in carry_over_list(case.world.zhao.user, year)]


class TestTheYear:
    """《渝北办法》第十二条: carried over from the last day of the year."""

    @pytest.mark.parametrize(
        ("on", "state"), [(date(2026, 12, 30), "unmet"), (LAST, "met"), (NEXT, "met")]
    )
    def test_it_has_ended(self, case, on, state):
        assert law(case.contract, "YB-12-year-ended", on=on, year=2026) == (state, "YB-12")

    def test_without_a_year_the_earliest_unpaid_one_is_meant(self, case):
        assert law(case.contract, "YB-12-year-ended", on=date(2026, 12, 30))[0] == "unmet"
        carry(case)
        assert law(case.contract, "YB-12-year-ended", on=NEXT)[0] == "unmet"

    @pytest.mark.parametrize(("unpaid", "state"), [(0, "unmet"), (1, "met")])
    def test_something_is_unpaid(self, case, unpaid, state):
        part = case.contract.slices.get()
        edit(part, paid_fen=AWARDED - unpaid)

        assert law(case.contract, "YB-12-something-unpaid", on=LAST, year=2026) == (state, "YB-12")

    def test_before_it_the_act_is_refused_naming_the_article(self, case):
        with pytest.raises(TransitionRefused, match=r"第十二条：2026 年度尚未结束") as refused:
            carry(case, date(2026, 12, 30))

        assert rules_of(refused) == {"YB-12-year-ended"}
        assert case.slices() == [(2026, AWARDED, ADVANCE, 0, 0)]

    def test_a_year_without_a_slice_has_nothing_to_carry(self, case):
        with pytest.raises(TransitionRefused) as refused:
            carry(case, year=2025)
        assert rules_of(refused) == {"YB-12-something-unpaid"}


class TestCarryingOver:
    """《渝北办法》第十二条、《平湖办法》第十六条: all that is unpaid, to the 分."""

    def test_it_moves_the_rest_to_the_next_year_and_records_it_once(self, case):
        carry(case)

        assert case.slices() == [(2026, AWARDED, ADVANCE, LEFT, 0), (2027, LEFT, 0, 0, 0)]
        assert case.money() == (0, LEFT, ADVANCE, 4_320_000, LEFT, 0)
        assert case.recorded("contracts.contract.carry_over") == (1, 1)
        assert ledger_differences() == []

    def test_the_next_years_ceiling_holds_it(self, case):
        carry(case)

        rows = Ceiling.objects.filter(year=2027)
        ceiling = rows.get()
        assert (ceiling.amount_fen, ceiling.allocated_fen) == (LEFT, LEFT)
        assert [e.kind for e in LedgerEntry.objects.order_by("pk")][-2:] == [
            "carry_out",
            "carry_in",
        ]

    def test_a_ceiling_already_set_grows_by_it(self, case):
        this_year = case.allocation.ceiling
        values = {"purchaser": this_year.purchaser, "fund": this_year.fund, "set_on": LAST}
        put(Ceiling(year=2027, amount_fen=1_000, **values))
        carry(case)

        assert Ceiling.objects.get(year=2027).amount_fen == 1_000 + LEFT
        assert ledger_differences() == []

    def test_the_list_of_the_unpaid_follows(self, case):
        assert (left(case, 2026), left(case, 2027)) == ([LEFT], [])
        carry(case)
        assert (left(case, 2026), left(case, 2027)) == ([], [LEFT])

    def test_it_is_carried_a_second_year(self, case):
        carry(case)
        carry(case, date(2027, 12, 31), year=2027)

        assert case.slices()[1:] == [(2027, LEFT, 0, LEFT, 0), (2028, LEFT, 0, 0, 0)]
        assert Allocation.objects.filter(project=case.project).count() == 3
        assert ledger_differences() == []

    def test_a_repeated_click_carries_once(self, case):
        assert not carry(case, key="k").is_repeat
        assert carry(case, key="k").is_repeat
        assert left(case, 2027) == [LEFT]
        with pytest.raises(RequestKeyMismatch):
            carry(case, year=2027, key="k")

    def test_another_click_finds_nothing_left(self, case):
        carry(case)
        with pytest.raises(TransitionRefused) as refused:
            carry(case)
        assert rules_of(refused) == {"YB-12-something-unpaid"}

    def test_a_stale_page_carries_nothing(self, case):
        version = case.contract.version
        edit(case.contract, place="别处", version=version + 1)
        with pytest.raises(StaleAct):
            carry(case, version=version)

    @pytest.mark.parametrize("state", ["draft", "completed", "terminated"])
    def test_only_a_live_contract_is_carried(self, case, state):
        in_state(case.contract, state)
        with pytest.raises(NotOffered):
            carry(case)

    @pytest.mark.parametrize("name", ["zhang", "wang", "qian", "wu", "chen"])
    def test_it_is_the_finance_bureaus(self, case, name):
        with pytest.raises(NotPermitted):
            carry(case, by=name)

    @pytest.mark.parametrize("last", ["carry_funds", "add_to_slices"])
    def test_a_failing_step_leaves_nothing(self, case, monkeypatch, last):
        before = case.money()
        monkeypatch.setattr(filing_service, last, fail)
        with pytest.raises(RuntimeError):
            carry(case)

        assert (case.money(), case.slices()) == (before, [(2026, AWARDED, ADVANCE, 0, 0)])
        assert not Ceiling.objects.filter(year=2027).exists()

    def test_the_posting_itself_keeps_the_limit(self, case):
        posting = Posting(case.contract, case.world.zhao.user, case.world.zhao.role, LAST)
        with pytest.raises(FundsShort):
            carry_funds(case.project, case.allocation, LEFT + 1, posting)
        assert ledger_differences() == []
