"""A slice of the budget race; the whole of it: `python -m tests.rigs.budget_race`."""

import pytest
from django.db import connection
from django.db.backends.base.creation import TEST_DATABASE_PREFIX

from tests.rigs.budget_racing import Racing
from tests.rigs.databases import OwnDatabase

pytestmark = pytest.mark.skipif("connection.vendor != 'postgresql'", reason="SQLite has one writer")
WRITERS, ROUNDS, SEED = 4, 2, 20261122


@pytest.fixture(scope="module")
def racing(django_db_setup, django_db_blocker):
    """The stage in a database of its own, a copy of this session's empty one if it has one."""
    is_set_up = connection.settings_dict["NAME"].startswith(TEST_DATABASE_PREFIX)
    with django_db_blocker.unblock(), OwnDatabase() as own:
        own.copied() if is_set_up else own.migrated()
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
