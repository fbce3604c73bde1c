"""Tenders as they run: by the trading centre, by the purchaser alone, failed and begun again."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from budgeting.models import Allocation
from budgeting.services import available
from core.history.reading import acts_of
from core.history.verify import verify
from core.transitions import (
    NotOffered,
    NotPermitted,
    RequestKeyMismatch,
    StaleAct,
    TransitionRefused,
    shown_digest,
)
from procurement.models import Award, Bid, Tender
from procurement.services import (
    abandon_tender,
    cancel_package,
    fail_tender,
    invalidate_bid,
    open_responses,
    receive_bid,
    revise_tender,
    start_own_purchase,
)
from projects.models import Project, Stage
from tests import purchase
from tests.procurement import scenes
from tests.procurement.scenes import CASES, OPEN_DEADLINE, OWN_LIMIT
from tests.purchase import AWARDED, DEADLINE, INTENDED, PUBLISHED, REPORTED
from tests.steps import fresh

pytestmark = pytest.mark.django_db
SELECTION = "第九条第（三）项"


def announced(world, row=None):
    """An open tender published by the trading centre."""
    row = row or scenes.centralised(world)
    purchase.publish(world, row, by=world.zhou, response_deadline=OPEN_DEADLINE)
    return fresh(row)


def revise(world, row, **changes):
    values = {"number": "2", "ceiling_price_fen": 1, "price_weight": Decimal(20)} | changes
    return revise_tender(row, **values, **world.zhang.acts(INTENDED))


class TestCentralisedPurchase:
    """《渝北办法》第九条第（三）项: the trading centre runs what is entrusted, and sees no more."""

    def test_the_centre_runs_it_and_the_division_leader_decides(self, world):
        row = announced(world)
        open_responses(row, **world.zhou.acts(OPEN_DEADLINE))
        for name, fen in purchase.PRICES.items():
            receive_bid(
                row,
                provider=purchase.provider(world, name),
                price_fen=fen,
                promises_no_subcontracting=True,
                **world.zhou.acts(OPEN_DEADLINE),
            )
        scenes.evaluate(row, experts=4, **world.zhou.acts(date(2026, 3, 26)))
        award = scenes.decide(row, **world.wang.acts(date(2026, 3, 27)))
        scenes.notify(award, **world.zhou.acts(date(2026, 3, 27)))

        assert fresh(row.case()).stage == Stage.CONTRACT
        assert (fresh(row.package).status, award.amount_fen) == ("awarded", 170_000_000)
        assert verify().differences == []

    def test_the_officer_of_the_purchaser_does_not_run_it(self, world):
        row = scenes.centralised(world)

        with pytest.raises(NotPermitted):
            purchase.publish(world, row, response_deadline=OPEN_DEADLINE)
        row = announced(world, row)
        with pytest.raises(NotPermitted):
            open_responses(row, **world.zhang.acts(OPEN_DEADLINE))

    def test_an_open_tender_waits_twenty_days(self, world):
        row = scenes.centralised(world)

        with pytest.raises(TransitionRefused, match=f"{SELECTION}：响应期只有 19 日"):
            purchase.publish(world, row, by=world.zhou, response_deadline=date(2026, 3, 24))

    def test_the_centre_sees_only_what_is_entrusted(self, world):
        row = scenes.preparing(world)
        for rows in (Project, Tender, Award):
            assert not rows.objects.visible_to(world.zhou.user).exists()
        assert fresh(row.case()).agency is None

    def test_once_entrusted_it_sees_the_case(self, world):
        row = scenes.centralised(world)

        assert list(Project.objects.visible_to(world.zhou.user)) == [row.case()]
        assert list(Tender.objects.visible_to(world.zhou.user)) == [row]
        assert fresh(row.case()).agency == world.organisations["交易中心"]

    def test_beside_it_the_purchaser_runs_its_own_package(self, world):
        project = scenes.divided(world, scenes.ready(world), 100_000_000, 80_000_000)
        entrusted = scenes.centralised(world, project)
        second = purchase.package_of(project, 2)
        mine = purchase.tender(world, project, package=second, number="SF-CS-2026-002")

        announced(world, entrusted)
        purchase.publish(world, mine)
        with pytest.raises(NotPermitted):
            fail_tender(fresh(mine), ground="unlawful", reason="x", **world.zhou.acts(PUBLISHED))

        assert {fresh(row.package).status for row in (entrusted, mine)} == {"procuring"}

    def test_after_its_failure_the_purchaser_may_take_it_back(self, world):
        row = announced(world)
        fail_tender(row, ground="unlawful", reason="文件有误。", **world.zhou.acts(PUBLISHED))

        again = purchase.tender(world, row.case())
        purchase.publish(world, again)

        assert (fresh(again).status, again.attempt) == ("published", 2)


class TestOwnPurchase:
    """第九条第（三）项: below the limit the purchaser buys by itself, and keeps the record."""

    def test_it_runs_without_announcement_to_the_award(self, world):
        row = scenes.own(world)
        start_own_purchase(row, **world.zhang.acts(INTENDED))
        for name, fen in (("远桥科技", OWN_LIMIT - 1), ("明川信息", 29_000_000)):
            purchase.bid(world, row, name, fen, on=PUBLISHED)
        scenes.evaluate(fresh(row), experts=0, **world.zhang.acts(PUBLISHED))
        award = scenes.decide(fresh(row), **world.wang.acts(PUBLISHED))
        scenes.notify(award, **world.zhang.acts(PUBLISHED))

        assert (award.provider.name, award.amount_fen) == ("明川信息", 29_000_000)
        assert fresh(row.case()).stage == Stage.CONTRACT
        assert fresh(row).response_deadline == INTENDED
        assert verify().differences == []

    def test_one_quotation_is_enough(self, world):
        row = scenes.own(world)
        start_own_purchase(row, **world.zhang.acts(INTENDED))
        purchase.bid(world, row, "明川信息", 1, on=PUBLISHED)

        scenes.evaluate(fresh(row), experts=0, **world.zhang.acts(PUBLISHED))

        assert purchase.winner(row).price_score == Decimal(100)

    @pytest.mark.parametrize("step", [0, 1])
    def test_at_the_limit_it_is_refused(self, world, step):
        with pytest.raises(TransitionRefused, match=f"{SELECTION}：达到采购限额标准") as refused:
            scenes.own(world, OWN_LIMIT + step)

        assert dict(refused.value.refusals[0].compared)["采购限额标准"] == "300,000.00"
        assert not Tender.objects.exists()

    def test_it_waits_for_no_intention_but_for_the_preconditions(self, world):
        project = scenes.of_amount(world, OWN_LIMIT - 1, kind="small")
        row = purchase.tender(world, project, method="own", price_weight=Decimal(100))

        with pytest.raises(TransitionRefused) as refused:
            start_own_purchase(row, **world.zhang.acts(INTENDED))

        assert [v.rule for v in refused.value.refusals] == ["YB-14-preconditions-met"]

    def test_an_own_purchase_is_not_published(self, world):
        with pytest.raises(TransitionRefused, match=SELECTION):
            purchase.publish(world, scenes.own(world))


class TestRevision:
    """第九条第（三）项: what is not yet published may still be changed, within the same rules."""

    def test_the_new_values_hold(self, world):
        row = scenes.preparing(world)
        revise(world, row)

        row = fresh(row)
        assert (row.number, row.ceiling_price_fen, row.price_weight) == ("2", 1, Decimal(20))

    def test_an_approval_needed_cannot_be_taken_away(self, world):
        project = scenes.ready(world, scenes.of_amount(world, scenes.OPEN_LIMIT))
        row = purchase.tender(world, project, mode_approval="示财采批〔2026〕1号")

        with pytest.raises(TransitionRefused, match=f"{SELECTION}：达到公开招标数额标准"):
            revise(world, row)
        assert fresh(row).mode_approval == "示财采批〔2026〕1号"


class TestAbandoning:
    """第九条第（三）项: documents never published are put aside; the package waits again."""

    def test_the_package_may_be_tendered_otherwise(self, world):
        wrong = scenes.preparing(world, method="open")
        abandon_tender(wrong, note="方式选错", **world.zhang.acts(INTENDED))

        again = purchase.tender(world, wrong.case())
        purchase.publish(world, again)

        assert (fresh(wrong).status, fresh(wrong).ended_on) == ("abandoned", INTENDED)
        assert (again.attempt, fresh(again).status) == (2, "published")
        assert verify().differences == []

    def test_or_cancelled(self, world):
        row = scenes.preparing(world)
        abandon_tender(row, note="任务取消", **world.zhang.acts(INTENDED))

        cancel_package(row.package, note="任务取消", **world.wang.acts(INTENDED))

        assert fresh(row.case()).stage == Stage.TERMINATED


class TestAttempts:
    """政府采购法第三十六条: a failed tender leaves the reservation and may be begun again."""

    def failed(self, world):
        row = scenes.published(world)
        fail_tender(row, ground="too_few", reason="只有两家。", **world.zhang.acts(DEADLINE))
        return fresh(row)

    def test_the_package_waits_again_and_the_money_stays_reserved(self, world):
        row = self.failed(world)

        allocation = Allocation.objects.get()
        assert (row.status, row.failure_ground, row.ended_on) == ("failed", "too_few", DEADLINE)
        assert fresh(row.package).status == "planned"
        assert (allocation.reserved_fen, allocation.released_fen) == (purchase.APPROVED, 0)
        assert fresh(row.case()).stage == Stage.PROCUREMENT

    def test_the_second_attempt_keeps_the_first_on_file(self, world):
        first = self.failed(world)
        again = purchase.tender(world, first.case())
        purchase.publish(world, again)
        open_responses(fresh(again), **world.zhang.acts(DEADLINE))
        purchase.awarded(world, purchase.evaluated(world, fresh(again)))

        assert [t.attempt for t in Tender.objects.order_by("attempt")] == [1, 2]
        assert acts_of(first.stream()).count("projects.package.start") == 2
        assert Allocation.objects.get().reserved_fen == purchase.APPROVED
        assert fresh(first.case()).stage == Stage.CONTRACT
        assert verify().differences == []

    @pytest.mark.parametrize(
        ("scene", "refusal"),
        [(scenes.preparing, TransitionRefused), (scenes.published, NotOffered)],
    )
    def test_a_package_is_not_cancelled_while_a_tender_runs(self, world, scene, refusal):
        row = scene(world)

        with pytest.raises(refusal, match=r"还有采购正在进行|采购中"):
            cancel_package(row.package, note="任务取消", **world.wang.acts(DEADLINE))

        assert Allocation.objects.get().released_fen == 0

    def test_between_attempts_it_is(self, world):
        row = self.failed(world)

        cancel_package(row.package, note="任务取消", **world.wang.acts(DEADLINE))

        allocation = Allocation.objects.get()
        assert (allocation.reserved_fen, allocation.released_fen) == (0, purchase.APPROVED)
        assert available(allocation.ceiling) == 300_000_000
        assert fresh(row.case()).stage == Stage.TERMINATED

    def test_an_invalid_bid_does_not_count(self, world):
        row = purchase.opened(world)
        bids = [purchase.bid(world, row, name, AWARDED) for name in purchase.PRICES]
        invalidate_bid(bids[0], reason="未签章", **world.zhang.acts(DEADLINE))

        fail_tender(fresh(row), ground="too_few", reason="只有两家。", **world.zhang.acts(DEADLINE))

        assert fresh(bids[0]).invalid_reason == "未签章"
        assert fresh(row).status == "failed"


class TestRepetition:
    """One click, one effect; the second answer is the first."""

    @pytest.mark.parametrize(
        ("act", "made"),
        [
            ("projects.project.open_tender", Tender),
            ("procurement.tender.receive_bid", Bid),
            ("procurement.tender.decide", Award),
        ],
    )
    def test_what_was_made_is_answered_again(self, world, act, made):
        case = CASES[act]
        row = case.scene(world)
        before = made.objects.count()

        first, second = (case.perform(world, row, key="k") for _ in range(2))

        assert (first, made.objects.count()) == (second, before + 1)

    @pytest.mark.parametrize(
        ("act", "follows"),
        [
            ("procurement.tender.publish", "projects.package.start"),
            ("procurement.award.notify", "projects.project.finish_procurement"),
        ],
    )
    def test_what_follows_happens_once(self, world, act, follows):
        case = CASES[act]
        row = case.scene(world)

        outcomes = [case.perform(world, row, key="k").is_repeat for _ in range(2)]

        assert outcomes == [False, True]
        assert acts_of(row.stream()).count(follows) == 1

    def test_the_same_key_with_another_price_is_refused(self, world):
        row = purchase.opened(world)
        purchase.bid(world, row, "明川信息", AWARDED, key="k")

        with pytest.raises(RequestKeyMismatch):
            purchase.bid(world, row, "明川信息", AWARDED - 1, key="k")


class TestStaleness:
    """Nobody acts on a page whose content has changed meanwhile."""

    @pytest.mark.parametrize(
        "act", ["tender.publish", "tender.open", "tender.evaluate", "tender.decide", "award.notify"]
    )
    def test_an_old_version_is_stale(self, world, act):
        case = CASES[f"procurement.{act}"]
        row = case.scene(world)

        with pytest.raises(StaleAct):
            case.perform(world, row, version=fresh(row).version - 1)

        assert fresh(row).state != case.to

    def test_a_bid_registered_meanwhile_makes_the_page_stale(self, world):
        row = purchase.opened(world)
        shown = shown_digest(row)
        purchase.bid(world, row, "明川信息", AWARDED)

        with pytest.raises(StaleAct):
            purchase.bid(world, row, "远桥科技", AWARDED, shown=shown)
        assert purchase.bid(world, row, "远桥科技", AWARDED, shown=shown_digest(fresh(row))).pk

    def test_the_row_itself_is_read_again(self, world):
        """A tender revised to 20 % after this page was read is scored at 20 %."""
        row = scenes.preparing(world)
        stale = fresh(row)
        revise(world, row, ceiling_price_fen=purchase.APPROVED)
        purchase.publish(world, fresh(row))
        open_responses(row, **world.zhang.acts(DEADLINE))
        for name, fen in purchase.PRICES.items():
            purchase.bid(world, row, name, fen)

        scenes.evaluate(stale, **world.zhang.acts(REPORTED))

        assert purchase.winner(row).price_score == Decimal(20)
