"""Cases that version 0.1 left in 采购: they had neither packages nor the path of subsidies."""

from __future__ import annotations

import pytest
from django.core.management import call_command

import core.history.unit as unit
from accounts.services import system_actor
from budgeting.models import Allocation
from budgeting.services import ledger_differences
from core.history import change
from core.history.reading import acts_of, events_of
from core.history.verify import verify
from core.transitions import TransitionRefused, perform
from projects.models import Package, Stage
from projects.services import upgrade_cases
from tests import purchase, steps
from tests.contracts import subsidies
from tests.contracts.scenes import in_state
from tests.purchase import APPROVED, INTENDED
from tests.steps import fresh

pytestmark = pytest.mark.django_db


@pytest.fixture
def old(world):
    """Approved as 0.1 did it: in 采购, the money reserved, no package."""
    project = purchase.replied(world)
    with change(title="0.1", act="tests.old", by=None, on=INTENDED, stream="tests") as changes:
        changes.delete(Package.objects.get())
    return fresh(project)


class TestUpgrading:
    def test_a_purchase_gets_its_package_of_the_whole(self, world, old):
        call_command("upgrade_cases")

        package = Package.objects.get(project=old)
        assert (package.position, package.name, package.budget_fen) == (1, old.name, APPROVED)
        told = events_of(old.stream())[0]
        assert (told.title, told.actor_name) == ("设立采购包", "系统任务")
        assert Allocation.objects.get().reserved_fen == APPROVED
        assert ledger_differences() == []
        assert verify().differences == []

    def test_and_then_its_tender(self, world, old):
        upgrade_cases(on=INTENDED)

        assert purchase.tender(world, old).attempt == 1

    def test_again_it_changes_nothing(self, world, old):
        assert upgrade_cases(on=INTENDED) == 1
        before = len(acts_of(old.stream()))

        assert upgrade_cases(on=INTENDED) == 0
        assert len(acts_of(old.stream())) == before

    def test_what_has_a_package_or_stands_elsewhere_is_left(self, world):
        project = purchase.replied(world)
        steps.file(world, name="申报中的")

        assert upgrade_cases(on=INTENDED) == 0
        assert Package.objects.get().project == project

    def test_a_failing_log_leaves_nothing(self, world, old, monkeypatch):
        def fail(events):
            raise RuntimeError("the log is full")

        with monkeypatch.context() as broken:
            broken.setattr(unit, "_append", [fail])
            with pytest.raises(RuntimeError):
                upgrade_cases(on=INTENDED)

        assert not Package.objects.exists()

    def test_a_subsidy_goes_on_to_its_path(self, world):
        project = in_state(subsidies.approved(world), Stage.PROCUREMENT)

        call_command("upgrade_cases")

        assert fresh(project).stage == Stage.IMPLEMENTATION
        assert acts_of(project.stream())[-1] == "projects.project.take_subsidy_path"
        assert not Package.objects.exists()

    def test_a_purchase_does_not_take_that_path(self, world, old):
        user, role = system_actor()
        with pytest.raises(TransitionRefused, match="项目不走补助的路径"):
            perform(old, "take_subsidy_path", by=user, acting_as=role, on=INTENDED)
