"""The outbox: in order per case, at least once, with one effect."""

from datetime import timedelta

import pytest
from django.utils import timezone

from core.events import OutboxEvent, deliver, drain
from core.events.delivery import HANDLERS, MOST_ATTEMPTS, on
from core.events.models import Delivery
from core.history import change
from core.inbox import InboxItem, notify
from tests import steps
from tests.world import DAY


@pytest.fixture
def subscribe(monkeypatch):
    """Handlers of one test: each takes the event; all others stay out of the way."""
    for name in list(HANDLERS):
        monkeypatch.delitem(HANDLERS, name)
    return lambda name, handler: on(name)(handler)


@pytest.fixture
def announce(world):
    """Announce something in a case file; returns the queued event."""
    drain()

    def announced(name, stream="case:1"):
        with change(
            title="测试", act="tests.announce", by=None, on=DAY, stream=stream, announce=name
        ) as changes:
            changes.update(world.jurisdiction, name=f"示范区{OutboxEvent.objects.count()}")
            changes.name_subject(world.jurisdiction)
        return OutboxEvent.objects.latest("seq")

    return announced


def due_again(event):
    OutboxEvent.objects.filter(pk=event.pk).update(retry_at=timezone.now() - timedelta(seconds=1))


class TestOrder:
    """Only the oldest undone event of a case is delivered; cases do not wait for each other."""

    def test_events_of_one_case_arrive_in_order(self, announce, subscribe):
        heard = []
        subscribe("t.a", lambda event: heard.append(event.seq))
        events = [announce("t.a") for _ in range(3)]

        assert not deliver(events[2].seq)
        drain()

        assert heard == [e.seq for e in events]

    def test_a_failing_case_holds_up_no_other(self, announce, subscribe):
        heard = []

        def fail(event):
            raise RuntimeError("down")

        subscribe("t.bad", fail)
        subscribe("t.good", lambda event: heard.append(event.stream))
        announce("t.bad", "case:1")
        announce("t.good", "case:1")
        announce("t.good", "case:2")

        assert drain() == 1
        assert heard == ["case:2"]


class TestDelivery:
    """Delivered twice, one effect."""

    def test_a_second_delivery_does_nothing(self, announce, subscribe):
        heard = []
        subscribe("t.a", lambda event: heard.append(event.seq))
        event = announce("t.a")

        assert [deliver(event.seq), deliver(event.seq)] == [True, False]
        assert len(heard) == 1

    def test_a_crash_after_the_effect_repeats_nothing(self, announce, subscribe):
        heard = []
        subscribe("t.a", lambda event: heard.append(event.seq))
        event = announce("t.a")
        deliver(event.seq)
        OutboxEvent.objects.filter(pk=event.pk).update(done_at=None)

        assert deliver(event.seq)
        assert len(heard) == 1

    def test_an_event_nobody_hears_is_done(self, announce, subscribe):
        event = announce("t.silent")

        assert deliver(event.seq)
        assert not Delivery.objects.filter(event=event).exists()

    def test_draining_stops_at_its_limit(self, announce, subscribe):
        for number in range(3):
            announce("t.a", f"case:{number}")

        assert drain(limit=0) == 0
        assert drain() == 3

    def test_the_submission_opens_one_review_however_often_it_is_delivered(self, world):
        project = steps.submit(world)
        event = OutboxEvent.objects.get(name="projects.project.submit")
        OutboxEvent.objects.filter(pk=event.pk).update(done_at=None)
        Delivery.objects.filter(event=event).delete()

        assert deliver(event.seq)
        assert steps.review_of(project).opinions.count() == 3


class TestFailure:
    """A failing handler is tried again, later and later, and given up at last."""

    @pytest.fixture
    def failing(self, announce, subscribe, world):
        def half_done(event):
            notify(
                key="half",
                organisation=world.organisations["财政局"],
                role="finance",
                title="x",
                url="",
                on=DAY,
            )
            raise RuntimeError("down")

        subscribe("t.bad", half_done)
        return announce("t.bad")

    def test_it_leaves_no_half_effect(self, failing):
        assert not deliver(failing.seq)

        assert not InboxItem.objects.filter(key__startswith="half").exists()
        assert not Delivery.objects.filter(event=failing).exists()

    def test_it_waits_before_the_next_attempt(self, failing):
        deliver(failing.seq)

        failing.refresh_from_db()
        assert (failing.attempts, failing.last_error) == (1, "RuntimeError: down")
        assert failing.retry_at > timezone.now()
        assert not deliver(failing.seq)
        failing.refresh_from_db()
        assert failing.attempts == 1

    def test_it_is_delivered_once_the_handler_works(self, failing, monkeypatch):
        deliver(failing.seq)
        heard = []
        monkeypatch.setitem(HANDLERS, "t.bad", [("t", lambda event: heard.append(event.seq))])
        due_again(failing)

        assert deliver(failing.seq)
        assert heard == [failing.seq]

    def test_it_is_given_up_after_the_last_attempt(self, failing):
        for _ in range(MOST_ATTEMPTS):
            assert not failing.is_dead
            due_again(failing)
            deliver(failing.seq)
            failing.refresh_from_db()

        assert failing.is_dead
        due_again(failing)
        assert drain() == 0


class TestAnnouncing:
    """An announcement stands in the outbox with its event, or not at all."""

    def test_it_is_queued_with_its_event(self, announce, subscribe):
        event = announce("t.a")

        assert (event.name, event.stream, event.effective_on) == ("t.a", "case:1", DAY)

    def test_an_undone_change_queues_nothing(self, world):
        before = OutboxEvent.objects.count()
        with pytest.raises(RuntimeError):
            steps.edit_then_fail(world.jurisdiction, name="x")

        assert OutboxEvent.objects.count() == before
