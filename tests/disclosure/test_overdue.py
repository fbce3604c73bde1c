"""Overdue duties are put in the right inboxes, once however often the check runs."""

from __future__ import annotations

from datetime import date

import pytest

from core.inbox import InboxItem
from disclosure.tasks import notify_overdue_duties
from tests import steps

pytestmark = pytest.mark.django_db


@pytest.fixture
def duty(world):
    """A duty opened on 2026-01-30: twenty days end on 02-19, a holiday, so on 02-24."""
    from disclosure.models import DisclosureDuty

    return steps.put(
        DisclosureDuty(
            project=steps.file(world), kind="project_and_requirements", opened_on=date(2026, 1, 30)
        )
    )


class TestOverdue:
    """《渝北办法》第九条第（二）项：批复后应主动公开；逾期须有人知道。"""

    def test_nothing_on_the_last_day(self, duty):
        assert notify_overdue_duties(date(2026, 2, 24)) == 0
        assert not InboxItem.objects.exists()

    def test_the_officer_and_the_leader_are_told_once(self, duty, world):
        for _ in range(3):
            assert notify_overdue_duties(date(2026, 2, 25)) == 1
        roles = InboxItem.objects.values_list("role", flat=True)
        assert sorted(roles) == ["division_leader", "officer"]
        assert InboxItem.objects.visible_to(world.zhang.user).count() == 1
        assert not InboxItem.objects.visible_to(world.chen.user).exists()

    def test_what_has_no_term_is_never_overdue(self, world):
        from disclosure.models import DisclosureDuty

        steps.put(
            DisclosureDuty(project=steps.file(world), kind="intention", opened_on=date(2026, 1, 30))
        )
        assert notify_overdue_duties(date(2026, 12, 25)) == 0
