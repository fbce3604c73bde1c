"""The ledger of funds: ceilings, allocations, reservations, to the 分."""

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from budgeting.facts import split_by_fund
from budgeting.models import Allocation, Ceiling, LedgerEntry
from budgeting.services import (
    CeilingExceeded,
    available,
    ledger_differences,
    set_ceiling,
    unreserved,
)
from budgeting.services.ledger import allocate_and_reserve
from core.history.reading import events_of
from core.transitions import NotPermitted, RequestKeyMismatch, StaleAct
from tests import steps
from tests.world import DAY

FUND, SECOND = "部门预算", "本级财政管理资金"


def ceiling(world, fund=FUND):
    return Ceiling.objects.get(purchaser=world.purchasers["文旅委"], fund=world.funds[fund])


def set_to(world, fen, by=None, **changes):
    return set_ceiling(
        world.purchasers["文旅委"],
        year=2026,
        fund=world.funds[FUND],
        amount_fen=fen,
        number="示财预〔2025〕13号",
        **(by or world.zhao).acts(),
        **changes,
    )


class TestCeilings:
    """《渝北办法》第十二条: the finance bureau sets them, never below what is allocated."""

    def test_a_change_is_recorded_with_before_and_after(self, world):
        set_to(world, 200_000_000)

        event = events_of(f"projects.purchaser:{world.purchasers['文旅委'].pk}")[0]

        assert ("控制数·控制数", "3,000,000.00 元", "2,000,000.00 元") in [
            (d.label, d.before, d.after) for d in event.diffs
        ]

    @pytest.mark.parametrize("step", [-1, 0, 1])
    def test_it_does_not_fall_below_what_is_allocated(self, world, step):
        steps.reply(world)
        wanted = 186_000_000 + step

        if step < 0:
            with pytest.raises(CeilingExceeded, match=r"可用余额只有 1,140,000\.00 元"):
                set_to(world, wanted)
        else:
            assert available(set_to(world, wanted)) == step

    def test_a_refused_change_leaves_the_old_amount(self, world):
        steps.reply(world)
        with pytest.raises(CeilingExceeded):
            set_to(world, 1)

        assert ceiling(world).amount_fen == 300_000_000

    def test_a_stale_page_does_not_set_it(self, world):
        version = ceiling(world).version
        set_to(world, 200_000_000)

        with pytest.raises(StaleAct):
            set_to(world, 250_000_000, version=version)

    def test_a_repeated_click_sets_it_once(self, world):
        set_to(world, 200_000_000, key="k")
        set_to(world, 200_000_000, key="k")

        assert ceiling(world).version == 2
        with pytest.raises(RequestKeyMismatch):
            set_to(world, 1, key="k")

    @pytest.mark.parametrize("name", ["zhang", "qian", "wu", "admin"])
    def test_nobody_else_sets_it(self, world, name):
        with pytest.raises(NotPermitted):
            set_to(world, 1, by=getattr(world, name))

    @pytest.mark.skipif("connection.vendor != 'postgresql'", reason="SQLite has one writer")
    def test_the_row_is_locked_before_it_is_read(self, world):
        with CaptureQueriesContext(connection) as asked:
            set_to(world, 200_000_000)

        assert any(
            "FOR NO KEY UPDATE" in q["sql"] and 'FROM "budgeting_ceiling"' in q["sql"]
            for q in asked
        )

    def test_the_database_itself_keeps_the_limit(self, world):
        row = ceiling(world)

        with pytest.raises(IntegrityError), transaction.atomic():
            steps.edit(row, allocated_fen=row.amount_fen + 1)


class TestSplit:
    """A reply is shared over the sources of funds by the largest remainder."""

    @pytest.mark.parametrize(
        ("weights", "approved_fen", "shares"),
        [
            ((1, 1), 101, [51, 50]),
            ((2, 1), 100, [67, 33]),
            ((1, 2), 100, [33, 67]),
            ((60_000_000, 40_000_000), 99_999_999, [59_999_999, 40_000_000]),
            ((99, 1), 1, [1]),
        ],
    )
    def test_the_shares_sum_to_the_reply(self, world, weights, approved_fen, shares):
        first, second = weights
        project = steps.file(
            world,
            estimate=[world.estimate(sum(weights))],
            funds=[world.fund(first), world.fund(second, SECOND)],
        )

        assert [fen for _, fen in split_by_fund(project, approved_fen)] == shares
        assert sum(shares) == approved_fen

    def test_each_share_goes_to_its_own_ceiling(self, world):
        steps.reply(
            world,
            fen=180_000_000,
            funds=[world.fund(124_000_000), world.fund(62_000_000, SECOND)],
        )

        assert ceiling(world).allocated_fen == 120_000_000
        assert ceiling(world, SECOND).allocated_fen == 60_000_000
        assert Allocation.objects.count() == 2
        assert ledger_differences() == []


class TestReservation:
    """Approved, reserved, never more than there is."""

    @pytest.fixture
    def reserved(self, world):
        steps.reply(world, fen=180_000_000)
        return Allocation.objects.get()

    def test_the_ledger_adds_up(self, world, reserved):
        assert (reserved.approved_fen, unreserved(reserved)) == (180_000_000, 0)
        assert available(ceiling(world)) == 120_000_000
        assert [(e.kind, e.amount_fen) for e in LedgerEntry.objects.all()] == [
            ("approve", 180_000_000),
            ("reserve", 180_000_000),
        ]
        assert ledger_differences() == []

    def test_an_entry_names_its_document(self, reserved):
        assert LedgerEntry.objects.first().document.startswith("budgeting.budgetreply:")

    def test_more_than_available_is_refused_and_leaves_nothing(self, world):
        project = steps.file(world)

        with pytest.raises(CeilingExceeded):
            allocate_and_reserve(
                project, approved_fen=300_000_001, document=project, **world.zhao.acts()
            )

        assert (ceiling(world).allocated_fen, Allocation.objects.count()) == (0, 0)

    @pytest.mark.parametrize(
        "wrong", [{"reserved_fen": 180_000_001}, {"committed_fen": 1}, {"paid_fen": -1}]
    )
    def test_the_database_keeps_the_buckets_within_the_allocation(self, reserved, wrong):
        with pytest.raises(IntegrityError), transaction.atomic():
            steps.edit(reserved, **wrong)

    def test_an_entry_is_positive(self, reserved):
        with pytest.raises(IntegrityError), transaction.atomic():
            steps.put(
                LedgerEntry(
                    allocation=reserved,
                    kind="release",
                    amount_fen=0,
                    effective_on=DAY,
                    document="x",
                )
            )

    def test_a_bucket_without_its_entry_is_a_difference(self, world, reserved):
        steps.edit(reserved, reserved_fen=1)
        steps.edit(ceiling(world), allocated_fen=1)

        assert len(ledger_differences()) == 2
