"""Settlement: the grade's percentage less the agreed deductions, and what is left goes back."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

import contracts.services.settlement as settlement_service
from budgeting.services import ledger_differences
from contracts.facts.money import due_fen, paid_fen, payable_fen, settled_amounts
from contracts.models import Payment, PaymentRequest, Rectification, Settlement, Supplement
from contracts.services import (
    AlreadySettled,
    answer_rectification,
    close_rectification,
    order_mending,
    record_incident,
    refuse_rectification,
    send_back_payment,
    settle,
    terminate_contract,
)
from core.history.verify import verify
from core.transitions import NotOffered
from tests import purchase
from tests.contracts.scenes import fail, in_state, law, shared
from tests.contracts.settled import (
    ACCEPTED_ALL,
    SETTLED,
    accepted,
    settlement,
)
from tests.purchase import AWARDED, INCIDENT
from tests.steps import edit, fresh, put

built, case = shared(accepted)

PAID = 52_704_000 + 70_272_000
FINAL_PAID = date(2027, 6, 10)


def settled(case, grade="fair") -> Settlement:
    return settle(case.contract, grade=grade, **case.world.wang.acts(SETTLED))


def incident(case) -> None:
    record_incident(
        case.contract,
        term=INCIDENT,
        occurred_on=date(2026, 7, 10),
        note="数据泄露 12 条",
        **case.world.zhang.acts(SETTLED),
    )


def pay_final(case):
    return purchase.paid(case.world, case.contract, 3, FINAL_PAID, "6")


class TestAmounts:
    """《渝北办法》第九条第（六）项、第十四条: 等级定比例，扣款另计，分毫不差."""

    @given(
        base=st.integers(0, 10**12),
        percent=st.integers(0, 10_000).map(lambda n: Decimal(n) / 100),
        incidents=st.lists(st.integers(1, 10_000).map(lambda n: Decimal(n) / 100), max_size=5),
    )
    def test_never_negative_and_exact(self, base, percent, incidents):
        found = settled_amounts(base, percent, incidents)

        assert found.payable_fen == max(0, found.assessed_fen - found.deducted_fen)
        assert 0 <= found.payable_fen <= found.assessed_fen <= base
        exact = Fraction(percent) * base / 100
        assert abs(found.assessed_fen - exact) <= Fraction(1, 2)
        off = abs(found.deducted_fen - sum(Fraction(p) * base / 100 for p in incidents))
        assert off <= Fraction(len(incidents), 2)

    @pytest.mark.parametrize(
        ("percent", "incidents", "payable"),
        [
            ("100", [], 175_680_000),
            ("97", [], 170_409_600),
            ("97", ["1"], 168_652_800),
            ("97", ["1", "1"], 166_896_000),
            ("97", ["97"], 0),
            ("97", ["96.99", "0.02"], 0),
            ("0", [], 0),
            ("0", ["1"], 0),
        ],
    )
    def test_walk_a(self, percent, incidents, payable):
        found = settled_amounts(AWARDED, Decimal(percent), [Decimal(i) for i in incidents])

        assert found.payable_fen == payable

    @pytest.mark.parametrize(
        ("base", "percent", "assessed"),
        [(99, "50", 50), (1, "50", 1), (1, "49.99", 0), (49, "49.5", 24)],
    )
    def test_half_a_fen_is_rounded_up(self, base, percent, assessed):
        assert settled_amounts(base, Decimal(percent), []).assessed_fen == assessed


class TestSettling:
    """《渝北办法》第十四条: 评估结果作为结算的依据，只结算一次."""

    def test_it_keeps_how_the_amount_came_about(self, case):
        incident(case)
        row = settled(case)

        assert (row.grade, row.percent, row.base_fen) == ("fair", Decimal(97), AWARDED)
        assert (row.assessed_fen, row.deducted_fen) == (170_409_600, 1_756_800)
        assert (row.payable_fen, row.settled_on) == (168_652_800, SETTLED)
        assert case.recorded("contracts.settle") == (1, 0)

    def test_the_final_instalment_is_what_is_left(self, case):
        assert due_fen(case.instalment(3)) == 52_704_000
        incident(case)
        settled(case)

        assert payable_fen(case.contract) == 168_652_800
        assert due_fen(case.instalment(3)) == 168_652_800 - PAID == 45_676_800
        assert due_fen(case.instalment(2)) == 70_272_000

    def test_a_supplement_is_settled_with_the_contract(self, case):
        values = {"number": "补 1", "amount_fen": 1_000_000, "drafted_on": SETTLED}
        put(Supplement(contract=case.contract, status="agreed", **values))
        row = settled(case, "excellent")

        assert (row.base_fen, row.payable_fen) == (AWARDED + 1_000_000, AWARDED + 1_000_000)

    def test_it_happens_once(self, case):
        settled(case)
        with pytest.raises(AlreadySettled):
            settled(case, "excellent")

        assert Settlement.objects.count() == 1

    def test_a_grade_the_contract_does_not_name_is_none(self, case):
        edit(case.contract, grade_percents={"good": "100"})
        with pytest.raises(KeyError):
            settled(case)


class TestPaidInFull:
    """《渝北办法》第十二条、第十三条: the rest is released, the contract is closed."""

    def test_the_last_payment_completes_the_contract(self, case):
        incident(case)
        settled(case)
        row = pay_final(case)

        assert row.amount_fen == 45_676_800
        assert (case.contract.status, case.contract.ended_on) == ("completed", FINAL_PAID)
        assert paid_fen(case.contract) == payable_fen(case.contract) == 168_652_800
        assert case.recorded("contracts.contract.complete") == (1, 1)

    def test_what_is_not_owed_goes_back(self, case):
        incident(case)
        settled(case)
        pay_final(case)

        assert case.slices() == [
            (2026, AWARDED, PAID, 52_704_000, 0),
            (2027, 52_704_000, 45_676_800, 0, 7_027_200),
        ]
        assert case.money() == (0, 0, 168_652_800, 4_320_000 + 7_027_200, 52_704_000, 0)
        assert ledger_differences() == []
        assert verify().differences == []

    def test_in_full_nothing_is_left_to_release(self, case):
        settled(case, "excellent")
        pay_final(case)

        assert case.slices()[1] == (2027, 52_704_000, 52_704_000, 0, 0)
        assert case.contract.status == "completed"

    def test_before_the_last_payment_it_stays_open(self, case):
        settled(case)

        assert case.contract.status == "filed"
        assert case.slices()[1] == (2027, 52_704_000, 0, 0, 0)

    def test_where_nothing_more_is_owed_the_settlement_completes_it(self, case):
        """Nothing is payable any more; what was paid stays paid, no final request is needed."""
        edit(case.contract, grade_percents={"fair": "0"})
        settled(case)

        assert payable_fen(case.contract) == 0
        assert due_fen(case.instalment(3)) == 0
        assert (case.contract.status, case.contract.ended_on) == ("completed", SETTLED)
        assert case.slices()[1] == (2027, 52_704_000, 0, 0, 52_704_000)

    def test_a_request_in_hand_keeps_it_open_until_it_is_returned(self, case):
        """More was asked than is owed: the request goes back, the contract is complete."""
        edit(case.contract, grade_percents={"fair": "0"})
        row = put(
            PaymentRequest(
                contract=case.contract,
                instalment=case.instalment(3),
                amount_fen=1,
                requested_by=case.world.zhang.user,
                requested_on=SETTLED,
            )
        )
        settled(case)
        assert case.contract.status == "filed"
        send_back_payment(row, reason="结算后没有应付", **case.world.wang.acts(SETTLED))

        assert case.contract.status == "completed"

    def test_exactly_what_was_paid_completes_it_too(self, case):
        edit(case.contract, grade_percents={"fair": "70"})
        settled(case)

        assert (payable_fen(case.contract), case.contract.status) == (PAID, "completed")

    def test_one_fen_more_is_still_owed(self, case):
        edit(case.contract, grade_percents={"fair": "70"}, amount_fen=AWARDED + 2)
        settled(case)

        assert due_fen(case.instalment(3)) == 1
        assert case.contract.status == "filed"

    def test_nothing_is_paid_after_it(self, case):
        settled(case, "excellent")
        pay_final(case)
        with pytest.raises(NotOffered, match="已付清"):
            pay_final(case)

        assert Payment.objects.count() == 3

    def test_a_failing_last_step_leaves_nothing(self, case, monkeypatch):
        settled(case)
        monkeypatch.setattr(settlement_service, "release_unpaid", fail)
        with pytest.raises(RuntimeError):
            pay_final(case)

        assert Payment.objects.count() == 2
        assert case.slices()[1] == (2027, 52_704_000, 0, 0, 0)


ORDERED, REPLIED, REFUSED = date(2027, 5, 21), date(2027, 5, 25), date(2027, 6, 7)


def order(case) -> Rectification:
    acts = case.world.zhang.acts(ORDERED)
    return order_mending(case.contract, demand="补齐整改", workdays=10, **acts)


def mend(case, row) -> None:
    acts = case.world.zhang.acts(REPLIED)
    answer_rectification(row, reply="已补齐", replied_on=REPLIED, **acts)
    close_rectification(fresh(row), check_note="属实", **case.world.li.acts(REPLIED))


class TestFailed:
    """《渝北办法》第十九条: 评价不合格的责令限期整改，拒不整改的终止；此外没有自动的后果."""

    RULE = "YB-19-mended-before-completion"

    @pytest.fixture(autouse=True)
    def _calendar(self, case):
        purchase.load_calendar(2027)

    def test_nothing_ends_by_itself(self, case):
        settled(case, "poor")

        assert (payable_fen(case.contract), case.contract.status) == (0, "filed")
        assert case.slices()[1] == (2027, 52_704_000, 0, 0, 0)

    @pytest.mark.parametrize(
        ("grade", "status", "state"),
        [
            ("fair", None, "met"),
            ("fair", "ordered", "unmet"),
            ("fair", "closed", "met"),
            ("poor", None, "unmet"),
            ("poor", "ordered", "unmet"),
            ("poor", "replied", "unmet"),
            ("poor", "refused", "unmet"),
            ("poor", "closed", "met"),
        ],
    )
    def test_it_is_mended_before_the_end(self, case, grade, status, state):
        if status:
            in_state(order(case), status)
        settlement(case, 0, grade)

        assert law(case.contract, self.RULE) == (state, "YB-19")

    def test_what_was_mended_before_the_acceptance_is_not_it(self, case):
        row = in_state(order(case), "closed")
        edit(row, ordered_on=ACCEPTED_ALL - timedelta(days=1))
        settlement(case, 0, "poor")

        assert law(case.contract, self.RULE) == ("unmet", "YB-19")
        edit(row, ordered_on=ACCEPTED_ALL)
        assert law(case.contract, self.RULE) == ("met", "YB-19")

    def test_mended_it_is_complete_and_the_rest_goes_back(self, case):
        settled(case, "poor")
        mend(case, order(case))

        assert (case.contract.status, case.contract.ended_on) == ("completed", REPLIED)
        assert case.slices()[1] == (2027, 52_704_000, 0, 0, 52_704_000)
        assert ledger_differences() == []

    def test_refused_it_is_terminated(self, case):
        settled(case, "poor")
        refuse_rectification(order(case), check_note="拒绝", **case.world.li.acts(REFUSED))
        assert case.contract.status == "filed"
        terminate_contract(case.contract, note="拒不整改", **case.world.wang.acts(REFUSED))

        assert (case.contract.status, case.package.status) == ("terminated", "terminated")
        assert case.slices()[1] == (2027, 52_704_000, 0, 0, 52_704_000)
        assert case.money()[2] == PAID

    def test_a_failing_last_step_of_the_mending_leaves_nothing(self, case, monkeypatch):
        settled(case, "poor")
        row = order(case)
        monkeypatch.setattr(settlement_service, "release_unpaid", fail)
        with pytest.raises(RuntimeError):
            mend(case, row)

        assert (fresh(row).status, case.contract.status) == ("replied", "filed")
