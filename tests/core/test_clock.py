"""The demonstration clock: only in a demonstration, only forward, always recorded."""

from datetime import date

import pytest
from django.utils import timezone

from core.calendar.clock import (
    ClockRefused,
    is_demo,
    move_demo_clock,
    start_demo_clock,
    today,
)
from core.calendar.models import DemoClock
from core.history.reading import events_of
from core.history.verify import verify

START = date(2026, 3, 2)


@pytest.fixture
def clock(world, settings):
    settings.MINGGOU_DEMO = True
    return start_demo_clock(START, by=world.admin.user)


def move(world, to):
    return move_demo_clock(to, by=world.admin.user, acting_as=world.admin.role)


class TestDemonstration:
    """Where there is a clock it tells the day."""

    def test_it_tells_the_day(self, clock):
        assert (today(), is_demo()) == (START, True)

    def test_it_moves_forward_and_is_recorded(self, world, clock):
        move(world, date(2026, 3, 5))

        assert today() == date(2026, 3, 5)
        event = events_of(f"core.democlock:{clock.pk}")[0]
        assert (event.title, event.actor_name) == ("拨动演示时钟", "周凯")
        assert verify().is_clean

    def test_the_same_day_is_no_move(self, world, clock):
        assert move(world, START).today == START

    def test_it_never_moves_back(self, world, clock):
        with pytest.raises(ClockRefused, match="只能向后拨：现为 2026-03-02，不能拨回 2026-03-01"):
            move(world, date(2026, 3, 1))

        assert today() == START


class TestProduction:
    """A production database has no clock to move."""

    @pytest.fixture(autouse=True)
    def _production(self, settings):
        settings.MINGGOU_DEMO = False

    def test_a_clock_cannot_be_started(self, world):
        with pytest.raises(ClockRefused, match="正式库"):
            start_demo_clock(START, by=world.admin.user)

        assert not DemoClock.objects.exists()

    def test_the_day_is_that_of_the_server(self, db):
        assert (today(), is_demo()) == (timezone.localdate(), False)

    def test_a_clock_row_from_elsewhere_is_not_read(self, world, settings):
        settings.MINGGOU_DEMO = True
        start_demo_clock(START, by=world.admin.user)
        settings.MINGGOU_DEMO = False

        assert today() == timezone.localdate()
        with pytest.raises(ClockRefused, match="这不是演示库"):
            move(world, date(2026, 3, 5))
