"""Events that were given up can be queued again by an operator."""

from __future__ import annotations

import pytest
from django.core.management import call_command

from core.events.models import OutboxEvent
from tests import steps
from tests.world import deliver_all

pytestmark = pytest.mark.django_db


class TestRetry:
    def test_a_dead_event_is_named_and_delivered_again(self, world, capsys):
        steps.file(world)
        waiting = OutboxEvent.objects.undone()
        waiting.update(is_dead=True, attempts=8, last_error="ValueError: 坏了")
        assert deliver_all() == 0

        call_command("retry_events")

        assert "ValueError: 坏了" in capsys.readouterr().out
        assert deliver_all() >= 1
        assert not OutboxEvent.objects.undone().exists()
