"""Conditions of bids, evaluation and award: each kept and broken at its limit."""

from __future__ import annotations

from decimal import Decimal

import pytest

from budgeting.models import Obligation
from budgeting.services import accept_obligation, agree_on_condition, submit_evidence
from core.transitions import TransitionRefused
from procurement.models import Bid
from procurement.services import (
    close_provider,
    decide_award,
    fail_tender,
    invalidate_bid,
    open_responses,
    review_condition,
)
from projects.models import Stage
from tests import purchase, steps
from tests.procurement import scenes
from tests.purchase import AWARDED, DEADLINE, DECIDED, INTENDED, PUBLISHED, REPORTED
from tests.steps import edit, fresh
from tests.world import build_world

pytestmark = pytest.mark.django_db
SELECTION = "第九条第（三）项"
BEYOND = scenes.day(DEADLINE, 1)


def state(subject, rule_id, on=DEADLINE, **data):
    return steps.verdict(subject, rule_id, on=on, **data).state


class TestDebarment:
    """《渝北办法》第十九条: the debarred neither bid nor win, to the last day included."""

    @pytest.mark.parametrize(
        ("edge", "expected"),
        [("until", ["met", "unmet", "unmet"]), ("since", ["unmet", "unmet", "met"])],
    )
    def test_its_first_and_last_days_count(self, world, edge, expected):
        row, out = scenes.published(world), scenes.barred(world, since=INTENDED)
        record, found = out.debarments.get(), []
        for step in (-1, 0, 1):
            edit(record, **{edge: scenes.day(DEADLINE, step)})
            found.append(state(row, "YB-19-provider-not-debarred", provider=out))

        assert found == expected

    def test_a_bid_of_the_debarred_is_refused_with_the_day_and_the_decision(self, world):
        out, row = scenes.barred(world), purchase.opened(world)

        with pytest.raises(TransitionRefused, match=r"第十九条.*被取消承接资格至 2027-05-31") as no:
            purchase.bid(world, row, out.name, AWARDED)

        shown = dict(no.value.refusals[0].compared)
        assert shown["处罚决定"] == "区财政局示财罚〔2024〕3号"
        assert not Bid.objects.exists()

    def test_one_debarred_between_bid_and_award_does_not_win(self, world):
        row = purchase.evaluated(world)
        scenes.barred(world, purchase.winner(row).provider.name, since=REPORTED)

        with pytest.raises(TransitionRefused, match="第十九条"):
            decide_award(row, bid=purchase.winner(row), **world.wang.acts(DECIDED))


class TestBids:
    """第九条第（三）项: registered, once, in time, within the limit, without subcontracting."""

    def test_only_a_registered_provider_of_this_district_bids(self, world):
        row, known = scenes.published(world), purchase.provider(world)
        far = build_world("ff", prefix="far")
        stranger = purchase.provider(far, "云栈数据")

        assert state(row, "YB-6-provider-in-register", provider=known) == "met"
        assert state(row, "YB-6-provider-in-register", provider=stranger) == "unmet"
        assert state(row, "YB-6-provider-in-register") == "unmet"

    def test_a_closed_registration_does_not_bid(self, world):
        row, known = purchase.opened(world), purchase.provider(world)
        close_provider(known, note="注销", **world.zhang.acts(DEADLINE))

        with pytest.raises(TransitionRefused, match="第六条：供应商不在承接主体名录中"):
            purchase.bid(world, row, known.name, AWARDED)

    def test_a_provider_bids_once(self, world):
        row = purchase.opened(world)
        purchase.bid(world, row, "明川信息", AWARDED)

        with pytest.raises(TransitionRefused, match=SELECTION) as refused:
            purchase.bid(world, row, "明川信息", AWARDED)

        assert [v.rule for v in refused.value.refusals] == ["YB-9.3-one-bid-each"]

    def test_a_day_late_is_refused_and_none_comes_from_the_future(self, world):
        row = purchase.opened(world)

        states = [
            state(row, "YB-9.3-bid-in-time", on=BEYOND, received_on=scenes.day(DEADLINE, step))
            for step in (-1, 0, 1)
        ]

        assert states == ["met", "met", "unmet"]
        assert state(row, "YB-9.3-bid-in-time", on=DEADLINE, received_on=BEYOND) == "unmet"
        with pytest.raises(TransitionRefused, match=SELECTION):
            purchase.bid(world, row, "明川信息", AWARDED, on=BEYOND)

    def test_one_received_in_time_may_be_registered_later(self, world):
        row = purchase.opened(world)

        made = purchase.bid(world, row, "明川信息", AWARDED, on=BEYOND, received_on=DEADLINE)

        assert made.received_on == DEADLINE

    @pytest.mark.parametrize(
        ("scene", "first"), [(purchase.opened, PUBLISHED), (scenes.own_opened, DEADLINE)]
    )
    def test_none_comes_before_it_is_asked_for(self, world, scene, first):
        row = scene(world)

        states = [
            state(row, "YB-9.3-bid-in-time", on=BEYOND, received_on=scenes.day(first, step))
            for step in (-1, 0)
        ]

        assert states == ["unmet", "met"]

    def test_an_own_purchase_takes_bids_after_the_day_it_began(self, world):
        row = scenes.own_opened(world)

        made = purchase.bid(world, row, "明川信息", 19_000_000, on=BEYOND)

        assert made.received_on == BEYOND

    def test_a_cent_above_the_limit_is_refused(self, world):
        row = purchase.opened(world)
        prices = [0, purchase.APPROVED - 1, purchase.APPROVED, purchase.APPROVED + 1]

        states = [state(row, "YB-12-bid-within-ceiling", price_fen=fen) for fen in prices]

        assert states == ["unmet", "met", "met", "unmet"]
        with pytest.raises(TransitionRefused, match="第十二条：报价超过最高限价"):
            purchase.bid(world, row, "明川信息", purchase.APPROVED + 1)

    def test_without_the_promise_no_bid_and_no_award(self, world):
        row = purchase.evaluated(world)
        first = purchase.winner(row)
        assert state(row, "YB-9.3-no-subcontracting", bid=first) == "met"
        edit(first, promises_no_subcontracting=False)

        with pytest.raises(TransitionRefused, match=f"{SELECTION}.*没有不转包的书面承诺"):
            decide_award(row, bid=fresh(first), **world.wang.acts(DECIDED))

    def test_a_bid_without_the_promise_is_refused(self, world):
        with pytest.raises(TransitionRefused, match=SELECTION) as refused:
            purchase.bid(
                world, purchase.opened(world), "明川信息", AWARDED, promises_no_subcontracting=False
            )

        assert [v.rule for v in refused.value.refusals] == ["YB-9.3-no-subcontracting"]

    def test_nothing_is_opened_before_the_deadline(self, world):
        row = scenes.published(world)
        days = [scenes.day(DEADLINE, step) for step in (-1, 0, 1)]

        assert [state(row, "YB-9.3-not-before-deadline", on=on) for on in days] == [
            "unmet",
            "met",
            "met",
        ]
        with pytest.raises(TransitionRefused, match=f"{SELECTION}：响应截止日是 2026-03-16"):
            open_responses(row, **world.zhang.acts(days[0]))

    def test_a_bid_is_judged_only_before_the_report(self, world):
        made = purchase.bid(world, purchase.opened(world), "明川信息", AWARDED)

        assert state(made, "YB-9.3-bids-being-examined") == "met"

    def test_after_the_report_no_bid_is_judged_again(self, world):
        first = purchase.winner(purchase.evaluated(world))

        with pytest.raises(TransitionRefused, match=f"{SELECTION}：评审报告已经提交"):
            invalidate_bid(first, reason="未签章", **world.zhang.acts(REPORTED))


class TestEvaluation:
    """政府采购法第三十六条、87号令第四十七条: enough bids, a proper committee, every score."""

    def evaluating(self, world, *names):
        row = purchase.opened(world)
        return row, {n: purchase.bid(world, row, n, purchase.PRICES[n]) for n in names}

    def test_two_valid_bids_are_too_few(self, world):
        row, bids = self.evaluating(world, *purchase.PRICES)
        assert state(row, "YB-9.3-enough-bids") == "met"
        invalidate_bid(bids.pop("云栈数据"), reason="未签章", **world.zhang.acts(DEADLINE))

        with pytest.raises(TransitionRefused, match=f"{SELECTION}：有效响应只有 2 家"):
            purchase.report(world, row, bids)

    @pytest.mark.parametrize(
        ("method", "kept", "broken"),
        [
            ("consultation", [(2, 1), (3, 0), (4, 1)], [(2, 0), (1, 2), (3, 1), (3, 2)]),
            ("open", [(4, 1), (5, 0)], [(2, 1), (3, 2), (4, 2)]),
            ("own", [(0, 0), (1, 2)], []),
        ],
    )
    def test_the_committee_is_odd_large_enough_and_two_thirds_experts(
        self, world, method, kept, broken
    ):
        row = purchase.tender(world, purchase.replied(world, fen=20_000_000), method=method)

        def seen(experts, representatives):
            data = {"experts": ["专家"] * experts, "representatives": ["代表"] * representatives}
            return state(row, "YB-9.3-committee-formed", **data)

        assert [seen(*members) for members in kept] == ["met"] * len(kept)
        assert [seen(*members) for members in broken] == ["unmet"] * len(broken)

    def test_every_bid_has_a_score_within_what_the_price_leaves(self, world):
        row, bids = self.evaluating(world, "明川信息")

        def seen(score):
            given = None if score is None else Decimal(score)
            scores = [{"bid": bids["明川信息"].pk, "technical_score": given}]
            return state(row, "YB-9.3-scores-complete", scores=scores)

        assert [seen(score) for score in ("0", "85")] == ["met"] * 2
        assert [seen(score) for score in ("-0.01", "85.01", None)] == ["unmet"] * 3

    def test_only_the_price_counts_at_a_hundred(self, world):
        row, _ = self.evaluating(world, "明川信息")
        edit(row, price_weight=Decimal(100))

        assert state(fresh(row), "YB-9.3-scores-complete", scores=[]) == "met"

    def test_a_poor_committee_and_missing_scores_stop_the_report(self, world):
        row, bids = self.evaluating(world, *purchase.PRICES)

        with pytest.raises(TransitionRefused, match=SELECTION) as refused:
            purchase.report(world, row, bids, experts=["秦明"], scores=[])

        rules = [v.rule for v in refused.value.refusals]
        assert rules == ["YB-9.3-committee-formed", "YB-9.3-scores-complete"]


class TestAwards:
    """条例第四十三条、第六条: by the ranking, to one that meets the six conditions."""

    def test_the_first_needs_no_reason_another_does(self, world):
        row = purchase.evaluated(world)
        second = Bid.objects.get(tender=row, rank=2)

        assert state(row, "YB-9.3-first-ranked", bid=purchase.winner(row)) == "met"
        assert state(row, "YB-9.3-first-ranked", bid=second, reason="第一名放弃") == "met"
        with pytest.raises(TransitionRefused, match=SELECTION) as refused:
            decide_award(row, bid=second, reason=" ", **world.wang.acts(DECIDED))
        assert dict(refused.value.refusals[0].compared)["次序在前"] == "明川信息"

    def test_an_unranked_bid_or_one_of_another_tender_never_wins(self, world):
        row = purchase.evaluated(world)
        stray = edit(purchase.winner(row), rank=None)

        assert state(row, "YB-9.3-first-ranked", bid=stray, reason="理由") == "unmet"
        assert state(row, "YB-9.3-first-ranked", reason="理由") == "unmet"

    @pytest.mark.parametrize(
        ("edge", "expected"),
        [("valid_until", ["unmet", "met", "met"]), ("valid_from", ["met", "met", "unmet"])],
    )
    def test_evidence_must_cover_the_deadline(self, world, edge, expected):
        row = purchase.evaluated(world)
        first, found = purchase.winner(row), []
        for step in (-1, 0, 1):
            self.review(world, first.provider, **{edge: scenes.day(DEADLINE, step)})
            found.append(state(row, "YB-6-six-conditions", bid=first))

        assert found == expected

    def test_the_latest_review_counts_and_stops_the_award(self, world):
        row = purchase.evaluated(world)
        first = purchase.winner(row)
        self.review(world, first.provider, is_met=False)

        with pytest.raises(TransitionRefused, match=r"第六条.*有 1 项条件不具备") as refused:
            decide_award(row, bid=first, **world.wang.acts(DECIDED))

        assert refused.value.refusals[0].compared == (
            ("（四）依法缴纳税收和社会保障资金的良好记录", "审查结论为不具备"),
        )

    def review(self, world, provider, **changes):
        values = {"is_met": True, "evidence": "完税证明", "valid_from": INTENDED} | changes
        review_condition(provider, condition=4, **values, **world.zhang.acts(DECIDED))

    def test_one_never_reviewed_lacks_all_six(self, world):
        purchase.provider(world, "明川信息", qualified=False)
        row = purchase.evaluated(world)

        verdict = steps.verdict(row, "YB-6-six-conditions", bid=purchase.winner(row))

        assert [why for _, why in verdict.compared] == ["未审查"] * 6

    def test_conditions_due_before_the_contract_come_first(self, world):
        row = purchase.evaluated(world, purchase.opened(world, self.conditional(world)))
        with pytest.raises(TransitionRefused, match="第九条第（二）项：合同环节前须落实的条件"):
            decide_award(row, bid=purchase.winner(row), **world.wang.acts(DECIDED))

        condition = Obligation.objects.get()
        submit_evidence(condition, evidence="备案证明", **world.zhang.acts(REPORTED))
        accept_obligation(condition, **world.sun.acts(REPORTED))

        assert decide_award(row, bid=purchase.winner(row), **world.wang.acts(DECIDED)).pk

    def conditional(self, world):
        project = steps.submit(world)
        steps.agree_all(world, project, but=("经信委",))
        agree_on_condition(
            steps.opinion_of(project, "经信委"),
            condition="定级备案",
            due_stage=Stage.CONTRACT,
            **world.sun.acts(steps.AGREED),
        )
        project = steps.conclude(world, project, fen=purchase.APPROVED)
        steps.decide(world, project, fen=purchase.APPROVED)
        steps.reply(world, project)
        return scenes.ready(world, fresh(project))


class TestFailure:
    """政府采购法第三十六条: a tender fails on a ground of the law that is in fact there."""

    @pytest.mark.parametrize("ground", ["", "too_late", None])
    def test_a_ground_outside_the_law_is_refused(self, world, ground):
        with pytest.raises(TransitionRefused, match=SELECTION):
            fail_tender(
                scenes.published(world), ground=ground, reason="x", **world.zhang.acts(DEADLINE)
            )

    @pytest.mark.parametrize("ground", ["unlawful", "over_budget", "grave_change"])
    def test_the_other_grounds_hold_at_any_time(self, world, ground):
        row = scenes.published(world)

        assert state(row, "YB-9.3-failure-grounded", on=PUBLISHED, ground=ground) == "met"

    def test_too_few_cannot_be_said_before_the_deadline(self, world):
        row = scenes.published(world)
        days = [scenes.day(DEADLINE, step) for step in (-1, 0, 1)]

        states = [state(row, "YB-9.3-failure-grounded", on=on, ground="too_few") for on in days]

        assert states == ["unmet", "met", "met"]

    @pytest.mark.parametrize(("count", "expected"), [(2, "met"), (3, "unmet")])
    def test_three_valid_bids_are_not_too_few(self, world, count, expected):
        row = purchase.opened(world)
        for name in list(purchase.PRICES)[:count]:
            purchase.bid(world, row, name, AWARDED)

        assert state(row, "YB-9.3-failure-grounded", ground="too_few") == expected
