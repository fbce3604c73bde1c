"""Termination: only after a refusal to mend, and what is unpaid goes back."""

from __future__ import annotations

from datetime import date

import pytest

import contracts.services.contract as contract_service
from budgeting.services import available, ledger_differences
from contracts.services import (
    carry_over,
    fail_acceptance,
    order_mending,
    refuse_rectification,
    request_payment,
    terminate_contract,
)
from core.history.verify import verify
from core.transitions import NotOffered, NotPermitted, StaleAct, TransitionRefused
from projects.models import Stage
from tests import purchase
from tests.contracts.scenes import Case, fail, in_state, law, rules_of, shared
from tests.contracts.settled import final_acceptance
from tests.purchase import AWARDED
from tests.steps import edit
from tests.world import World

ADVANCE = 52_704_000
LEFT = AWARDED - ADVANCE
ORDERED, REFUSED, ENDED = date(2026, 9, 10), date(2026, 9, 24), date(2026, 9, 28)


def advance_paid(world: World) -> Case:
    contract = purchase.filed(world)
    purchase.paid(world, contract, 1, purchase.FILED)
    return Case(world, contract.pk)


built, case = shared(advance_paid)


def order(case):
    acts = case.world.zhang.acts(ORDERED)
    return order_mending(case.contract, demand="热线无人接听", workdays=10, **acts)


def refuse(case) -> None:
    acts = case.world.li.acts(REFUSED)
    refuse_rectification(order(case), check_note="两次催告仍未整改", **acts)


def terminate(case, by="wang", on=ENDED, **shown):
    acts = getattr(case.world, by).acts(on)
    return terminate_contract(case.contract, note="拒不整改，按约定终止", **acts, **shown)


class TestTheGround:
    """《渝北办法》第十九条、《平湖办法》第十三条: 拒不整改的，按约定终止."""

    @pytest.mark.parametrize(
        ("status", "state"),
        [("ordered", "unmet"), ("replied", "unmet"), ("closed", "unmet"), ("refused", "met")],
    )
    def test_only_a_refusal_to_mend(self, case, status, state):
        in_state(order(case), status)

        assert law(case.contract, "YB-19-refused-to-mend") == (state, "YB-19")

    @pytest.mark.parametrize(
        ("status", "state"),
        [("requested", "unmet"), ("verified", "unmet"), ("paid", "met"), ("returned", "met")],
    )
    def test_no_request_is_being_handled(self, case, status, state):
        in_state(case.contract.requests.get(), status)

        assert law(case.contract, "YB-13-no-request-pending") == (state, "YB-13")

    @pytest.mark.parametrize(
        ("status", "state"), [("draft", "unmet"), ("passed", "met"), ("failed", "met")]
    )
    def test_no_acceptance_waits_for_its_conclusion(self, case, status, state):
        in_state(final_acceptance(case, "12"), status)

        assert law(case.contract, "YB-9.5-no-acceptance-pending") == (state, "YB-9.5")

    def test_an_open_acceptance_is_concluded_first(self, case):
        """Nothing is left over to be concluded under a contract that has ended."""
        row = final_acceptance(case, "12")
        refuse(case)
        with pytest.raises(
            TransitionRefused, match=r"第九条第（五）项：还有验收没有结论"
        ) as refused:
            terminate(case)

        assert rules_of(refused) == {"YB-9.5-no-acceptance-pending"}
        fail_acceptance(row, conclusion="热线不通", **case.world.li.acts(ENDED))
        terminate(case)
        assert case.contract.status == "terminated"

    def test_without_it_the_act_is_refused_naming_the_article(self, case):
        order(case)
        with pytest.raises(TransitionRefused, match=r"第十九条：没有认定拒不整改") as refused:
            terminate(case)

        assert rules_of(refused) == {"YB-19-refused-to-mend"}
        assert (case.contract.status, case.package.status) == ("filed", "contracted")
        assert case.money()[1] == LEFT


class TestTerminating:
    """《渝北办法》第十九条、第十二条: what is unpaid is released, the rest stands."""

    @pytest.fixture(autouse=True)
    def _refused(self, case):
        refuse(case)

    def test_it_moves_contract_package_and_project_and_records_it_once(self, case):
        terminate(case)

        assert (case.contract.status, case.contract.ended_on) == ("terminated", ENDED)
        assert (case.package.status, case.project.stage) == ("terminated", Stage.DISCLOSURE)
        assert case.recorded("contracts.contract.terminate") == (1, 1)
        assert case.recorded("projects.project.finish_delivery") == (1, 1)

    def test_it_releases_the_unpaid_to_the_ceiling(self, case):
        before = available(case.allocation.ceiling)
        terminate(case)

        assert case.money() == (0, 0, ADVANCE, 4_320_000 + LEFT, 0, 0)
        assert case.slices() == [(2026, AWARDED, ADVANCE, 0, LEFT)]
        assert available(case.allocation.ceiling) == before + LEFT
        assert ledger_differences() == []

    def test_what_was_carried_over_is_released_too(self, case):
        carry_over(case.contract, year=2026, **case.world.zhao.acts(date(2026, 12, 31)))
        terminate(case, on=date(2027, 1, 4))

        assert case.slices()[1] == (2027, LEFT, 0, 0, LEFT)
        assert ledger_differences() == []
        assert verify().differences == []

    def test_nothing_goes_on_after_it(self, case):
        terminate(case)
        lines = [{"line": case.line.pk, "quantity": "0", "amount_fen": 1, "note": ""}]
        with pytest.raises(NotOffered, match="已终止"):
            request_payment(
                case.contract, instalment=case.instalment(3), lines=lines,
                **case.world.zhang.acts(ENDED),
            )  # fmt: skip
        with pytest.raises(NotOffered):
            order(case)
        with pytest.raises(NotOffered):
            terminate(case)

    def test_a_repeated_click_terminates_once(self, case):
        assert not terminate(case, key="k").is_repeat
        assert terminate(case, key="k").is_repeat
        assert case.slices() == [(2026, AWARDED, ADVANCE, 0, LEFT)]

    def test_a_stale_page_terminates_nothing(self, case):
        version = case.contract.version
        edit(case.contract, place="别处", version=version + 1)
        with pytest.raises(StaleAct):
            terminate(case, version=version)

    @pytest.mark.parametrize("name", ["zhang", "li", "zhao", "wu", "gao"])
    def test_it_is_the_division_leaders(self, case, name):
        with pytest.raises(NotPermitted):
            terminate(case, by=name)

    @pytest.mark.parametrize("last", ["release_unpaid", "follow_packages"])
    def test_a_failing_step_leaves_nothing(self, case, monkeypatch, last):
        before = case.money()
        monkeypatch.setattr(contract_service, last, fail)
        with pytest.raises(RuntimeError):
            terminate(case)

        assert (case.contract.status, case.package.status) == ("filed", "contracted")
        assert (case.project.stage, case.money()) == (Stage.IMPLEMENTATION, before)

    def test_what_was_accepted_is_terminated_as_well(self, case):
        """A failed evaluation comes after the acceptance; what was paid stays paid."""
        in_state(case.package, "accepted")
        terminate(case)

        assert (case.contract.status, case.package.status) == ("terminated", "terminated")
        assert case.money() == (0, 0, ADVANCE, 4_320_000 + LEFT, 0, 0)
