"""《渝北办法》第九条第（二）项、第十四条、第十六条: what has to be made public, by when."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from core.history.reading import acts_of, events_of
from core.rules.models import Parameter
from core.transitions import NotPermitted, perform
from disclosure.facts.deadlines import TERMS, due_on
from disclosure.facts.laws import basis_of
from disclosure.models import DisclosureDuty, DutyKind, DutyStatus, NoticeDraft, NoticeKind
from disclosure.services import open_duty
from disclosure.services.drafting import complete_drafts
from tests import steps
from tests.disclosure.cases import MEDIUM, Purchase, drafted, reviewed
from tests.world import DAY

DUE = date(2026, 2, 24)  # 01-30 + 20 days is 02-19, in the Spring Festival holidays


@pytest.fixture
def duty(world):
    steps.reply(world)
    return DisclosureDuty.objects.get()


class TestOpening:
    """The act opens the duty with its draft; nothing else does, and only once."""

    def test_the_reply_opens_it_on_its_own_day(self, duty):
        assert (duty.status, duty.opened_on) == (DutyStatus.OPEN, steps.REPLIED)
        assert (due_on(duty), duty.draft.kind) == (DUE, NoticeKind.REQUIREMENTS)

    def test_opening_again_changes_nothing(self, world, duty):
        again = open_duty(duty.project, **world.zhao.acts(date(2026, 3, 1)))

        assert (again.pk, again.opened_on) == (duty.pk, steps.REPLIED)

    def test_a_project_under_review_has_none(self, world):
        steps.conclude(world)

        assert not DisclosureDuty.objects.exists()

    def test_one_opened_before_there_were_drafts_gets_its_draft(self, world):
        project = Purchase(world).project
        open_duty(project, **world.zhao.acts(steps.REPLIED))

        assert [complete_drafts(steps.REPLIED) for _ in range(2)] == [1, 0]
        assert NoticeDraft.objects.get().kind == NoticeKind.REQUIREMENTS


class TestTerms:
    """Where the law names a term it is a parameter; where it names none there is none."""

    @pytest.mark.parametrize("kind", DutyKind)
    def test_every_duty_names_its_law(self, world, kind):
        duty = DisclosureDuty(project=steps.file(world), kind=kind, opened_on=DAY)

        assert basis_of(duty).startswith("渝北第")
        assert "；" in basis_of(duty)

    @pytest.mark.parametrize("kind", sorted(set(DutyKind) - set(TERMS)))
    def test_a_blank_in_the_law_stays_blank(self, world, kind):
        duty = DisclosureDuty(project=steps.file(world), kind=kind, opened_on=DAY)

        assert due_on(duty) is None

    @pytest.mark.parametrize(
        ("kind", "opened", "due"),
        [
            ("contract_notice", date(2026, 4, 10), date(2026, 4, 14)),
            ("contract_notice", date(2026, 2, 12), date(2026, 2, 14)),  # a Saturday that works
            ("acceptance", date(2026, 4, 30), date(2026, 5, 7)),
            ("result", date(2026, 3, 20), date(2026, 3, 24)),
            ("evaluation", date(2026, 3, 2), date(2026, 3, 30)),
        ],
    )
    def test_working_days_are_counted_by_the_calendar(self, world, kind, opened, due):
        duty = DisclosureDuty(project=steps.file(world), kind=kind, opened_on=opened)

        assert due_on(duty) == due

    def test_a_stricter_value_of_the_district_counts(self, world, duty):
        values = {"key": "YB-9.2-publish-days", "value": 2, "since": DAY, "article": "本区规定"}
        steps.put(Parameter(jurisdiction=world.jurisdiction, **values))

        assert due_on(duty) == date(2026, 2, 2)


class TestRules:
    """Not before the reply; late is published all the same, and recorded as late."""

    @pytest.mark.parametrize(("days", "expected"), [(-1, "unmet"), (0, "met"), (1, "met")])
    def test_it_is_not_published_before_the_reply(self, duty, days, expected):
        on = steps.REPLIED + timedelta(days=days)

        assert steps.verdict(duty, "YB-9.2-published-not-early", published_on=on).state == expected

    @pytest.mark.parametrize(("days", "expected"), [(-1, "met"), (0, "met"), (1, "late")])
    def test_it_is_published_by_the_last_day(self, duty, days, expected):
        on = DUE + timedelta(days=days)

        assert steps.verdict(duty, "YB-9.2-published-in-time", published_on=on).state == expected


class TestFulfilling:
    """The notice frozen fulfils the duty, in the same transaction; there is no other way."""

    def test_the_notice_fulfils_it_once(self, world, duty):
        reviewed(world, duty.draft, date(2026, 2, 9))

        now = steps.fresh(duty)
        assert (now.status, now.published_on) == ("fulfilled", date(2026, 2, 9))
        assert now.medium == MEDIUM
        assert acts_of(duty.stream()).count("disclosure.disclosureduty.fulfil") == 1

    def test_late_is_recorded_as_late(self, world, duty):
        reviewed(world, duty.draft, DUE + timedelta(days=3))

        fulfilled = next(e for e in events_of(duty.stream()) if e.act.endswith("fulfil"))
        (late,) = fulfilled.late
        assert (late.rule, late.message) == ("YB-9.2-published-in-time", "逾期 3 日公开")

    def test_without_a_term_nothing_is_late(self, world):
        purchase = Purchase(world)
        draft = drafted(purchase, NoticeKind.INTENTION, purchase.intention(), date(2026, 2, 2))

        reviewed(world, draft, date(2026, 12, 30))

        assert all(not e.late for e in events_of(draft.stream()))

    @pytest.mark.parametrize("name", ["zhang", "chen", "zhao", "wu", "wang"])
    def test_only_the_reviewer_of_the_purchaser_does_it(self, world, duty, name):
        stated = {"medium": "x", "address": "https://x.cn/", "published_on": steps.REPLIED}
        with pytest.raises(NotPermitted):
            perform(duty, "fulfil", data=stated, **getattr(world, name).acts(steps.REPLIED))


class TestVisibility:
    """A duty is seen by whoever sees its project."""

    @pytest.mark.parametrize(
        ("name", "sees"),
        [("zhang", 1), ("wang", 1), ("zhao", 1), ("wu", 1), ("chen", 0), ("admin", 0)],
    )
    def test_who_sees_it(self, world, duty, name, sees):
        assert DisclosureDuty.objects.visible_to(getattr(world, name).user).count() == sees
        assert NoticeDraft.objects.visible_to(getattr(world, name).user).count() == sees
