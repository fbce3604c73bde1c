"""The one executor: what it checks, in which order, and what it leaves when it refuses."""

from datetime import date

import pytest

import core.history.unit as unit
from budgeting.models import (
    BudgetReply,
    BudgetReview,
    Decision,
    DecisionStatus,
    Objection,
    ObjectionStatus,
    Obligation,
    ObligationStatus,
    Opinion,
    OpinionStatus,
    ReplyStatus,
    ReviewStatus,
)
from core.events import OutboxEvent
from core.history.models import EventKind, HistoryEvent, RequestKey
from core.history.reading import acts_of, refusals_of
from core.history.verify import verify
from core.transitions import (
    NotOffered,
    NotPermitted,
    RequestKeyMismatch,
    StaleAct,
    TransitionRefused,
    perform,
    preview,
    shown_digest,
)
from core.transitions.declare import moves_of
from disclosure.models import DisclosureDuty, DutyStatus
from projects.models import InternalSignature, Project, ProjectVersion, SignatureStatus, Stage
from projects.services import sign, submit_project
from tests import steps
from tests.world import DAY


@pytest.fixture
def project(world):
    """Filed, its chain open."""
    return steps.file(world)


@pytest.fixture
def ready(world, project):
    """Filed and signed: one act away from the review."""
    steps.sign_all(world, project)
    return steps.fresh(project)


def first_step(project):
    return InternalSignature.objects.get(project=project, position=1)


class TestLocking:
    """The executor never trusts the instance it is handed."""

    def test_a_stale_instance_is_read_again(self, world, project):
        stale = Project.objects.get(pk=project.pk)
        steps.sign_all(world, project)
        stale.name, stale.total_fen = "页面上的旧名称", 1

        submit_project(stale, **world.zhang.acts())

        now = steps.fresh(project)
        assert (now.stage, now.name, now.total_fen) == (Stage.BUDGET, project.name, 186_000_000)

    def test_an_instance_claiming_an_old_state_is_not_believed(self, world, ready):
        stale = steps.fresh(ready)
        submit_project(ready, **world.zhang.acts())

        assert stale.stage == Stage.FILING
        with pytest.raises(NotOffered, match="预算"):
            submit_project(stale, **world.zhang.acts())

    def test_the_state_field_cannot_be_assigned(self, project):
        with pytest.raises(AttributeError):
            project.stage = Stage.PROCUREMENT


class TestRequestKey:
    """One click, one effect."""

    def test_the_same_key_twice_has_one_effect(self, world, ready):
        first = submit_project(ready, key="k1", **world.zhang.acts())
        second = submit_project(ready, key="k1", **world.zhang.acts())

        assert (first.is_repeat, second.is_repeat) == (False, True)
        assert steps.fresh(ready).round_number == 1
        assert acts_of(ready.stream()).count("projects.project.submit") == 1
        assert ProjectVersion.objects.filter(project=ready).count() == 1

    def test_the_same_key_with_other_content_is_refused(self, world, project):
        step = first_step(project)
        sign(step, comment="同意。", key="k1", **world.li.acts())

        with pytest.raises(RequestKeyMismatch):
            sign(step, comment="不同的意见。", key="k1", **world.li.acts())

    def test_the_key_of_another_person_is_refused(self, world, ready):
        submit_project(ready, key="k1", **world.zhang.acts())

        with pytest.raises(RequestKeyMismatch):
            submit_project(ready, key="k1", **world.li.acts())

    def test_a_refused_act_leaves_its_key_free(self, world, project):
        with pytest.raises(TransitionRefused):
            submit_project(project, key="k1", **world.zhang.acts())
        steps.sign_all(world, project)

        assert not RequestKey.objects.filter(pk="k1").exists()
        assert not submit_project(project, key="k1", **world.zhang.acts()).is_repeat


class TestStaleness:
    """Nobody acts on content that changed since the page was shown."""

    def test_an_old_version_is_stale_and_changes_nothing(self, world, ready):
        before = HistoryEvent.objects.count()

        with pytest.raises(StaleAct):
            submit_project(ready, version=ready.version + 1, **world.zhang.acts())

        assert steps.fresh(ready).stage == Stage.FILING
        assert HistoryEvent.objects.count() == before

    def test_a_page_whose_details_changed_is_stale(self, world, ready):
        shown = shown_digest(ready)
        steps.edit(ready.estimate_lines.first(), name="另一行内容")

        with pytest.raises(StaleAct):
            submit_project(ready, shown=shown, **world.zhang.acts())
        assert steps.fresh(ready).stage == Stage.FILING

    def test_the_version_and_digest_of_the_page_pass(self, world, ready):
        shown = {"version": ready.version, "shown": shown_digest(ready)}

        submit_project(ready, **shown, **world.zhang.acts())

        assert steps.fresh(ready).version == ready.version + 1


class TestPermission:
    """Who may act is asked of every act, and a no is recorded after the rollback."""

    @pytest.mark.parametrize("name", ["wang", "zhao", "wu", "chen"])
    def test_another_role_or_department_is_not_permitted(self, world, ready, name):
        with pytest.raises(NotPermitted):
            submit_project(ready, **getattr(world, name).acts())

        (refusal,) = refusals_of(ready.stream())
        assert (refusal.act, refusal.refusals) == ("projects.project.submit", ())
        assert steps.fresh(ready).stage == Stage.FILING

    def test_nobody_acts_without_a_role(self, world, ready):
        with pytest.raises(NotPermitted):
            submit_project(ready, by=world.zhang.user, acting_as=None, on=DAY)

    def test_nobody_acts_in_the_role_of_another(self, world, ready):
        with pytest.raises(NotPermitted):
            submit_project(ready, by=world.li.user, acting_as=world.zhang.role, on=DAY)


class TestRefusal:
    """《渝北办法》第九条第（二）项: every obstacle at once, with its article and its figures."""

    def test_all_refusals_come_at_once_with_their_articles(self, world):
        project = steps.file(world, need="", basis="", is_market_suitable=False)

        with pytest.raises(TransitionRefused, match=r"第九条第（一）项") as refused:
            submit_project(project, **world.zhang.acts())

        assert {v.rule for v in refused.value.refusals} == {
            "YB-14-need-described",
            "YB-9.1-basis-stated",
            "YB-4.1-suitable-for-market",
            "PH-11-internal-chain-signed",
        }

    def test_the_refusal_is_recorded_with_rules_facts_and_figures(self, world, project):
        with pytest.raises(TransitionRefused):
            submit_project(project, **world.zhang.acts())

        event = HistoryEvent.objects.get(kind=EventKind.REFUSED)
        (shown,) = refusals_of(project.stream())
        assert dict(shown.refusals[0].compared) == {"归口科室负责人": "待签", "分管领导": "待签"}
        assert '"total_fen":186000000' in event.body
        assert '"YB-4.3-subsidy-percent":20' in event.body

    def test_a_refusal_changes_and_announces_nothing(self, world, project):
        queued = OutboxEvent.objects.count()

        with pytest.raises(TransitionRefused):
            submit_project(project, **world.zhang.acts())

        assert steps.fresh(project).version == project.version
        assert OutboxEvent.objects.count() == queued
        assert verify().is_clean


class TestPreview:
    """The dry run asks the same rules, takes no lock and records nothing."""

    def test_it_says_what_the_act_would_say(self, world, project):
        offer = next(o for o in preview(project, **world.zhang.acts()) if o.act.endswith(".submit"))
        with pytest.raises(TransitionRefused) as refused:
            submit_project(project, **world.zhang.acts())

        assert not offer.is_allowed
        assert offer.refusals == refused.value.refusals

    def test_it_allows_what_the_act_does(self, world, ready):
        offer = next(o for o in preview(ready, **world.zhang.acts()) if o.act.endswith(".submit"))

        assert offer.is_allowed
        assert offer.verdicts == submit_project(ready, **world.zhang.acts()).verdicts

    def test_it_records_nothing(self, world, project):
        before = HistoryEvent.objects.count(), OutboxEvent.objects.count()

        for actor in (world.zhang, world.zhao, world.wu):
            preview(project, **actor.acts())

        assert (HistoryEvent.objects.count(), OutboxEvent.objects.count()) == before

    def test_it_offers_only_the_moves_of_the_state(self, world, project):
        acts = [o.act for o in preview(project, **world.zhang.acts())]

        assert acts == ["projects.project.submit", "projects.project.withdraw"]


class TestAtomicity:
    """A failing last step leaves nothing."""

    def test_a_failing_appender_undoes_the_act(self, world, ready, monkeypatch):
        before = HistoryEvent.objects.count()

        def fail(events):
            raise RuntimeError("the log is full")

        with monkeypatch.context() as broken:
            broken.setattr(unit, "_append", [fail])
            with pytest.raises(RuntimeError, match="full"):
                submit_project(ready, key="k1", **world.zhang.acts())

        assert steps.fresh(ready).stage == Stage.FILING
        assert not ProjectVersion.objects.exists()
        assert not RequestKey.objects.filter(pk="k1").exists()
        assert HistoryEvent.objects.count() == before
        assert verify().is_clean

    def test_the_next_act_goes_on_as_if_nothing_happened(self, world, ready, monkeypatch):
        def fail(events):
            raise RuntimeError("the log is full")

        with monkeypatch.context() as broken:
            broken.setattr(unit, "_append", [fail])
            with pytest.raises(RuntimeError):
                submit_project(ready, **world.zhang.acts())

        assert not submit_project(ready, **world.zhang.acts()).is_repeat


class Cabinet:
    """One row of each kind in any state, put there without walking to it."""

    def __init__(self, world):
        self.world = world
        self.project = steps.file(world)
        self.bureau = world.organisations["财政局"]

    def review(self, status):
        version = steps.put(
            ProjectVersion(
                project=self.project, round_number=1, content={}, digest="0" * 64, frozen_on=DAY
            )
        )
        return steps.put(
            BudgetReview(
                project=self.project,
                filed_version=version,
                round_number=1,
                opened_on=DAY,
                status=status,
            )
        )

    def opinion(self, status):
        review = self.review(ReviewStatus.OPEN)
        return steps.put(Opinion(review=review, reviewer=self.bureau, position=1, status=status))

    def make(self, model, state):
        return getattr(self, f"_{model._meta.model_name}")(state)

    def _project(self, stage):
        return steps.put(
            Project(
                number="SF-2026-9999",
                name="任一阶段的项目",
                year=2026,
                service_nature="duty",
                purchaser=self.project.purchaser,
                officer=self.world.zhang.user,
                stage=stage,
            )
        )

    def _internalsignature(self, status):
        return steps.put(
            InternalSignature(
                project=self.project,
                chain=9,
                position=1,
                role="section_head",
                opened_on=DAY,
                status=status,
            )
        )

    def _budgetreview(self, status):
        return self.review(status)

    def _opinion(self, status):
        return self.opinion(status)

    def _decision(self, status):
        return steps.put(
            Decision(body=self.bureau, meeting="会议", decided_on=DAY, number="1", status=status)
        )

    def _budgetreply(self, status):
        return steps.put(
            BudgetReply(
                purchaser=self.project.purchaser,
                bureau=self.bureau,
                year=2026,
                prepared_on=DAY,
                status=status,
            )
        )

    def _objection(self, status):
        review = self.review(ReviewStatus.RETURNED)
        return steps.put(Objection(review=review, number=1, text="意见", status=status))

    def _obligation(self, status):
        return steps.put(
            Obligation(
                project=self.project,
                opinion=self.opinion(OpinionStatus.CONDITIONAL),
                text="条件",
                due_stage=Stage.EVALUATION,
                opened_on=DAY,
                status=status,
            )
        )

    def _disclosureduty(self, status):
        return steps.put(
            DisclosureDuty(
                project=self.project, kind="project_and_requirements", opened_on=DAY, status=status
            )
        )


STATES = {
    Project: Stage,
    InternalSignature: SignatureStatus,
    BudgetReview: ReviewStatus,
    Opinion: OpinionStatus,
    Decision: DecisionStatus,
    BudgetReply: ReplyStatus,
    Objection: ObjectionStatus,
    Obligation: ObligationStatus,
    DisclosureDuty: DutyStatus,
}
# All minus allowed, for every move of every model: a new state or move is covered at birth.
ELSEWHERE = [
    pytest.param(model, move, state, id=f"{model.__name__}.{move.name}-{state}")
    for model, states in STATES.items()
    for move in moves_of(model)
    for state in states.values
    if state not in move.sources
]


class TestRefusedElsewhere:
    """A move starts only from its declared states."""

    @pytest.mark.parametrize(("model", "move", "state"), ELSEWHERE)
    def test_a_move_is_not_offered_in_any_other_state(self, world, model, move, state):
        row = Cabinet(world).make(model, state)
        before = HistoryEvent.objects.count()

        with pytest.raises(NotOffered):
            perform(row, move.name, on=date(2026, 1, 1), by=world.zhao.user, acting_as=None)

        assert steps.fresh(row).state == state
        assert HistoryEvent.objects.count() == before
