"""科室配合的事项（《平湖办法》第十一条）：交办、接收、办结、退回、取消。"""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from core.attachments import Attachment
from core.transitions import NotOffered, NotPermitted, TransitionRefused
from projects.models import ProjectTask, TaskStatus
from projects.services import (
    TaskRefused,
    accept_task,
    assign_task,
    call_off_task,
    decline_task,
    finish_task,
    withdraw_project,
)
from tests import chains, steps
from tests.world import DAY, World

pytestmark = pytest.mark.django_db


@pytest.fixture
def doer(world):
    return chains.employed(world, "法规科", "officer")


@pytest.fixture
def task(world, doer) -> ProjectTask:
    return chains.task(world, steps.file(world), doer)


class TestATask:
    def test_is_accepted_and_done_with_its_evidence(self, world, task, doer):
        accept_task(task, **doer.acts())
        finish_task(task, result="已办妥", file=chains.pdf("许可证.pdf"), **doer.acts())
        row = steps.fresh(task)
        assert (row.status, row.accepted_on, row.done_on) == (TaskStatus.DONE, DAY, DAY)
        assert Attachment.objects.get(subject=f"projects.projecttask:{row.pk}").name == "许可证.pdf"

    def test_is_not_done_before_it_is_accepted(self, task, doer):
        with pytest.raises(NotOffered):
            finish_task(task, result="x", file=chains.pdf(), **doer.acts())
        assert not Attachment.objects.exists()

    @pytest.mark.parametrize("name", ["zhang", "li", "wang"])
    def test_is_done_by_nobody_else(self, world, task, name):
        with pytest.raises(TransitionRefused) as caught:
            accept_task(task, **getattr(world, name).acts())
        assert [r.rule for r in caught.value.refusals] == ["PH-11-task-by-its-doer"]

    @pytest.mark.parametrize("name", ["chen", "zhao", "wu"])
    def test_is_not_another_organisations(self, world, task, name):
        with pytest.raises(NotPermitted):
            accept_task(task, **getattr(world, name).acts())

    def test_goes_back_or_is_called_off_with_a_reason(self, world, task, doer):
        decline_task(task, note="不归本科室", **doer.acts())
        assert steps.fresh(task).status == TaskStatus.DECLINED
        other = chains.task(world, task.project, doer)
        call_off_task(other, note="不再需要", **world.zhang.acts())
        assert steps.fresh(other).status == TaskStatus.CANCELLED

    @pytest.mark.parametrize(
        ("changes", "says"),
        [
            ({"due_on": DAY - timedelta(1)}, "不能早于今天"),
            ({"doer": "chen"}, "不在本单位"),
            ({"doer": "zhao"}, "不在本单位"),
        ],
    )
    def test_is_assigned_within_the_unit_and_ahead_of_time(self, world, doer, changes, says):
        if "doer" in changes:
            changes = {"by_whom": getattr(world, changes["doer"])}
        with pytest.raises(TaskRefused, match=says):
            chains.task(world, steps.file(world), changes.pop("by_whom", doer), **changes)
        assert not ProjectTask.objects.exists()

    def test_is_assigned_by_the_officer_or_the_head(self, world, doer):
        project = steps.file(world)
        given = {"kind": "other", "demand": "x", "section": "y", "doer": doer.user, "due_on": DAY}
        assert assign_task(project, **given, **world.li.acts()).pk
        for actor in (world.wang, world.chen, world.wu):
            with pytest.raises(NotPermitted):
                assign_task(project, **given, **actor.acts())

    def test_is_not_assigned_once_the_project_has_ended(self, world, doer):
        project = steps.file(world)
        withdraw_project(project, note="不办了", **world.zhang.acts())
        with pytest.raises(TaskRefused, match="不再交办"):
            chains.task(world, steps.fresh(project), doer)

    def test_asked_twice_with_one_key_is_one_task(self, world, doer):
        project = steps.file(world)
        given = {"kind": "other", "demand": "x", "section": "y", "doer": doer.user, "due_on": DAY}
        for _ in range(2):
            assign_task(project, key="same", **given, **world.zhang.acts())
        assert ProjectTask.objects.count() == 1


class TestPages:
    @pytest.fixture(autouse=True)
    def _today(self, monkeypatch):
        from core.calendar import clock

        monkeypatch.setattr(clock.timezone, "localdate", lambda: DAY)

    def client(self, actor) -> Client:
        client = Client()
        client.force_login(actor.user, backend="django.contrib.auth.backends.ModelBackend")
        return client

    def test_from_assigning_to_done(self, world: World, doer):
        project = steps.file(world)
        zhang, his = self.client(world.zhang), self.client(doer)
        typed = {
            "kind": "entrust",
            "demand": "签委托代理协议",
            "section": "办公室",
            "doer": doer.user.pk,
            "due_on": (DAY + timedelta(3)).isoformat(),
        }
        url = reverse("projects:assign_task", args=[project.pk])
        wrong = zhang.post(url, typed | {"due_on": "2025-01-01"})
        assert wrong.status_code == 422
        assert "签委托代理协议" in wrong.content.decode()
        assert zhang.post(url, typed).status_code == 302
        assert "签委托代理协议" in his.get(reverse("core:desk")).content.decode()
        assert "办公室 法规科" in zhang.get(reverse("core:desk")).content.decode()
        task = ProjectTask.objects.get()
        assert his.post(reverse("projects:accept_task", args=[task.pk])).status_code == 302
        finish = reverse("projects:finish_task", args=[task.pk])
        assert his.post(finish, {"result": "已签"}).status_code == 422
        done = {"result": "已签", "file": chains.pdf("协议.pdf")}
        assert his.post(finish, done).status_code == 302
        case = zhang.get(project.get_absolute_url()).content.decode()
        assert "协议.pdf" in case
        assert "已办结" in case
        assert "签委托代理协议" not in his.get(reverse("core:desk")).content.decode()
