"""Adjustments of an approved budget: drawn up by one, approved by another, posted at once."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.db import IntegrityError, transaction

import budgeting.services.adjustment as adjustment_service
from budgeting.facts.execution import fund_use
from budgeting.models import Allocation, BudgetAdjustment, EntryKind, LedgerEntry
from budgeting.selectors import adjustments_of
from budgeting.selectors.adjustments import adjusted_fen
from budgeting.services import (
    CeilingExceeded,
    FundsShort,
    Posting,
    approve_adjustment,
    available,
    commit,
    commit_more,
    draft_adjustment,
    ledger_differences,
    lower_approved,
    raise_approved,
    release,
    return_adjustment,
    set_ceiling,
    unreserved,
    unreserved_of,
    withdraw_adjustment,
)
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
from tests import steps
from tests.contracts.scenes import also, fail, in_state, rules_of
from tests.steps import edit, fresh, put

pytestmark = pytest.mark.django_db

APPROVED, SPARE, LIMIT = 180_000_000, 120_000_000, 100_000_000
JUNE, LAST, NEXT = date(2026, 6, 1), date(2026, 12, 31), date(2027, 1, 1)


@pytest.fixture
def project(world):
    """1,800,000.00 approved and reserved, of a ceiling of 3,000,000.00."""
    return fresh(steps.reply(world, fen=APPROVED).lines.get().project)


@pytest.fixture
def other(world):
    """Another project of the same purchaser and fund, 500,000.00 reserved."""
    values = {"estimate": [world.estimate(50_000_000)], "funds": [world.fund(50_000_000)]}
    project = steps.conclude(world, name="另一个项目", **values)
    steps.decide(world, project, number="示府阅〔2026〕9号")
    return fresh(steps.reply(world, project).lines.get().project)


def line_of(project) -> Allocation:
    return Allocation.objects.select_related("ceiling").get(project=project)


def draft(world, project, fen, kind="increase", on=JUNE, **changes: Any) -> BudgetAdjustment:
    values = {
        "kind": kind,
        "allocation": line_of(project),
        "amount_fen": fen,
        "number": "示财预调〔2026〕1号",
        "reason": "增加一个使用单位",
    } | changes
    by = values.pop("by", world.zhao)
    return draft_adjustment(fresh(project), **values, **by.acts(on))


def approve(world, row, on=JUNE, by=None, **shown):
    return approve_adjustment(row, **(by or world.bai).acts(on), **shown)


def adjusted(world, project, fen, kind="increase", on=JUNE, **changes) -> BudgetAdjustment:
    row = draft(world, project, fen, kind, on, **changes)
    approve(world, row, on)
    return fresh(row)


def books(project) -> tuple[int, int, int]:
    """Approved and available of the project's line, and available of its ceiling."""
    line = line_of(project)
    return line.approved_fen, unreserved(line), available(line.ceiling)


class TestIncrease:
    """《渝北办法》第十二条: 追加不超过控制数，记为可用，原批复不改."""

    def test_it_adds_to_the_line_and_takes_from_the_ceiling(self, world, project):
        row = adjusted(world, project, 17_568_000)

        assert books(project) == (APPROVED + 17_568_000, 17_568_000, SPARE - 17_568_000)
        assert (row.status, row.before_fen, row.after_fen) == (
            "approved",
            APPROVED,
            APPROVED + 17_568_000,
        )
        assert fresh(project).approved_fen == APPROVED
        assert adjusted_fen(fresh(project)) == APPROVED + 17_568_000
        assert (ledger_differences(), verify().differences) == ([], [])

    def test_nothing_moves_before_the_approval(self, world, project):
        draft(world, project, 100)

        assert books(project) == (APPROVED, 0, SPARE)

    @pytest.mark.parametrize(("more", "passes"), [(-1, True), (0, True), (1, False)])
    def test_the_ceiling_is_the_limit_to_the_cent(self, world, project, more, passes):
        self.leave(world, project, 500)
        if passes:
            adjusted(world, project, 500 + more)
            assert books(project)[2] == -more
            return
        with pytest.raises(TransitionRefused, match=r"第十二条：.*只有 5\.00 元") as refused:
            draft(world, project, 500 + more)
        assert rules_of(refused) == {"YB-12-adjustment-within-ceiling"}

    def test_it_is_asked_again_when_it_is_approved(self, world, project):
        row = draft(world, project, 500)
        self.leave(world, project, 499)
        with pytest.raises(TransitionRefused) as refused:
            approve(world, row)

        assert rules_of(refused) == {"YB-12-adjustment-within-ceiling"}
        assert (fresh(row).status, books(project)[0]) == ("drafted", APPROVED)

    @pytest.mark.parametrize(("more", "passes"), [(-1, True), (0, False), (1, False)])
    def test_together_they_stay_below_what_a_meeting_decides(self, world, project, more, passes):
        """第十一条: several small increases are added up."""
        adjusted(world, project, 40_000_000)
        rest = LIMIT - 40_000_000 + more
        if passes:
            assert adjusted(world, project, rest).status == "approved"
            return
        with pytest.raises(TransitionRefused, match=r"第十一条：累计追加") as refused:
            draft(world, project, rest)
        assert rules_of(refused) == {"YB-11-increase-below-limit"}

    def test_two_drafts_are_not_both_approved(self, world, project):
        first, second = draft(world, project, 50_000_000), draft(world, project, 50_000_000)
        approve(world, first)
        with pytest.raises(TransitionRefused) as refused:
            approve(world, second)
        assert rules_of(refused) == {"YB-11-increase-below-limit"}

    def test_what_was_added_can_be_committed(self, world, project):
        adjusted(world, project, 300)
        commit_more(project, 300, Posting(project, **world.wang.acts(JUNE)))

        assert unreserved_of(project) == 0
        assert ledger_differences() == []

    @staticmethod
    def leave(world, project, fen):
        line = line_of(project)
        set_ceiling(
            project.purchaser,
            year=2026,
            fund=line.ceiling.fund,
            amount_fen=line.ceiling.allocated_fen + fen,
            number="示财预〔2026〕9号",
            **world.zhao.acts(JUNE),
        )


class TestDecrease:
    """第十二条: 批复数不低于已预留、已承诺和已付的合计."""

    def test_it_gives_back_to_the_ceiling(self, world, project):
        adjusted(world, project, 500)
        row = adjusted(world, project, 200, "decrease")

        assert books(project) == (APPROVED + 300, 300, SPARE - 300)
        assert (row.before_fen, row.after_fen) == (APPROVED + 500, APPROVED + 300)
        assert ledger_differences() == []

    @pytest.mark.parametrize(("more", "passes"), [(-1, True), (0, True), (1, False)])
    def test_what_is_bound_stays_to_the_cent(self, world, project, more, passes):
        adjusted(world, project, 500)
        commit(project, 1, Posting(project, **world.wang.acts(JUNE)))
        if passes:
            assert adjusted(world, project, 500 + more, "decrease").status == "approved"
            return
        with pytest.raises(TransitionRefused, match=r"没有预留、承诺和支付的只有 5\.00") as refused:
            draft(world, project, 500 + more, "decrease")
        assert rules_of(refused) == {"YB-12-adjustment-within-available"}

    def test_what_was_committed_meanwhile_is_no_longer_there(self, world, project):
        adjusted(world, project, 500)
        row = draft(world, project, 500, "decrease")
        commit_more(project, 1, Posting(project, **world.wang.acts(JUNE)))
        with pytest.raises(TransitionRefused) as refused:
            approve(world, row)

        assert rules_of(refused) == {"YB-12-adjustment-within-available"}
        assert ledger_differences() == []

    def test_what_was_released_is_not_given_back_twice(self, world, project):
        release(project, 100, Posting(project, **world.wang.acts(JUNE)))
        with pytest.raises(TransitionRefused):
            draft(world, project, 1, "decrease")


class TestTransfer:
    """第十二条: 同一购买主体、年度、资金的两个项目之间调剂，控制数不变."""

    def test_one_gives_what_the_other_takes(self, world, project, other):
        adjusted(world, project, 500)
        before = books(project)[2]
        row = adjusted(world, project, 200, "transfer", receiver=other)

        assert books(project) == (APPROVED + 300, 300, before)
        assert books(other) == (50_000_200, 200, before)
        assert (row.receiver_before_fen, row.receiver_after_fen) == (50_000_000, 50_000_200)
        kinds = list(LedgerEntry.objects.order_by("-pk").values_list("kind", flat=True)[:2])
        assert kinds == [EntryKind.MOVE_IN, EntryKind.MOVE_OUT]
        assert (ledger_differences(), verify().differences) == ([], [])

    def test_both_cases_tell_of_it(self, world, project, other):
        adjusted(world, project, 500)
        adjusted(world, project, 200, "transfer", receiver=other)

        assert acts_of(other.stream())[-1] == "budgeting.post"
        (told,) = adjustments_of(fresh(other), world.zhang.user)
        assert (told["sign"], told["before_fen"], told["after_fen"]) == (
            "+",
            50_000_000,
            50_000_200,
        )
        assert adjusted_fen(fresh(other)) == 50_000_200
        assert adjusted_fen(fresh(project)) == APPROVED + 300

    @pytest.mark.parametrize(("more", "passes"), [(0, True), (1, False)])
    def test_never_more_than_is_free(self, world, project, other, more, passes):
        adjusted(world, project, 500)
        if passes:
            assert adjusted(world, project, 500, "transfer", receiver=other).after_fen == APPROVED
            return
        with pytest.raises(TransitionRefused) as refused:
            draft(world, project, 501, "transfer", receiver=other)
        assert rules_of(refused) == {"YB-12-adjustment-within-available"}

    def test_not_to_itself_nor_to_another_fund_nor_to_who_is_not_approved(self, world, project):
        adjusted(world, project, 500)
        funds = [world.fund(186_000_000, "本级财政管理资金")]
        elsewhere = steps.reply(world, fen=APPROVED, funds=funds, name="其他资金").lines.get()
        waiting = steps.submit(world, name="会审中")
        for receiver in (project, elsewhere.project, waiting, None):
            with pytest.raises(TransitionRefused, match="不能这样调整") as refused:
                draft(world, project, 1, "transfer", receiver=receiver)
            assert rules_of(refused) == {"YB-12-adjustment-line"}

    def test_a_line_of_another_project_is_not_touched(self, world, project, other):
        with pytest.raises(TransitionRefused, match="不能这样调整") as refused:
            draft(world, project, 1, allocation=line_of(other))
        assert rules_of(refused) == {"YB-12-adjustment-line"}


class TestYearEnd:
    """第十二条: 年末收回最早在预算年度的最后一日；之后不再追加和调剂."""

    @pytest.mark.parametrize(
        ("on", "passes"), [(date(2026, 12, 30), False), (LAST, True), (NEXT, True)]
    )
    def test_it_is_taken_back_on_the_last_day(self, world, project, on, passes):
        adjusted(world, project, 500)
        if passes:
            row = adjusted(world, project, 500, "reclaim", on)
            assert (row.after_fen, books(project)) == (APPROVED, (APPROVED, 0, SPARE))
            assert LedgerEntry.objects.latest("pk").kind == EntryKind.RECLAIM
            return
        with pytest.raises(TransitionRefused, match="最早 2026-12-31") as refused:
            draft(world, project, 500, "reclaim", on)
        assert rules_of(refused) == {"YB-12-adjustment-year"}

    @pytest.mark.parametrize(("on", "passes"), [(LAST, True), (NEXT, False)])
    def test_nothing_is_added_after_it(self, world, project, on, passes):
        if passes:
            assert draft(world, project, 1, on=on)
            return
        with pytest.raises(TransitionRefused, match="年度已经结束") as refused:
            draft(world, project, 1, on=on)
        assert rules_of(refused) == {"YB-12-adjustment-year"}

    def test_the_year_counts_what_was_adjusted(self, world, project):
        """平湖第十六条: 年初预算数 stays what was approved, 全年预算数 follows the adjustments."""
        adjusted(world, project, 500)
        adjusted(world, project, 100, "decrease")
        adjusted(world, project, 50, "reclaim", LAST)

        use = fund_use(fresh(project), 2026).total
        assert (use.initial_fen, use.budget_fen) == (APPROVED, APPROVED + 350)


class TestTwoHands:
    """第十八条: who draws up does not approve."""

    def test_not_the_one_who_drew_it_up(self, world, project):
        row = draft(world, project, 100)
        for act in (approve, lambda w, r, by: return_adjustment(r, note="不", **by.acts(JUNE))):
            with pytest.raises(TransitionRefused, match="不得审批自己拟订") as refused:
                act(world, row, by=world.zhao)
            assert rules_of(refused) == {"YB-18-adjustment-by-another"}
        assert books(project)[0] == APPROVED

    def test_nor_the_projects_officer_with_a_second_desk(self, world, project):
        row = draft(world, project, 100)
        with pytest.raises(TransitionRefused) as refused:
            approve(world, row, by=also(world.zhang, world.bai))
        assert rules_of(refused) == {"YB-18-adjustment-by-another"}

    @pytest.mark.parametrize("name", ["zhang", "wang", "qian", "secretary", "wu", "chen"])
    def test_only_finance_draws_up_and_approves(self, world, project, name):
        row = draft(world, project, 100)
        with pytest.raises(NotPermitted):
            approve(world, row, by=getattr(world, name))
        with pytest.raises(NotPermitted):
            draft(world, project, 100, by=getattr(world, name))

    def test_it_is_seen_by_the_purchaser_when_it_is_approved(self, world, project):
        row = draft(world, project, 100)
        seen = BudgetAdjustment.objects.visible_to
        assert row in seen(world.wu.user)
        assert row not in seen(world.zhang.user)

        approve(world, row)
        assert row in seen(world.zhang.user)
        assert row not in seen(world.chen.user)


class TestTheDocument:
    """One click, one effect; what is not approved moves nothing."""

    def test_a_repeated_click_drafts_and_approves_once(self, world, project):
        values = {"kind": "increase", "allocation": line_of(project), "amount_fen": 100}
        values |= {"number": "1号", "reason": "事由", **world.zhao.acts(JUNE)}
        row = draft_adjustment(fresh(project), **values, key="d")
        assert draft_adjustment(fresh(project), **values, key="d") == row
        with pytest.raises(RequestKeyMismatch):
            draft_adjustment(fresh(project), **values | {"amount_fen": 101}, key="d")

        assert not approve(world, row, key="k").is_repeat
        assert approve(world, row, key="k").is_repeat
        assert books(project)[0] == APPROVED + 100
        with pytest.raises(NotOffered):
            approve(world, row)

    def test_a_page_that_showed_other_money_approves_nothing(self, world, project):
        row = draft(world, project, 100)
        shown = shown_digest(row)
        adjusted(world, project, 7)
        with pytest.raises(StaleAct):
            approve(world, row, shown=shown)

    @pytest.mark.parametrize("changes", [{"number": " "}, {"reason": ""}, {"amount_fen": 0}])
    def test_number_reason_and_amount_are_stated(self, world, project, changes):
        fen = changes.pop("amount_fen", 100)
        with pytest.raises(TransitionRefused) as refused:
            draft(world, project, fen, **changes)
        assert rules_of(refused) == {"YB-12-adjustment-stated"}

    @pytest.mark.parametrize(
        ("act", "name", "status"),
        [(return_adjustment, "bai", "returned"), (withdraw_adjustment, "zhao", "withdrawn")],
    )
    def test_returned_or_withdrawn_it_moves_nothing(self, world, project, act, name, status):
        row = draft(world, project, 100)
        act(row, note="另行拟订", **getattr(world, name).acts(JUNE))

        assert (fresh(row).status, books(project)) == (status, (APPROVED, 0, SPARE))
        with pytest.raises(NotOffered):
            approve(world, row)
        assert ledger_differences() == []

    @pytest.mark.parametrize("last", ["raise_approved", "change"])
    def test_a_failing_step_leaves_nothing(self, world, project, monkeypatch, last):
        row = draft(world, project, 100)
        monkeypatch.setattr(adjustment_service, last, fail)
        with pytest.raises(RuntimeError):
            approve(world, row)

        assert (fresh(row).status, books(project)) == ("drafted", (APPROVED, 0, SPARE))

    @pytest.mark.parametrize("stage", ["filing", "budget", "closed", "terminated"])
    def test_only_an_approved_case_is_adjusted(self, world, project, stage):
        in_state(project, stage)
        with pytest.raises(NotOffered):
            draft(world, project, 100)

    def test_a_subsidy_is_not_increased(self, world, project):
        edit(project, kind="subsidy")
        with pytest.raises(TransitionRefused, match="不能这样调整") as refused:
            draft(world, project, 100)
        assert rules_of(refused) == {"YB-12-adjustment-line"}

    @pytest.mark.parametrize("changes", [{"amount_fen": 0}, {"kind": "transfer"}])
    def test_the_database_holds_the_shape(self, world, project, changes):
        values = {"kind": "increase", "amount_fen": 1, "drafted_on": JUNE} | changes
        values |= {"allocation": line_of(project), "drafted_by": world.zhao.user}
        with pytest.raises(IntegrityError), transaction.atomic():
            put(BudgetAdjustment(project=project, number="1号", reason="事由", **values))


class TestTheBooks:
    """The postings keep their limits themselves, and `verify` compares them with the documents."""

    def posting(self, world, project):
        return Posting(project, **world.zhao.acts(JUNE))

    def test_the_posting_itself_keeps_the_limits(self, world, project):
        posting = self.posting(world, project)
        with pytest.raises(CeilingExceeded, match=r"可用余额只有 1,200,000\.00 元"):
            raise_approved(project, line_of(project), SPARE + 1, posting)
        with pytest.raises(FundsShort, match=r"可用余额只有 0\.00 元"):
            lower_approved(project, line_of(project), 1, posting, EntryKind.DECREASE)

    def test_a_posting_without_a_document_is_found(self, world, project):
        raise_approved(project, line_of(project), 1, self.posting(world, project))

        assert ledger_differences() == [
            f"台账有调整分录而没有预算调整（projects.project:{project.pk}）。"
        ]
        assert set(ledger_differences()) <= set(verify().differences)

    def test_a_document_without_its_posting_is_found(self, world, project):
        row = in_state(draft(world, project, 1), "approved")

        said = f"“{project}”的预算调整“{row}”的追加分录为 0.00 元，批准的金额为 0.01 元，"
        assert ledger_differences() == [said + "相差 0.01 元。"]

    def test_half_a_transfer_is_found(self, world, project):
        line, ceiling = line_of(project), line_of(project).ceiling
        edit(ceiling, allocated_fen=ceiling.allocated_fen + 1)
        edit(line, approved_fen=line.approved_fen + 1)
        values = {"effective_on": JUNE, "document": "x:1", "kind": "move_in", "amount_fen": 1}
        put(LedgerEntry(allocation=line, **values))

        assert (
            f"{ceiling}的调剂调入为 0.01 元，调剂调出为 0.00 元，相差 0.01 元。"
            in ledger_differences()
        )
