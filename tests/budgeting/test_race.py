"""Several at the same money at once: a slice of the budget race, and the turn of the year.

The whole race: `python -m tests.rigs.budget_race`.
"""

import threading
import time

import pytest
from django.db import connection
from django.db.backends.base.creation import TEST_DATABASE_PREFIX

from budgeting.models import Allocation, Ceiling
from budgeting.services import Posting, carry_over, commit, ledger_differences, lock_lines
from budgeting.services import set_ceiling as service_set_ceiling
from core.history import unit_of_work
from tests import steps
from tests.rigs.budget_racing import Racing
from tests.rigs.budget_stage import FUND
from tests.rigs.databases import OwnDatabase

pytestmark = pytest.mark.skipif("connection.vendor != 'postgresql'", reason="SQLite has one writer")
WRITERS, ROUNDS, SEED = 4, 2, 20261122
CROWD = 64


@pytest.fixture(scope="module")
def empty(django_db_setup, django_db_blocker):
    """The name of this session's database, if it has one of its own, to be copied."""
    name = connection.settings_dict["NAME"]
    return name if name.startswith(TEST_DATABASE_PREFIX) else ""


@pytest.fixture(scope="module")
def racing(empty, django_db_blocker):
    """The stage in a database of its own."""
    with django_db_blocker.unblock(), OwnDatabase() as own:
        own.copied(empty) if empty else own.migrated()
        yield Racing(own, WRITERS, SEED)


class TestManyWriters:
    """《渝北办法》第十二条: at one ceiling, and at one project's money, at the same moment."""

    def test_never_take_more_than_there_is(self, racing):
        tallies = [racing.run(race, ROUNDS) for race in ("ceiling", "mixed")]

        for tally in tallies:
            assert (tally.over, tally.wrong, tally.unexpected) == ([], [], [])
            assert min(tally.won, tally.refused) > 0

    def test_take_more_without_the_locks(self, racing):
        """The control: whatever the test above shows, the guard did."""
        tallies = [racing.run(race, 1, guard=False) for race in ("ceiling", "line")]

        assert all(tally.over for tally in tallies)


class TestACrowd:
    """The size of the long run, few rounds of it: at one project's money and at one ceiling."""

    def test_of_sixty_four_writers_takes_no_more_than_there_is(self, empty, racing):
        with OwnDatabase() as own:
            own.copied(empty) if empty else own.migrated()
            crowd = Racing(own, CROWD, SEED, with_replies=False)
            tallies = [crowd.run("line", 1), crowd.run("reserve", 1)]

        for tally in tallies:
            assert len(tally.journal) == CROWD
            assert (tally.over, tally.wrong, tally.unexpected) == ([], [], [])
            assert min(tally.won, tally.refused) > 0


@pytest.fixture
def stage(racing):
    """The stage as it was built, with half of the project's money committed."""
    racing.own.put_back()
    with unit_of_work():
        commit(racing.stage.project, 90_000_000, posting(racing.stage))
    return racing.stage


def posting(stage, project=None):
    return Posting(project or stage.project, **stage.world.zhao.acts(steps.REPLIED))


def set_ceiling(stage, year):
    return service_set_ceiling(
        stage.world.purchasers["文旅委"],
        year=year,
        fund=stage.world.funds[FUND],
        amount_fen=500_000_000,
        number="示财预〔2026〕9号",
        **stage.world.zhao.acts(steps.REPLIED),
    )


def carry(stage, project=None):
    """Carry one 分 of the project's oldest line over to the next year."""
    project = project or stage.project
    line = Allocation.objects.filter(project=project).earliest("ceiling__year", "pk")
    carry_over(project, line, 1, posting(stage, project))


def overlapped(first, second, *, then=lambda: None):
    """`second` begins when `first` is done and not committed (`then` follows); both exceptions."""
    raised, is_done = [None, None], threading.Event()

    def hold():
        with unit_of_work():
            first()
            is_done.set()
            time.sleep(0.3)
            then()

    def wait():
        is_done.wait(10)
        with unit_of_work():
            second()

    def run(position, act):
        try:
            act()
        except Exception as error:  # noqa: BLE001 - asserted by the tests
            raised[position] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=each) for each in enumerate((hold, wait))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return raised


class TestTurnOfTheYear:
    """Money is carried over into a ceiling that the finance bureau is setting as well."""

    def test_a_ceiling_carried_into_meanwhile_is_set_on_top_of_it(self, stage):
        assert overlapped(lambda: carry(stage), lambda: set_ceiling(stage, 2027)) == [None, None]
        assert Ceiling.objects.get(year=2027).amount_fen == 500_000_001
        assert ledger_differences() == []

    def test_a_ceiling_set_meanwhile_takes_what_is_carried_over(self, stage):
        assert overlapped(lambda: set_ceiling(stage, 2027), lambda: carry(stage)) == [None, None]
        assert Ceiling.objects.get(year=2027).amount_fen == 500_000_001
        assert ledger_differences() == []

    def test_no_deadlock_where_the_later_ceiling_was_set_first(self, stage):
        """Ceilings are locked by number; here the number of 2026 comes before that of 2025."""
        ceiling, other = set_ceiling(stage, 2025), stage.own[0].lines.get().project
        for project in (stage.project, other):
            steps.put(Allocation(project=project, ceiling=ceiling, approved_fen=9, committed_fen=9))

        assert overlapped(
            lambda: lock_lines(other),
            lambda: lock_lines(stage.project),
            then=lambda: carry(stage, other),
        ) == [None, None]
