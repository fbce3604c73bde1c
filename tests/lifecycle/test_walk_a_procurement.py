"""Walk A, lines 4 to 7: from the intention to the award notice, with its very figures and days."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from budgeting.models import Allocation
from budgeting.services import available, ledger_differences
from core.history.reading import acts_of, events_of, refusals_of
from core.history.verify import verify
from core.transitions import TransitionRefused
from procurement.facts.schedule import periods
from procurement.models import Award, Bid, EvaluationReport
from procurement.services import open_responses
from projects.models import Stage
from tests import purchase
from tests.procurement import scenes
from tests.purchase import AWARDED, DEADLINE, DECIDED, NOTIFIED, PUBLISHED, REPORTED
from tests.steps import fresh
from tests.world import deliver_all

pytestmark = pytest.mark.django_db
MARCH_3, MARCH_4 = date(2026, 3, 3), date(2026, 3, 4)


def refused(act):
    with pytest.raises(TransitionRefused) as caught:
        act()
    (verdict,) = caught.value.refusals
    return verdict


def tendering(world):
    """The condition of 孙 stands; preparation, intention of 02-02 and the tender are there."""
    project = purchase.replied_on_condition(world)
    return purchase.tender(world, scenes.ready(world, project))


def opened(world):
    row = tendering(world)
    purchase.publish(world, row)
    open_responses(row, **world.zhang.acts(DEADLINE))
    return fresh(row)


def bids(world, row):
    return {name: purchase.bid(world, row, name, fen) for name, fen in purchase.PRICES.items()}


class TestLine4:
    """《渝北办法》第九条第（三）项: thirty days from the intention."""

    def test_on_march_3_the_documents_are_refused_with_the_earliest_day(self, world):
        row = tendering(world)

        verdict = refused(lambda: purchase.publish(world, row, on=MARCH_3))

        assert verdict.rule == "YB-9.3-intention-thirty-days"
        assert verdict.article.label.endswith("第九条第（三）项")
        assert dict(verdict.compared) == {
            "意向公开": "2026-02-02",
            "至今": "29 日",
            "最早可以发布": "2026-03-04",
        }
        assert fresh(row).status == "preparing"
        assert len(refusals_of(row.stream())) == 1

    def test_on_march_4_they_may_be_published(self, world):
        row = tendering(world)

        purchase.publish(world, row, on=MARCH_4)

        assert fresh(row).published_on == MARCH_4


class TestLine5:
    """财库〔2014〕214号第十条: ten days to respond; the day of issue does not count."""

    def test_nine_days_are_refused_with_the_earliest_and_the_suggested_day(self, world):
        row = tendering(world)

        verdict = refused(lambda: purchase.publish(world, row, response_deadline=date(2026, 3, 14)))

        assert verdict.rule == "YB-9.3-response-period"
        shown = dict(verdict.compared)
        assert (shown["相隔"], shown["最早"], shown["建议"]) == ("9 日", "2026-03-15", "2026-03-16")
        assert date(2026, 3, 15).weekday() == 6

    def test_the_schedule_says_so_beforehand(self, world):
        found = {p.title: p for p in periods(tendering(world), "consultation", PUBLISHED)}

        response = found["响应截止不得早于"]
        assert (response.deadline.day, response.suggested) == (date(2026, 3, 15), DEADLINE)
        assert found["采购文件不得早于此日发布"].deadline.day == MARCH_4

    def test_on_the_suggested_day_they_are_published(self, world):
        row = tendering(world)

        purchase.publish(world, row)

        row = fresh(row)
        assert (row.published_on, row.response_deadline) == (PUBLISHED, DEADLINE)
        assert fresh(row.package).status == "procuring"


class TestLine6:
    """《渝北办法》第十九条 and the formula of the price: 1,700,000 ÷ 1,756,800 × 15 = 14.52."""

    def test_the_debarred_provider_is_refused(self, world):
        out = scenes.barred(world)
        row = opened(world)

        verdict = refused(lambda: purchase.bid(world, row, out.name, 160_000_000))

        assert (verdict.rule, verdict.article.short) == (
            "YB-19-provider-not-debarred",
            "渝北第十九条",
        )
        assert dict(verdict.compared)["取消资格至"] == "2027-05-31"

    def test_the_price_of_the_winner_scores_14_52(self, world):
        row = opened(world)
        purchase.report(world, row, bids(world, row))

        winner = purchase.winner(row)
        assert (winner.price_fen, winner.price_score) == (AWARDED, Decimal("14.52"))
        assert EvaluationReport.objects.get().base_price_fen == 170_000_000
        lowest = Bid.objects.get(price_fen=170_000_000)
        assert (lowest.price_score, lowest.rank) == (Decimal("15.00"), 3)


class TestLine7:
    """条例第四十三条: report 03-18, decision by 03-25, notice by 03-24."""

    def test_all_three_are_in_time(self, world):
        row = opened(world)
        purchase.report(world, row, bids(world, row))
        purchase.awarded(world, fresh(row))

        award = Award.objects.get()
        days = (fresh(row).reported_on, award.decided_on, award.notified_on)
        assert days == (REPORTED, DECIDED, NOTIFIED)
        assert not any(event.late for event in events_of(row.stream()))
        assert award.amount_fen == AWARDED

    def test_the_whole_walk_is_told_once_and_adds_up(self, world):
        row = opened(world)
        purchase.report(world, row, bids(world, row))
        purchase.awarded(world, fresh(row))
        deliver_all()

        assert fresh(row.case()).stage == Stage.CONTRACT
        acts = acts_of(row.stream())
        for once in (
            "projects.project.register_intention",
            "projects.project.open_tender",
            "procurement.tender.publish",
            "procurement.tender.open",
            "procurement.tender.evaluate",
            "procurement.tender.decide",
            "procurement.award.notify",
            "projects.package.award",
            "projects.project.finish_procurement",
        ):
            assert acts.count(once) == 1
        allocation = Allocation.objects.get()
        assert (allocation.reserved_fen, available(allocation.ceiling)) == (
            180_000_000,
            120_000_000,
        )
        assert ledger_differences() == []
        assert verify().differences == []
