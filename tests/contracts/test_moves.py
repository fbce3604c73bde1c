"""Every move of every paper of the contract stage: from no other state, by nobody else."""

from __future__ import annotations

from datetime import date

import pytest

from accounts.permissions import may
from contracts.models import (
    Acceptance,
    Contract,
    ContractFiling,
    ContractSignature,
    Milestone,
    PaymentRequest,
    Rectification,
    Supplement,
)
from contracts.services import draft_supplement, order_mending, prepare_acceptance
from core.history.reading import acts_of, refusals_of
from core.transitions import NotOffered, NotPermitted, moves_of, perform
from performance.models import Evaluation
from performance.services import open_evaluation
from tests import purchase
from tests.contracts.scenes import Case, filed, in_state, shared
from tests.purchase import FILED
from tests.steps import fresh
from tests.world import PEOPLE, World, build_world

MODELS = (
    Contract,
    ContractSignature,
    ContractFiling,
    Supplement,
    Milestone,
    Rectification,
    Acceptance,
    PaymentRequest,
    Evaluation,
)
MOVES = [pytest.param(m, v, id=f"{m.__name__}.{v.name}") for m in MODELS for v in moves_of(m)]
OTHER_DEPARTMENT = ("chen", "gao")
TODAY = date(2026, 6, 1)


def states(model) -> set[str]:
    return {value for value, _ in model._meta.get_field(model.STATE_FIELD).choices}


ELSEWHERE = [
    pytest.param(m, v, state, id=f"{m.__name__}.{v.name}-{state}")
    for m in MODELS
    for v in moves_of(m)
    for state in sorted(states(m) - set(v.sources))
]


def with_every_paper(world: World) -> Case:
    """A filed contract with one paper of each kind."""
    case = filed(world)
    acts = world.zhang.acts(FILED)
    order_mending(case.contract, demand="补全台账", workdays=10, **acts)
    draft_supplement(case.contract, number="补 1", amount_fen=0, reason="改地点", **acts)
    prepare_acceptance(
        case.contract, milestone=None, held_on=FILED, members="张敏", items=[], **acts
    )
    purchase.request(world, case.contract, 1, FILED)
    open_evaluation(case.contract, **acts)
    return case


built, case = shared(with_every_paper)


def paper(model, case: Case):
    """The one paper of its kind; of the two signatures, the section head's."""
    return model._base_manager.order_by("pk").first()


@pytest.mark.parametrize(("model", "move", "state"), ELSEWHERE)
def test_no_move_starts_from_another_state(case, model, move, state):
    row = in_state(paper(model, case), state)

    with pytest.raises(NotOffered, match=move.title):
        perform(row, move.name, **case.world.zhang.acts(TODAY))
    assert fresh(row).state == state


@pytest.mark.parametrize(("model", "move"), MOVES)
def test_nobody_else_makes_the_move(case, model, move):
    """The other department, the wrong roles, the reviewers, the auditor, the administrator."""
    row = in_state(paper(model, case), move.sources[0])
    before = len(acts_of(row.stream()))
    others = [n for n in PEOPLE if not allowed(case.world, n, row, move)]

    assert {*OTHER_DEPARTMENT, "wu", "qian", "secretary", "zhou", "admin"} <= set(others)
    for name in others:
        with pytest.raises(NotPermitted, match=move.title):
            perform(row, move.name, **getattr(case.world, name).acts(TODAY))
    assert fresh(row).state == move.sources[0]
    assert len(refusals_of(row.stream())) == len(others)
    assert len(acts_of(row.stream())) == before


def allowed(world: World, name: str, row, move) -> bool:
    """What the table of permissions says of a person and a row."""
    actor = getattr(world, name)
    return may(actor.user, move.permission, on=row, acting_as=actor.role, day=TODAY)


# Who may, by name: the table above is not its own proof.
WHO = {
    "contracts.sign": {"zhang"},
    "contracts.withdraw_draft": set(),
    "contracts.submit_filing": {"zhang"},
    "contracts.accept_filing": {"bai", "zhao"},
    "contracts.supervise": {"zhang"},
    "contracts.order_mending": {"zhang", "wang"},
    "contracts.check_rectification": {"li"},
    "contracts.prepare_acceptance": {"zhang"},
    "contracts.conclude_acceptance": {"li"},
    "contracts.request_payment": {"zhang"},
    "contracts.verify_payment": {"wang"},
    "contracts.release_payment": {"bai", "zhao"},
    "contracts.complete": set(),
    "contracts.supplement": {"zhang"},
    "contracts.agree_supplement": {"wang"},
    "contracts.carry_over": {"bai", "zhao"},
    "contracts.terminate": {"wang"},
    "performance.evaluate": {"zhang"},
    "performance.conclude": {"wang"},
    "projects.sign": {"li"},
    "projects.cancel_signatures": {"zhang"},
}


@pytest.mark.parametrize(("model", "move"), MOVES)
def test_exactly_these_may(case, model, move):
    row = paper(model, case)

    assert {n for n in PEOPLE if allowed(case.world, n, row, move)} == WHO[move.permission]


def test_another_districts_finance_bureau_does_not_act_here(case):
    other = build_world(code="other", prefix="other")
    row = in_state(paper(PaymentRequest, case), "verified")

    with pytest.raises(NotPermitted):
        perform(row, "release", **other.zhao.acts(TODAY))
    with pytest.raises(NotPermitted):
        perform(case.contract, "carry_over", **other.zhao.acts(TODAY))


def test_a_role_not_held_does_not_act(case):
    """Before the first day of the role, and somebody in another's role."""
    acts = case.world.zhang.acts(date(2000, 1, 1))
    with pytest.raises(NotPermitted):
        perform(case.contract, "inspect", **acts)
    with pytest.raises(NotPermitted):
        perform(
            case.contract,
            "inspect",
            by=case.world.zhang.user,
            acting_as=case.world.li.role,
            on=TODAY,
        )
