"""A contract drafted from an award that was refused: withdrawn, and never signed."""

from __future__ import annotations

from decimal import Decimal

import pytest
import time_machine

import contracts.handlers as handlers
from contracts.models import Contract, ContractSignature
from contracts.selectors.case import contract_tab, delivery_tab
from contracts.selectors.todos import to_do
from contracts.services import ContractExists, LineInput, draft_contract
from core.history.reading import acts_of, events_of
from core.history.verify import verify
from core.transitions import NotOffered, TransitionRefused
from procurement.models import Bid
from procurement.services import decide_award, notify_award
from projects.models import Stage
from tests import purchase, steps
from tests.budgeting.steps import Desk
from tests.contracts.scenes import law
from tests.disclosure.cases import event
from tests.procurement.scenes import REFUSED, SITE, refuse
from tests.steps import fresh
from tests.world import deliver_all

pytestmark = pytest.mark.django_db


@pytest.fixture
def draft(world):
    """Drafted from walk A's award, all signatures of the house given."""
    contract = purchase.drafted(world)
    purchase.sign_chain(world, contract)
    return fresh(contract)


def refused(world, contract, *, delivered=True):
    refuse(contract.award, **world.zhang.acts(REFUSED))
    if delivered:
        deliver_all()
    return fresh(contract)


def second(world, contract):
    """The next candidate's award, announced."""
    bid = Bid.objects.get(tender=contract.award.tender, rank=2)
    award = decide_award(contract.award.tender, bid=bid, **world.wang.acts(REFUSED))
    notify_award(award, number="示成交〔2026〕2号", **SITE, **world.zhang.acts(REFUSED))
    return fresh(award)


class TestWithdrawn:
    """实施条例第四十九条: the refusal takes its draft with it."""

    def test_the_draft_and_its_signatures_are_withdrawn(self, world, draft):
        row = refused(world, draft)

        assert (row.status, row.ended_on) == ("withdrawn", REFUSED)
        states = ContractSignature.objects.values_list("status", flat=True)
        assert set(states) == {"cancelled"}
        (told,) = (e for e in events_of(row.stream()) if e.act == "contracts.contract.withdraw")
        assert told.reason == "成交供应商拒绝签订合同"
        assert verify().differences == []

    def test_told_twice_it_is_withdrawn_once(self, world, draft):
        refused(world, draft)
        told = event("procurement.award.refuse", draft.award, on=REFUSED)
        handlers.withdraw_draft_of_refused_award(told)

        assert acts_of(draft.stream()).count("contracts.contract.withdraw") == 1

    def test_where_nothing_was_drafted_nothing_happens(self, world):
        award = purchase.awarded(world)
        refuse(award, **world.zhang.acts(REFUSED))
        deliver_all()

        assert not Contract.objects.exists()

    def test_it_is_no_longer_on_the_pages_of_the_case(self, world, draft):
        refused(world, draft)
        project = draft.case()

        (row,) = contract_tab(project, on=REFUSED)["packages"]
        assert (row["sheet"], row["award"]) == (None, None)
        assert delivery_tab(project, on=REFUSED)["sheets"] == []

    def test_its_own_page_says_so_and_offers_nothing(self, world, draft):
        refused(world, draft)
        with time_machine.travel(REFUSED):
            page = Desk(world.zhang).get(f"/contracts/{draft.pk}/")
            ledger = Desk(world.zhang).get("/contracts/?status=withdrawn")

        assert "已撤回" in page
        for act in ("sign", "edit"):
            assert f"/contracts/{draft.pk}/{act}/" not in page
        assert draft.number in ledger

    def test_nobody_is_asked_to_sign_it(self, world):
        contract = purchase.drafted(world)
        refused(world, contract)

        assert list(to_do(world.li.user, world.li.role, REFUSED)) == []


class TestAwardStands:
    """《渝北办法》第九条第（四）项: a contract comes from an award that stands."""

    def test_it_is_kept_by_a_notified_award(self, draft):
        assert law(draft, "YB-9.4-award-stands", on=REFUSED) == ("met", "YB-9.4")

    def test_a_draft_not_yet_withdrawn_is_not_signed(self, world, draft):
        """Before the refusal is delivered, and although the package has another award already."""
        refused(world, draft, delivered=False)
        second(world, draft)

        with pytest.raises(TransitionRefused, match="这份合同所据的成交不再有效") as said:
            purchase.sign_only(world, draft, REFUSED)

        assert [v.rule for v in said.value.refusals] == ["YB-9.4-award-stands"]

    def test_none_is_drafted_from_a_refused_award(self, world):
        award = purchase.awarded(world)
        refuse(award, **world.zhang.acts(REFUSED))

        with pytest.raises(NotOffered, match="拒绝签订"):
            draft_contract(award, terms=purchase.terms(award), **world.zhang.acts(REFUSED))

    def test_the_next_contract_waits_for_the_withdrawal_and_then_is_drafted(self, world, draft):
        refused(world, draft, delivered=False)
        award = second(world, draft)
        with pytest.raises(ContractExists):
            purchase.drafted(world, award)

        deliver_all()
        lines = [LineInput("平台运维", Decimal(1), "年", award.amount_fen)]
        contract = purchase.signed(world, purchase.drafted(world, award, lines=lines))

        assert (contract.status, contract.amount_fen) == ("signed", 178_000_000)
        assert fresh(contract.case()).stage == Stage.IMPLEMENTATION
        assert [c.status for c in Contract.objects.order_by("pk")] == ["withdrawn", "signed"]
        assert steps.fresh(draft).status == "withdrawn"
