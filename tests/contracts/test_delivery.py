"""The contract in performance: inspections, orders to mend, agreed deductions, milestones."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

import contracts.services.delivery as delivery_service
from contracts.facts.delivery import mending_due_on
from contracts.models import Incident, Inspection, Rectification
from contracts.services import (
    answer_rectification,
    close_rectification,
    deliver_milestone,
    order_mending,
    record_incident,
    record_inspection,
    refuse_rectification,
    reject_rectification,
)
from core.history.reading import refusals_of
from core.transitions import NotOffered, NotPermitted, RequestKeyMismatch, TransitionRefused
from tests import purchase
from tests.contracts.scenes import fail, law, rules_of, shared, signed
from tests.purchase import INCIDENT
from tests.steps import edit, fresh

built, case = shared(signed)

ORDERED, DUE, AFTER = date(2026, 9, 10), date(2026, 9, 23), date(2026, 9, 24)
MILESTONE_DUE = date(2026, 11, 10)


def order(case, on=ORDERED, workdays=10, by="zhang", **shown) -> Rectification:
    acts = getattr(case.world, by).acts(on)
    return order_mending(case.contract, demand="热线无人接听", workdays=workdays, **acts, **shown)


def answer(case, row, replied_on=date(2026, 9, 22), by="zhang", **shown):
    acts = getattr(case.world, by).acts(replied_on)
    return answer_rectification(row, reply="已增派人员", replied_on=replied_on, **acts, **shown)


def check(case, act, row, on=AFTER, by="li"):
    return act(row, check_note="经复查", **getattr(case.world, by).acts(on))


class TestInspecting:
    """《渝北办法》第九条第（五）项: 全过程跟踪监管，检查写明情况."""

    @staticmethod
    def inspect(case, by="zhang", **changes):
        values = {"inspected_on": ORDERED, "finding": "巡检记录齐全", "is_deviating": False}
        acts = getattr(case.world, by).acts(ORDERED)
        return record_inspection(case.contract, **values | changes, **acts)

    @pytest.mark.parametrize(
        ("asked", "state"),
        [
            ({"finding": "正常", "inspected_on": date(2026, 9, 9)}, "met"),
            ({"finding": "正常", "inspected_on": ORDERED}, "met"),
            ({"finding": " ", "inspected_on": ORDERED}, "unmet"),
            ({"finding": "正常"}, "unmet"),
        ],
    )
    def test_it_says_what_was_found_and_when(self, case, asked, state):
        found = law(case.contract, "YB-9.5-finding-stated", on=ORDERED, **asked)

        assert found == (state, "YB-9.5")

    def test_it_is_kept_with_its_inspector_and_recorded_once(self, case):
        self.inspect(case)

        row = Inspection.objects.get()
        assert (row.finding, row.inspector) == ("巡检记录齐全", case.world.zhang.user)
        assert case.recorded("contracts.contract.inspect") == (1, 1)

    def test_one_that_says_nothing_is_refused_naming_the_article(self, case):
        with pytest.raises(TransitionRefused, match=r"第九条第（五）项：检查没有写明") as refused:
            self.inspect(case, finding="")

        assert rules_of(refused) == {"YB-9.5-finding-stated"}
        assert not Inspection.objects.exists()

    def test_a_repeated_click_records_one(self, case):
        assert not self.inspect(case, key="k").is_repeat
        assert self.inspect(case, key="k").is_repeat
        assert Inspection.objects.count() == 1

    def test_a_failing_last_step_leaves_nothing(self, case, monkeypatch):
        monkeypatch.setattr(delivery_service, "under", fail)
        with pytest.raises(RuntimeError):
            self.inspect(case)
        assert case.recorded("contracts.contract.inspect") == (0, 0)


class TestDeductions:
    """《渝北办法》第九条第（四）项: 只有合同约定的情形可以扣款."""

    @staticmethod
    def record(case, term=INCIDENT, **shown):
        values = {"term": term, "occurred_on": ORDERED, "note": "数据泄露 12 条"}
        return record_incident(case.contract, **values, **case.world.zhang.acts(ORDERED), **shown)

    @pytest.mark.parametrize(("term", "state"), [(INCIDENT, "met"), ("迟到", "unmet")])
    def test_the_contract_names_it(self, case, term, state):
        assert law(case.contract, "YB-9.4-deduction-agreed", term=term) == (state, "YB-9.4")

    def test_without_an_agreement_nothing_is_deducted(self, case):
        edit(case.contract, deduction_terms=[])

        assert law(case.contract, "YB-9.4-deduction-agreed", term=INCIDENT)[0] == "unmet"
        with pytest.raises(TransitionRefused, match=r"第九条第（四）项：合同没有约定"):
            self.record(case)

    def test_the_percentage_is_the_contracts(self, case):
        self.record(case, key="k")
        self.record(case, key="k")

        assert Incident.objects.get().percent == Decimal(1)
        assert case.recorded("contracts.contract.record_incident") == (1, 1)


class TestOrderingToMend:
    """《渝北办法》第十九条: 责令限期整改，期限为工作日."""

    def test_ten_working_days_from_10_september_end_on_the_23rd(self, case):
        """Saturday 09-20 is worked: the tenth day is a Wednesday."""
        assert mending_due_on(order(case)).day == DUE

    def test_it_is_recorded_once(self, case):
        row = order(case, key="k")

        assert order(case, key="k") == row
        assert (row.status, row.ordered_on, row.workdays) == ("ordered", ORDERED, 10)
        assert case.recorded("contracts.contract.order_mending") == (1, 1)
        with pytest.raises(RequestKeyMismatch):
            order(case, workdays=9, key="k")

    def test_a_term_of_no_days_is_none(self, case):
        with pytest.raises(IntegrityError), transaction.atomic():
            order(case, workdays=0)

    @pytest.mark.parametrize("name", ["li", "zhao", "wu", "chen"])
    def test_it_is_the_officers(self, case, name):
        with pytest.raises(NotPermitted):
            order(case, by=name)


class TestMending:
    """《渝北办法》第十九条、《平湖办法》第十三条: 回复、复查、销号；拒不整改的另有后果."""

    @pytest.fixture
    def row(self, case) -> Rectification:
        return order(case)

    @pytest.mark.parametrize(
        ("replied_on", "state"), [(date(2026, 9, 22), "met"), (DUE, "met"), (AFTER, "late")]
    )
    def test_the_tenth_working_day_is_in_time(self, case, row, replied_on, state):
        asked = {"on": AFTER, "replied_on": replied_on}

        assert law(row, "YB-19-replied-in-time", **asked) == (state, "YB-19")

    def test_a_late_reply_is_registered_and_recorded_as_late(self, case, row):
        answer(case, row, AFTER)

        assert fresh(row).status == "replied"
        assert case.late("contracts.rectification.answer") == ["YB-19-replied-in-time"]

    def test_answered_checked_and_closed(self, case, row):
        answer(case, row)
        check(case, close_rectification, row)

        now = fresh(row)
        assert (now.status, now.replied_on, now.closed_on) == ("closed", date(2026, 9, 22), AFTER)
        assert case.recorded("contracts.rectification.answer") == (1, 1)
        assert case.recorded("contracts.rectification.close") == (1, 1)

    def test_an_insufficient_reply_goes_back_under_the_same_term(self, case, row):
        answer(case, row)
        check(case, reject_rectification, row)
        assert fresh(row).status == "ordered"
        assert mending_due_on(fresh(row)).day == DUE

        answer(case, row, date(2026, 9, 25))
        assert case.late("contracts.rectification.answer") == ["YB-19-replied-in-time"]

    @pytest.mark.parametrize(
        ("on", "state"), [(date(2026, 9, 22), "unmet"), (DUE, "unmet"), (AFTER, "met")]
    )
    def test_a_refusal_needs_an_expired_term(self, case, row, on, state):
        assert law(row, "YB-19-mending-term-expired", on=on) == (state, "YB-19")

    def test_within_the_term_it_is_refused_naming_the_article(self, case, row):
        with pytest.raises(TransitionRefused, match=r"第十九条：整改期限 2026-09-23 尚未届满"):
            check(case, refuse_rectification, row, DUE)

        assert fresh(row).status == "ordered"
        check(case, refuse_rectification, row)
        assert fresh(row).status == "refused"

    def test_what_was_answered_was_not_refused(self, case, row):
        answer(case, row)
        with pytest.raises(NotOffered):
            check(case, refuse_rectification, row)

    def test_who_answers_does_not_check(self, case, row):
        with pytest.raises(NotPermitted):
            answer(case, row, by="li")
        answer(case, row)
        for act in (close_rectification, reject_rectification):
            for name in ("zhang", "wang", "wu", "gao"):
                with pytest.raises(NotPermitted):
                    check(case, act, row, by=name)
        assert len(refusals_of(case.project.stream())) == 9

    def test_without_a_calendar_nothing_is_guessed(self, case):
        row = order(case, date(2026, 12, 25))
        on = date(2027, 1, 20)

        assert law(row, "YB-19-replied-in-time", on=on)[0] == "unknown"
        assert law(row, "YB-19-mending-term-expired", on=on)[0] == "unknown"
        with pytest.raises(TransitionRefused, match="2027 年工作日历尚未载入"):
            answer(case, row, on)
        purchase.load_calendar(2027)
        assert law(row, "YB-19-replied-in-time", on=on)[0] == "late"
        assert law(row, "YB-19-mending-term-expired", on=on)[0] == "met"


class TestMilestones:
    """《渝北办法》第九条第（五）项: 按约定的日期交付；逾期照登，记为逾期."""

    @staticmethod
    def deliver(case, delivered_on, by="zhang", **shown):
        values = {"delivered_on": delivered_on, "delivery_note": "半年报告"}
        acts = getattr(case.world, by).acts(date(2026, 12, 1))
        return deliver_milestone(case.milestone, **values, **acts, **shown)

    @pytest.mark.parametrize(
        ("delivered_on", "state"),
        [(date(2026, 11, 9), "met"), (MILESTONE_DUE, "met"), (date(2026, 11, 11), "late")],
    )
    def test_the_agreed_day_is_in_time(self, case, delivered_on, state):
        asked = {"on": date(2026, 12, 1), "delivered_on": delivered_on}

        assert law(case.milestone, "YB-9.5-delivered-in-time", **asked) == (state, "YB-9.5")

    def test_delivered_late_is_delivered_and_recorded_as_late(self, case):
        self.deliver(case, date(2026, 11, 11))

        assert (case.milestone.status, case.milestone.delivered_on) == (
            "delivered",
            date(2026, 11, 11),
        )
        assert case.late("contracts.milestone.deliver") == ["YB-9.5-delivered-in-time"]
        assert case.recorded("contracts.milestone.deliver") == (1, 1)

    def test_a_repeated_click_delivers_once(self, case):
        assert not self.deliver(case, MILESTONE_DUE, key="k").is_repeat
        assert self.deliver(case, MILESTONE_DUE, key="k").is_repeat
        with pytest.raises(NotOffered):
            self.deliver(case, MILESTONE_DUE)
