"""From the award to the signed contract: drafted, revised, signed by the chain, concluded."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

import contracts.services.contract as contract_service
import contracts.services.drafting as drafting_service
from budgeting.models import LedgerEntry
from budgeting.services import ledger_differences
from contracts.models import Contract, ContractSignature
from contracts.services import ContractExists, ContractTerms, draft_contract, revise_contract
from core.documents.models import Document
from core.history.reading import acts_of, refusals_of
from core.transitions import (
    NotOffered,
    NotPermitted,
    RequestKeyMismatch,
    StaleAct,
    TransitionRefused,
    shown_digest,
)
from procurement.models import Award
from projects.models import Stage
from projects.services import send_back, sign
from tests import purchase
from tests.contracts.scenes import Case, fail, in_state, rules_of, shared
from tests.purchase import AWARDED, NOTIFIED, SIGNED, sign_chain, sign_only, terms
from tests.steps import edit, fresh
from tests.world import World

LEFT = 180_000_000 - AWARDED


def awarded(world: World) -> Case:
    """An award notified; the contract is not drafted yet."""
    return Case(world, purchase.awarded(world).pk)


built, case = shared(awarded)


@pytest.fixture
def award(case) -> Award:
    return Award.objects.get(pk=case.pk)


@pytest.fixture
def draft(case, award) -> Case:
    return Case(case.world, purchase.drafted(case.world, award).pk)


@pytest.fixture
def ready(draft) -> Case:
    """A draft whose chain has signed."""
    sign_chain(draft.world, draft.contract)
    return draft


def draft_again(case: Case, award: Award, by: str = "zhang", **changes) -> Contract:
    shown = {"key": changes.pop("key", None)}
    actor = getattr(case.world, by)
    return draft_contract(award, terms=terms(award, **changes), **actor.acts(NOTIFIED), **shown)


def revise(case: Case, given: ContractTerms | None = None, by: str = "zhang", **shown) -> Contract:
    given = given or terms(case.contract.award, place="区图书馆")
    acts = getattr(case.world, by).acts(NOTIFIED)
    return revise_contract(case.contract, terms=given, reason="更正", **acts, **shown)


class TestDrafting:
    """《渝北办法》第九条第（四）项: the contract follows the award."""

    def test_it_keeps_its_terms_and_opens_the_chain(self, draft):
        contract = draft.contract

        assert (contract.status, contract.amount_fen, contract.drafted_on) == (
            "draft",
            AWARDED,
            NOTIFIED,
        )
        assert [i.amount_fen for i in contract.instalments.all()] == [
            52_704_000,
            70_272_000,
            52_704_000,
        ]
        assert draft.instalment(2).milestone == draft.milestone
        assert [s.role for s in contract.signatures.all()] == ["section_head", "division_leader"]
        assert draft.recorded("contracts.draft") == (1, 0)

    def test_a_line_costs_its_quantity_times_its_price(self, draft):
        assert draft.line.amount_fen == 12 * draft.line.unit_price_fen == AWARDED

    def test_drafting_commits_nothing(self, draft):
        assert draft.money() == (180_000_000, 0, 0, 0, 0, 0)

    def test_a_package_has_one_contract(self, draft):
        with pytest.raises(ContractExists, match="已有合同"):
            draft_again(draft, draft.contract.award)

        assert Contract.objects.count() == 1

    def test_an_award_not_notified_is_not_drafted_from(self, case, award):
        in_state(award, "decided")

        with pytest.raises(NotOffered):
            draft_again(case, award)

    @pytest.mark.parametrize("name", ["li", "wang", "zhao", "wu", "zhou", "chen", "admin"])
    def test_it_is_the_purchasers_officers(self, case, award, name):
        with pytest.raises(NotPermitted):
            draft_again(case, award, by=name)

        assert not Contract.objects.exists()
        assert len(refusals_of(award.stream())) == 1

    def test_a_repeated_click_drafts_one(self, case, award):
        first = draft_again(case, award, key="k")

        assert draft_again(case, award, key="k") == first
        with pytest.raises(RequestKeyMismatch):
            draft_again(case, award, key="k", place="别处")


class TestRevising:
    """《渝北办法》第九条第（四）项、第十八条: until it is signed, and then signed anew."""

    def test_it_replaces_every_part(self, ready):
        given = terms(ready.contract.award, place="区图书馆", milestones=[], instalments=[])
        revise(ready, replace(given, lines=given.lines * 2))

        assert ready.contract.place == "区图书馆"
        assert ready.contract.lines.count() == 2
        assert not ready.contract.milestones.exists()
        assert not ready.contract.instalments.exists()

    def test_the_earlier_signatures_are_void(self, ready):
        revise(ready)

        steps = ContractSignature.objects.filter(contract=ready.pk)
        assert [(s.chain, s.status) for s in steps] == [
            (1, "cancelled"),
            (1, "cancelled"),
            (2, "pending"),
            (2, "pending"),
        ]
        with pytest.raises(TransitionRefused, match="签批尚未齐全"):
            sign_only(ready.world, ready.contract, SIGNED)

    @pytest.mark.parametrize("state", ["signed", "filed", "completed", "terminated"])
    def test_a_concluded_contract_is_not_revised(self, draft, state):
        in_state(draft.contract, state)

        with pytest.raises(NotOffered):
            revise(draft)

    @pytest.mark.parametrize("name", ["li", "wang", "wu", "chen"])
    def test_others_do_not_revise_it(self, draft, name):
        with pytest.raises(NotPermitted):
            revise(draft, by=name)
        assert draft.contract.place == "区文化馆"

    def test_a_page_seen_before_another_revision_is_stale(self, draft):
        version, shown = draft.contract.version, shown_digest(draft.contract)
        revise(draft)

        for seen in ({"version": version}, {"shown": shown}):
            with pytest.raises(StaleAct):
                revise(draft, **seen)

    def test_a_repeated_click_revises_once(self, draft):
        revise(draft, key="k")
        revise(draft, key="k")

        assert acts_of(draft.project.stream()).count("contracts.revise") == 1

    def test_a_failing_last_step_leaves_the_old_terms(self, ready, monkeypatch):
        monkeypatch.setattr(drafting_service, "_open_chain", fail)
        with pytest.raises(RuntimeError):
            revise(ready)

        assert ready.contract.place == "区文化馆"
        assert {s.status for s in ready.contract.signatures.all()} == {"signed"}


class TestTheChain:
    """《渝北办法》第十八条、《平湖办法》第十一条: one after the other, by other people."""

    def test_the_leader_signs_after_the_section_head(self, draft):
        second = draft.contract.signatures.get(position=2)

        with pytest.raises(TransitionRefused, match="第十八条"):
            sign(second, **draft.world.wang.acts(NOTIFIED))

    def test_a_returned_draft_is_revised_and_signed_again(self, draft):
        first = draft.contract.signatures.get(position=1)
        send_back(first, comment="缺违约责任", **draft.world.li.acts(NOTIFIED))
        with pytest.raises(TransitionRefused, match="签批尚未齐全"):
            sign_only(draft.world, draft.contract, SIGNED)

        revise(draft)
        sign_chain(draft.world, draft.contract)
        sign_only(draft.world, draft.contract, SIGNED)
        assert draft.contract.status == "signed"

    def test_what_was_revised_meanwhile_is_not_signed_unseen(self, draft):
        step = draft.contract.signatures.get(position=1)
        shown = shown_digest(step)
        edit(draft.line, name="别的标的")

        with pytest.raises(StaleAct):
            sign(step, shown=shown, **draft.world.li.acts(NOTIFIED))


class TestSigning:
    """《渝北办法》第九条第（四）项、第十二条: the money is committed, the rest released."""

    def test_it_moves_contract_package_and_project_and_records_it_once(self, ready):
        sign_only(ready.world, ready.contract, SIGNED)

        assert (ready.contract.status, ready.contract.signed_on) == ("signed", SIGNED)
        assert (ready.package.status, ready.project.stage) == ("contracted", Stage.IMPLEMENTATION)
        assert ready.recorded("contracts.contract.conclude") == (1, 1)
        assert ready.recorded("projects.project.finish_contracting") == (1, 1)

    def test_it_commits_the_amount_and_releases_the_rest(self, ready):
        sign_only(ready.world, ready.contract, SIGNED)

        assert ready.money() == (0, AWARDED, 0, LEFT, 0, 0)
        assert ready.slices() == [(2026, AWARDED, 0, 0, 0)]
        kinds = ["approve", "reserve", "commit", "release"]
        assert [e.kind for e in LedgerEntry.objects.all()] == kinds
        assert ledger_differences() == []

    def test_nothing_is_released_where_nothing_is_left(self, ready):
        edit(ready.package, budget_fen=AWARDED)
        sign_only(ready.world, ready.contract, SIGNED)

        assert ready.money() == (LEFT, AWARDED, 0, 0, 0, 0)

    def test_it_asks_for_the_document(self, ready):
        sign_only(ready.world, ready.contract, SIGNED)

        document = Document.objects.get(kind="contracts.contract")
        assert document.number == ready.contract.number
        assert document.context["amount_fen"] == AWARDED
        assert sum(row["amount_fen"] for row in document.context["instalments"]) == AWARDED

    def test_signed_late_is_signed_and_recorded_as_late(self, ready):
        outcome = sign_only(ready.world, ready.contract, date(2026, 4, 23))

        assert ready.contract.status == "signed"
        assert "YB-9.4-signed-in-time" in {v.rule for v in outcome.verdicts if v.state == "late"}
        assert ready.late("contracts.contract.conclude") == ["YB-9.4-signed-in-time"]

    def test_a_refusal_names_the_article_and_changes_nothing(self, draft):
        with pytest.raises(TransitionRefused, match=r"第十八条：合同签批尚未齐全") as refused:
            sign_only(draft.world, draft.contract, SIGNED)

        assert rules_of(refused) == {"YB-18-contract-chain-signed"}
        assert draft.contract.status == "draft"
        assert draft.money() == (180_000_000, 0, 0, 0, 0, 0)
        (event,) = refusals_of(draft.project.stream())
        assert [r.rule for r in event.refusals] == ["YB-18-contract-chain-signed"]

    @pytest.mark.parametrize("name", ["li", "wang", "zhao", "wu", "chen", "gao", "zhou"])
    def test_it_is_the_purchasers_officers(self, ready, name):
        with pytest.raises(NotPermitted):
            contract_service.sign_contract(
                ready.contract, signed_on=SIGNED, **getattr(ready.world, name).acts(SIGNED)
            )
        assert ready.contract.status == "draft"

    def test_a_repeated_click_commits_once(self, ready):
        first = sign_only(ready.world, ready.contract, SIGNED, key="k")
        second = sign_only(ready.world, ready.contract, SIGNED, key="k")

        assert (first.is_repeat, second.is_repeat) == (False, True)
        assert ready.money() == (0, AWARDED, 0, LEFT, 0, 0)
        assert Document.objects.filter(kind="contracts.contract").count() == 1

    def test_the_same_key_does_not_sign_on_another_day(self, ready):
        sign_only(ready.world, ready.contract, SIGNED, key="k")

        with pytest.raises(RequestKeyMismatch):
            sign_only(ready.world, ready.contract, date(2026, 4, 9), on=SIGNED, key="k")

    def test_another_click_finds_it_signed(self, ready):
        sign_only(ready.world, ready.contract, SIGNED, key="k")

        with pytest.raises(NotOffered, match="已签订"):
            sign_only(ready.world, ready.contract, SIGNED, key="l")

    def test_terms_changed_since_they_were_shown_are_stale(self, ready):
        shown, version = shown_digest(ready.contract), ready.contract.version
        edit(ready.instalment(1), condition="签订后十日内")
        with pytest.raises(StaleAct):
            sign_only(ready.world, ready.contract, SIGNED, shown=shown)

        edit(ready.contract, place="别处", version=version + 1)
        with pytest.raises(StaleAct):
            sign_only(ready.world, ready.contract, SIGNED, version=version)

    @pytest.mark.parametrize(
        "last", ["commit", "_slice", "release", "follow_packages", "request_document"]
    )
    def test_a_failing_step_leaves_nothing(self, ready, monkeypatch, last):
        monkeypatch.setattr(contract_service, last, fail)
        with pytest.raises(RuntimeError):
            sign_only(ready.world, ready.contract, SIGNED)

        assert (ready.contract.status, ready.package.status) == ("draft", "awarded")
        assert (ready.project.stage, ready.slices()) == (Stage.CONTRACT, [])
        assert ready.money() == (180_000_000, 0, 0, 0, 0, 0)
        assert ready.recorded("contracts.contract.conclude") == (0, 0)

    def test_an_award_that_is_smaller_stays_whole(self, ready):
        award = fresh(ready.contract.award)
        edit(award, amount_fen=AWARDED - 1)

        with pytest.raises(TransitionRefused, match="合同金额超过成交金额") as refused:
            sign_only(ready.world, ready.contract, SIGNED)
        assert rules_of(refused) == {"YB-9.4-amount-as-awarded"}
