"""Periods of a tender: day by day from the mode, the parameters and the calendar; never a guess."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from core.calendar.arithmetic import CalendarUnknown
from core.transitions import TransitionRefused
from procurement.facts.schedule import earliest_response, periods
from tests import purchase, steps
from tests.procurement import scenes
from tests.purchase import DECIDED, PUBLISHED, REPORTED
from tests.steps import edit, fresh

pytestmark = pytest.mark.django_db
RESPONSE, OFFERED, NOTICE = "响应截止不得早于", "文件提供不得早于此日结束", "公告期限届满"
INTENTION = "采购文件不得早于此日发布"


def days(case, method, on):
    return {p.title: (p.deadline.day, p.suggested) for p in periods(case, method, on)}


class TestPeriods:
    """第九条第（三）项: what follows from the day of publication, with its derivation."""

    def test_a_consultation_has_ten_days(self, world):
        earliest = date(2026, 3, 4)

        assert days(scenes.ready(world), "consultation", PUBLISHED) == {
            INTENTION: (earliest, earliest),
            RESPONSE: (date(2026, 3, 15), date(2026, 3, 16)),
            OFFERED: (date(2026, 3, 11), date(2026, 3, 11)),
            NOTICE: (date(2026, 3, 10), date(2026, 3, 10)),
        }

    def test_an_open_tender_has_twenty(self, world):
        assert days(steps.file(world), "open", PUBLISHED) == {
            RESPONSE: (date(2026, 3, 25), date(2026, 3, 25)),
            OFFERED: (date(2026, 3, 11), date(2026, 3, 11)),
            NOTICE: (date(2026, 3, 12), date(2026, 3, 12)),
        }

    def test_an_own_purchase_has_none(self, world):
        assert periods(steps.file(world), "own", PUBLISHED) == []

    def test_the_spring_festival_is_no_time_to_answer(self, world):
        found = days(steps.file(world), "consultation", date(2026, 2, 12))

        # 02-14 is a Saturday worked; the holiday runs from 02-15 to 02-23.
        assert found == {
            RESPONSE: (date(2026, 2, 22), date(2026, 2, 24)),
            OFFERED: (date(2026, 2, 25), date(2026, 2, 25)),
            NOTICE: (date(2026, 2, 24), date(2026, 2, 24)),
        }

    def test_every_day_is_accounted_for(self, world):
        (response, *_) = periods(steps.file(world), "consultation", PUBLISHED)

        proof = response.deadline.proof
        assert [line.index for line in proof] == [None, *range(1, 11)]
        assert (proof[0].reason, response.basis) == ("始日，不计", "发出之日起 10 日")

    def test_the_real_notice_offered_exactly_five_days(self, world):
        row = purchase.tender(world, purchase.replied(world), method="open")
        data = {"offered_from": date(2026, 2, 9), "response_deadline": date(2026, 3, 6)}

        states = [
            steps.verdict(
                row, "YB-9.3-offer-period", on=date(2026, 2, 9), offered_until=on, **data
            ).state
            for on in (date(2026, 2, 12), date(2026, 2, 13))
        ]

        assert states == ["unmet", "met"]


class TestUnknownYears:
    """第九条第（三）项: what a calendar not loaded would say is unknown; nothing is guessed."""

    def test_the_schedule_itself_says_that_it_cannot_tell(self, world):
        with pytest.raises(CalendarUnknown, match="2027 年工作日历尚未载入"):
            periods(steps.file(world), "consultation", date(2026, 12, 29))

    def test_no_working_day_is_suggested_in_it(self, world):
        assert earliest_response(date(2026, 12, 25), 10) == (date(2027, 1, 4), None)
        assert earliest_response(date(2026, 12, 11), 10) == (date(2026, 12, 21),) * 2

    def test_a_deadline_in_it_is_judged_by_the_days_alone(self, world):
        row = purchase.tender(world, purchase.replied(world))

        def seen(deadline):
            return steps.verdict(
                row, "YB-9.3-response-period", on=date(2026, 12, 25), response_deadline=deadline
            )

        assert seen(date(2027, 1, 4)).state == "met"
        short = seen(date(2027, 1, 3))
        assert (short.state, dict(short.compared)["建议"]) == (
            "unmet",
            "暂无法确定（工作日历未载入）",
        )

    def test_an_offer_into_it_is_unknown_and_refuses(self, world):
        row = scenes.preparing(world)

        with pytest.raises(TransitionRefused, match="2027 年工作日历尚未载入") as refused:
            purchase.publish(
                world,
                row,
                on=date(2026, 12, 28),
                offered_until=date(2027, 1, 5),
                response_deadline=date(2027, 1, 8),
            )

        states = {v.rule: v.state for v in refused.value.refusals}
        assert states["YB-9.3-offer-period"] == "unknown"
        assert fresh(row).status == "preparing"

    def test_a_method_without_values_is_unknown(self, world):
        row = purchase.tender(world, purchase.replied(world, fen=20_000_000), method="own")

        verdict = steps.verdict(row, "YB-9.3-response-period", on=PUBLISHED)

        assert (verdict.state, verdict.mended_by) == ("unknown", "安全管理员")

    @pytest.mark.parametrize(
        ("ended", "expected"),
        [(date(2026, 12, 29), "met"), (date(2026, 12, 30), "unknown")],
    )
    def test_the_report_s_deadline(self, world, ended, expected):
        row = purchase.opened(world)

        state = steps.verdict(
            row, "YB-9.3-reported-in-time", on=ended, evaluated_on=ended, reported_on=ended
        ).state

        assert state == expected

    @pytest.mark.parametrize(
        ("reported", "expected"),
        [(date(2026, 12, 24), "met"), (date(2026, 12, 25), "unknown")],
    )
    def test_the_decision_s_deadline_only_its_own(self, world, reported, expected):
        """On 12-30 the notice that follows falls into 2027; the decision does not wait for it."""
        row = edit(purchase.evaluated(world), reported_on=reported)

        answer = steps.answer(
            row,
            "YB-9.3-first-ranked",
            "YB-9.3-decided-in-time",
            on=date(2026, 12, 30),
            bid=purchase.winner(row),
        )

        assert {v.state for v in answer.verdicts} == {expected}

    @pytest.mark.parametrize(
        ("decided", "expected"),
        [(date(2026, 12, 29), "met"), (date(2026, 12, 30), "unknown")],
    )
    def test_the_notice_s_deadline(self, world, decided, expected):
        award = edit(scenes.decided(world), decided_on=decided)

        assert steps.verdict(award, "YB-9.3-notified-in-time", on=decided).state == expected


class TestLateness:
    """条例第四十三条: two, five and two working days; a late act is done and recorded as late."""

    def test_the_report_two_working_days_after_the_evaluation(self, world):
        row, found = purchase.opened(world), []
        for reported in (date(2026, 3, 18), date(2026, 3, 19), date(2026, 3, 20)):
            data = {"evaluated_on": date(2026, 3, 17), "reported_on": reported}
            found.append(steps.verdict(row, "YB-9.3-reported-in-time", on=reported, **data).state)

        assert found == ["met", "met", "late"]

    def test_the_decision_five_after_the_report(self, world):
        row = purchase.evaluated(world)
        assert row.reported_on == REPORTED

        found = [
            steps.verdict(
                row, "YB-9.3-decided-in-time", on=date(2026, 3, at), bid=purchase.winner(row)
            ).state
            for at in (24, 25, 26)
        ]

        assert found == ["met", "met", "late"]

    def test_the_notice_two_after_the_decision(self, world):
        award = scenes.decided(world)
        assert award.decided_on == DECIDED

        found = [
            steps.verdict(award, "YB-9.3-notified-in-time", on=date(2026, 3, at)).state
            for at in (23, 24, 25)
        ]

        assert found == ["met", "met", "late"]

    def test_the_score_of_the_price_is_rounded_to_the_second_place(self):
        from procurement.facts.bids import price_score

        assert price_score(170_000_000, 175_680_000, Decimal(15)) == Decimal("14.52")
        assert price_score(1, 1, Decimal(15)) == Decimal("15.00")
        assert price_score(1, 2000, Decimal(10)) == Decimal("0.01")
        assert price_score(1, 8, Decimal("0.2")) == Decimal("0.03")
