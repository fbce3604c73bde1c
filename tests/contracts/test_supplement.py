"""Supplements: a tenth of the contract at most, and only with budget that is available."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import IntegrityError, transaction

import contracts.services.filing as filing_service
from budgeting.models import LedgerEntry
from budgeting.services import FundsShort, Posting, commit_more, ledger_differences
from contracts.facts.money import payable_fen, supplements_fen
from contracts.models import Supplement
from contracts.services import agree_supplement, draft_supplement, withdraw_supplement
from core.transitions import (
    NotOffered,
    NotPermitted,
    RequestKeyMismatch,
    StaleAct,
    TransitionRefused,
)
from tests.contracts.scenes import fail, filed, in_state, law, rules_of, shared, spare_budget
from tests.purchase import AWARDED
from tests.steps import fresh, put

built, case = shared(filed)

TENTH = AWARDED // 10
TODAY = date(2026, 6, 10)


def draft(case, fen, by="zhang", **shown) -> Supplement:
    values = {"number": "补 1", "amount_fen": fen, "reason": "增加一个使用单位"}
    return draft_supplement(case.contract, **values, **getattr(case.world, by).acts(TODAY), **shown)


def agree(case, supplement, by="wang", **shown):
    return agree_supplement(supplement, **getattr(case.world, by).acts(TODAY), **shown)


class TestATenth:
    """《渝北办法》第九条第（四）项（政府采购法第四十九条）: 累计不超过百分之十."""

    RULE = "YB-9.4-supplement-ten-percent"

    @pytest.mark.parametrize(("more", "state"), [(-1, "met"), (0, "met"), (1, "unmet")])
    def test_of_the_original_amount(self, case, more, state):
        found = law(case.contract, self.RULE, on=TODAY, amount_fen=TENTH + more)

        assert found == (state, "YB-9.4")

    @pytest.mark.parametrize(("more", "state"), [(-1, "met"), (0, "met"), (1, "unmet")])
    def test_together_with_the_earlier_ones(self, case, more, state):
        in_state(draft(case, 10_000_000), "agreed")
        in_state(draft(case, 7_000_000), "withdrawn")

        asked = {"on": TODAY, "amount_fen": TENTH - 10_000_000 + more}
        assert law(case.contract, self.RULE, **asked) == (state, "YB-9.4")

    @pytest.mark.parametrize(("fen", "state"), [(-1, "unmet"), (0, "met"), (1, "met")])
    def test_it_only_adds(self, case, fen, state):
        rule = "YB-9.4-supplement-not-negative"

        assert law(case.contract, rule, on=TODAY, amount_fen=fen) == (state, "YB-9.4")

    def test_less_is_refused_before_the_database_has_to(self, case):
        with pytest.raises(TransitionRefused, match="追加金额不能为负") as refused:
            draft(case, -1)

        assert rules_of(refused) == {"YB-9.4-supplement-not-negative"}
        assert not Supplement.objects.exists()

    def test_one_fen_more_is_refused_naming_the_article(self, case):
        with pytest.raises(TransitionRefused, match=r"第九条第（四）项：补充合同累计") as refused:
            draft(case, 17_568_001)

        assert rules_of(refused) == {self.RULE}
        assert ("至多（10%）", "175,680.00") in refused.value.refusals[0].compared
        assert not Supplement.objects.exists()

    def test_two_drafts_are_not_both_agreed(self, case):
        """Each is a tenth; the second is asked again when it is signed."""
        spare_budget(case, 2 * TENTH)
        first, second = draft(case, TENTH), draft(case, TENTH)
        agree(case, first)

        with pytest.raises(TransitionRefused) as refused:
            agree(case, second)
        assert rules_of(refused) == {self.RULE}


class TestTheBudget:
    """《渝北办法》第十二条: 追加不超过可用的预算；不够的先办理预算调整."""

    RULE = "YB-12-supplement-within-budget"

    @pytest.mark.parametrize(("more", "state"), [(-1, "met"), (0, "met"), (1, "unmet")])
    def test_what_is_available_is_the_limit(self, case, more, state):
        spare_budget(case, 500)

        assert law(draft(case, 500 + more), self.RULE, on=TODAY) == (state, "YB-12")

    def test_with_nothing_available_it_is_refused_naming_the_article(self, case):
        supplement = draft(case, TENTH)
        with pytest.raises(
            TransitionRefused, match=r"第十二条：项目可用预算只有 0\.00 元"
        ) as found:
            agree(case, supplement)

        assert rules_of(found) == {self.RULE}
        assert fresh(supplement).status == "drafted"
        assert case.slices() == [(2026, AWARDED, 0, 0, 0)]


class TestAgreeing:
    """《渝北办法》第九条第（四）项、第十二条: the money is committed with the signature."""

    @pytest.fixture
    def supplement(self, case) -> Supplement:
        spare_budget(case, TENTH + 300)
        return draft(case, TENTH)

    def test_it_commits_and_records_it_once(self, case, supplement):
        agree(case, supplement)

        assert (fresh(supplement).status, fresh(supplement).agreed_on) == ("agreed", TODAY)
        assert case.slices() == [(2026, AWARDED + TENTH, 0, 0, 0)]
        assert case.money()[1:] == (AWARDED + TENTH, 0, 4_320_000, 0, 300)
        assert [e.kind for e in LedgerEntry.objects.order_by("-pk")[:2]] == ["commit", "reserve"]
        assert ledger_differences() == []
        assert case.recorded("contracts.supplement.agree") == (1, 1)

    def test_it_is_payable_but_the_contract_keeps_its_amount(self, case, supplement):
        agree(case, supplement)

        assert supplements_fen(case.contract) == TENTH
        assert payable_fen(case.contract) == AWARDED + TENTH
        assert case.contract.amount_fen == AWARDED

    def test_one_without_money_moves_none(self, case):
        agree(case, draft(case, 0))

        assert case.slices() == [(2026, AWARDED, 0, 0, 0)]
        assert case.contract.supplements.get().status == "agreed"

    def test_a_repeated_click_agrees_once(self, case, supplement):
        assert not agree(case, supplement, key="k").is_repeat
        assert agree(case, supplement, key="k").is_repeat
        assert case.money()[1] == AWARDED + TENTH
        with pytest.raises(NotOffered):
            agree(case, supplement)

    def test_a_stale_page_agrees_nothing(self, case, supplement):
        with pytest.raises(StaleAct):
            agree(case, supplement, version=supplement.version + 1)

    def test_it_is_the_division_leaders(self, case, supplement):
        for name in ("zhang", "li", "zhao", "wu", "gao"):
            with pytest.raises(NotPermitted):
                agree(case, supplement, by=name)

    @pytest.mark.parametrize("last", ["commit_more", "add_to_slices"])
    def test_a_failing_step_leaves_nothing(self, case, supplement, monkeypatch, last):
        before = case.money()
        monkeypatch.setattr(filing_service, last, fail)
        with pytest.raises(RuntimeError):
            agree(case, supplement)

        assert fresh(supplement).status == "drafted"
        assert (case.money(), case.slices()) == (before, [(2026, AWARDED, 0, 0, 0)])

    def test_the_posting_itself_keeps_the_limit(self, case):
        posting = Posting(case.contract, case.world.wang.user, case.world.wang.role, TODAY)
        with pytest.raises(FundsShort, match=r"可用余额只有 0\.00 元"):
            commit_more(case.project, 1, posting)


class TestDraftingAndWithdrawing:
    """A draft moves no money, and neither does its withdrawal."""

    def test_a_repeated_click_drafts_one(self, case):
        first = draft(case, 100, key="k")

        assert draft(case, 100, key="k") == first
        assert Supplement.objects.count() == 1
        with pytest.raises(RequestKeyMismatch):
            draft(case, 101, key="k")

    @pytest.mark.parametrize("name", ["wang", "zhao", "wu", "chen"])
    def test_it_is_the_officers(self, case, name):
        with pytest.raises(NotPermitted):
            draft(case, 100, by=name)

    def test_a_withdrawn_one_stays_in_the_history(self, case):
        supplement = draft(case, TENTH)
        withdraw_supplement(supplement, note="预算未调整", **case.world.zhang.acts(TODAY))

        assert fresh(supplement).status == "withdrawn"
        assert case.recorded("contracts.supplement.withdraw") == (1, 1)
        with pytest.raises(NotOffered):
            agree(case, supplement)

    def test_less_is_no_supplement(self, case):
        values = {"number": "补 1", "amount_fen": -1, "reason": "减少", "drafted_on": TODAY}
        with pytest.raises(IntegrityError), transaction.atomic():
            put(Supplement(contract=case.contract, **values))
