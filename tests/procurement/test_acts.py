"""Every act of the procurement stage: whole or not at all, once, by its own people."""

from __future__ import annotations

import itertools
from decimal import Decimal

import pytest

import core.history.unit as unit
from core.history.models import HistoryEvent
from core.history.reading import acts_of, refusals_of
from core.history.verify import verify
from core.transitions import NotOffered, NotPermitted, perform
from core.transitions.declare import moves_of
from procurement.models import (
    Award,
    AwardStatus,
    Bid,
    BidStatus,
    Provider,
    ProviderStatus,
    Tender,
    TenderStatus,
)
from projects.models import Package, PackageStatus
from tests import purchase, steps
from tests.procurement.scenes import CASES, rows_now
from tests.purchase import CODES, INTENDED
from tests.steps import fresh, put

pytestmark = pytest.mark.django_db
every_act = pytest.mark.parametrize("case", CASES.values(), ids=lambda case: case.act)


def fail(events):
    raise RuntimeError("the log is full")


@every_act
class TestAnAct:
    """《渝北办法》第九条第（三）项、第十八条: each act is one transaction and one record."""

    def test_happens_whole_or_not_at_all_and_once(self, world, case, monkeypatch):
        row = case.scene(world)
        before = rows_now()
        with monkeypatch.context() as broken:
            broken.setattr(unit, "_append", [fail])
            with pytest.raises(RuntimeError, match="full"):
                case.perform(world, row)
        assert rows_now() == before
        done = acts_of(row.stream()).count(case.act)

        case.perform(world, row, key="k")
        case.perform(world, row, key="k")

        assert acts_of(row.stream()).count(case.act) == done + 1
        assert case.to in ("", fresh(row).state)
        assert verify().differences == []

    def test_is_for_its_own_people_and_every_other_attempt_is_recorded(self, world, case):
        row = case.scene(world)
        before = rows_now()

        for name in case.denied:
            with pytest.raises(NotPermitted):
                case.perform(world, row, name)
            last = refusals_of(row.stream())[-1]
            assert (last.act, last.actor_name) == (case.act, getattr(world, name).user.full_name)

        assert rows_now() == before


def test_every_move_of_the_stage_is_in_the_table():
    """A new move is tested at birth; the package's own moves follow other acts.

    So does the tender's way back to the decision: it follows a refusal to sign.
    """
    models = (Tender, Bid, Award, Provider)
    declared = {f"{m._meta.label_lower}.{move.name}" for m in models for move in moves_of(m)}
    tried = {act for act in CASES if act.startswith("procurement.")}
    assert declared == tried | {"procurement.tender.resume"}


class Shelf:
    """One row of each kind in any state, put there without walking to it."""

    def __init__(self, world):
        self.world = world
        self.project = steps.file(world)
        self.positions = itertools.count(1)
        self.providers = iter(CODES.items())

    def make(self, model, state):
        return getattr(self, f"_{model._meta.model_name}")(state)

    def _package(self, status="planned"):
        position = next(self.positions)
        return put(
            Package(project=self.project, position=position, name="包", budget_fen=1, status=status)
        )

    def _tender(self, status="opened"):
        return put(
            Tender(
                package=self._package("procuring"),
                attempt=1,
                mode=purchase.mode(self.world),
                number="1",
                ceiling_price_fen=1,
                price_weight=Decimal(15),
                opened_for_on=INTENDED,
                status=status,
            )
        )

    def _provider(self, status="registered"):
        name, code = next(self.providers)
        return put(
            Provider(
                jurisdiction_of=self.world.jurisdiction,
                registrar=self.world.organisations["文旅委"],
                name=name,
                kind="enterprise",
                credit_code=code,
                registered_with="区市场监督管理局",
                registered_on=INTENDED,
                status=status,
            )
        )

    def _bid(self, status="received"):
        return put(
            Bid(
                tender=self._tender(),
                provider=self._provider(),
                price_fen=1,
                received_on=INTENDED,
                promises_no_subcontracting=True,
                status=status,
            )
        )

    def _award(self, status):
        bid = self._bid()
        values = {"tender": bid.tender, "package": bid.tender.package, "provider": bid.provider}
        return put(Award(bid=bid, amount_fen=1, decided_on=INTENDED, status=status, **values))


STATES = {
    Package: PackageStatus,
    Tender: TenderStatus,
    Provider: ProviderStatus,
    Bid: BidStatus,
    Award: AwardStatus,
}
# All minus allowed, for every move of every model: a new state or move is covered at birth.
ELSEWHERE = {
    f"{model.__name__}.{move.name}": (model, move, sorted(set(states.values) - set(move.sources)))
    for model, states in STATES.items()
    for move in moves_of(model)
}


@pytest.mark.parametrize(("model", "move", "others"), ELSEWHERE.values(), ids=ELSEWHERE.keys())
def test_a_move_is_refused_from_every_other_state(world, model, move, others):
    shelf = Shelf(world)
    for state in others:
        row = shelf.make(model, state)
        before = HistoryEvent.objects.count()

        with pytest.raises(NotOffered):
            perform(row, move.name, by=world.zhang.user, acting_as=None, on=INTENDED)

        assert (fresh(row).state, HistoryEvent.objects.count()) == (state, before)
