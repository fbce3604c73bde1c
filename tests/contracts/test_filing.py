"""Filing with the finance bureau: reported in seven working days, accepted or returned."""

from __future__ import annotations

from datetime import date

import pytest

import contracts.services.filing as filing_service
from contracts.facts.terms import filing_due_on, sign_due_on
from contracts.models import ContractFiling
from contracts.services import accept_filing, return_filing, submit_filing
from core.documents.models import Document
from core.history.reading import refusals_of
from core.transitions import (
    NotOffered,
    NotPermitted,
    RequestKeyMismatch,
    StaleAct,
    TransitionRefused,
)
from tests import purchase
from tests.contracts.scenes import fail, law, rules_of, shared, signed
from tests.purchase import FILED
from tests.steps import edit, fresh, put

built, case = shared(signed)

DUE = date(2026, 4, 21)
NUMBER = "示财备〔2026〕8号"


def submit(case, on=FILED, by="zhang", **shown):
    return submit_filing(case.contract, **getattr(case.world, by).acts(on), **shown)


def pending(case) -> ContractFiling:
    return ContractFiling.objects.get(contract=case.pk, status="submitted")


def accept(case, on=FILED, by="zhao", **shown):
    acts = getattr(case.world, by).acts(on)
    return accept_filing(pending(case), number=NUMBER, **acts, **shown)


class TestDeadlines:
    """《渝北办法》第九条第（四）项: thirty days to sign, seven working days to file."""

    def test_the_days_of_walk_a(self, case):
        assert sign_due_on(case.contract.award).day == date(2026, 4, 22)
        assert filing_due_on(case.contract).day == DUE

    def test_there_is_none_before_the_day_it_runs_from(self, case):
        edit(case.contract, signed_on=None)
        edit(case.contract.award, notified_on=None)

        assert filing_due_on(case.contract) is None
        assert sign_due_on(fresh(case.contract.award)) is None

    @pytest.mark.parametrize(
        ("on", "state"), [(date(2026, 4, 20), "met"), (DUE, "met"), (date(2026, 4, 22), "late")]
    )
    def test_the_seventh_working_day_is_in_time(self, case, on, state):
        assert law(case.contract, "YB-9.4-submitted-in-time", on=on) == (state, "YB-9.4")

    def test_without_a_calendar_nothing_is_guessed(self, case):
        edit(case.contract, signed_on=date(2026, 12, 25))
        on = date(2027, 1, 4)

        assert law(case.contract, "YB-9.4-submitted-in-time", on=on)[0] == "unknown"
        with pytest.raises(TransitionRefused, match="2027 年工作日历尚未载入"):
            submit(case, on)
        purchase.load_calendar(2027)
        assert law(case.contract, "YB-9.4-submitted-in-time", on=on)[0] == "met"


class TestSubmitting:
    """《渝北办法》第九条第（四）项: reported once, also late."""

    def test_it_stays_signed_and_is_recorded_once(self, case):
        submit(case)

        assert (case.contract.status, case.contract.filed_on) == ("signed", None)
        assert pending(case).submitted_on == FILED
        assert case.recorded("contracts.contract.submit_filing") == (1, 1)

    def test_submitted_late_is_submitted_and_recorded_as_late(self, case):
        submit(case, date(2026, 4, 22))

        assert pending(case).submitted_on == date(2026, 4, 22)
        assert case.late("contracts.contract.submit_filing") == ["YB-9.4-submitted-in-time"]

    @pytest.mark.parametrize(
        ("status", "state"), [("submitted", "unmet"), ("returned", "met"), ("accepted", "met")]
    )
    def test_one_at_a_time(self, case, status, state):
        put(ContractFiling(contract=case.contract, submitted_on=FILED, status=status))

        found = law(case.contract, "YB-9.4-no-filing-pending", on=FILED)
        assert found == (state, "YB-9.4")

    def test_a_second_one_is_refused_naming_the_article(self, case):
        submit(case)
        with pytest.raises(TransitionRefused, match=r"第九条第（四）项：已经报送") as refused:
            submit(case)

        assert rules_of(refused) == {"YB-9.4-no-filing-pending"}
        assert case.contract.filings.count() == 1
        assert len(refusals_of(case.project.stream())) == 1

    def test_a_repeated_click_submits_one(self, case):
        assert not submit(case, key="k").is_repeat
        assert submit(case, key="k").is_repeat
        assert case.contract.filings.count() == 1

    def test_a_stale_page_submits_nothing(self, case):
        version = case.contract.version
        edit(case.contract, place="别处", version=version + 1)

        with pytest.raises(StaleAct):
            submit(case, version=version)
        assert not case.contract.filings.exists()

    @pytest.mark.parametrize("name", ["li", "wang", "zhao", "wu", "chen"])
    def test_it_is_the_purchasers_officers(self, case, name):
        with pytest.raises(NotPermitted):
            submit(case, by=name)


class TestAccepting:
    """《渝北办法》第九条第（四）项: the finance bureau's filing opens the way to payment."""

    @pytest.fixture(autouse=True)
    def _submitted(self, case):
        submit(case)

    def test_it_moves_filing_and_contract_and_records_it_once(self, case):
        filing = pending(case)
        accept(case)

        assert (fresh(filing).status, fresh(filing).number) == ("accepted", NUMBER)
        assert (case.contract.status, case.contract.filed_on) == ("filed", FILED)
        assert case.recorded("contracts.contractfiling.accept") == (1, 1)
        assert case.recorded("contracts.contract.file") == (1, 1)

    def test_it_asks_for_the_receipt(self, case):
        accept(case)

        document = Document.objects.get(kind="contracts.filing")
        assert document.number == document.context["filing_number"] == NUMBER
        assert document.context["amount_fen"] == case.contract.amount_fen

    def test_a_repeated_click_accepts_once(self, case):
        filing = pending(case)
        acts = case.world.zhao.acts(FILED)
        first = accept_filing(filing, number=NUMBER, key="k", **acts)
        second = accept_filing(filing, number=NUMBER, key="k", **acts)

        assert (first.is_repeat, second.is_repeat) == (False, True)
        assert Document.objects.filter(kind="contracts.filing").count() == 1
        with pytest.raises(RequestKeyMismatch):
            accept_filing(filing, number="另一个号", key="k", **acts)
        with pytest.raises(NotOffered):
            accept_filing(filing, number=NUMBER, **acts)

    def test_it_is_not_the_purchasers_own(self, case):
        for name in ("zhang", "wang", "qian", "wu"):
            with pytest.raises(NotPermitted):
                accept(case, by=name)
        assert case.contract.status == "signed"

    def test_a_failing_last_step_leaves_nothing(self, case, monkeypatch):
        monkeypatch.setattr(filing_service, "request_document", fail)
        with pytest.raises(RuntimeError):
            accept(case)

        assert (pending(case).number, case.contract.status) == ("", "signed")
        assert case.recorded("contracts.contract.file") == (0, 0)

    def test_a_returned_filing_is_corrected_and_reported_again(self, case):
        filing = pending(case)
        return_filing(filing, reason="附件不全", **case.world.zhao.acts(FILED))
        assert (fresh(filing).status, fresh(filing).reason) == ("returned", "附件不全")
        assert case.contract.status == "signed"

        submit(case, DUE)
        accept(case, DUE)
        assert case.contract.filed_on == DUE
        with pytest.raises(NotOffered):
            return_filing(filing, reason="再退", **case.world.zhao.acts(DUE))
