"""授权代理：谁可以代谁办什么，到哪一天；自己的事由谁代办都不行（《渝北办法》第十八条）。"""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Delegation, RoleAssignment
from accounts.permissions import may
from accounts.roles import ACTS, DELEGABLE_ACTS, Role
from accounts.services import (
    ConflictingRoles,
    DelegationRefused,
    assign_role,
    create_user,
    delegate,
    end_delegation,
)
from core.history.reading import events_of
from core.inbox import notify
from core.navigation.deputies import entrusted
from core.navigation.registry import TodoItem, registry
from core.transitions import NotPermitted, TransitionRefused
from projects.models import SignatureStatus
from projects.services import sign
from tests import steps
from tests.chains import deputy_of, standing_in
from tests.world import DAY, Actor, World

pytestmark = pytest.mark.django_db
SIGN = "projects.sign"


def employed(world: World, name: str, role: str, place: str = "文旅委") -> Actor:
    """A further person with a post in an organisation."""
    organisation = world.organisations[place]
    user = create_user(
        username=name, full_name=name, organisation=organisation, password="x", by=None, on=DAY
    )
    post = assign_role(user, role=role, organisation=organisation, since=DAY, by=None, on=DAY)
    return Actor(user, post)


def allowed(holder: Actor, deputy: Actor, act: str = SIGN, on=None, day=DAY) -> bool:
    return may(deputy.user, act, on=on, acting_as=holder.role, day=day)


class TestMay:
    def test_nobody_acts_in_a_post_that_was_not_entrusted(self, world):
        assert not allowed(world.wang, world.li)

    def test_the_deputy_may_what_was_entrusted_and_the_holder_still_may(self, world):
        deputy_of(world, world.wang, world.li)
        project = steps.file(world)
        step = project.signatures.get(role="division_leader")
        assert allowed(world.wang, world.li, on=step)
        assert may(world.wang.user, SIGN, on=step, acting_as=world.wang.role, day=DAY)

    @pytest.mark.parametrize(
        ("days", "is_allowed"), [(-1, False), (0, True), (29, True), (30, False)]
    )
    def test_from_its_day_until_before_its_last(self, world, days, is_allowed):
        deputy_of(world, world.wang, world.li)
        assert allowed(world.wang, world.li, day=DAY + timedelta(days)) is is_allowed

    def test_not_once_ended(self, world):
        row = deputy_of(world, world.wang, world.li)
        end_delegation(row, reason="已返岗", **world.wang.acts())
        assert not allowed(world.wang, world.li)

    @pytest.mark.parametrize("act", sorted(ACTS))
    def test_only_acts_of_signing_that_the_post_itself_has(self, world, act):
        deputy_of(world, world.wang, world.li)
        can = Role.DIVISION_LEADER in ACTS[act].roles and act in DELEGABLE_ACTS
        assert allowed(world.wang, world.li, act) is can

    def test_only_the_acts_listed(self, world):
        deputy_of(world, world.wang, world.li, "contracts.verify_payment")
        assert allowed(world.wang, world.li, "contracts.verify_payment")
        assert not allowed(world.wang, world.li)

    def test_not_within_another_organisation(self, world):
        deputy_of(world, world.wang, world.li)
        other = steps.file(world)
        other.purchaser = world.purchasers["教委"]
        assert not allowed(
            world.wang,
            world.li,
            on=other.signatures.first().__class__(project=other, role="division_leader"),
        )

    def test_not_when_the_holder_has_left_the_post(self, world):
        deputy_of(world, world.wang, world.li)
        steps.edit(world.wang.role, until=DAY)
        assert not allowed(world.wang, world.li)

    def test_not_when_the_deputy_has_left_the_organisation(self, world):
        deputy_of(world, world.wang, world.li)
        steps.edit(world.li.role, until=DAY)
        assert not allowed(world.wang, world.li)

    def test_not_in_a_case_of_which_the_deputy_is_the_officer(self, world):
        deputy_of(world, world.wang, world.zhang)
        project = steps.file(world)
        assert not allowed(world.wang, world.zhang, "contracts.terminate", on=project)
        assert not allowed(world.wang, world.zhang, "procurement.decide_award", on=project)


class TestNobodyApprovesTheirOwn:
    """Also not by delegation: A→B→A, the deputy who filed the project, two posts."""

    def step(self, project, role="section_head"):
        return project.signatures.get(role=role, status=SignatureStatus.PENDING)

    def refused(self, step, rule, **acts):
        with pytest.raises(TransitionRefused) as caught:
            sign(step, **acts)
        assert rule in [r.rule for r in caught.value.refusals]
        assert steps.fresh(step).status == SignatureStatus.PENDING

    def test_not_the_officer_as_deputy_of_the_leader(self, world):
        """A files, B entrusts B's post to A: A→B→A."""
        project = steps.file(world)
        deputy_of(world, world.li, world.zhang)
        self.refused(
            self.step(project), "YB-18-signer-not-officer", **standing_in(world.li, world.zhang)
        )

    def test_not_a_deputy_in_the_name_of_the_officer(self, world):
        """The officer also holds the leader's post and entrusts it."""
        head = assign_role(
            world.zhang.user,
            role="section_head",
            organisation=world.organisations["文旅委"],
            since=DAY,
            by=None,
            on=DAY,
        )
        zhang = Actor(world.zhang.user, head)
        project = steps.file(world)
        self.refused(self.step(project), "YB-18-signer-not-officer", **zhang.acts())
        deputy_of(world, zhang, world.wang)
        self.refused(
            self.step(project), "YB-18-signer-not-officer", **standing_in(zhang, world.wang)
        )

    def test_not_who_filed_it_before_another_took_it_over(self, world):
        project = steps.file(world)
        second = employed(world, "second", "officer")
        steps.edit(project, officer=second.user)
        deputy_of(world, world.li, world.zhang)
        self.refused(
            self.step(project), "YB-18-signer-not-officer", **standing_in(world.li, world.zhang)
        )

    def test_not_two_steps_by_one_hand(self, world):
        """The head signs, then signs again for the leader."""
        project = steps.file(world)
        sign(self.step(project), **world.li.acts())
        deputy_of(world, world.wang, world.li)
        self.refused(
            self.step(project, "division_leader"),
            "YB-18-signs-one-step",
            **standing_in(world.wang, world.li),
        )

    def test_not_in_two_posts_of_ones_own(self, world):
        post = assign_role(
            world.li.user,
            role="division_leader",
            organisation=world.organisations["文旅委"],
            since=DAY,
            by=None,
            on=DAY,
        )
        project = steps.file(world)
        sign(self.step(project), **world.li.acts())
        self.refused(
            self.step(project, "division_leader"),
            "YB-18-signs-one-step",
            **Actor(world.li.user, post).acts(),
        )

    def test_not_for_somebody_whose_step_a_deputy_signed(self, world):
        """B signs for A; then A may not sign another step of that round in another post."""
        post = assign_role(
            world.li.user,
            role="division_leader",
            organisation=world.organisations["文旅委"],
            since=DAY,
            by=None,
            on=DAY,
        )
        other = employed(world, "other", "principal")
        deputy_of(world, world.li, other)
        project = steps.file(world)
        sign(self.step(project), **standing_in(world.li, other))
        self.refused(
            self.step(project, "division_leader"),
            "YB-18-signs-one-step",
            **Actor(world.li.user, post).acts(),
        )

    def test_the_deputy_signs_what_is_not_their_own_and_both_are_named(self, world):
        other = employed(world, "常远", "principal")
        deputy_of(world, world.li, other)
        project = steps.file(world)
        step = self.step(project)
        sign(step, **standing_in(world.li, other))
        row = steps.fresh(step)
        assert (row.signer, row.signed_for) == (other.user, world.li.user)
        event = events_of(project.stream(), limit=1)[0]
        assert event.who == "常远（区文化和旅游发展委员会，归口科室负责人，代李建国）"

    def test_a_refused_attempt_of_a_deputy_is_recorded_with_both_names(self, world):
        project = steps.file(world)
        deputy_of(world, world.li, world.zhang)
        with pytest.raises(TransitionRefused):
            sign(self.step(project), **standing_in(world.li, world.zhang))
        assert "代李建国" in events_of(project.stream(), limit=1)[0].sentence


class TestEntrusting:
    @pytest.mark.parametrize(
        ("changes", "says"),
        [
            ({"acts": ("projects.file",), "scope": "acts"}, "不能由本岗位"),
            ({"acts": (), "scope": "acts"}, "不能由本岗位"),
            ({"acts": ("budgeting.give_opinion",), "scope": "acts"}, "不能由本岗位"),
            ({"since": DAY - timedelta(1)}, "不能早于今天"),
            ({"until": DAY}, "须晚于起始日"),
        ],
    )
    def test_refuses_what_cannot_be_entrusted(self, world, changes, says):
        with pytest.raises(DelegationRefused, match=says):
            deputy_of(world, world.wang, world.li, **changes)
        assert not Delegation.objects.exists()

    @pytest.mark.parametrize(
        ("deputy", "says"),
        [
            ("wang", "给自己"),
            ("chen", "本机构"),
            ("admin", "管理员"),
            ("wu", "管理员"),
            ("keeper", "管理员"),
        ],
    )
    def test_refuses_who_may_not_hold_the_duty(self, world, deputy, says):
        with pytest.raises(DelegationRefused, match=says):
            deputy_of(world, world.wang, getattr(world, deputy))

    def test_an_officers_and_an_administrators_post_cannot_be_entrusted(self, world):
        for holder, deputy in ((world.zhang, world.li), (world.admin, world.keeper)):
            with pytest.raises(DelegationRefused, match="不能由本岗位"):
                deputy_of(world, holder, deputy)

    def test_what_was_received_is_not_passed_on(self, world):
        """No chains: neither by entrusting another's post, nor by acting in it."""
        deputy_of(world, world.wang, world.li)
        third = employed(world, "third", "section_head")
        with pytest.raises(DelegationRefused, match="不得转授"):
            delegate(
                world.wang.role,
                deputy=third.user,
                scope="signing",
                acts=(),
                reason="x",
                since=DAY,
                until=DAY + timedelta(2),
                by=world.li.user,
                on=DAY,
            )
        deputy_of(world, world.li, third)
        assert allowed(world.li, third)
        assert not allowed(world.wang, third)

    def test_two_do_not_stand_in_for_each_other(self, world):
        deputy_of(world, world.wang, world.li)
        with pytest.raises(DelegationRefused, match="互相代理"):
            deputy_of(world, world.li, world.wang)

    def test_one_deputy_at_a_time(self, world):
        deputy_of(world, world.wang, world.li)
        with pytest.raises(DelegationRefused, match="请先结束"):
            deputy_of(world, world.wang, world.leading)
        later = deputy_of(
            world,
            world.wang,
            world.leading,
            since=DAY + timedelta(30),
            until=DAY + timedelta(40),
        )
        assert later.pk

    def test_a_deputy_does_not_become_an_administrator_meanwhile(self, world):
        deputy_of(world, world.wang, world.li)
        steps.edit(world.li.role, until=DAY)
        with pytest.raises(ConflictingRoles):
            assign_role(
                world.li.user,
                role="system_admin",
                organisation=world.organisations["信息中心"],
                since=DAY,
                by=None,
                on=DAY,
            )

    def test_ends_once(self, world):
        row = deputy_of(world, world.wang, world.li)
        end_delegation(row, reason="返岗", **world.wang.acts())
        with pytest.raises(DelegationRefused, match="已于"):
            end_delegation(row, reason="返岗", **world.wang.acts())
        titles = [e.title for e in events_of(f"accounts.delegation:{row.pk}")]
        assert titles == ["结束授权代理", "授权代理"]


class TestPages:
    @pytest.fixture(autouse=True)
    def _today(self, monkeypatch):
        from core.calendar import clock

        monkeypatch.setattr(clock.timezone, "localdate", lambda: DAY)

    def client(self, actor: Actor) -> Client:
        client = Client()
        client.force_login(actor.user, backend="django.contrib.auth.backends.ModelBackend")
        return client

    def typed(self, world: World, **changes) -> dict:
        return {
            "deputy": world.li.user.pk,
            "scope": "signing",
            "since": DAY.isoformat(),
            "until": (DAY + timedelta(5)).isoformat(),
            "reason": "赴市里开会",
            **changes,
        }

    def test_the_leader_entrusts_and_ends_it(self, world):
        wang = self.client(world.wang)
        answer = wang.post(reverse("core:delegation_new"), self.typed(world), follow=True)
        assert "赴市里开会" in answer.content.decode()
        row = Delegation.objects.get()
        wang.post(reverse("core:delegation_end", args=[row.pk]), {"reason": "提前返岗"})
        assert steps.fresh(row).ended_on == DAY

    @pytest.mark.parametrize(
        ("changes", "says"),
        [
            ({"scope": "acts"}, "请至少勾选一个事项"),
            ({"deputy": "x"}, "请选择本机构在岗的人"),
            ({"until": "2025-10-20"}, "须晚于起始日"),
            ({"since": "2025-13-40"}, "年-月-日"),
            ({"reason": ""}, "请填写事由"),
        ],
    )
    def test_a_mistake_is_said_and_nothing_is_entrusted(self, world, changes, says):
        answer = self.client(world.wang).post(
            reverse("core:delegation_new"), self.typed(world, **changes)
        )
        assert answer.status_code == 422
        assert says in answer.content.decode()
        assert not Delegation.objects.exists()

    def test_an_officer_has_nothing_to_entrust(self, world):
        zhang = self.client(world.zhang)
        assert zhang.get(reverse("core:delegation_new")).status_code == 403
        assert zhang.post(reverse("core:delegation_new"), self.typed(world)).status_code == 403

    def test_who_sees_it(self, world):
        deputy_of(world, world.wang, world.leading, reason="赴市里开会")
        sees = {
            "wang": 1,
            "leading": 1,
            "li": 1,
            "wu": 1,
            "keeper": 1,
            "zhang": 0,
            "chen": 0,
            "gao": 0,
        }
        for name, expected in sees.items():
            text = self.client(getattr(world, name)).get(reverse("core:delegations"))
            assert ("赴市里开会" in text.content.decode()) == bool(expected), name

    def test_only_its_giver_and_the_security_administrator_end_it(self, world):
        row = deputy_of(world, world.wang, world.leading)
        url = reverse("core:delegation_end", args=[row.pk])
        for name, status in (("li", 403), ("leading", 403), ("wu", 403), ("chen", 404)):
            answer = self.client(getattr(world, name)).post(url, {"reason": "x"})
            assert answer.status_code == status, name
        assert self.client(world.keeper).post(url, {"reason": "已调离"}).status_code == 302

    def test_the_deputys_desk_tells_what_waits_and_the_deputy_signs_in_that_post(self, world):
        other = employed(world, "常远", "principal")
        deputy_of(world, world.li, other)
        project = steps.file(world)
        client = self.client(other)
        assert "代李建国（文旅委·归口科室负责人）办理：1 件待办" in (
            client.get(reverse("core:desk")).content.decode()
        )
        client.post(reverse("accounts:act_as"), {"role": world.li.role.pk})
        desk = client.get(reverse("core:desk")).content.decode()
        assert f"签批：{project}" in desk
        assert "（代李建国）" in desk
        step = project.signatures.get(position=1)
        assert client.post(reverse("projects:sign", args=[step.pk])).status_code == 302
        case = client.get(project.get_absolute_url()).content.decode()
        assert "常远（代李建国）" in case

    def test_the_deputy_reads_the_notices_of_the_post(self, world):
        notify(
            key="k",
            organisation=world.organisations["文旅委"],
            role="division_leader",
            title="请分管领导阅知",
            url="",
            on=DAY,
        )
        leading = self.client(world.leading)
        assert "请分管领导阅知" not in leading.get(reverse("core:desk")).content.decode()
        deputy_of(world, world.wang, world.leading)
        assert "请分管领导阅知" in leading.get(reverse("core:desk")).content.decode()

    def test_nobody_switches_to_a_post_that_was_not_entrusted(self, world):
        leading = self.client(world.leading)
        leading.post(reverse("accounts:act_as"), {"role": world.wang.role.pk})
        assert "领导小组秘书" in leading.get(reverse("core:desk")).content.decode()
        assert RoleAssignment.objects.filter(user=world.leading.user).count() == 1

    def test_the_first_attempt_without_the_right_is_recorded(self, world):
        from core.views.delegations import _delegate

        given = {"deputy": world.li.user, "scope": "signing", "acts": [], "reason": "x"}
        given |= {"since": DAY, "until": DAY + timedelta(1), **world.zhang.acts()}
        with pytest.raises(NotPermitted):
            _delegate(world.zhang.role, key=None, **given)
        stream = f"accounts.roleassignment:{world.zhang.role.pk}"
        assert [e.kind for e in events_of(stream)][:1] == ["refusal"]


class TestTheDesk:
    """A deputy's desk shows what was entrusted; the rest is said to wait for its holder."""

    @pytest.fixture(autouse=True)
    def _today(self, monkeypatch):
        from core.calendar import clock

        monkeypatch.setattr(clock.timezone, "localdate", lambda: DAY)

    def items(self, *acts: str) -> list[TodoItem]:
        return [TodoItem(f"事项{n}", "项目", "/", DAY, act=act) for n, act in enumerate(acts)]

    def test_shows_what_the_delegation_covers(self, world):
        deputy = employed(world, "dai", Role.PRINCIPAL)
        items = self.items(SIGN, "contracts.verify_payment", "contracts.terminate", "")
        row = deputy_of(world, world.wang, deputy)
        assert entrusted(items, deputy.user, world.wang.role, DAY) == items[:2]
        assert entrusted(items, world.wang.user, world.wang.role, DAY) == items
        end_delegation(row, reason="返岗", by=world.wang.user, acting_as=world.wang.role, on=DAY)
        assert entrusted(items, deputy.user, world.wang.role, DAY) == []

    def test_of_listed_acts_those_alone(self, world):
        deputy = employed(world, "dai", Role.PRINCIPAL)
        deputy_of(world, world.wang, deputy, "contracts.verify_payment")
        items = self.items(SIGN, "contracts.verify_payment")
        assert entrusted(items, deputy.user, world.wang.role, DAY) == items[1:]

    def test_says_how_many_wait_for_the_holder(self, world, monkeypatch):
        deputy = employed(world, "dai", Role.PRINCIPAL)
        deputy_of(world, world.wang, deputy)
        items = self.items(SIGN, "contracts.terminate")
        monkeypatch.setattr(registry, "todos", [lambda *_: items])
        client = Client()
        client.force_login(deputy.user, backend="django.contrib.auth.backends.ModelBackend")
        client.post(reverse("accounts:act_as"), {"role": world.wang.role.pk})
        page = client.get(reverse("core:desk")).content.decode()
        assert "事项0" in page
        assert "事项1" not in page
        assert "另有 1 件待办不在授权之内，由王芳本人办理" in page
