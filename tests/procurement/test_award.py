"""Evaluation and award: the formula, the ranking, the report, the notice."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from core.history.reading import events_of
from core.history.verify import verify
from core.transitions import NotOffered, TransitionRefused
from procurement.models import Award, Bid, EvaluationReport
from procurement.services import decide_award, invalidate_bid
from projects.models import Stage
from tests import purchase
from tests.procurement import scenes
from tests.purchase import AWARDED, DEADLINE, DECIDED, NOTIFIED, REPORTED
from tests.steps import fresh

pytestmark = pytest.mark.django_db
SELECTION = "第九条第（三）项"


def ranking(row):
    return [b.provider.name for b in Bid.objects.filter(tender=row).order_by("rank") if b.rank]


def evaluated(world, prices, scores):
    """A tender evaluated with these prices and technical scores."""
    row = purchase.opened(world)
    bids = {name: purchase.bid(world, row, name, fen) for name, fen in prices.items()}
    rows = [
        {"bid": b.pk, "technical_score": Decimal(scores[name])}
        for name, b in bids.items()
        if name in scores
    ]
    purchase.report(world, row, bids, scores=rows)
    return fresh(row)


class TestRanking:
    """财库〔2014〕214号: lowest price ÷ price × weight, and the technical score beside it."""

    def test_walk_a_ranks_the_second_lowest_first(self, world):
        row = purchase.evaluated(world)

        seen = {
            b.provider.name: (str(b.price_score), str(b.total_score), b.rank)
            for b in Bid.objects.filter(tender=row)
        }
        assert seen == {
            "明川信息": ("14.52", "96.52", 1),
            "云栈数据": ("14.33", "89.33", 2),
            "远桥科技": ("15.00", "85.00", 3),
        }

    def test_the_report_keeps_the_base_price_and_the_committee(self, world):
        row = purchase.evaluated(world)

        report = EvaluationReport.objects.get(tender=row)
        assert (report.base_price_fen, row.reported_on) == (170_000_000, REPORTED)
        assert (report.experts, report.representatives) == (["秦明", "柳岸"], ["张敏"])
        assert verify().differences == []

    def test_of_equal_scores_the_lower_price_stands_first(self, world):
        prices = {"远桥科技": 180_000_000, "明川信息": 90_000_000, "云栈数据": 90_000_000}
        row = evaluated(world, prices, {"远桥科技": "77.5", "明川信息": "70", "云栈数据": "1"})

        assert ranking(row) == ["明川信息", "远桥科技", "云栈数据"]
        assert {str(b.total_score) for b in Bid.objects.filter(rank__lte=2)} == {"85.00"}

    def test_an_invalid_bid_sets_no_base_price_and_has_no_rank(self, world):
        row = purchase.opened(world)
        out = purchase.bid(world, row, "鼎信软件", 1)
        invalidate_bid(out, reason="未签章", **world.zhang.acts(DEADLINE))

        row = purchase.evaluated(world, fresh(row))

        assert EvaluationReport.objects.get().base_price_fen == 170_000_000
        assert (fresh(out).rank, len(ranking(row))) == (None, 3)

    def test_a_single_fen_of_price_decides(self, world):
        prices = {"远桥科技": 3, "明川信息": 2, "云栈数据": 3}
        row = evaluated(world, prices, dict.fromkeys(prices, "50"))

        assert ranking(row)[0] == "明川信息"
        assert {str(b.price_score) for b in Bid.objects.filter(price_fen=3)} == {"10.00"}


class TestDecision:
    """条例第四十三条: the purchaser decides by the ranking; the amount is the bid's."""

    def test_the_award_is_the_winning_bid(self, world):
        award = scenes.decided(world)

        assert (award.provider.name, award.amount_fen) == ("明川信息", AWARDED)
        assert (award.decided_on, award.status) == (DECIDED, "decided")
        assert fresh(award.package).status == "procuring"

    def test_another_wins_with_a_reason_that_is_kept(self, world):
        row = purchase.evaluated(world)
        second = Bid.objects.get(tender=row, rank=2)

        award = decide_award(row, bid=second, reason="第一名书面放弃。", **world.wang.acts(DECIDED))

        assert (award.provider.name, award.reason) == ("云栈数据", "第一名书面放弃。")
        assert award.amount_fen == 178_000_000

    def test_it_is_decided_once(self, world):
        row = purchase.evaluated(world)
        scenes.decide(row, **world.wang.acts(DECIDED))

        with pytest.raises(NotOffered, match="已定成交"):
            decide_award(row, bid=Bid.objects.get(rank=2), reason="x", **world.wang.acts(DECIDED))

        assert Award.objects.get().provider.name == "明川信息"

    def test_a_refusal_leaves_no_award(self, world):
        row = purchase.evaluated(world)

        with pytest.raises(TransitionRefused, match=SELECTION):
            decide_award(row, bid=Bid.objects.get(rank=3), **world.wang.acts(DECIDED))

        assert (Award.objects.exists(), fresh(row).status) == (False, "evaluated")


class TestNotice:
    """第九条第（三）项、条例第四十三条: the notice ends the tender; the project goes on."""

    def test_the_package_is_awarded_and_the_project_in_contract(self, world):
        award = purchase.awarded(world)

        assert (award.status, award.notified_on) == ("notified", NOTIFIED)
        assert fresh(award.package).status == "awarded"
        assert fresh(award.case()).stage == Stage.CONTRACT
        assert verify().differences == []

    def test_it_is_given_once(self, world):
        award = purchase.awarded(world)

        with pytest.raises(NotOffered, match="已公告"):
            scenes.notify(award, **world.zhang.acts(NOTIFIED))


class TestLateActs:
    """条例第四十三条: a late act is done all the same, and recorded as late with its day."""

    def late(self, row, act):
        (event,) = (e for e in events_of(row.stream()) if e.act == act)
        return {v.rule: dict(v.compared) for v in event.late}

    def test_a_late_report(self, world):
        row = purchase.opened(world)
        bids = {n: purchase.bid(world, row, n, fen) for n, fen in purchase.PRICES.items()}
        reported = date(2026, 3, 20)
        purchase.report(world, row, bids, reported_on=reported, on=reported)

        assert fresh(row).status == "evaluated"
        assert self.late(row, "procurement.tender.evaluate") == {
            "YB-9.3-reported-in-time": {"应送达": "2026-03-19", "实送达": "2026-03-20"}
        }

    def test_a_late_decision(self, world):
        row = purchase.evaluated(world)
        scenes.decide(row, **world.wang.acts(date(2026, 3, 26)))

        assert fresh(row).status == "decided"
        assert self.late(row, "procurement.tender.decide") == {
            "YB-9.3-decided-in-time": {"应确定": "2026-03-25", "实确定": "2026-03-26"}
        }

    def test_a_late_notice(self, world):
        award = scenes.decided(world)
        scenes.notify(award, **world.zhang.acts(date(2026, 3, 25)))

        assert fresh(award).status == "notified"
        assert self.late(award, "procurement.award.notify") == {
            "YB-9.3-notified-in-time": {"应公告": "2026-03-24", "实公告": "2026-03-25"}
        }

    def test_on_their_last_days_none_is_late(self, world):
        award = scenes.decide(purchase.evaluated(world), **world.wang.acts(date(2026, 3, 25)))
        scenes.notify(award, **world.zhang.acts(date(2026, 3, 27)))

        assert self.late(award, "procurement.tender.decide") == {}
        assert self.late(award, "procurement.award.notify") == {}
