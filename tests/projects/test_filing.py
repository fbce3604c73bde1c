"""Filing, revising, signing, submitting and withdrawing: what each writes, once."""

from dataclasses import replace
from datetime import date

import pytest

import projects.services.signing as signing
from core.events import OutboxEvent
from core.history.models import HistoryEvent
from core.history.reading import acts_of, events_of, refusals_of
from core.history.verify import verify
from core.transitions import (
    NotOffered,
    NotPermitted,
    RequestKeyMismatch,
    StaleAct,
    TransitionRefused,
    shown_digest,
)
from projects.models import InternalSignature, Project, ProjectVersion, SignatureStatus, Stage
from projects.services import (
    chain_roles,
    file_project,
    filed_content,
    revise_project,
    send_back,
    sign,
    submit_project,
    withdraw_project,
)
from tests import steps
from tests.programme import programme
from tests.world import DAY, build_world


def chain(project):
    rows = InternalSignature.objects.filter(project=project).order_by("chain", "position")
    return [(s.chain, s.role, s.status) for s in rows]


class TestFiling:
    """《渝北办法》第九条第（一）项: one act files the project and lists it on the plan."""

    def test_it_writes_the_whole_filing_in_one_event(self, world):
        project = steps.file(world)

        assert (project.stage, project.total_fen) == (Stage.FILING, 186_000_000)
        assert project.plan_line.plan == world.plans["文旅委"]
        assert acts_of(project.stream()) == ["projects.file"]
        assert OutboxEvent.objects.filter(name="projects.project.file").count() == 1

    def test_each_line_keeps_its_own_item(self, world):
        lines = steps.file(world).estimate_lines.select_related("catalogue_item")

        assert [(e.catalogue_item.code, e.amount_fen) for e in lines] == [
            ("C16070300", 114_000_000),
            ("C16070400", 42_000_000),
            ("C16100000", 30_000_000),
        ]

    def test_numbers_run_within_a_district_and_year(self, world):
        assert [steps.file(world).number for _ in range(2)] == ["SF-2026-0001", "SF-2026-0002"]

    def test_two_districts_count_apart(self, world):
        other = build_world(code="ot", prefix="ot")

        assert [steps.file(w).number for w in (world, other)] == ["SF-2026-0001", "OT-2026-0001"]

    def test_a_repeated_click_files_once(self, world):
        first = file_project(world.plans["文旅委"], world.filing(), key="k", **world.zhang.acts())
        again = file_project(world.plans["文旅委"], world.filing(), key="k", **world.zhang.acts())

        assert (first.pk, Project.objects.count()) == (again.pk, 1)

    def test_the_same_key_with_another_amount_is_refused(self, world):
        file_project(world.plans["文旅委"], world.filing(), key="k", **world.zhang.acts())

        with pytest.raises(RequestKeyMismatch):
            file_project(
                world.plans["文旅委"],
                world.filing(estimate=[world.estimate(1)]),
                key="k",
                **world.zhang.acts(),
            )

    @pytest.mark.parametrize("name", ["chen", "li", "zhao", "wu"])
    def test_only_the_unit_s_own_officer_files(self, world, name):
        with pytest.raises(NotPermitted):
            file_project(world.plans["文旅委"], world.filing(), **getattr(world, name).acts())

        assert not Project.objects.exists()


class TestChain:
    """《平湖办法》第十一条、第十五条，《渝北办法》第十八条: who signs, in which order."""

    def test_a_plain_project_has_two_steps(self, world):
        assert chain_roles(steps.file(world), DAY) == ["section_head", "division_leader"]

    def test_a_programme_adds_the_leading_group(self, world):
        project = steps.file(world, **programme(world))

        assert [role for _, role, _ in chain(project)][-1] == "leading_group"

    def test_signing_moves_one_step_and_records_it_once(self, world):
        project = steps.file(world)
        step = InternalSignature.objects.filter(project=project).first()

        sign(step, comment="同意。", **world.li.acts(date(2025, 10, 21)))

        now = steps.fresh(step)
        assert (now.status, now.signer, now.signed_on) == (
            "signed",
            world.li.user,
            date(2025, 10, 21),
        )
        assert acts_of(project.stream())[1:] == ["projects.internalsignature.sign"]

    def test_a_step_out_of_order_names_the_article(self, world):
        step = InternalSignature.objects.filter(project=steps.file(world)).last()

        with pytest.raises(TransitionRefused, match="第十八条：须先由归口科室负责人签批"):
            sign(step, **world.wang.acts())

    def test_a_step_is_signed_only_in_its_own_role(self, world):
        step = InternalSignature.objects.filter(project=steps.file(world)).first()

        with pytest.raises(NotPermitted):
            sign(step, **world.wang.acts())

    def test_an_officer_with_a_second_role_does_not_sign_the_own_case(self, world):
        step = InternalSignature.objects.filter(project=steps.file(world)).first()
        steps.edit(step.project, officer=world.li.user)

        with pytest.raises(TransitionRefused, match="不得签批自己经办的项目"):
            sign(step, **world.li.acts())

    def test_sent_back_it_waits_for_a_revision(self, world):
        project = steps.file(world)
        step = InternalSignature.objects.filter(project=project).first()

        send_back(step, comment="请补充依据。", **world.li.acts())

        assert chain(project)[0] == (1, "section_head", "returned")
        assert events_of(project.stream())[1].reason == "请补充依据。"
        assert [p.text for p in step.points.all()] == ["请补充依据。"]
        with pytest.raises(TransitionRefused, match="内部签批"):
            submit_project(project, **world.zhang.acts())


class TestRevision:
    """A revision voids the signatures given to the old content and opens a new chain."""

    def revise(self, world, project, **acts):
        filing = world.filing(estimate=[world.estimate(100)], funds=[world.fund(100)])
        return revise_project(project, filing, reason="下调", **world.zhang.acts(), **acts)

    def test_it_replaces_the_content_and_the_chain(self, world):
        project = steps.file(world)
        steps.sign_all(world, project)

        revised = self.revise(world, project)

        assert (revised.total_fen, revised.estimate_lines.count()) == (100, 1)
        assert chain(project) == [
            (1, "section_head", "cancelled"),
            (1, "division_leader", "cancelled"),
            (2, "section_head", "pending"),
            (2, "division_leader", "pending"),
        ]

    def test_the_log_still_replays_to_the_rows(self, world):
        self.revise(world, steps.file(world))

        assert verify().differences == []

    def test_its_event_shows_before_and_after(self, world):
        project = steps.file(world)
        self.revise(world, project)

        event = next(e for e in events_of(project.stream()) if e.act == "projects.revise")

        assert ("项目·项目总额", "1,860,000.00 元", "1.00 元") in [
            (d.label, d.before, d.after) for d in event.diffs
        ]

    def test_a_stale_page_does_not_revise(self, world):
        project = steps.file(world)
        shown = shown_digest(project)
        self.revise(world, project)

        with pytest.raises(StaleAct):
            self.revise(world, project, shown=shown)
        with pytest.raises(StaleAct):
            self.revise(world, project, version=1)

    def test_a_repeated_click_revises_once(self, world):
        project = steps.file(world)
        self.revise(world, project, key="k")
        self.revise(world, project, key="k")

        assert acts_of(project.stream()).count("projects.revise") == 1

    def test_after_submission_it_is_not_offered(self, world):
        project = steps.submit(world)

        with pytest.raises(NotOffered, match="预算"):
            self.revise(world, project)

    def test_another_unit_does_not_revise(self, world):
        with pytest.raises(NotPermitted):
            revise_project(steps.file(world), world.filing(), **world.chen.acts())


class TestSubmission:
    """《渝北办法》第九条第（二）项: submitted once, its content frozen for the round."""

    def test_it_moves_on_and_records_it_once(self, world):
        project = steps.submit(world)

        assert (project.stage, project.round_number) == (Stage.BUDGET, 1)
        assert project.first_filed_on == project.filed_on == steps.SUBMITTED
        assert acts_of(project.stream()).count("projects.project.submit") == 1
        assert OutboxEvent.objects.filter(name="projects.project.submit").count() == 1

    def test_it_freezes_what_was_filed(self, world):
        project = steps.submit(world)

        version = ProjectVersion.objects.get(project=project)

        assert version.content == filed_content(project)
        assert version.round_number == 1

    def test_the_record_holds_every_rule_that_was_met(self, world):
        project = steps.submit(world)

        event = next(e for e in events_of(project.stream()) if e.act == "projects.project.submit")

        assert event.rules_met > 15
        assert (event.from_label, event.to_label) == ("申报", "预算")

    def test_a_refusal_names_the_article_and_is_recorded(self, world):
        project = steps.file(world, basis="")
        steps.sign_all(world, project)

        with pytest.raises(TransitionRefused, match="第九条第（一）项：没有填写立项依据"):
            submit_project(project, **world.zhang.acts())

        assert len(refusals_of(project.stream())) == 1
        assert steps.fresh(project).stage == Stage.FILING

    def test_a_version_that_cannot_be_frozen_undoes_the_submission(self, world, monkeypatch):
        project = steps.file(world)
        steps.sign_all(world, project)
        before = HistoryEvent.objects.count()

        def fail(*args, **kwargs):
            raise RuntimeError("disk")

        monkeypatch.setattr(signing, "_freeze", fail)
        with pytest.raises(RuntimeError):
            submit_project(project, **world.zhang.acts())

        assert steps.fresh(project).stage == Stage.FILING
        assert HistoryEvent.objects.count() == before


class TestWithdrawal:
    """The purchaser may withdraw until the reply, with a reason that is kept."""

    @pytest.mark.parametrize("make", [steps.file, steps.submit], ids=["filing", "budget"])
    def test_it_ends_the_project_with_its_reason(self, world, make):
        project = make(world)

        withdraw_project(project, note="与市级项目合并。", **world.wang.acts())

        assert steps.fresh(project).stage == Stage.WITHDRAWN
        assert events_of(project.stream())[0].reason == "与市级项目合并。"

    def test_after_the_reply_it_is_not_offered(self, world):
        project = steps.reply(world).lines.get().project

        with pytest.raises(NotOffered, match="采购"):
            withdraw_project(project, note="x", **world.wang.acts())

    def test_the_finance_bureau_does_not_withdraw(self, world):
        with pytest.raises(NotPermitted):
            withdraw_project(steps.submit(world), note="x", **world.zhao.acts())


class TestSignatureStates:
    """A voided or returned step is not signed."""

    @pytest.mark.parametrize("status", ["signed", "returned", "cancelled"])
    def test_only_a_pending_step_is_signed(self, world, status):
        step = InternalSignature.objects.filter(project=steps.file(world)).first()
        other = steps.put(
            InternalSignature(
                project=step.project,
                chain=7,
                position=1,
                role=step.role,
                opened_on=DAY,
                status=status,
            )
        )

        with pytest.raises(NotOffered, match=SignatureStatus(status).label):
            sign(other, **world.li.acts())


class TestFiledContent:
    """Filing inputs compute their own amounts."""

    def test_a_fraction_of_a_fen_is_rounded_half_up(self, world):
        line = replace(world.estimate(333), quantity=world.estimate(1, "1.5").quantity)

        project = steps.file(world, estimate=[line])

        assert project.total_fen == project.estimate_lines.get().amount_fen == 500
