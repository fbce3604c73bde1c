"""Who may act, in which role, on which day; and who sees what."""

from datetime import date

import pytest

from accounts.models import RoleAssignment, User
from accounts.permissions import may
from accounts.roles import ACTS, ADMINISTRATOR_ROLES, Role, Scope
from accounts.services import ConflictingRoles, assign_role, create_user, system_actor
from budgeting.models import BudgetReply, BudgetReview, Ceiling
from projects.models import AnnualPlan, Project, Purchaser
from tests import steps
from tests.world import DAY, build_world

CAST = ("zhang", "li", "wang", "zhao", "qian", "wu", "secretary", "chen", "admin")


def ask(actor, act, on=None, day=DAY):
    return may(actor.user, act, on=on, acting_as=actor.role, day=day)


class TestScope:
    """《渝北办法》第十八条: each acts within the own business."""

    @pytest.mark.parametrize("act", ACTS)
    def test_only_the_roles_of_the_table_may(self, world, act):
        allowed = {n for n in CAST if ask(getattr(world, n), act)}

        assert {getattr(world, n).role.role for n in allowed} <= set(ACTS[act].roles)

    @pytest.mark.parametrize(("name", "expected"), [("zhang", True), ("chen", False)])
    def test_own_means_the_own_organisation(self, world, name, expected):
        assert ask(getattr(world, name), "projects.submit", steps.file(world)) is expected

    @pytest.mark.parametrize(
        ("name", "expected"), [("qian", True), ("sun", False), ("zhao", False)]
    )
    def test_assigned_means_the_body_that_is_asked(self, world, name, expected):
        opinion = steps.opinion_of(steps.submit(world), "发改委")

        assert ask(getattr(world, name), "budgeting.give_opinion", opinion) is expected

    def test_a_district_ends_at_its_border(self, world):
        other = build_world(code="ot", prefix="ot")
        project = steps.submit(world)

        assert ask(world.zhao, "budgeting.issue_reply", project)
        assert not ask(other.zhao, "budgeting.issue_reply", project)

    def test_the_worker_acts_everywhere_but_only_its_own_acts(self, world):
        user, role = system_actor()
        review = steps.review_of(steps.submit(world))

        assert may(user, "budgeting.close_review", on=review, acting_as=role, day=DAY)
        assert not may(user, "budgeting.issue_reply", on=review, acting_as=role, day=DAY)

    def test_an_unknown_act_is_a_mistake(self, world):
        with pytest.raises(KeyError):
            ask(world.zhang, "projects.anything")

    def test_every_act_names_a_title_roles_and_scope(self):
        for act in ACTS.values():
            assert act.title
            assert act.roles
            assert act.scope in Scope


class TestActingRole:
    """A role is one's own, in force, and that of an active account."""

    def test_the_role_of_another_does_not_count(self, world):
        asked = {"on": None, "acting_as": world.zhang.role, "day": DAY}

        assert not may(world.li.user, "projects.submit", **asked)

    def test_no_role_is_no_permission(self, world):
        assert not may(world.zhang.user, "projects.submit", on=None, acting_as=None, day=DAY)

    @pytest.mark.parametrize(
        ("day", "expected"),
        [
            (date(2024, 12, 31), False),
            (date(2025, 1, 1), True),
            (date(2025, 12, 31), True),
            (date(2026, 1, 1), False),
        ],
    )
    def test_it_starts_on_its_first_day_and_ends_before_its_last(self, world, day, expected):
        steps.edit(world.zhang.role, until=date(2026, 1, 1))

        assert ask(world.zhang, "projects.submit", day=day) is expected
        in_force = RoleAssignment.objects.in_force(day).filter(pk=world.zhang.role.pk)
        assert in_force.exists() is expected

    def test_a_disabled_account_may_nothing(self, world):
        steps.edit(world.zhang.user, is_active=False)

        assert not ask(world.zhang, "projects.submit")

    def test_a_signature_asks_for_its_one_role(self, world):
        step = steps.file(world).signatures.first()

        assert ask(world.li, "projects.sign", step)
        assert not ask(world.wang, "projects.sign", step)


class TestThreeDuties:
    """《基本要求》8.1.5: system, security and audit are three people without other business."""

    @pytest.fixture
    def appoint(self, world):
        person = create_user(
            username="new",
            full_name="新人",
            organisation=world.organisations["信息中心"],
            password="x" * 12,
            by=None,
            on=DAY,
        )
        return lambda role, since=DAY: assign_role(
            person, role=role, organisation=person.organisation, since=since, by=None, on=DAY
        )

    @pytest.mark.parametrize("first", ADMINISTRATOR_ROLES)
    @pytest.mark.parametrize("second", [*ADMINISTRATOR_ROLES, Role.OFFICER, Role.FINANCE])
    def test_one_person_holds_one_of_them_and_nothing_else(self, appoint, first, second):
        if first == second:
            return
        appoint(first)

        with pytest.raises(ConflictingRoles, match="未作任何改动"):
            appoint(second)

    def test_nor_the_other_way_round(self, appoint):
        appoint(Role.OFFICER)

        with pytest.raises(ConflictingRoles):
            appoint(Role.AUDIT_ADMIN)

    def test_a_duty_that_begins_later_counts_already(self, appoint):
        appoint(Role.SECURITY_ADMIN, since=date(2027, 1, 1))

        with pytest.raises(ConflictingRoles):
            appoint(Role.SYSTEM_ADMIN)

    def test_a_duty_that_ended_does_not_count(self, appoint):
        steps.edit(appoint(Role.SECURITY_ADMIN), until=date(2025, 11, 1))

        assert appoint(Role.SYSTEM_ADMIN, since=date(2025, 11, 1)).role == "system_admin"

    def test_two_business_roles_may_meet(self, appoint):
        appoint(Role.OFFICER)

        assert appoint(Role.SECTION_HEAD).pk


class TestSight:
    """Others' business is not there at all; the bureau sees what was submitted."""

    @pytest.fixture
    def cases(self, world):
        """One still in filing, one under review."""
        return steps.file(world), steps.submit(world, name="已提交")

    def seen(self, actor):
        user = User.objects.get(pk=actor.user.pk)
        user.day = DAY
        return [p.name for p in Project.objects.visible_to(user).order_by("pk")]

    @pytest.mark.parametrize(
        ("name", "count"),
        [
            ("zhang", 2),
            ("li", 2),
            ("wang", 2),
            ("zhao", 1),
            ("qian", 1),
            ("secretary", 1),
            ("wu", 2),
            ("chen", 0),
            ("gao", 0),
            ("admin", 0),
        ],
    )
    def test_who_sees_which_projects(self, world, cases, name, count):
        assert len(self.seen(getattr(world, name))) == count

    def test_finance_sees_only_what_was_submitted(self, world, cases):
        assert self.seen(world.zhao) == ["已提交"]

    @pytest.mark.parametrize("name", ["zhang", "zhao", "wu", "qian"])
    def test_another_district_sees_nothing(self, world, cases, name):
        other = build_world(code="ot", prefix="ot")

        assert self.seen(getattr(other, name)) == []

    def test_a_role_that_ended_sees_nothing(self, world, cases):
        steps.edit(world.zhang.role, until=DAY)

        assert self.seen(world.zhang) == []

    def test_a_returned_project_stays_visible_to_the_bureau(self, world, cases):
        from budgeting.services import return_project

        _, submitted = cases
        return_project(
            steps.review_of(submitted), objections=["一"], **world.zhao.acts(steps.AGREED)
        )

        assert self.seen(world.zhao) == ["已提交"]

    @pytest.mark.parametrize("model", [AnnualPlan, Purchaser, Ceiling, BudgetReview, BudgetReply])
    def test_the_neighbour_sees_nothing_of_it(self, world, model):
        steps.reply(world)
        user = world.chen.user
        own = world.organisations["教委"]

        for row in model.objects.visible_to(user):
            assert (row.owner() if hasattr(row, "owner") else _owner(row)) == own
        assert model.objects.visible_to(world.wu.user).exists()
        assert not model.objects.visible_to(world.admin.user).exists()

    def test_a_draft_reply_is_not_yet_the_purchaser_s_to_see(self, world):
        project = steps.conclude(world)
        steps.draft_reply(world, project)

        assert not BudgetReply.objects.visible_to(world.zhang.user).exists()
        assert BudgetReply.objects.visible_to(world.zhao.user).exists()


def _owner(row):
    return row.organisation if isinstance(row, Purchaser) else row.purchaser.organisation
