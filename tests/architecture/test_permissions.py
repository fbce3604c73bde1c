"""Who may do what is what an official has read and accepted, and what the code in fact answers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import pytest

from accounts.models import Jurisdiction, Organisation, RoleAssignment, User
from accounts.permissions import may
from accounts.roles import ACTS, Role, Scope
from config.docs.pages import GOLDEN
from config.docs.permissions import golden_matrix
from tests.architecture.source import PROJECT

DAY = date(2026, 3, 2)
HERE, ELSEWHERE = Jurisdiction(pk=1, code="a"), Jurisdiction(pk=2, code="b")
OWN = Organisation(pk=1, name="own", jurisdiction=HERE)
NEIGHBOUR = Organisation(pk=2, name="neighbour", jurisdiction=HERE)
FAR = Organisation(pk=3, name="far", jurisdiction=ELSEWHERE)


@dataclass
class Matter:
    """Something to act on: whose it is, and on whose desk."""

    of: Organisation
    desk: Organisation | None = None
    only: str | None = None

    def owner(self) -> Organisation:
        return self.of

    def assignee(self) -> Organisation | None:
        return self.desk

    def required_role(self, act: str) -> str | None:
        return self.only

    def jurisdiction(self) -> Jurisdiction:
        return self.of.jurisdiction


MATTERS = {
    "own": Matter(OWN),
    "assigned": Matter(NEIGHBOUR, desk=OWN),
    "neighbour": Matter(NEIGHBOUR, desk=NEIGHBOUR),
    "far": Matter(FAR, desk=FAR),
}
REACH = {
    Scope.OWN: {"own"},
    Scope.ASSIGNED: {"assigned"},
    Scope.JURISDICTION: {"own", "assigned", "neighbour"},
    Scope.EVERYWHERE: {"own", "assigned", "neighbour", "far"},
}


AUDITORS_OWN = {"audit.export_dossier", "audit.verify_log", "budgeting.check_ledger"}


def holder(role: str, since: date = DAY, until: date | None = None) -> tuple[User, RoleAssignment]:
    user = User(pk=1, username="u", organisation=OWN)
    return user, RoleAssignment(
        pk=1, user=user, role=role, organisation=OWN, since=since, until=until
    )


def test_the_matrix_is_the_one_that_was_accepted():
    """Read the difference; then `manage.py docs --accept-permissions`."""
    assert golden_matrix() == (PROJECT / GOLDEN).read_text("utf-8")


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("act", ACTS)
def test_a_role_may_do_exactly_its_acts_within_their_reach(act, role):
    entry = ACTS[act]
    user, assignment = holder(role)
    answers = {
        name
        for name, matter in MATTERS.items()
        if may(user, act, on=matter, acting_as=assignment, day=DAY)
    }
    reach = set(MATTERS) if role == Role.WORKER else REACH[Scope(entry.scope)]
    assert answers == (reach if role in entry.roles else set())


class TestNobody:
    """No act at all for these."""

    @pytest.mark.parametrize("act", ACTS)
    def test_who_only_reads(self, act):
        """The auditor has three acts, and none of them writes into a case."""
        assert Role.AUDIT_ADMIN not in ACTS[act].roles
        assert (Role.AUDITOR in ACTS[act].roles) == (act in AUDITORS_OWN)

    def test_without_a_role(self):
        user, _ = holder(Role.OFFICER)
        assert not may(user, "projects.file", on=MATTERS["own"], acting_as=None, day=DAY)

    def test_with_the_role_of_somebody_else(self):
        _, assignment = holder(Role.OFFICER)
        other = User(pk=2, username="other", organisation=OWN)
        assert not may(other, "projects.file", on=MATTERS["own"], acting_as=assignment, day=DAY)

    @pytest.mark.parametrize(
        ("since", "until"), [(date(2026, 3, 3), None), (date(2026, 1, 1), DAY)]
    )
    def test_before_and_after_the_role(self, since, until):
        user, assignment = holder(Role.OFFICER, since, until)
        assert not may(user, "projects.file", on=MATTERS["own"], acting_as=assignment, day=DAY)

    def test_on_a_step_that_names_another_role(self):
        user, assignment = holder(Role.DIVISION_LEADER)
        step = Matter(OWN, only=Role.SECTION_HEAD)
        assert not may(user, "projects.sign", on=step, acting_as=assignment, day=DAY)

    def test_once_switched_off(self):
        user, assignment = holder(Role.OFFICER)
        user.is_active = False
        assert not may(user, "projects.file", on=MATTERS["own"], acting_as=assignment, day=DAY)


def test_an_unknown_act_is_a_mistake_and_not_a_no():
    user, assignment = holder(Role.OFFICER)
    with pytest.raises(KeyError):
        may(user, "projects.nothing", on=None, acting_as=assignment, day=DAY)
