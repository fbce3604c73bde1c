"""One contract for a whole module, at the state the module is about; each test's doings undone."""

from __future__ import annotations

import copy
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest
from django.db import models, transaction

from accounts.models import RoleAssignment
from budgeting.models import Allocation, Obligation
from budgeting.services import approve_adjustment, draft_adjustment, unreserved_of
from contracts.models import Contract, ContractLine, ContractSlice, Instalment, Milestone
from core.events import OutboxEvent
from core.history.reading import acts_of, events_of
from core.transitions import TransitionRefused
from projects.models import Package, Project
from tests import purchase
from tests.core import tampering
from tests.staging import staged
from tests.steps import fresh, put, review_of, verdict
from tests.world import Actor, World


@dataclass(frozen=True)
class Case:
    """A world and its contract, always as the database holds it now."""

    world: World
    pk: int

    @property
    def contract(self) -> Contract:
        return Contract.objects.get(pk=self.pk)

    @property
    def package(self) -> Package:
        return Package.objects.get(pk=self.contract.package_id)

    @property
    def project(self) -> Project:
        return Project.objects.get(pk=self.package.project_id)

    @property
    def line(self) -> ContractLine:
        return self.contract.lines.get()

    @property
    def milestone(self) -> Milestone:
        return self.contract.milestones.get()

    @property
    def allocation(self) -> Allocation:
        """The year's allocation the contract was committed from."""
        return Allocation.objects.filter(project=self.project).order_by("pk").first()

    def instalment(self, position: int) -> Instalment:
        return self.contract.instalments.get(position=position)

    def money(self) -> tuple[int, ...]:
        """Reserved, committed, paid, released, carried and available of the project, in 分."""
        names = ("reserved_fen", "committed_fen", "paid_fen", "released_fen", "carried_fen")
        rows = list(Allocation.objects.filter(project=self.project))
        sums = [sum(getattr(row, name) for row in rows) for name in names]
        return (*sums, unreserved_of(self.project))

    def slices(self) -> list[tuple[int, int, int, int, int]]:
        """Year, amount, paid, carried, released of each slice of the contract."""
        rows = ContractSlice.objects.filter(contract=self.pk).select_related("allocation__ceiling")
        return [
            (r.allocation.ceiling.year, r.amount_fen, r.paid_fen, r.carried_fen, r.released_fen)
            for r in rows
        ]

    def recorded(self, act: str) -> tuple[int, int]:
        """How often an act stands in the case file, and in the outbox."""
        times = acts_of(self.project.stream()).count(act)
        return times, OutboxEvent.objects.filter(name=act).count()

    def late(self, act: str) -> list[str]:
        """The rules an act was recorded late by."""
        found = next(e for e in events_of(self.project.stream()) if e.act == act)
        return [each.rule for each in found.late]


def shared(build: Callable[[World], Case]) -> tuple[Any, Any]:
    """Two fixtures: the case built once a module, and the same for each test, undone after it."""

    @pytest.fixture(scope="module")
    def built(district: World, django_db_blocker: Any) -> Any:
        with django_db_blocker.unblock(), transaction.atomic():
            yield build(copy.deepcopy(district))
            transaction.set_rollback(True)

    @pytest.fixture
    def case(built: Case, db: Any) -> Any:
        with transaction.atomic():
            yield built
            transaction.set_rollback(True)

    return built, case


@staged
def signed(world: World) -> Case:
    return Case(world, purchase.signed(world).pk)


@staged
def filed(world: World) -> Case:
    return Case(world, purchase.filed(world).pk)


# --- What tests ask, and how they stand at a limit ------------------------------------------------


def law(subject: Any, rule_id: str, **asked: Any) -> tuple[str, str]:
    """A rule's verdict and the article it names; a refusal says what, to whom and where."""
    found = verdict(subject, rule_id, **asked)
    if found.refusal is not None and found.state != "unknown":
        assert found.message
        assert found.mended_by
        assert found.at
    return found.state, found.article.code


def rules_of(refused: pytest.ExceptionInfo[TransitionRefused]) -> set[str]:
    return {each.rule for each in refused.value.refusals}


def in_state(row: Any, state: str) -> Any:
    """The row in another state, behind the services' back; no history tells of it."""
    key = row._meta.pk.column
    sql = f"UPDATE {tampering.table(type(row))} SET {row.STATE_FIELD} = %s WHERE {key} = %s"
    assert tampering.run(sql, state, row.pk) == 1
    return fresh(row)


def also(holder: Actor, desk: Actor) -> Actor:
    """Who holds another's desk as well: two desks in the hands of one."""
    role = put(
        RoleAssignment(
            user=holder.user,
            role=desk.role.role,
            organisation=desk.role.organisation,
            since=desk.role.since,
        )
    )
    return Actor(holder.user, role)


def spare_budget(case: Case, fen: int) -> None:
    """What an adjustment of the budget leaves: approved, and not yet reserved."""
    row = draft_adjustment(
        case.project,
        kind="increase",
        allocation=case.allocation,
        amount_fen=fen,
        number="示财预调〔2026〕1号",
        reason="补充合同",
        **case.world.zhao.acts(date(2026, 6, 1)),
    )
    approve_adjustment(row, **case.world.bai.acts(date(2026, 6, 1)))


def condition(case: Case, due_stage: str, status: str = "open") -> Obligation:
    """A condition of 钱's agreement, due before a stage."""
    opinion = review_of(case.project).opinions.get(reviewer__short_name="发改委")
    values = {"text": "交接入证明", "opened_on": date(2025, 11, 10)}
    row = Obligation(project=case.project, opinion=opinion, due_stage=due_stage, **values)
    return in_state(put(row), status)


def fail(*_args: Any, **_kwargs: Any) -> None:
    """The last step of an act, failing."""
    raise RuntimeError("afterwards")


def unchanged(*rows: models.Model) -> list[dict[str, Any]]:
    """The rows' columns now, to compare with before."""
    return [fresh(row).__dict__ | {"_state": None} for row in rows]
