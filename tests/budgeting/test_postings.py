"""Postings: every amount moves from one bucket to another, to the 分, and never below nothing."""

from __future__ import annotations

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

import core.history.unit as unit
from budgeting.models import Ceiling, LedgerEntry
from budgeting.services import (
    FundsShort,
    Share,
    available,
    carry_over,
    commit,
    commit_more,
    decommit,
    ledger_differences,
    pay,
    refund,
    release,
    unreserved_of,
)
from core.history.reading import acts_of, events_of
from core.history.verify import verify
from tests import steps
from tests.budgeting.funds import (
    FIRST_FEN,
    ON,
    SECOND_FEN,
    TOTAL,
    by_finance,
    lines,
    of_two_funds,
    seen,
    shares,
)
from tests.procurement.scenes import rows_now
from tests.steps import edit, put

pytestmark = pytest.mark.django_db
BUCKETS = ("reserved_fen", "committed_fen", "paid_fen", "released_fen", "carried_fen")


@pytest.fixture
def project(world):
    return of_two_funds(world)


@pytest.fixture
def by(world, project):
    return by_finance(world, project)


class TestMoves:
    """《渝北办法》第十二条: reserved → committed → paid, or back to the ceiling."""

    def test_a_contract_commits_and_releases_the_rest(self, project, by):
        commit(project, 175_680_000, by)
        release(project, 4_320_000, by)

        assert seen("committed_fen") == [117_120_000, 58_560_000]
        assert seen("released_fen") == [2_880_000, 1_440_000]
        assert seen("reserved_fen") == [0, 0]
        assert ledger_differences() == []

    def test_what_is_released_is_available_again(self, project, by):
        ceilings = [line.ceiling for line in lines()]
        before = [available(c) for c in ceilings]

        release(project, 300, by)

        after = [available(steps.fresh(c)) for c in ceilings]
        assert [b - a for a, b in zip(before, after, strict=True)] == [200, 100]

    def test_a_payment_falls_on_the_lines_it_names(self, project, by):
        commit(project, TOTAL, by)
        pay(project, shares(1, 60_000_000), by)

        assert seen("paid_fen") == [1, 60_000_000]
        assert seen("committed_fen") == [FIRST_FEN - 1, 0]
        assert ledger_differences() == []

    def test_a_commitment_not_needed_goes_back(self, project, by):
        commit(project, TOTAL, by)
        decommit(project, shares(0, 5), by)

        assert (seen("committed_fen"), seen("released_fen")) == (
            [FIRST_FEN, SECOND_FEN - 5],
            [0, 5],
        )
        assert [available(line.ceiling) for line in lines()] == [180_000_000, 240_000_005]

    def test_a_refund_takes_back_what_was_paid(self, project, by):
        commit(project, TOTAL, by)
        pay(project, shares(200, 100), by)
        refund(project, 30, by)

        assert (seen("paid_fen"), seen("released_fen")) == ([180, 90], [20, 10])
        with pytest.raises(FundsShort, match=r"已付金额只有 2\.70 元"):
            refund(project, 271, by)
        assert ledger_differences() == []

    def test_every_posting_is_one_event_on_the_case(self, world, project, by):
        before = len(acts_of(project.stream()))
        commit(project, 100, by)
        release(project, 100, by)

        assert acts_of(project.stream())[before:] == ["budgeting.post"] * 2
        event = events_of(project.stream())[0]
        assert (event.title, event.actor_name) == ("释放预留资金", "赵磊")
        entry = LedgerEntry.objects.last()
        assert (entry.effective_on, entry.document) == (ON, f"projects.project:{project.pk}")
        assert verify().differences == []


class TestSharing:
    """An amount is spread by what is left on each line: the largest remainder, never more."""

    @pytest.mark.parametrize(
        ("amount", "expected"),
        [
            (1, [1, 0]),
            (2, [1, 1]),
            (3, [2, 1]),
            (100, [67, 33]),
            (101, [67, 34]),
            (TOTAL - 1, [FIRST_FEN - 1, SECOND_FEN]),
            (TOTAL, [FIRST_FEN, SECOND_FEN]),
        ],
    )
    def test_the_parts_sum_to_the_amount(self, project, by, amount, expected):
        commit(project, amount, by)

        assert seen("committed_fen") == expected
        assert sum(expected) == amount

    def test_what_is_left_decides_not_what_there_was(self, project, by):
        commit(project, TOTAL, by)
        decommit(project, shares(FIRST_FEN - 1), by)
        commits = seen("committed_fen")

        assert commits == [1, SECOND_FEN]
        pay(project, shares(1, SECOND_FEN), by)
        assert seen("committed_fen") == [0, 0]


class TestFundsShort:
    """第十二条: never more than the bucket holds; what is refused leaves nothing."""

    @pytest.mark.parametrize("post", [commit, release])
    def test_a_cent_more_than_the_reservation_is_refused(self, project, by, post):
        with pytest.raises(FundsShort, match=r"第十二条：.*的预留只有 1,800,000\.00 元") as short:
            post(project, TOTAL + 1, by)
        assert short.value.available_fen == TOTAL

        post(project, TOTAL, by)
        assert seen("reserved_fen") == [0, 0]

    @pytest.mark.parametrize("post", [pay, decommit])
    def test_a_line_short_by_a_cent_stops_all_of_them(self, project, by, post):
        commit(project, 300, by)
        before = rows_now()

        with pytest.raises(FundsShort, match=r"的承诺只有 1\.00 元"):
            post(project, shares(200, 101), by)

        assert rows_now() == before
        post(project, shares(200, 100), by)
        assert ledger_differences() == []

    def test_nothing_can_be_added_without_an_adjustment(self, project, by):
        commit(project, 175_680_000, by)
        release(project, 4_320_000, by)

        with pytest.raises(FundsShort, match=r"可用余额只有 0\.00 元") as short:
            commit_more(project, 17_568_000, by)
        assert (short.value.available_fen, unreserved_of(project)) == (0, 0)

    def test_after_an_adjustment_it_can(self, project, by):
        line = lines()[0]
        edit(line.ceiling, allocated_fen=line.ceiling.allocated_fen + 100)
        edit(line, approved_fen=line.approved_fen + 100)
        entry = {"effective_on": ON, "document": "x", "kind": "approve", "amount_fen": 100}
        put(LedgerEntry(allocation=line, **entry))

        commit_more(project, 100, by)

        assert (seen("committed_fen"), unreserved_of(project)) == ([100, 0], 0)
        with pytest.raises(FundsShort):
            commit_more(project, 1, by)
        assert ledger_differences() == []

    @pytest.mark.parametrize("wrong", [0, -1])
    @pytest.mark.parametrize("post", [commit, release, refund, commit_more])
    def test_an_amount_is_positive(self, project, by, post, wrong):
        with (
            pytest.raises(ValueError, match="positive"),
            CaptureQueriesContext(connection) as asked,
        ):
            post(project, wrong, by)

        assert len(asked) == 0

    @pytest.mark.parametrize("wrong", [0, -1])
    @pytest.mark.parametrize("post", [pay, decommit])
    def test_a_share_is_positive(self, project, by, post, wrong):
        commit(project, 300, by)
        given = [Share(lines()[0], 1), Share(lines()[1], wrong)]

        with (
            pytest.raises(ValueError, match="positive"),
            CaptureQueriesContext(connection) as asked,
        ):
            post(project, given, by)

        assert len(asked) == 0

    @pytest.mark.parametrize("wrong", [0, -1])
    def test_what_is_carried_over_is_positive(self, project, by, wrong):
        line = lines()[0]

        with (
            pytest.raises(ValueError, match="positive"),
            CaptureQueriesContext(connection) as asked,
        ):
            carry_over(project, line, wrong, by)

        assert len(asked) == 0

    def test_a_failing_log_leaves_nothing(self, project, by, monkeypatch):
        before = rows_now()

        def fail(events):
            raise RuntimeError("the log is full")

        with monkeypatch.context() as broken:
            broken.setattr(unit, "_append", [fail])
            with pytest.raises(RuntimeError):
                commit(project, 1, by)

        assert rows_now() == before


class TestChecking:
    """The books are compared with their entries by `verify`."""

    @pytest.mark.parametrize("bucket", ["reserved_fen", "approved_fen", "released_fen"])
    def test_a_bucket_without_its_entry_is_found(self, project, bucket):
        line = lines()[0]
        step = {"reserved_fen": -1, "approved_fen": 1, "released_fen": 1}[bucket]
        if bucket == "released_fen":
            edit(line, reserved_fen=line.reserved_fen - 1)
        edit(line, **{bucket: getattr(line, bucket) + step})

        title = {"reserved_fen": "预留", "approved_fen": "批复", "released_fen": "已释放"}[bucket]
        assert any(f"的{title}为" in sentence for sentence in ledger_differences())
        assert set(ledger_differences()) <= set(verify().differences)

    def test_a_carried_amount_without_its_entry_is_found(self, project):
        ceiling = lines()[0].ceiling
        edit(ceiling, carried_in_fen=1)

        assert ledger_differences() == [
            f"{ceiling}的上年结转为 0.01 元，台账分录之和为 0.00 元，相差 0.01 元。"
        ]

    def test_a_ceiling_that_does_not_sum_is_found(self, project):
        ceiling = lines()[0].ceiling
        edit(ceiling, allocated_fen=ceiling.allocated_fen - 1)

        assert ledger_differences() == [
            f"{ceiling}的已分配数为 1,199,999.99 元，各分配之和为 1,200,000.00 元，相差 0.01 元。"
        ]


# --- Any order ------------------------------------------------------------------------------------

AMOUNTS = st.one_of(st.integers(1, 5), st.integers(1, TOTAL), st.just(FIRST_FEN), st.just(TOTAL))
POSTS = st.tuples(
    st.sampled_from(["commit", "release", "refund", "commit_more", "pay", "decommit", "carry"]),
    AMOUNTS,
    st.integers(0, 3),
)


def post(project, by, name, fen, at):
    """One posting; a line that is not there is the last one."""
    held = lines()
    line = held[min(at, len(held) - 1)]
    spread = {"commit": commit, "release": release, "refund": refund, "commit_more": commit_more}
    named = {"pay": pay, "decommit": decommit}
    if name in spread:
        spread[name](project, fen, by)
    elif name in named:
        named[name](project, [Share(line, fen)], by)
    else:
        carry_over(project, line, fen, by)


class TestAnyOrder:
    """Whatever the order of postings, the books balance and nothing is lost or made."""

    @settings(
        max_examples=25,
        deadline=None,
        suppress_health_check=[HealthCheck.function_scoped_fixture],
    )
    @example([("commit", TOTAL, 0), ("carry", 7, 1), ("pay", 7, 2), ("refund", 7, 0)])
    @given(st.lists(POSTS, min_size=3, max_size=9))
    def test_the_books_balance(self, world, project, by, posts):
        with transaction.atomic():
            for name, fen, at in posts:
                before = rows_now()
                try:
                    post(project, by, name, fen, at)
                except FundsShort:
                    assert rows_now() == before
                self.balanced()
            transaction.set_rollback(True)

    def balanced(self):
        assert ledger_differences() == []
        held = lines()
        moved = sum(getattr(line, bucket) for line in held for bucket in BUCKETS)
        carried = sum(line.carried_fen for line in held)
        assert moved - carried == TOTAL
        assert all(getattr(line, bucket) >= 0 for line in held for bucket in BUCKETS)
        assert all(available(ceiling) >= 0 for ceiling in Ceiling.objects.all())
