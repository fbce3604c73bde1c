"""What every act of performance asks: in force, not yet settled, on a day that can be."""

from __future__ import annotations

from datetime import date

import pytest

from contracts.models import Acceptance, Incident, Inspection, Rectification, Supplement
from contracts.services import (
    agree_supplement,
    answer_rectification,
    deliver_milestone,
    draft_supplement,
    order_mending,
    prepare_acceptance,
    record_incident,
    record_inspection,
)
from core.transitions import TransitionRefused
from tests.contracts.scenes import in_state, law, rules_of, shared, signed
from tests.contracts.settled import settlement
from tests.purchase import INCIDENT, SIGNED
from tests.steps import edit, fresh

built, case = shared(signed)

EVE, TODAY, TOMORROW = date(2026, 4, 9), date(2026, 9, 10), date(2026, 9, 11)
DELIVERED = date(2026, 8, 20)
BOUNDS = [(EVE, "unmet"), (SIGNED, "met"), (TODAY, "met"), (TOMORROW, "unmet")]


def inspect(case, day=TODAY):
    values = {"inspected_on": day, "finding": "正常", "is_deviating": False}
    return record_inspection(case.contract, **values, **case.world.zhang.acts(TODAY))


def incident(case, day=TODAY):
    values = {"term": INCIDENT, "occurred_on": day, "note": "数据泄露"}
    return record_incident(case.contract, **values, **case.world.zhang.acts(TODAY))


def accept(case, day=TODAY, milestone=None):
    values = {"held_on": day, "members": "张敏", "milestone": milestone, "items": []}
    return prepare_acceptance(case.contract, **values, **case.world.zhang.acts(TODAY))


def supplement(case):
    values = {"number": "补 1", "amount_fen": 0, "reason": "改地点"}
    return draft_supplement(case.contract, **values, **case.world.zhang.acts(TODAY))


def deliver(case, day):
    values = {"delivered_on": day, "delivery_note": "报告"}
    return deliver_milestone(case.milestone, **values, **case.world.zhang.acts(TODAY))


def order(case, on=TODAY) -> Rectification:
    acts = case.world.zhang.acts(on)
    return order_mending(case.contract, demand="整改", workdays=10, **acts)


class TestTheDay:
    """《渝北办法》第九条第（五）项、第十九条: nothing before the contract, nothing tomorrow."""

    RULE = "YB-9.5-within-performance"

    @pytest.mark.parametrize("name", ["inspected_on", "occurred_on", "held_on"])
    @pytest.mark.parametrize(("day", "state"), BOUNDS)
    def test_from_the_signing_to_today(self, case, name, day, state):
        assert law(case.contract, self.RULE, on=TODAY, **{name: day}) == (state, "YB-9.5")

    @pytest.mark.parametrize(("day", "state"), BOUNDS)
    def test_a_delivery_too(self, case, day, state):
        assert law(case.milestone, self.RULE, on=TODAY, delivered_on=day) == (state, "YB-9.5")

    @pytest.mark.parametrize(
        ("day", "state"), [(date(2026, 8, 19), "unmet"), (DELIVERED, "met"), (TOMORROW, "unmet")]
    )
    def test_a_milestone_is_accepted_from_its_delivery(self, case, day, state):
        milestone = edit(in_state(case.milestone, "delivered"), delivered_on=DELIVERED)

        asked = {"on": TODAY, "held_on": day, "milestone": milestone}
        assert law(case.contract, self.RULE, **asked) == (state, "YB-9.5")

    @pytest.mark.parametrize(
        ("act", "what"),
        [(inspect, "检查日"), (incident, "发生日"), (accept, "验收日"), (deliver, "交付日")],
    )
    def test_the_refusal_names_both_days(self, case, act, what):
        words = rf"第九条第（五）项：{what} 2026-04-09 早于合同签订日 2026-04-10"
        with pytest.raises(TransitionRefused, match=words) as refused:
            act(case, EVE)
        assert rules_of(refused) == {self.RULE}
        with pytest.raises(TransitionRefused, match=f"{what} 2026-09-11 晚于今日 2026-09-10"):
            act(case, TOMORROW)
        for model in (Inspection, Incident, Acceptance):
            assert not model.objects.exists()

    @pytest.mark.parametrize(
        ("day", "state"),
        [
            (date(2026, 9, 9), "unmet"),
            (TODAY, "met"),
            (TOMORROW, "met"),
            (date(2026, 9, 12), "unmet"),
        ],
    )
    def test_a_reply_follows_its_order(self, case, day, state):
        asked = {"on": TOMORROW, "replied_on": day}

        found = law(order(case), "YB-19-replied-after-order", **asked)
        assert found == (state, "YB-19")

    def test_a_reply_before_its_order_is_refused_naming_both_days(self, case):
        row, acts = order(case), case.world.zhang.acts(TODAY)
        words = "第十九条：回复日 2026-09-09 早于责令日 2026-09-10"
        with pytest.raises(TransitionRefused, match=words) as refused:
            answer_rectification(row, reply="已改", replied_on=date(2026, 9, 9), **acts)

        assert rules_of(refused) == {"YB-19-replied-after-order"}
        assert fresh(row).status == "ordered"


class TestSettled:
    """《渝北办法》第九条第（六）项: 结算定了应付总额，此后不再添."""

    RULE = "YB-9.6-not-settled"

    def test_the_rule(self, case):
        assert law(case.contract, self.RULE) == ("met", "YB-9.6")
        settlement(case, 1)
        assert law(case.contract, self.RULE) == ("unmet", "YB-9.6")

    @pytest.mark.parametrize("act", [inspect, incident, accept, supplement])
    def test_nothing_is_added_to_what_is_settled(self, case, act):
        settlement(case, 1)
        with pytest.raises(TransitionRefused, match=r"第九条第（六）项：合同已于") as refused:
            act(case)

        assert rules_of(refused) == {self.RULE}
        for model in (Inspection, Incident, Acceptance, Supplement):
            assert not model.objects.exists()

    def test_nor_is_a_supplement_agreed_that_was_drafted_before(self, case):
        row = supplement(case)
        settlement(case, 1)
        with pytest.raises(TransitionRefused, match=r"第九条第（六）项：合同已于") as refused:
            agree_supplement(row, **case.world.wang.acts(TODAY))

        assert rules_of(refused) == {self.RULE}
        assert fresh(row).status == "drafted"

    @pytest.mark.parametrize(
        ("grade", "state"), [(None, "met"), ("fair", "unmet"), ("good", "unmet"), ("poor", "met")]
    )
    def test_only_a_failed_evaluation_is_still_ordered_to_mend(self, case, grade, state):
        """《渝北办法》第十九条: 绩效评价不合格的承接主体，责令其进行限期整改."""
        if grade:
            settlement(case, 1, grade)

        assert law(case.contract, "YB-19-mending-has-ground") == (state, "YB-19")

    def test_after_any_other_grade_the_order_is_refused_naming_the_article(self, case):
        settlement(case, 1, "fair")
        with pytest.raises(TransitionRefused, match="第十九条：合同已经结算，评价为一般"):
            order(case)
        assert not Rectification.objects.exists()


class TestInForce:
    """《渝北办法》第九条第（五）项: 合同签订之后、付清或终止之前."""

    @pytest.mark.parametrize(
        ("contract_state", "state"),
        [
            ("draft", "unmet"),
            ("signed", "met"),
            ("filed", "met"),
            ("completed", "unmet"),
            ("terminated", "unmet"),
        ],
    )
    def test_a_delivery_and_a_supplement_ask_it(self, case, contract_state, state):
        row = supplement(case)
        in_state(case.contract, contract_state)

        for paper in (case.milestone, fresh(row)):
            assert law(paper, "YB-9.5-contract-in-force") == (state, "YB-9.5")

    def test_a_delivery_after_the_end_is_refused_naming_the_article(self, case):
        in_state(case.contract, "terminated")
        with pytest.raises(TransitionRefused, match=r"第九条第（五）项：合同不在履行中"):
            deliver(case, TODAY)
        assert case.milestone.status == "pending"

    def test_a_supplement_after_the_end_commits_nothing(self, case):
        row, before = supplement(case), case.money()
        edit(row, amount_fen=1_000)
        in_state(case.contract, "terminated")
        with pytest.raises(TransitionRefused, match=r"合同不在履行中") as refused:
            agree_supplement(row, **case.world.wang.acts(TODAY))

        assert "YB-9.5-contract-in-force" in rules_of(refused)
        assert case.money() == before
