"""Notices: one per desk and occasion, seen by who sits there now."""

from datetime import date

import pytest
from django.utils import timezone

from accounts.models import User
from core.inbox import InboxItem, notify
from tests import steps
from tests.world import DAY


@pytest.fixture
def tell(world):
    def told(key="k", place="文旅委", role="officer"):
        return notify(
            key=key,
            organisation=world.organisations[place],
            role=role,
            title="请办理",
            url="/",
            on=DAY,
        )

    return told


class TestNotify:
    """However often it is called."""

    def test_the_same_occasion_is_told_once(self, tell):
        assert tell() == tell()
        assert InboxItem.objects.count() == 1

    def test_another_desk_is_told_apart(self, tell):
        tell()
        tell(place="教委")
        tell(role="section_head")

        assert InboxItem.objects.count() == 3

    def test_a_notice_that_was_read_stays_read(self, tell):
        item = tell()
        InboxItem.objects.update(read_at=timezone.now())
        tell()

        assert item not in InboxItem.objects.unread()


class TestVisibility:
    """The desk sees it, nobody else, and only while the role lasts."""

    @pytest.mark.parametrize(
        ("name", "sees"),
        [("zhang", 1), ("li", 0), ("wang", 0), ("chen", 0), ("zhao", 0), ("wu", 0)],
    )
    def test_only_the_desk_sees_it(self, world, tell, name, sees):
        tell()

        assert InboxItem.objects.visible_to(getattr(world, name).user).count() == sees

    @pytest.mark.parametrize(("day", "sees"), [(19, 1), (20, 0)])
    def test_a_role_that_ended_sees_nothing(self, world, tell, day, sees):
        tell()
        steps.edit(world.zhang.role, until=date(2025, 10, 20))
        user = User.objects.get(pk=world.zhang.user.pk)
        user.day = date(2025, 10, day)

        assert InboxItem.objects.visible_to(user).count() == sees
