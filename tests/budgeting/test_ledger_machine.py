"""Any order of acts keeps the books: the services against a model without a database."""

from __future__ import annotations

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from budgeting import services
from budgeting.models import Allocation, Ceiling, EntryKind
from budgeting.selectors.ledger import FIGURES, Slice, proof_of, totals
from budgeting.services import Share, available, ledger_differences, postings, unreserved
from budgeting.services.ledger import allocate_and_reserve, enter
from core.history import change
from tests import steps
from tests.budgeting import ledger_model
from tests.budgeting.funds import FUND, ON, SECOND, by_finance, of_two_funds
from tests.budgeting.ledger_model import YEAR, Book, Limit, Line, Short

pytestmark = pytest.mark.django_db
ASKED = {FUND: 62_000_000, SECOND: 31_000_001}
SPARE = 500
# Of what there is: one 分, a part, all of it, one 分 too much; or any amount at all.
amounts = st.one_of(st.sampled_from(["one", "third", "all", "beyond"]), st.integers(1, 10**9))
funds = st.sampled_from([FUND, SECOND])
projects = st.sampled_from(["first", "second"])
years = st.sampled_from([YEAR, YEAR + 1])
lines_at = st.integers(0, 5)


@pytest.fixture
def stage(world):
    """One project reserved, with a little approved and not reserved; one only filed."""
    first = of_two_funds(world)
    second = steps.file(
        world,
        name="第二个项目",
        estimate=[world.estimate(sum(ASKED.values()))],
        funds=[world.fund(fen, name) for name, fen in ASKED.items()],
    )
    line = Allocation.objects.filter(project=first).order_by("pk")[0]
    acts = world.zhao.acts(ON)
    with change(title="批复", act="tests.approve", stream=first.stream(), **acts) as changes:
        changes.update(line, approved_fen=line.approved_fen + SPARE)
        changes.update(line.ceiling, allocated_fen=line.ceiling.allocated_fen + SPARE)
        enter(changes, line, EntryKind.APPROVE, SPARE, first, ON)
    return world, {"first": first, "second": second}


def machine_on(stage, book=Book):
    """A machine whose every run begins from the stage and leaves it as it was."""

    class Machine(LedgerMachine):
        def __init__(self):
            self.world, self.projects = stage
            super().__init__(book)

    return Machine


class LedgerMachine(RuleBasedStateMachine):
    """Acts of the ledger, each done by the service and by the model."""

    def __init__(self, book):
        super().__init__()
        self.savepoint = transaction.atomic()
        self.savepoint.__enter__()
        self.book = book()
        names = {project.pk: name for name, project in self.projects.items()}
        for row in Ceiling.objects.filter(purchaser=self.projects["first"].purchaser):
            limit = Limit(row.granted_fen, row.carried_in_fen, row.allocated_fen)
            self.book.limits[str(row.fund), row.year] = limit
        for row in Allocation.objects.order_by("pk"):
            key = (names[row.project_id], str(row.ceiling.fund), row.ceiling.year)
            self.book.lines[key] = Line(approved=row.approved_fen, reserved=row.reserved_fen)

    def teardown(self):
        try:
            self.the_pages_add_up()
        finally:
            transaction.set_rollback(True)
            self.savepoint.__exit__(None, None, None)

    # --- acts -------------------------------------------------------------------------------------

    @rule(fund=funds, year=years, fen=st.one_of(st.integers(0, 10**9), st.just("allocated")))
    def set_ceiling(self, fund, year, fen):
        limit = self.book.limits.get((fund, year), Limit())
        fen = max(limit.allocated - limit.carried_in, 0) if fen == "allocated" else fen
        self.both(
            lambda: services.set_ceiling(
                self.world.purchasers["文旅委"],
                year=year,
                fund=self.world.funds[fund],
                amount_fen=fen,
                number="示财预〔2026〕9号",
                **self.world.zhao.acts(ON),
            ),
            lambda: self.book.set_limit(fund, year, fen),
        )

    @precondition(lambda self: not self.book.of("second"))
    @rule(fen=st.integers(1, 2 * 10**8))
    def reserve(self, fen):
        project = self.projects["second"]
        acts = self.world.zhao.acts(ON)
        self.both(
            lambda: allocate_and_reserve(project, approved_fen=fen, document=project, **acts),
            lambda: self.book.reserve("second", ASKED, fen),
        )

    @rule(project=projects, amount=amounts)
    def commit(self, project, amount):
        self.spread(services.commit, project, amount, "reserved", "committed")

    @rule(project=projects, amount=amounts)
    def commit_more(self, project, amount):
        self.spread(services.commit_more, project, amount, "unreserved", "committed")

    @rule(project=projects, amount=amounts)
    def release(self, project, amount):
        self.spread(services.release, project, amount, "reserved", "released")

    @rule(project=projects, amount=amounts)
    def refund(self, project, amount):
        self.spread(services.refund, project, amount, "paid", "released")

    @rule(at=lines_at, amount=amounts)
    def pay(self, at, amount):
        self.on_one_line(services.pay, at, amount, "paid")

    @rule(at=lines_at, amount=amounts)
    def decommit(self, at, amount):
        self.on_one_line(services.decommit, at, amount, "released")

    @rule(at=lines_at, amount=amounts)
    def carry_over(self, at, amount):
        key, row = self.line(at)
        fen = self.fen(amount, self.book.lines[key].committed)
        project = self.projects[key[0]]
        self.both(
            lambda: services.carry_over(project, row, fen, by_finance(self.world, project)),
            lambda: self.book.carry_over(key, fen),
        )

    # --- parts of acts ----------------------------------------------------------------------------

    def spread(self, service, name, amount, source, target):
        keys, project = self.book.of(name), self.projects[name]
        fen = self.fen(amount, sum(getattr(self.book.lines[key], source) for key in keys))
        self.both(
            lambda: service(project, fen, by_finance(self.world, project)),
            lambda: self.book.move(name, fen, source, target),
        )

    def on_one_line(self, service, at, amount, target):
        key, row = self.line(at)
        fen = self.fen(amount, self.book.lines[key].committed)
        project = self.projects[key[0]]
        self.both(
            lambda: service(project, [Share(row, fen)], by_finance(self.world, project)),
            lambda: self.book.move_one(key, fen, "committed", target),
        )

    def line(self, at):
        keys = list(self.book.lines)
        key = keys[at % len(keys)]
        rows = Allocation.objects.filter(project=self.projects[key[0]], ceiling__year=key[2])
        return key, rows.get(ceiling__fund=self.world.funds[key[1]])

    @staticmethod
    def fen(amount, there_is):
        known = {"one": 1, "third": there_is // 3, "all": there_is, "beyond": there_is + 1}
        return max(known.get(amount, amount), 1)

    @staticmethod
    def both(act, model):
        """The service does what the model does, or refuses and says how much there is."""
        left = None
        try:
            model()
        except Short as short:
            left = short.left
        if left is None:
            act()
            return
        with pytest.raises((services.FundsShort, services.CeilingExceeded)) as refused:
            act()
        assert refused.value.available_fen == left

    # --- what must hold ---------------------------------------------------------------------------

    @invariant()
    def the_rows_are_the_model(self):
        names = {project.pk: name for name, project in self.projects.items()}
        rows = Allocation.objects.select_related("ceiling__fund").order_by("pk")
        found, limits = {}, {}
        for row in rows:
            buckets = {f: getattr(row, f"{f}_fen") for f in Line.__dataclass_fields__}
            key = (names[row.project_id], str(row.ceiling.fund), row.ceiling.year)
            found[key] = Line(**buckets)
            assert unreserved(row) == self.book.lines[key].unreserved
        mine = {"purchaser": self.projects["first"].purchaser}
        for row in Ceiling.objects.filter(**mine).select_related("fund"):
            key = (str(row.fund), row.year)
            limits[key] = Limit(row.granted_fen, row.carried_in_fen, row.allocated_fen)
            assert available(row) == self.book.limits[key].available
        assert found == self.book.lines
        assert limits == self.book.limits

    @invariant()
    def the_books_agree_with_their_entries(self):
        assert ledger_differences() == []

    def the_pages_add_up(self):
        """What the ledger's page shows is the model's sum, and its entries come to the same."""
        part = Slice(self.world.zhao.user)
        shown = totals(part)
        for name in FIGURES:
            due = sum(getattr(line, name) for line in self.book.lines.values())
            assert shown[f"{name}_fen"] == due
            assert proof_of(part, name).entries_fen == due


QUICK = settings(
    max_examples=30,
    stateful_step_count=6,
    deadline=None,
    database=None,
    suppress_health_check=list(HealthCheck),
)
HUNT = settings(
    QUICK,
    max_examples=100,
    derandomize=True,
    phases=[Phase.generate],
    report_multiple_bugs=False,
)


class TestAnyOrderOfActs:
    """《渝北办法》第十二条: whatever comes after whatever, to the 分."""

    def test_keeps_the_books(self, stage):
        run_state_machine_as_test(machine_on(stage), settings=QUICK)


class Forgetful(Book):
    """A model that forgets what is carried into next year's limit."""

    def carry_over(self, key, fen):
        super().carry_over(key, fen)
        self.limits[key[1], key[2] + 1].carried_in -= fen


class Generous(Book):
    """A model that lets one 分 too much be committed."""

    def move(self, project, fen, source, target):
        keys = self.of(project)
        if fen - 1 == sum(getattr(self.lines[key], source) for key in keys):
            fen -= 1
        super().move(project, fen, source, target) if fen else None


class TestAPlantedBug:
    """The control: a machine that finds nothing has shown nothing."""

    @pytest.mark.parametrize("book", [Forgetful, Generous])
    def test_in_the_model_is_found(self, stage, book):
        # A book that grants too much asks for what the service refuses.
        with pytest.raises((AssertionError, pytest.fail.Exception, services.FundsShort)):
            run_state_machine_as_test(machine_on(stage, book), settings=HUNT)

    @pytest.mark.parametrize("part", ["_return_to_ceiling", "enter"])
    def test_in_the_services_is_found(self, stage, part, monkeypatch):
        monkeypatch.setattr(postings, part, lambda *_args: None)

        with pytest.raises(AssertionError):
            run_state_machine_as_test(machine_on(stage), settings=HUNT)

    def test_in_the_spreading_is_found(self, stage, monkeypatch):
        monkeypatch.setattr(postings, "allocate", lambda fen, left: [fen, *[0] * (len(left) - 1)])

        with pytest.raises(Exception) as found:
            run_state_machine_as_test(machine_on(stage), settings=HUNT)
        assert not isinstance(found.value, Short)


def test_the_model_spreads_by_the_largest_remainder():
    assert ledger_model.spread(101, [1, 1]) == [51, 50]
    assert ledger_model.spread(100, [1, 2]) == [33, 67]
