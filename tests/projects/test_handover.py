"""移交：一个人离开时，手里的事一次交清；有一件交不成，全部不办。"""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Delegation, RoleAssignment
from core.drafts.keeping import draft_of, save_draft
from core.history.reading import events_of
from core.transitions import NotPermitted, StaleAct
from projects.models import Handover
from projects.services import HandoverRefused, items_of, sign, withdraw_project
from tests import chains, steps
from tests.world import DAY, World

pytestmark = pytest.mark.django_db


@pytest.fixture
def heir(world):
    return chains.employed(world, "接手的", "officer")


@pytest.fixture
def project(world):
    return steps.file(world)


class TestHandingOver:
    def test_gives_every_thing_on_the_desk_to_the_successor(self, world, heir, project):
        save_draft(world.zhang.user, "projects.new:1", title="新项目", content={"name": "草稿"})
        task = chains.task(world, project, world.zhang)
        made = chains.hand(world, world.zhang.role, heir.user)
        assert steps.fresh(project).officer == heir.user
        assert steps.fresh(task).doer == heir.user
        assert draft_of(heir.user, "projects.new:1").content == {"name": "草稿"}
        assert [(i["kind"], i["successor"]) for i in made.items] == [
            ("项目", "接手的"),
            ("草稿", "接手的"),
            ("配合事项", "接手的"),
        ]

    def test_may_go_to_several(self, world, heir, project):
        second = steps.file(world, name="第二个")
        other = chains.employed(world, "另一人", "officer")
        given = {f"project-{project.pk}": heir.user, f"project-{second.pk}": other.user}
        chains.hand(world, world.zhang.role, None, successors=given)
        assert steps.fresh(project).officer == heir.user
        assert steps.fresh(second).officer == other.user

    @pytest.mark.parametrize(("days", "holds"), [(0, True), (4, True), (5, False)])
    def test_ends_the_post_on_its_day(self, world, heir, days, holds):
        chains.hand(world, world.zhang.role, heir.user, ends_on=DAY + timedelta(5))
        found = RoleAssignment.objects.in_force(DAY + timedelta(days))
        assert found.filter(pk=world.zhang.role.pk).exists() is holds

    def test_ends_delegations_given_and_received(self, world):
        chains.deputy_of(world, world.li, world.leading)
        chains.hand(world, world.li.role, None, by=world.wang)
        assert Delegation.objects.get().ended_on == DAY

    def test_is_recorded_in_each_case(self, world, heir, project):
        chains.hand(world, world.zhang.role, heir.user)
        event = events_of(project.stream(), limit=1)[0]
        assert (event.title, event.reason) == ("移交", "调离")
        assert "李建国" in event.who

    def test_leaves_what_has_ended(self, world, project):
        withdraw_project(project, note="不办了", **world.zhang.acts())
        assert items_of(world.zhang.role) == []

    def test_asked_twice_with_one_key_is_one_handover(self, world, heir, project):
        first = chains.hand(world, world.zhang.role, heir.user, key="same")
        keys = [item["key"] for item in first.items]
        again = chains.hand(
            world,
            world.zhang.role,
            heir.user,
            key="same",
            successors=dict.fromkeys(keys, heir.user),
        )
        assert again == first


class TestRefusals:
    def refused(self, world, says, *args, **kwargs):
        before = Handover.objects.count()
        with pytest.raises(HandoverRefused, match=says):
            chains.hand(world, *args, **kwargs)
        assert Handover.objects.count() == before

    def test_who_signed_the_project_does_not_become_its_officer(self, world, heir, project):
        """One item that fails leaves all as it was."""
        clean = steps.file(world, name="没签过的")
        head = chains.employed(world, "兼任的", "section_head")
        from accounts.services import assign_role

        assign_role(
            head.user,
            role="officer",
            organisation=world.organisations["文旅委"],
            since=DAY,
            by=None,
            on=DAY,
        )
        sign(project.signatures.get(position=1), **head.acts())
        self.refused(world, "签批、审核过", world.zhang.role, head.user)
        assert steps.fresh(clean).officer == world.zhang.user
        assert steps.fresh(world.zhang.role).until is None
        chains.hand(world, world.zhang.role, heir.user)

    def test_nor_in_whose_name_a_deputy_signed(self, world, project):
        from accounts.services import assign_role

        organisation = world.organisations["文旅委"]
        assign_role(
            world.li.user, role="officer", organisation=organisation, since=DAY, by=None, on=DAY
        )
        chains.deputy_of(world, world.li, world.leading)
        deputy = chains.standing_in(world.li, world.leading)
        sign(project.signatures.get(position=1), **deputy)
        self.refused(world, "签批、审核过", world.zhang.role, world.li.user, by=world.wang)

    @pytest.mark.parametrize(
        ("name", "says"), [("wang", "不任经办人"), ("chen", "不是本单位"), ("zhang", "不是本单位")]
    )
    def test_the_successor_is_an_officer_of_the_unit(self, world, project, name, says):
        self.refused(world, says, world.zhang.role, getattr(world, name).user)

    def test_everything_needs_somebody(self, world, project):
        self.refused(world, "没有选接手的人", world.zhang.role, None)

    def test_a_draft_the_successor_has_too_is_not_overwritten(self, world, heir):
        for actor in (world.zhang, heir):
            save_draft(actor.user, "projects.new:1", title="甲", content={})
        self.refused(world, "也有这份表单的草稿", world.zhang.role, heir.user)

    def test_not_ones_own_not_another_units_not_in_the_past(self, world, heir):
        self.refused(world, "不能为自己", world.li.role, None)
        self.refused(world, "只能为本单位", world.chen.role, None)
        self.refused(world, "不能早于今天", world.zhang.role, None, ends_on=DAY - timedelta(1))

    @pytest.mark.parametrize("name", ["zhang", "leading", "zhao", "wu", "keeper"])
    def test_by_a_head_alone(self, world, heir, name):
        with pytest.raises(NotPermitted):
            chains.hand(world, heir.role, None, by=getattr(world, name))

    def test_what_came_meanwhile_is_looked_at_first(self, world, heir):
        steps.file(world)
        given = {i.key: heir.user for i in items_of(world.zhang.role)}
        with pytest.raises(StaleAct):
            chains.hand(world, world.zhang.role, heir.user, shown=[], successors=given)
        assert not Handover.objects.exists()

    def test_an_ended_post_is_not_handed_over_again(self, world, heir):
        chains.hand(world, world.zhang.role, heir.user, ends_on=DAY)
        self.refused(world, "已经结束", world.zhang.role, heir.user)


class TestPages:
    @pytest.fixture(autouse=True)
    def _today(self, monkeypatch):
        from core.calendar import clock

        monkeypatch.setattr(clock.timezone, "localdate", lambda: DAY)

    def client(self, world: World, name: str) -> Client:
        client = Client()
        client.force_login(
            getattr(world, name).user, backend="django.contrib.auth.backends.ModelBackend"
        )
        return client

    def test_the_head_previews_then_confirms(self, world, heir, project):
        li, url = (
            self.client(world, "li"),
            reverse("projects:handover_new", args=[world.zhang.role.pk]),
        )
        shown = [f"project-{project.pk}"]
        typed = {"ends_on": DAY.isoformat(), "reason": "调任", "shown": shown}
        assert "请选择接手的人" in li.post(url, typed | {"preview": "1"}).content.decode()
        typed["everything"] = world.wang.user.pk
        assert "不任经办人" in li.post(url, typed | {"preview": "1"}).content.decode()
        assert li.post(url, typed | {"confirm": "1"}).status_code == 422
        typed["everything"] = heir.user.pk
        preview = li.post(url, typed | {"preview": "1"})
        assert "可以交" in preview.content.decode()
        assert not Handover.objects.exists()
        assert li.post(url, typed | {"confirm": "1", "shown": []}).status_code == 409
        done = li.post(url, typed | {"confirm": "1"}, follow=True).content.decode()
        assert project.number in done
        assert steps.fresh(project).officer == heir.user

    def test_who_sees_it(self, world, heir):
        made = chains.hand(world, heir.role, None)
        url = reverse("projects:handover", args=[made.pk])
        for name, status in (
            ("li", 200),
            ("zhang", 200),
            ("wu", 200),
            ("chen", 404),
            ("zhao", 404),
        ):
            assert self.client(world, name).get(url).status_code == status, name

    def test_nobody_else_opens_the_wizard(self, world):
        url = reverse("projects:handover_new", args=[world.zhang.role.pk])
        for name, status in (("leading", 403), ("chen", 404), ("gao", 404), ("wu", 403)):
            assert self.client(world, name).get(url).status_code == status, name
