"""Several packages in one project: each has its contract, the project waits for the slowest."""

from __future__ import annotations

from datetime import date

import pytest

from budgeting.services import ledger_differences
from contracts.models import Contract
from contracts.services import order_mending, refuse_rectification, terminate_contract
from core.history.verify import verify
from core.transitions import TransitionRefused
from performance.models import Evaluation
from procurement.models import Award
from procurement.services import cancel_package
from projects.models import Package, Project, Stage
from projects.services import divide_packages
from tests import purchase
from tests.contracts.scenes import Case, law, rules_of, shared
from tests.purchase import FILED, INTENDED, SIGNED
from tests.steps import fresh
from tests.world import World, deliver_all

FIRST, SECOND = 100_000_000, 80_000_000
FIRST_AWARDED, SECOND_AWARDED = 96_000_000, 78_000_000
HELD, ENDED = date(2026, 12, 1), date(2026, 12, 20)


def awarded(world: World, project: Project, position: int, fen: int) -> Award:
    """The package of that position, tendered and awarded at so much."""
    package = purchase.package_of(project, position)
    row = purchase.opened(world, project, package=package, number=f"SF-CS-2026-00{position}")
    prices = {"远桥科技": fen - 1_000_000, "明川信息": fen, "云栈数据": fen + 1_000_000}
    bids = {name: purchase.bid(world, row, name, price) for name, price in prices.items()}
    purchase.report(world, row, bids)
    return purchase.awarded(world, fresh(row))


def first_awarded(world: World) -> Case:
    """Two packages; the first is awarded and drafted, the second waits to be tendered."""
    project = purchase.replied(world)
    listed = [
        {"name": "运维和安全", "budget_fen": FIRST},
        {"name": "呼叫服务", "budget_fen": SECOND},
    ]
    divide_packages(project, packages=listed, **world.zhang.acts(INTENDED))
    purchase.prepare(world, fresh(project))
    award = awarded(world, fresh(project), 1, FIRST_AWARDED)
    return Case(world, purchase.drafted(world, award).pk)


built, case = shared(first_awarded)


def sign(case) -> None:
    purchase.sign_chain(case.world, case.contract)
    purchase.sign_only(case.world, case.contract, SIGNED)


@pytest.fixture
def second(case) -> Case:
    """The second package's contract, drafted as well."""
    award = awarded(case.world, case.project, 2, SECOND_AWARDED)
    return Case(case.world, purchase.drafted(case.world, award).pk)


@pytest.fixture
def both(case, second) -> tuple[Case, Case]:
    """Both contracts signed."""
    sign(case)
    sign(second)
    return case, second


def accept(case) -> None:
    purchase.accept(case.world, case.contract, HELD, "6", case.milestone)
    purchase.accept(case.world, case.contract, HELD, "6")


def terminate(case) -> None:
    acts = case.world.zhang.acts(FILED)
    row = order_mending(case.contract, demand="整改", workdays=3, **acts)
    refuse_rectification(row, check_note="拒绝", **case.world.li.acts(ENDED))
    terminate_contract(case.contract, note="终止", **case.world.wang.acts(ENDED))


class TestTheStage:
    """《渝北办法》第九条: 项目的环节是最慢一个采购包的环节."""

    def test_a_signed_contract_waits_for_the_package_not_yet_tendered(self, case):
        sign(case)

        assert case.package.status == "contracted"
        assert case.project.stage == Stage.PROCUREMENT

    def test_a_package_given_up_lets_the_other_go_on(self, case):
        sign(case)
        other = Package.objects.get(project=case.project, position=2)
        cancel_package(other, note="不再需要", **case.world.wang.acts(SIGNED))

        assert case.project.stage == Stage.IMPLEMENTATION
        assert case.recorded("projects.project.finish_procurement") == (1, 1)
        assert case.recorded("projects.project.finish_contracting") == (1, 1)

    def test_both_signed_it_is_in_implementation(self, case, second):
        assert case.project.stage == Stage.CONTRACT
        sign(second)
        assert case.project.stage == Stage.CONTRACT
        sign(case)
        assert case.project.stage == Stage.IMPLEMENTATION

    def test_the_second_acceptance_moves_it_on(self, both):
        first, second = both
        accept(first)
        assert (first.package.status, first.project.stage) == ("accepted", Stage.IMPLEMENTATION)
        accept(second)

        assert first.project.stage == Stage.EVALUATION
        assert first.recorded("projects.project.finish_delivery") == (1, 1)

    def test_each_accepted_package_is_evaluated_for_itself(self, both):
        first, second = both
        accept(second)
        assert [e.contract_id for e in Evaluation.objects.all()] == [second.pk]
        accept(first)

        contracts = Evaluation.objects.values_list("contract", flat=True)
        assert set(contracts) == set(Contract.objects.values_list("pk", flat=True))

    def test_one_terminated_and_one_accepted_move_it_on(self, both):
        first, second = both
        terminate(first)
        assert (first.package.status, first.project.stage) == ("terminated", Stage.IMPLEMENTATION)
        accept(second)

        assert first.project.stage == Stage.EVALUATION

    def test_both_terminated_move_it_on(self, both):
        for each in both:
            terminate(each)

        assert both[0].project.stage == Stage.DISCLOSURE
        assert ledger_differences() == []


class TestTheMoney:
    """《渝北办法》第十二条: one package's contract leaves the other's reservation alone."""

    def test_each_commits_its_own_and_releases_its_own_rest(self, case, second):
        sign(case)
        assert case.money() == (SECOND, FIRST_AWARDED, 0, FIRST - FIRST_AWARDED, 0, 0)
        sign(second)

        total = FIRST_AWARDED + SECOND_AWARDED
        assert case.money() == (0, total, 0, 180_000_000 - total, 0, 0)
        assert case.slices() == [(2026, FIRST_AWARDED, 0, 0, 0)]
        assert second.slices() == [(2026, SECOND_AWARDED, 0, 0, 0)]
        assert ledger_differences() == []

    def test_terminating_one_releases_only_its_own(self, both):
        first, second = both
        terminate(first)

        assert first.money()[1] == SECOND_AWARDED
        assert first.slices() == [(2026, FIRST_AWARDED, 0, 0, FIRST_AWARDED)]
        assert second.slices() == [(2026, SECOND_AWARDED, 0, 0, 0)]
        assert ledger_differences() == []

    def test_a_contract_larger_than_its_package_is_refused_though_the_project_has_more(self, case):
        purchase.steps.edit(case.package, budget_fen=FIRST_AWARDED - 1)
        assert law(case.contract, "YB-12-within-reservation") == ("unmet", "YB-12")

        with pytest.raises(TransitionRefused) as refused:
            sign(case)
        assert rules_of(refused) == {"YB-12-within-reservation"}

    def test_each_is_filed_and_paid_for_itself(self, both):
        first, second = both
        purchase.filed(second.world, second.contract)
        purchase.paid(second.world, second.contract, 1, FILED)

        assert first.slices() == [(2026, FIRST_AWARDED, 0, 0, 0)]
        assert second.slices() == [(2026, SECOND_AWARDED, 23_400_000, 0, 0)]
        with pytest.raises(TransitionRefused, match="合同没有备案"):
            purchase.request(first.world, first.contract, 1, FILED)
        deliver_all()
        assert verify().differences == []
