"""《渝北办法》第九条第（二）项、第十六条: what was approved is made public, in time."""

from datetime import date, timedelta

import pytest

from core.events import OutboxEvent
from core.history.reading import acts_of, events_of, refusals_of
from core.rules.models import Parameter
from core.transitions import NotOffered, NotPermitted, TransitionRefused
from disclosure.facts import due_on
from disclosure.models import DisclosureDuty, DutyStatus
from disclosure.services import open_duty, register_publication
from tests import steps
from tests.world import DAY

DUE = date(2026, 2, 24)  # 01-30 + 20 days is 02-19, in the Spring Festival holidays


@pytest.fixture
def duty(world):
    steps.reply(world)
    return DisclosureDuty.objects.get()


def publish(world, duty, on, by=None, **changes):
    return register_publication(
        duty,
        medium="示范区人民政府网站",
        address="https://example.gov.cn/1",
        published_on=on,
        **(by or world.zhang).acts(on),
        **changes,
    )


class TestOpening:
    """The reply opens the duty; nothing else does, and only once."""

    def test_the_reply_opens_it_on_its_own_day(self, duty):
        assert (duty.status, duty.opened_on) == (DutyStatus.OPEN, steps.REPLIED)
        assert due_on(duty) == DUE

    def test_opening_again_changes_nothing(self, world, duty):
        again = open_duty(duty.project, **world.zhao.acts(date(2026, 3, 1)))

        assert (again.pk, again.opened_on) == (duty.pk, steps.REPLIED)

    def test_a_project_under_review_has_none(self, world):
        steps.conclude(world)

        assert not DisclosureDuty.objects.exists()


class TestRules:
    """Not before the reply; late is registered as late."""

    @pytest.mark.parametrize(("days", "expected"), [(-1, "unmet"), (0, "met"), (1, "met")])
    def test_it_is_not_published_before_the_reply(self, duty, days, expected):
        on = steps.REPLIED + timedelta(days=days)

        assert steps.verdict(duty, "YB-9.2-published-not-early", published_on=on).state == expected

    @pytest.mark.parametrize(("days", "expected"), [(-1, "met"), (0, "met"), (1, "late")])
    def test_it_is_published_by_the_last_day(self, duty, days, expected):
        on = DUE + timedelta(days=days)

        assert steps.verdict(duty, "YB-9.2-published-in-time", published_on=on).state == expected

    def test_a_stricter_value_of_the_district_counts(self, world, duty):
        steps.put(
            Parameter(
                key="YB-9.2-publish-days",
                value=2,
                since=DAY,
                jurisdiction=world.jurisdiction,
                article="本区规定",
            )
        )

        assert due_on(duty) == date(2026, 2, 2)


class TestPublication:
    """《渝北办法》第十六条: the purchaser registers where it was published."""

    def test_it_moves_and_records_it_once(self, world, duty):
        publish(world, duty, date(2026, 2, 9))

        now = steps.fresh(duty)
        assert (now.status, now.published_on) == ("fulfilled", date(2026, 2, 9))
        act = "disclosure.disclosureduty.fulfil"
        assert acts_of(duty.stream()).count(act) == 1
        assert OutboxEvent.objects.filter(name=act).count() == 1

    def test_too_early_is_refused_with_its_article(self, world, duty):
        with pytest.raises(TransitionRefused, match="第九条第（二）项：公开日早于起算日"):
            publish(world, duty, date(2026, 1, 29))

        assert len(refusals_of(duty.stream())) == 1
        assert steps.fresh(duty).status == DutyStatus.OPEN

    def test_late_is_registered_and_recorded_as_late(self, world, duty):
        publish(world, duty, DUE + timedelta(days=3))

        (late,) = events_of(duty.stream())[0].late
        assert (late.rule, late.message) == ("YB-9.2-published-in-time", "逾期 3 日公开")
        assert steps.fresh(duty).status == DutyStatus.FULFILLED

    def test_a_second_time_it_is_not_offered(self, world, duty):
        publish(world, duty, date(2026, 2, 9))

        with pytest.raises(NotOffered, match="已公开"):
            publish(world, duty, date(2026, 2, 10))

    @pytest.mark.parametrize("name", ["chen", "zhao", "wu", "wang"])
    def test_only_the_purchaser_s_officer_registers_it(self, world, duty, name):
        with pytest.raises(NotPermitted):
            publish(world, duty, date(2026, 2, 9), by=getattr(world, name))

    def test_a_repeated_click_registers_once(self, world, duty):
        publish(world, duty, date(2026, 2, 9), key="k")

        assert publish(world, duty, date(2026, 2, 9), key="k").is_repeat


class TestVisibility:
    """A duty is seen by whoever sees its project."""

    @pytest.mark.parametrize(
        ("name", "sees"),
        [("zhang", 1), ("wang", 1), ("zhao", 1), ("wu", 1), ("chen", 0), ("admin", 0)],
    )
    def test_who_sees_it(self, world, duty, name, sees):
        assert DisclosureDuty.objects.visible_to(getattr(world, name).user).count() == sees
