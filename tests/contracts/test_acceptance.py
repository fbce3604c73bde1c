"""Acceptance: a milestone or the whole service, item by item, within what was contracted."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

import contracts.services.acceptance as acceptance_service
from contracts.models import Acceptance, AcceptanceItem, ContractLine
from contracts.services import (
    deliver_milestone,
    fail_acceptance,
    order_mending,
    pass_acceptance,
    prepare_acceptance,
)
from core.transitions import (
    NotOffered,
    NotPermitted,
    RequestKeyMismatch,
    StaleAct,
    TransitionRefused,
    shown_digest,
)
from projects.models import Stage
from tests.contracts.scenes import Case, condition, fail, in_state, law, rules_of, shared, signed
from tests.purchase import ACCEPTED, DELIVERED
from tests.steps import edit, fresh, put, verdict

built, case = shared(signed)

FINAL = date(2027, 5, 10)


def items(case, quantity="12", is_met=True):
    return [{"line": case.line.pk, "quantity": quantity, "is_met": is_met, "note": ""}]


def prepare(case, milestone=None, by="zhang", **changes) -> Acceptance:
    values = {
        "held_on": FINAL,
        "members": "张敏、李建国、使用单位代表",
        "users_opinion": "满意",
        "items": items(case),
    } | changes
    acts = getattr(case.world, by).acts(values["held_on"])
    return prepare_acceptance(case.contract, milestone=milestone, **values, **acts)


def approve(case, row, by="li", on=FINAL, **shown):
    acts = getattr(case.world, by).acts(on)
    return pass_acceptance(row, conclusion="符合约定", **acts, **shown)


def disapprove(case, row, by="li"):
    return fail_acceptance(row, conclusion="热线不通", **getattr(case.world, by).acts(FINAL))


def deliver(case) -> None:
    acts = case.world.zhang.acts(DELIVERED)
    deliver_milestone(case.milestone, delivered_on=DELIVERED, delivery_note="报告", **acts)


def half(case) -> Acceptance:
    """The first half, delivered and being accepted."""
    deliver(case)
    return prepare(case, case.milestone, held_on=ACCEPTED, items=items(case, "6"))


@pytest.fixture
def whole(case) -> Case:
    """Ready for the acceptance of everything: the only milestone accepted, six months of twelve."""
    approve(case, half(case), on=ACCEPTED)
    return case


class TestPreparing:
    """《渝北办法》第九条第（五）项: 同一对象一次验收，节点须已交付."""

    RULE = "YB-9.5-acceptance-free"

    @pytest.mark.parametrize(
        ("status", "state"),
        [(None, "met"), ("draft", "unmet"), ("passed", "unmet"), ("failed", "met")],
    )
    def test_there_is_no_other_in_hand_or_passed(self, case, status, state):
        if status:
            in_state(prepare(case), status)

        assert law(case.contract, self.RULE, milestone=None) == (state, "YB-9.5")

    @pytest.mark.parametrize(
        ("status", "state"), [("pending", "unmet"), ("delivered", "met"), ("accepted", "unmet")]
    )
    def test_a_milestone_is_delivered_first(self, case, status, state):
        in_state(case.milestone, status)

        found = law(case.contract, self.RULE, milestone=case.milestone)
        assert found == (state, "YB-9.5")

    def test_it_is_kept_item_by_item_and_recorded_once(self, case):
        row = prepare(case, items=items(case, "11.5", is_met=False))

        (item,) = AcceptanceItem.objects.filter(acceptance=row)
        assert (item.line, item.quantity, item.is_met) == (case.line, Decimal("11.5"), False)
        assert (row.status, row.held_on, row.is_final) == ("draft", FINAL, True)
        assert case.recorded("contracts.contract.prepare_acceptance") == (1, 1)

    def test_a_second_one_is_refused_naming_the_article(self, case):
        prepare(case)
        with pytest.raises(TransitionRefused, match=r"第九条第（五）项：已有验收") as refused:
            prepare(case)

        assert rules_of(refused) == {self.RULE}
        assert Acceptance.objects.count() == 1

    def test_a_repeated_click_prepares_one(self, case):
        row = prepare(case, key="k")

        assert prepare(case, key="k") == row
        for other in ({"items": items(case, "11")}, {"users_opinion": "不满意"}):
            with pytest.raises(RequestKeyMismatch):
                prepare(case, key="k", **other)

    def test_a_line_is_accepted_once_a_time(self, case):
        with pytest.raises(IntegrityError), transaction.atomic():
            prepare(case, items=items(case) * 2)

    @pytest.mark.parametrize("name", ["li", "wang", "zhao", "wu", "chen"])
    def test_it_is_the_officers(self, case, name):
        with pytest.raises(NotPermitted):
            prepare(case, by=name)


class TestTheItems:
    """《渝北办法》第九条第（五）项、第二条: 逐项符合约定，不超过合同数量."""

    @pytest.mark.parametrize(("is_met", "state"), [(True, "met"), (False, "unmet")])
    def test_every_item_meets(self, case, is_met, state):
        row = prepare(case, items=items(case, is_met=is_met))

        assert law(row, "YB-9.5-every-item-meets", on=FINAL) == (state, "YB-9.5")

    def test_an_acceptance_of_nothing_is_none(self, case):
        row = prepare(case, items=[])

        assert law(row, "YB-9.5-every-item-meets", on=FINAL) == ("unmet", "YB-9.5")

    @pytest.mark.parametrize(
        ("quantity", "state"), [("11.99", "met"), ("12", "met"), ("12.01", "unmet")]
    )
    def test_no_more_than_was_contracted(self, case, quantity, state):
        row = prepare(case, items=items(case, quantity))

        assert law(row, "YB-9.5-accepted-within-contracted", on=FINAL) == (state, "YB-9.5")

    @pytest.mark.parametrize(
        ("quantity", "state"), [("5.99", "met"), ("6", "met"), ("6.01", "unmet")]
    )
    def test_together_with_what_was_accepted_before(self, whole, quantity, state):
        row = prepare(whole, items=items(whole, quantity))

        assert law(row, "YB-9.5-accepted-within-contracted", on=FINAL) == (state, "YB-9.5")

    def test_what_failed_before_does_not_count(self, case):
        row = half(case)
        disapprove(case, row)

        again = prepare(case)
        assert law(again, "YB-9.5-accepted-within-contracted", on=FINAL)[0] == "met"


class TestTheWhole:
    """《渝北办法》第九条第（五）项: 全部验收，累计的数量等于合同数量，逐项."""

    RULE = "YB-9.5-whole-accepted"

    @pytest.mark.parametrize(
        ("quantity", "state"), [("5.99", "unmet"), ("6", "met"), ("6.01", "met")]
    )
    def test_the_remainder_after_the_milestones(self, whole, quantity, state):
        """More than was contracted is another rule's."""
        row = prepare(whole, items=items(whole, quantity))

        assert law(row, self.RULE, on=FINAL) == (state, "YB-9.5")

    def test_a_milestone_may_be_a_part(self, case):
        assert law(half(case), self.RULE, on=ACCEPTED) == ("met", "YB-9.5")

    def test_a_line_left_out_counts_as_nothing(self, whole):
        row = prepare(whole, items=[])
        found = verdict(row, self.RULE, on=FINAL)

        assert found.compared == (("平台运维", "本次 0，此前 6，合同 12"),)

    def test_every_short_line_is_named(self, whole):
        row = prepare(whole, items=items(whole, "5"))
        for position, (name, quantity) in enumerate({"应急演练": 1, "培训": 2}.items(), 2):
            values = {"unit": "次", "unit_price_fen": 0, "amount_fen": 0, "quantity": 2}
            line = ContractLine(contract=whole.contract, position=position, name=name, **values)
            item = {"line": put(line), "quantity": quantity, "is_met": True}
            put(AcceptanceItem(acceptance=row, **item))
        found = verdict(row, self.RULE, on=FINAL)

        assert [name for name, _ in found.compared] == ["平台运维", "应急演练"]
        assert found.message == "平台运维、应急演练的累计验收数量不足合同数量"

    def test_a_part_of_it_does_not_pass_as_the_whole(self, whole):
        row = prepare(whole, items=items(whole, "5"))
        with pytest.raises(TransitionRefused, match=r"第九条第（五）项：平台运维的累计") as refused:
            approve(whole, row)

        assert rules_of(refused) == {self.RULE}
        assert (fresh(row).status, whole.package.status) == ("draft", "contracted")
        disapprove(whole, row)
        approve(whole, prepare(whole, items=items(whole, "6")))
        assert whole.package.status == "accepted"


class TestWhatMustComeFirst:
    """《渝北办法》第九条第（二）、（五）项，第十四条，第十九条."""

    @pytest.mark.parametrize(
        ("status", "state"), [("pending", "unmet"), ("delivered", "unmet"), ("accepted", "met")]
    )
    def test_every_milestone_before_the_whole(self, case, status, state):
        in_state(case.milestone, status)

        assert law(prepare(case), "YB-9.5-all-delivered", on=FINAL) == (state, "YB-9.5")

    @pytest.mark.parametrize(("status", "state"), [("pending", "unmet"), ("delivered", "met")])
    def test_the_delivery_before_the_milestone(self, case, status, state):
        row = half(case)
        in_state(case.milestone, status)

        assert law(fresh(row), "YB-9.5-all-delivered", on=ACCEPTED) == (state, "YB-9.5")

    @pytest.mark.parametrize(
        ("status", "state"),
        [("ordered", "unmet"), ("replied", "unmet"), ("refused", "unmet"), ("closed", "met")],
    )
    def test_every_order_to_mend_is_closed(self, case, status, state):
        acts = case.world.zhang.acts(date(2026, 9, 10))
        in_state(order_mending(case.contract, demand="整改", workdays=10, **acts), status)

        assert law(prepare(case), "YB-19-no-open-rectification", on=FINAL) == (state, "YB-19")

    @pytest.mark.parametrize(
        ("due_stage", "status", "state"),
        [
            ("implementation", "open", "unmet"),
            ("evaluation", "open", "unmet"),
            ("evaluation", "evidenced", "unmet"),
            ("evaluation", "fulfilled", "met"),
            ("disclosure", "open", "met"),
        ],
    )
    def test_every_condition_due_before_the_evaluation(self, case, due_stage, status, state):
        condition(case, due_stage, status)

        found = law(prepare(case), "YB-9.2-conditions-before-evaluation", on=FINAL)
        assert found == (state, "YB-9.2")

    def test_a_milestone_does_not_wait_for_the_condition(self, case):
        condition(case, "evaluation")

        found = law(half(case), "YB-9.2-conditions-before-evaluation", on=ACCEPTED)
        assert found == ("met", "YB-9.2")

    @pytest.mark.parametrize(
        ("nature", "users_opinion", "state"),
        [
            ("public", "满意", "met"),
            ("public", " ", "unmet"),
            ("duty", "", "met"),
        ],
    )
    def test_the_public_is_heard_on_a_public_service(self, case, nature, users_opinion, state):
        edit(case.project, service_nature=nature)
        row = prepare(case, users_opinion=users_opinion)

        assert law(row, "YB-14-users-heard", on=FINAL) == (state, "YB-14")

    def test_but_not_on_a_milestone(self, case):
        row = half(case)
        edit(row, users_opinion="")

        assert law(row, "YB-14-users-heard", on=ACCEPTED) == ("met", "YB-14")


class TestPassing:
    """《渝北办法》第九条第（五）、（六）项: the package and the project follow."""

    def test_a_milestone_follows_its_acceptance(self, case):
        row = half(case)
        approve(case, row, on=ACCEPTED)

        assert (fresh(row).status, case.milestone.status) == ("passed", "accepted")
        assert (case.package.status, case.project.stage) == ("contracted", Stage.IMPLEMENTATION)
        assert case.recorded("contracts.acceptance.approve") == (1, 1)

    def test_the_whole_moves_package_and_project(self, whole):
        approve(whole, prepare(whole, items=items(whole, "6")))

        assert (whole.package.status, whole.project.stage) == ("accepted", Stage.EVALUATION)
        assert whole.recorded("projects.package.accept") == (1, 1)
        assert whole.recorded("projects.project.finish_delivery") == (1, 1)

    def test_a_refusal_names_every_article_and_changes_nothing(self, case):
        condition(case, "evaluation")
        row = prepare(case, users_opinion="", items=items(case, "13", is_met=False))
        in_state(order_mending(case.contract, demand="整改", workdays=10,
                               **case.world.zhang.acts(FINAL)), "replied")  # fmt: skip

        with pytest.raises(TransitionRefused, match=r"第九条第（二）项：.*第十四条：") as refused:
            approve(case, row)
        assert rules_of(refused) == {
            "YB-9.5-every-item-meets",
            "YB-9.5-accepted-within-contracted",
            "YB-9.5-all-delivered",
            "YB-19-no-open-rectification",
            "YB-9.2-conditions-before-evaluation",
            "YB-14-users-heard",
        }
        assert (fresh(row).status, case.package.status) == ("draft", "contracted")

    def test_a_repeated_click_passes_once(self, whole):
        row = prepare(whole, items=items(whole, "6"))

        assert not approve(whole, row, key="k").is_repeat
        assert approve(whole, row, key="k").is_repeat
        with pytest.raises(NotOffered):
            approve(whole, row)

    def test_items_changed_since_they_were_shown_are_stale(self, whole):
        row = prepare(whole, items=items(whole, "6"))
        shown = shown_digest(row)
        edit(row.items.get(), quantity=Decimal(5))

        with pytest.raises(StaleAct):
            approve(whole, row, shown=shown)

    def test_who_prepared_does_not_pass(self, whole):
        row = prepare(whole, items=items(whole, "6"))
        for act in (approve, disapprove):
            for name in ("zhang", "wang", "zhao", "wu", "gao"):
                with pytest.raises(NotPermitted):
                    act(whole, row, by=name)
        assert fresh(row).status == "draft"

    def test_a_failing_last_step_leaves_nothing(self, whole, monkeypatch):
        row = prepare(whole, items=items(whole, "6"))
        monkeypatch.setattr(acceptance_service, "follow_packages", fail)
        with pytest.raises(RuntimeError):
            approve(whole, row)

        assert (fresh(row).status, whole.package.status) == ("draft", "contracted")
        assert whole.recorded("projects.package.accept") == (0, 0)


class TestFailing:
    """《渝北办法》第九条第（五）项: 写明不合格之处，整改后重新验收."""

    def test_the_milestone_is_delivered_again(self, case):
        row = half(case)
        disapprove(case, row)

        assert (fresh(row).status, fresh(row).conclusion) == ("failed", "热线不通")
        assert (case.milestone.status, case.milestone.delivered_on) == ("pending", None)
        approve(case, half(case), on=ACCEPTED)
        assert case.milestone.status == "accepted"

    def test_the_whole_is_accepted_anew(self, whole):
        disapprove(whole, prepare(whole, items=items(whole, "6", is_met=False)))

        assert (whole.package.status, whole.project.stage) == ("contracted", Stage.IMPLEMENTATION)
        approve(whole, prepare(whole, items=items(whole, "6")))
        assert whole.package.status == "accepted"

    def test_a_failing_last_step_leaves_nothing(self, case):
        row = half(case)
        in_state(case.milestone, "accepted")
        with pytest.raises(NotOffered):
            disapprove(case, row)

        assert fresh(row).status == "draft"

    def test_no_quantity_is_negative(self, case):
        row = prepare(case, items=[])
        with pytest.raises(IntegrityError), transaction.atomic():
            put(AcceptanceItem(acceptance=row, line=case.line, quantity=-1, is_met=True))
