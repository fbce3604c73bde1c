"""Adjustments and ceilings as a stranger tries them: at once, out of turn, huge, of nothing."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import time_machine
from django.db import IntegrityError, transaction

from budgeting.models import BudgetAdjustment, LedgerEntry, YearClosing
from budgeting.services import (
    CeilingExceeded,
    draft_adjustment,
    ledger_differences,
    set_ceiling,
)
from core.history.verify import verify
from core.money import MAX_FEN
from core.transitions import NotOffered, TransitionRefused
from tests import steps
from tests.budgeting.steps import Desk
from tests.budgeting.test_adjustments import (
    APPROVED,
    JUNE,
    LAST,
    adjusted,
    approve,
    books,
    draft,
    line_of,
    other,
    project,
)
from tests.contracts.scenes import in_state, rules_of
from tests.steps import fresh, put

__all__ = ["other", "project"]
pytestmark = pytest.mark.django_db
ROOT = Path(__file__).parents[2]


class TestAtOnce:
    """《渝北办法》第十二条: the same fen leave a line once."""

    def test_a_decrease_and_a_transfer_of_the_same_money(self, world, project, other):
        adjusted(world, project, 500)
        lower = draft(world, project, 500, "decrease")
        move = draft(world, project, 1, "transfer", receiver=other)
        approve(world, lower)
        with pytest.raises(TransitionRefused) as refused:
            approve(world, move)
        assert rules_of(refused) == {"YB-12-adjustment-within-available"}
        assert (fresh(move).status, books(project)[:2]) == ("drafted", (APPROVED, 0))
        assert (ledger_differences(), verify().differences) == ([], [])

    def test_approving_twice_posts_once(self, world, project):
        row = draft(world, project, 500)
        approve(world, row)
        with pytest.raises(NotOffered):
            approve(world, row)
        assert LedgerEntry.objects.filter(kind="increase").count() == 1


class TestOutOfTurn:
    def test_not_while_the_reply_is_pending(self, world, project):
        waiting = steps.conclude(world, name="还没有批复的")
        with pytest.raises(NotOffered):
            draft_adjustment(
                fresh(waiting),
                kind="increase",
                allocation=line_of(project),
                amount_fen=1,
                number="1",
                reason="1",
                **world.zhao.acts(JUNE),
            )

    def test_not_on_the_money_of_another_project(self, world, project, other):
        with pytest.raises(TransitionRefused, match="不能这样调整") as refused:
            draft(world, project, 1, allocation=line_of(other))
        assert rules_of(refused) == {"YB-12-adjustment-line"}

    def test_not_when_either_project_has_ended_meanwhile(self, world, project, other):
        adjusted(world, project, 500)
        row = draft(world, project, 500, "transfer", receiver=other)
        in_state(other, "terminated")
        with pytest.raises(TransitionRefused) as refused:
            approve(world, row)
        assert rules_of(refused) == {"YB-12-adjustment-line"}
        assert books(other)[0] == 50_000_000

    @pytest.mark.parametrize("kind", ["decrease", "reclaim"])
    def test_not_after_the_year_was_closed(self, world, project, kind):
        adjusted(world, project, 500)
        row = draft(world, project, 200, kind, LAST)
        closed(world, project)
        for act in (
            lambda: approve(world, row, LAST),
            lambda: draft(world, project, 1, kind, LAST),
        ):
            with pytest.raises(TransitionRefused, match="不能这样调整") as refused:
                act()
            assert rules_of(refused) == {"YB-12-adjustment-line"}
        assert fresh(row).status == "drafted"

    def test_to_itself(self, world, project):
        adjusted(world, project, 500)
        with pytest.raises(TransitionRefused) as refused:
            draft(world, project, 1, "transfer", receiver=project)
        assert rules_of(refused) == {"YB-12-adjustment-line"}


class TestOfNothing:
    @pytest.mark.parametrize("fen", [0, -1, -(10**15)])
    def test_neither_zero_nor_less(self, world, project, fen):
        with pytest.raises(TransitionRefused) as refused:
            draft(world, project, fen)
        assert "YB-12-adjustment-stated" in rules_of(refused)

    def test_of_no_known_kind(self, world, project):
        with pytest.raises(TransitionRefused, match="没有写全") as refused:
            draft(world, project, 1, "gift")
        assert rules_of(refused) == {"YB-12-adjustment-stated"}
        row = draft(world, project, 1)
        values = {
            name: getattr(row, name)
            for name in ("project", "allocation", "amount_fen", "number", "reason")
        }
        made = BudgetAdjustment(kind="gift", drafted_by=world.zhao.user, drafted_on=JUNE, **values)
        with pytest.raises(IntegrityError), transaction.atomic():
            put(made)

    def test_only_a_transfer_names_who_receives(self, world, project, other):
        with pytest.raises(TransitionRefused) as refused:
            draft(world, project, 1, receiver=other)
        assert rules_of(refused) == {"YB-12-adjustment-line"}

    def test_only_a_switch_names_another_fund(self, world, project):
        with pytest.raises(ValueError, match="neither another fund"):
            draft(world, project, 1, target=line_of(project).ceiling)


class TestHuge:
    @pytest.mark.parametrize("fen", [10**15, 2**62])
    def test_more_than_there_is(self, world, project, fen):
        for kind in ("increase", "decrease"):
            with pytest.raises(TransitionRefused):
                draft(world, project, fen, kind)

    def test_a_ceiling_of_the_largest_amount_is_exact(self, world, project):
        line = line_of(project)
        row = set_ceiling(
            project.purchaser,
            year=2026,
            fund=line.ceiling.fund,
            amount_fen=MAX_FEN,
            number="示财预〔2026〕99号",
            **world.zhao.acts(JUNE),
        )
        assert row.amount_fen == MAX_FEN
        assert books(project)[2] == MAX_FEN - APPROVED

    @pytest.mark.parametrize(
        "typed", ["99999999999999999999", "-1", "0", "1e9", "０．００１", "NaN"]
    )
    def test_bad_amounts_stay_on_the_page(self, world, project, typed):
        url = f"/budget/projects/{project.pk}/adjust/"
        given = {
            "kind": "increase",
            "allocation": str(line_of(project).pk),
            "amount_fen": typed,
            "number": "示财预调〔2026〕7号",
            "reason": "试",
        }
        with time_machine.travel(JUNE):
            page = Desk.text(Desk(world.zhao).post(url, status=422, **given))
        assert "示财预调〔2026〕7号" in page
        assert not BudgetAdjustment.objects.exists()


class TestBelowWhatIsBound:
    @pytest.mark.parametrize(("more", "passes"), [(0, True), (-1, False)])
    def test_a_ceiling_never_falls_below_what_is_allocated(self, world, project, more, passes):
        line = line_of(project)
        given = {
            "year": 2026,
            "fund": line.ceiling.fund,
            "amount_fen": line.ceiling.allocated_fen + more,
            "number": "示财预〔2026〕9号",
        }
        if passes:
            set_ceiling(project.purchaser, **given, **world.zhao.acts(JUNE))
            assert books(project)[2] == 0
            return
        with pytest.raises(CeilingExceeded):
            set_ceiling(project.purchaser, **given, **world.zhao.acts(JUNE))


class TestOnePlaceSaysWhatIsAvailable:
    """Nobody but `budgeting/models/ledger.py` takes what is allocated from what there is."""

    def test_no_other_file_computes_it(self):
        formula = re.compile(
            r"amount_fen\W{1,3}-\s*\S*allocated_fen|approved_fen\W{1,3}-\s*\S*(reserved|committed)_fen"
        )
        found = {
            str(path.relative_to(ROOT))
            for app in ("budgeting", "projects", "procurement", "contracts", "performance")
            for path in (ROOT / app).rglob("*.py")
            if "migrations" not in path.parts and formula.search(path.read_text("utf-8"))
        }
        assert found == {"budgeting/models/ledger.py"}


def closed(world, project) -> None:
    """The ceiling of the project is closed behind the services' back."""
    put(YearClosing(ceiling=line_of(project).ceiling, closed_on=LAST, closed_by=world.zhao.user))
