"""签批链：退回的意见逐条答复，纸质签署由本人确认，领导小组开会审议（平湖第十一、十五条）。"""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from accounts.services import assign_role, create_user
from budgeting.services import agree, conclude_review
from core.attachments import Attachment, UploadRefused
from core.transitions import NotOffered, NotPermitted, TransitionRefused
from projects.models import GroupMeeting, GroupMember, SignaturePoint, SignatureStatus, Stage
from projects.services import (
    GroupRefused,
    answer_point,
    confirm_paper,
    deny_paper,
    end_member,
    register_paper,
    revise_project,
    send_back,
    sign,
    submit_project,
)
from tests import chains, steps
from tests.programme import programme
from tests.world import DAY, Actor, World

pytestmark = pytest.mark.django_db
NOW = date(2026, 3, 2)
TAX = ["请补充数据量。", "单价请说明。"]


def refused(call, *args, **kwargs) -> list[str]:
    with pytest.raises(TransitionRefused) as caught:
        call(*args, **kwargs)
    return [r.rule for r in caught.value.refusals]


def step(project, role="section_head"):
    return project.signatures.order_by("chain").filter(role=role).last()


class TestPoints:
    """退回意见逐条编号，逐条答复，再继续签批和提交。"""

    @pytest.fixture
    def returned(self, world):
        project = steps.file(world)
        send_back(step(project), points=TAX, **world.li.acts())
        revise_project(project, world.filing(), **world.zhang.acts())
        return project

    def test_are_numbered(self, returned):
        rows = SignaturePoint.objects.filter(signature__project=returned)
        assert [(p.number, p.text) for p in rows] == list(enumerate(TAX, 1))

    def test_hold_up_the_next_round_until_each_is_answered(self, world, returned):
        first, second = SignaturePoint.objects.filter(signature__project=returned)
        answer_point(first, text="见附表。", **world.zhang.acts())
        assert refused(sign, step(returned), **world.li.acts()) == ["PH-11-points-answered"]
        answer_point(second, text="按询价。", **world.zhang.acts())
        sign(step(returned), **world.li.acts())
        assert steps.fresh(step(returned)).status == SignatureStatus.SIGNED

    def test_hold_up_the_submission(self, world, returned):
        assert "PH-11-points-answered" in refused(
            submit_project, steps.fresh(returned), **world.zhang.acts()
        )

    @pytest.mark.parametrize("name", ["li", "chen", "wu"])
    def test_are_answered_by_the_units_officer(self, world, returned, name):
        point = SignaturePoint.objects.first()
        with pytest.raises(NotPermitted):
            answer_point(point, text="x", **getattr(world, name).acts())

    def test_are_answered_once(self, world, returned):
        point = SignaturePoint.objects.first()
        answer_point(point, text="x", **world.zhang.acts())
        with pytest.raises(NotOffered):
            answer_point(point, text="y", **world.zhang.acts())


class TestPaper:
    """纸上签了，扫描登记；算已签，本人确认之前不能形成审核意见。"""

    def register(self, world: World, project, role="section_head", **changes):
        values = {"signer": world.li.user, "signed_on": DAY, "file": chains.pdf()} | changes
        return register_paper(step(project, role), **values, **world.zhang.acts())

    @pytest.fixture
    def project(self, world):
        project = steps.file(world)
        self.register(world, project)
        return project

    def reviewed(self, world, project):
        sign(step(project, "division_leader"), **world.wang.acts())
        submit_project(steps.fresh(project), **world.zhang.acts())
        steps.deliver_all()
        for short, name in steps.REVIEWERS.items():
            agree(steps.opinion_of(project, short), text="同意。", **getattr(world, name).acts())
        return steps.review_of(project)

    def conclude(self, world, review):
        return conclude_review(
            review, proposed_fen=1, summary="同意。", **world.zhao.acts(steps.CONCLUDED)
        )

    def test_counts_as_signed_and_says_it_waits(self, world, project):
        row = step(project)
        assert row.get_status_display() == "纸质签署，待本人确认"
        assert (row.signer, row.registered_by) == (world.li.user, world.zhang.user)
        assert Attachment.objects.filter(subject=f"projects.internalsignature:{row.pk}").exists()

    def test_its_scan_can_be_opened_where_it_is_confirmed(self, world, project):
        scan = Attachment.objects.get(subject=f"projects.internalsignature:{step(project).pk}")
        client = Client()
        backend = "django.contrib.auth.backends.ModelBackend"
        client.force_login(world.li.user, backend=backend)
        for name in ("confirm_paper", "deny_paper"):
            page = client.get(reverse(f"projects:{name}", args=[step(project).pk]))
            assert reverse("core:file", args=[scan.pk]) in page.content.decode()

    def test_lets_the_filing_be_submitted_but_not_the_review_be_concluded(self, world, project):
        review = self.reviewed(world, project)
        assert steps.fresh(project).stage == Stage.BUDGET
        assert refused(self.conclude, world, review) == ["YB-18-signatures-confirmed"]
        confirm_paper(step(project), **world.li.acts())
        self.conclude(world, review)
        assert steps.fresh(review).status == "concluded"

    def test_denied_it_is_open_again_also_while_under_review(self, world, project):
        review = self.reviewed(world, project)
        deny_paper(step(project), note="不是我签的", **world.li.acts())
        row = step(project)
        assert (row.status, row.signer) == (SignatureStatus.PENDING, None)
        assert refused(self.conclude, world, review) == ["YB-18-signatures-confirmed"]
        sign(row, **world.li.acts())
        self.conclude(world, review)

    @pytest.mark.parametrize("move", [confirm_paper, deny_paper])
    def test_is_confirmed_by_the_signer_alone(self, world, project, move):
        other = create_user(
            username="other",
            full_name="同岗",
            organisation=world.organisations["文旅委"],
            password="x",
            by=None,
            on=DAY,
        )
        post = assign_role(
            other,
            role="section_head",
            organisation=world.organisations["文旅委"],
            since=DAY,
            by=None,
            on=DAY,
        )
        note = {"note": "x"} if move is deny_paper else {}
        asked = refused(move, step(project), **note, **Actor(other, post).acts())
        assert asked == ["YB-18-confirmed-in-person"]
        chains.deputy_of(world, world.li, world.wang)
        deputy = chains.standing_in(world.li, world.wang)
        assert refused(move, step(project), **note, **deputy) == ["YB-18-confirmed-in-person"]

    @pytest.mark.parametrize("name", ["li", "wang", "chen"])
    def test_is_registered_by_the_officer_alone(self, world, name):
        project = steps.file(world)
        with pytest.raises(NotPermitted):
            register_paper(
                step(project),
                signer=world.li.user,
                signed_on=DAY,
                file=chains.pdf(),
                **getattr(world, name).acts(),
            )

    @pytest.mark.parametrize(
        ("changes", "is_kept"),
        [
            ({"signed_on": DAY - timedelta(1)}, False),
            ({"signed_on": DAY}, True),
            ({"signed_on": DAY + timedelta(1)}, False),
            ({"signer": "wang"}, False),
            ({"signer": "zhang"}, False),
        ],
    )
    def test_names_who_held_the_post_on_a_day_after_it_was_sent(self, world, changes, is_kept):
        project = steps.file(world)
        if "signer" in changes:
            changes = {"signer": getattr(world, changes["signer"]).user}
        if is_kept:
            self.register(world, project, **changes)
        else:
            found = refused(self.register, world, project, **changes)
            assert found == ["YB-18-paper-names-holder"]
            assert not Attachment.objects.exists()

    def test_follows_the_order(self, world):
        project = steps.file(world)
        assert refused(
            self.register, world, project, "division_leader", signer=world.wang.user
        ) == ["PH-11-signed-in-order"]

    def test_takes_no_other_file(self, world):
        project = steps.file(world)
        with pytest.raises(UploadRefused):
            self.register(world, project, file=chains.pdf("扫描件.exe"))
        assert step(project).status == SignatureStatus.PENDING

    def test_falls_with_the_round_when_the_filing_is_revised(self, world, project):
        paper = step(project)
        revise_project(steps.fresh(project), world.filing(), **world.zhang.acts())
        assert steps.fresh(paper).status == SignatureStatus.CANCELLED


class TestLeadingGroup:
    """《平湖办法》第十五条：在任成员过半到会且不回避，结论随即办理。"""

    @pytest.fixture
    def project(self, world):
        filing = world.filing(**programme(world, leading_group_minutes=""))
        project = steps.file_project(world.plans["文旅委"], filing, **world.zhang.acts(NOW))
        for role, actor in (("section_head", world.li), ("division_leader", world.wang)):
            sign(step(project, role), **actor.acts(NOW))
        return project

    @pytest.fixture
    def members(self, world):
        return [
            chains.member(world, "王芳", "分管负责人", world.wang.user),
            chains.member(world, "尹涛", "财务科"),
            chains.member(world, "于波", "中心负责人"),
            chains.member(world, "张敏", "信息科", world.zhang.user),
        ]

    def states(self, members, *states):
        return dict(zip(members, states, strict=True))

    def meet(self, world, project, members, *states, **changes):
        return chains.meet(world, project, self.states(members, *states), NOW, **changes)

    def test_its_approval_signs_the_step_and_lets_the_filing_be_submitted(
        self, world, project, members
    ):
        self.meet(world, project, members, "present", "present", "present", "avoiding")
        assert chains.group_step(project).status == SignatureStatus.SIGNED
        submit_project(steps.fresh(project), **world.zhang.acts(NOW))
        assert steps.fresh(project).stage == Stage.BUDGET

    def test_without_a_meeting_the_secretary_does_not_sign(self, world, project):
        asked = refused(sign, chains.group_step(project), **world.leading.acts(NOW))
        assert asked == ["PH-15-group-has-met"]

    def test_before_that_the_minutes_in_words_are_enough(self, world):
        """Filings first submitted before 2026-03-01 keep the way of their day."""
        project = steps.submit(world, **programme(world))
        assert project.stage == Stage.BUDGET

    def test_words_alone_are_no_longer_enough(self, world, members):
        filing = world.filing(**programme(world))
        project = steps.file_project(world.plans["文旅委"], filing, **world.zhang.acts(NOW))
        assert "PH-15-leading-group-decided" in refused(
            submit_project, project, **world.zhang.acts(NOW)
        )

    @pytest.mark.parametrize(
        ("states", "is_enough"),
        [
            (("present", "present", "present", "avoiding"), True),
            (("present", "present", "absent", "avoiding"), False),
            (("present", "absent", "absent", "avoiding"), False),
        ],
    )
    def test_needs_more_than_half_of_its_members(self, world, project, members, states, is_enough):
        if is_enough:
            self.meet(world, project, members, *states)
        else:
            assert refused(self.meet, world, project, members, *states) == ["PH-15-quorum"]
            assert not GroupMeeting.objects.exists()

    def test_who_filed_it_avoids(self, world, project, members):
        asked = refused(
            self.meet, world, project, members, "present", "present", "present", "present"
        )
        assert asked == ["PH-15-avoidance"]

    def test_accounts_for_every_member_in_force_and_for_nobody_else(self, world, project, members):
        some = dict.fromkeys(members[:3], "present")
        assert refused(chains.meet, world, project, some, NOW) == ["PH-15-members-accounted"]
        gone = members[3]
        end_member(gone, until=NOW, reason="调离", **world.leading.acts(NOW))
        asked = refused(
            self.meet, world, project, members, "present", "present", "present", "avoiding"
        )
        assert asked == ["PH-15-members-accounted"]
        chains.meet(world, project, some, NOW)

    @pytest.mark.parametrize("days", [-1, 1])
    def test_is_held_after_sending_and_before_recording(self, world, project, members, days):
        states = ("present", "present", "present", "avoiding")
        asked = refused(self.meet, world, project, members, *states, held_on=NOW + timedelta(days))
        assert asked == ["PH-15-meeting-dated"]

    def test_its_no_sends_the_filing_back_point_by_point(self, world, project, members):
        self.meet(
            world,
            project,
            members,
            *("present", "present", "present", "avoiding"),
            conclusion="return",
            opinion="规模偏大。\n与云平台重复。",
        )
        group = chains.group_step(project)
        assert group.status == SignatureStatus.RETURNED
        assert [p.text for p in group.points.all()] == ["规模偏大。", "与云平台重复。"]

    def test_a_last_step_that_fails_leaves_nothing(self, world, project, members, monkeypatch):
        def fail(*_args, **_kwargs):
            raise RuntimeError("afterwards")

        monkeypatch.setattr("projects.services.group.sign", fail)
        with pytest.raises(RuntimeError):
            self.meet(world, project, members, "present", "present", "present", "avoiding")
        assert not GroupMeeting.objects.exists()

    @pytest.mark.parametrize("name", ["zhang", "li", "chen", "zhao"])
    def test_is_recorded_by_its_secretary(self, world, project, members, name):
        monkey = World.__new__(World)
        monkey.__dict__ = {**world.__dict__, "actors": {"leading": getattr(world, name)}}
        with pytest.raises(NotPermitted):
            self.meet(monkey, project, members, "present", "present", "present", "avoiding")

    def test_the_list_is_dated_and_names_nobody_twice(self, world, members):
        with pytest.raises(GroupRefused, match="已在名单上"):
            chains.member(world, "王芳", "另一职务", world.wang.user)
        with pytest.raises(GroupRefused, match="不能早于今天"):
            end_member(members[0], until=DAY - timedelta(1), reason="x", **world.leading.acts())
        assert GroupMember.objects.in_force(DAY).count() == 4


class TestPages:
    @pytest.fixture(autouse=True)
    def _today(self, monkeypatch):
        from core.calendar import clock

        monkeypatch.setattr(clock.timezone, "localdate", lambda: NOW)

    def client(self, world: World, name: str) -> Client:
        client = Client()
        client.force_login(
            getattr(world, name).user, backend="django.contrib.auth.backends.ModelBackend"
        )
        return client

    def test_the_head_returns_by_lines_and_the_officer_answers(self, world):
        project = steps.file(world, NOW)
        url = reverse("projects:send_back", args=[step(project).pk])
        li, zhang = self.client(world, "li"), self.client(world, "zhang")
        assert li.post(url, {"points": " \n "}).status_code == 422
        assert li.post(url, {"points": "甲\n\n乙"}).status_code == 302
        case = zhang.get(project.get_absolute_url()).content.decode()
        assert "第 2 条" in case
        point = SignaturePoint.objects.earliest("number")
        answer = reverse("projects:answer_point", args=[point.pk])
        assert zhang.post(answer, {"text": ""}).status_code == 422
        assert zhang.post(answer, {"text": "已改"}).status_code == 302
        assert "答复：已改" in zhang.get(project.get_absolute_url()).content.decode()

    def test_the_officer_registers_and_the_leader_finds_it_on_the_desk(self, world):
        project = steps.file(world, NOW)
        row = step(project)
        typed = {"signer": world.li.user.pk, "signed_on": NOW.isoformat()}
        zhang, li = self.client(world, "zhang"), self.client(world, "li")
        url = reverse("projects:paper", args=[row.pk])
        assert "请选择扫描件" in zhang.post(url, typed).content.decode()
        assert zhang.post(url, typed | {"file": chains.pdf()}).status_code == 302
        desk = li.get(reverse("core:desk")).content.decode()
        assert "确认纸质签署" in desk
        file = Attachment.objects.get()
        assert li.get(reverse("core:file", args=[file.pk])).status_code == 200
        chen = self.client(world, "chen")
        assert chen.get(reverse("core:file", args=[file.pk])).status_code == 404
        assert li.post(reverse("projects:confirm_paper", args=[row.pk])).status_code == 302
        assert steps.fresh(row).status == SignatureStatus.SIGNED

    def test_the_secretary_keeps_the_list_and_records_the_meeting(self, world):
        leading = self.client(world, "leading")
        for name in ("尹涛", "于波"):
            typed = {"name": name, "title": "科室", "since": NOW.isoformat()}
            assert leading.post(reverse("projects:member_new"), typed).status_code == 302
        filing = world.filing(**programme(world, leading_group_minutes=""))
        project = steps.file_project(world.plans["文旅委"], filing, **world.zhang.acts(NOW))
        for role, actor in (("section_head", world.li), ("division_leader", world.wang)):
            sign(step(project, role), **actor.acts(NOW))
        url = reverse("projects:meeting", args=[chains.group_step(project).pk])
        meeting = {"held_on": NOW.isoformat(), "number": "纪要1号", "conclusion": "return"}
        said = leading.post(url, meeting).content.decode()
        assert "请选择尹涛的情形" in said
        assert "不同意的，请写明意见" in said
        states = {f"member_{m.pk}": "present" for m in GroupMember.objects.all()}
        answer = leading.post(
            url, meeting | states | {"conclusion": "approve", "file": chains.pdf()}
        )
        assert answer.status_code == 302
        case = leading.get(project.get_absolute_url()).content.decode()
        assert "纪要1号" in case
        assert "尹涛（科室）：到会" in case
        listed = leading.get(reverse("projects:group")).content.decode()
        assert "同意立项" in listed

    def test_a_member_leaves(self, world):
        row = chains.member(world, "尹涛")
        url = reverse("projects:member_end", args=[row.pk])
        typed = {"until": NOW.isoformat(), "reason": "调离"}
        assert self.client(world, "chen").post(url, typed).status_code == 404
        assert self.client(world, "zhang").post(url, typed).status_code == 403
        assert self.client(world, "leading").post(url, typed).status_code == 302
        assert steps.fresh(row).until == NOW
