"""Rounds of joint review: opened once, spoken in, concluded, returned, opened again."""

from datetime import date

import pytest

import budgeting.services.opinion as opinion_service
import budgeting.services.review as review_service
from accounts.services import system_actor
from budgeting.models import (
    BudgetReview,
    Objection,
    ObjectionStatus,
    Obligation,
    ObligationStatus,
    OpinionStatus,
    ReviewStatus,
)
from budgeting.services import (
    accept_obligation,
    agree,
    agree_on_condition,
    answer_objection,
    answer_opinion,
    conclude_review,
    open_review,
    oppose,
    return_project,
    send_back_obligation,
    submit_evidence,
)
from core.history.models import HistoryEvent
from core.history.reading import acts_of, events_of, refusals_of
from core.history.verify import verify
from core.inbox import InboxItem
from core.transitions import NotPermitted, TransitionRefused
from projects.models import ProjectVersion, Stage
from projects.services import revise_project, submit_project, withdraw_project
from tests import steps
from tests.world import deliver_all

DAY = date(2025, 11, 10)
LATER = date(2025, 11, 14)


@pytest.fixture
def project(world):
    return steps.submit(world)


def statuses(review):
    return {o.reviewer.short_name: o.status for o in review.opinions.select_related("reviewer")}


def act_count(project, act):
    return acts_of(project.stream()).count(act)


class TestOpening:
    """《渝北办法》第九条第（二）项: the submission opens one review with one task per body."""

    def test_it_opens_with_a_task_for_every_body(self, project):
        review = steps.review_of(project)

        assert statuses(review) == dict.fromkeys(("财政局", "发改委", "经信委"), "pending")
        assert review.filed_version == ProjectVersion.objects.get(project=project)

    def test_opening_again_changes_nothing(self, project):
        user, role = system_actor()
        before = HistoryEvent.objects.count()

        again = open_review(project, by=user, acting_as=role, on=DAY)

        assert again == steps.review_of(project)
        assert HistoryEvent.objects.count() == before

    def test_a_project_withdrawn_before_delivery_opens_none(self, world):
        project = steps.file(world)
        steps.sign_all(world, project)
        submit_project(project, **world.zhang.acts())
        withdraw_project(project, note="x", **world.zhang.acts())

        deliver_all()

        assert not BudgetReview.objects.exists()


class TestOpinions:
    """A body agrees, agrees on a condition or opposes; each once, in its own name."""

    def test_agreeing_moves_and_records_it_once(self, world, project):
        opinion = steps.opinion_of(project, "发改委")

        agree(opinion, text="同意。", proposed_fen=180_000_000, **world.qian.acts(DAY))

        now = steps.fresh(opinion)
        assert (now.status, now.given_by, now.given_on, now.proposed_fen) == (
            "agreed",
            world.qian.user,
            DAY,
            180_000_000,
        )
        assert act_count(project, "budgeting.opinion.agree") == 1

    @pytest.mark.parametrize("name", ["sun", "zhao", "zhang", "wu"])
    def test_nobody_speaks_for_another_body(self, world, project, name):
        with pytest.raises(NotPermitted):
            agree(steps.opinion_of(project, "发改委"), **getattr(world, name).acts(DAY))

    def test_a_condition_becomes_an_obligation(self, world, project):
        agree_on_condition(
            steps.opinion_of(project, "经信委"),
            condition="交接入证明",
            due_stage="evaluation",
            text="原则同意。",
            **world.sun.acts(DAY),
        )

        obligation = Obligation.objects.get()
        assert (obligation.text, obligation.due_stage, obligation.status) == (
            "交接入证明",
            Stage.EVALUATION,
            "open",
        )
        assert obligation.opinion.text == "原则同意。\n条件：交接入证明（评估前落实）"

    def test_a_repeated_click_makes_one_obligation(self, world, project):
        opinion = steps.opinion_of(project, "经信委")
        for _ in range(2):
            agree_on_condition(
                opinion, condition="c", due_stage="evaluation", key="k", **world.sun.acts(DAY)
            )

        assert Obligation.objects.count() == 1

    def test_an_obligation_that_cannot_be_written_undoes_the_opinion(
        self, world, project, monkeypatch
    ):
        def fail(**values):
            raise RuntimeError("disk")

        monkeypatch.setattr(opinion_service, "Obligation", fail)
        opinion = steps.opinion_of(project, "经信委")
        with pytest.raises(RuntimeError):
            agree_on_condition(
                opinion, condition="c", due_stage="evaluation", **world.sun.acts(DAY)
            )

        assert steps.fresh(opinion).status == OpinionStatus.PENDING

    def test_an_opposition_is_answered_and_then_spoken_to_again(self, world, project):
        opinion = steps.opinion_of(project, "发改委")
        oppose(opinion, text="重复建设。", **world.qian.acts(DAY))
        answer_opinion(opinion, text="已说明差异。", **world.zhang.acts(LATER))
        agree(opinion, text="同意。", **world.qian.acts(LATER))

        now = steps.fresh(opinion)
        assert (now.status, now.answer_text) == ("agreed", "已说明差异。")

    def test_only_the_purchaser_answers_an_opposition(self, world, project):
        opinion = steps.opinion_of(project, "发改委")
        oppose(opinion, text="重复建设。", **world.qian.acts(DAY))

        for actor in (world.chen, world.qian, world.zhao):
            with pytest.raises(NotPermitted):
                answer_opinion(opinion, text="x", **actor.acts(LATER))


class TestConclusion:
    """The finance bureau concludes when all have agreed."""

    def test_it_moves_and_records_it_once(self, world):
        project = steps.conclude(world, fen=180_000_000)

        review = steps.review_of(project)
        assert (review.status, review.proposed_fen) == ("concluded", 180_000_000)
        assert review.concluded_on == steps.CONCLUDED
        assert act_count(project, "budgeting.budgetreview.conclude") == 1

    def test_it_refuses_everything_that_is_missing_at_once(self, world, project):
        oppose(steps.opinion_of(project, "发改委"), text="x", **world.qian.acts(DAY))

        with pytest.raises(TransitionRefused, match="第九条第（二）项") as refused:
            conclude_review(
                steps.review_of(project),
                proposed_fen=186_000_001,
                summary="x",
                **world.zhao.acts(DAY),
            )

        assert [v.rule for v in refused.value.refusals] == [
            "YB-9.2-joint-review",
            "YB-9.2-no-open-opposition",
            "YB-9.2-proposed-within-request",
        ]
        assert len(refusals_of(project.stream())) == 1

    def test_another_body_does_not_conclude(self, world, project):
        with pytest.raises(NotPermitted):
            conclude_review(
                steps.review_of(project), proposed_fen=1, summary="x", **world.qian.acts(DAY)
            )


class TestReturn:
    """Returned with numbered objections: the round ends, what was said stays."""

    @pytest.fixture
    def returned(self, world, project):
        agree(steps.opinion_of(project, "发改委"), text="同意。", **world.qian.acts(DAY))
        return_project(
            steps.review_of(project),
            objections=["请说明单价。", "缺少测算。"],
            **world.zhao.acts(LATER),
        )
        deliver_all()
        return steps.fresh(project)

    def resubmit(self, world, project, on=date(2025, 11, 20)):
        for objection in Objection.objects.filter(status=ObjectionStatus.OPEN):
            answer_objection(objection, text="已改。", **world.zhang.acts(on))
        return steps.submit(world, project, on=on)

    def test_it_keeps_opinions_and_cancels_the_open_ones(self, returned):
        assert statuses(steps.review_of(returned)) == {
            "财政局": "cancelled",
            "发改委": "agreed",
            "经信委": "cancelled",
        }
        assert steps.review_of(returned).status == ReviewStatus.RETURNED

    def test_the_project_is_back_with_its_first_day_kept(self, returned):
        assert (returned.stage, returned.filed_on) == (Stage.FILING, None)
        assert returned.first_filed_on == steps.SUBMITTED

    def test_the_officer_is_told_with_the_objections_in_the_record(self, world, returned):
        titles = [i.title for i in InboxItem.objects.visible_to(world.zhang.user)]

        assert titles[0].startswith("项目已退回修改")
        event = next(
            e
            for e in events_of(returned.stream())
            if e.act == "projects.project.return_for_correction"
        )
        assert event.reason == "（1）请说明单价。；（2）缺少测算。"

    def test_unanswered_objections_hold_the_next_round_back(self, world, returned):
        with pytest.raises(TransitionRefused, match="退回意见（1）、（2）尚未答复"):
            submit_project(returned, **world.zhang.acts(LATER))

    def test_an_answer_moves_and_records_it_once(self, world, returned):
        objection = Objection.objects.get(number=1)
        answer_objection(objection, text="单价含夜间值守。", **world.zhang.acts(LATER))

        now = steps.fresh(objection)
        assert (now.status, now.answered_on) == ("answered", LATER)
        assert act_count(returned, "budgeting.objection.answer") == 1

    def test_the_second_round_starts_with_fresh_tasks_and_its_own_version(self, world, returned):
        filing = world.filing(estimate=[world.estimate(100)], funds=[world.fund(100)])
        revise_project(returned, filing, **world.zhang.acts(LATER))
        project = self.resubmit(world, steps.fresh(returned))

        assert project.round_number == 2
        assert set(statuses(steps.review_of(project)).values()) == {"pending"}
        totals = [v.content["project"]["total_fen"] for v in ProjectVersion.objects.all()]
        assert totals == [186_000_000, 100]

    def test_the_first_round_stays_as_it_was(self, world, returned):
        before = statuses(BudgetReview.objects.get(round_number=1))

        self.resubmit(world, returned)

        first = BudgetReview.objects.get(round_number=1)
        assert (statuses(first), first.status) == (before, ReviewStatus.RETURNED)
        assert verify().differences == []

    def test_a_concluded_review_may_still_be_returned(self, world):
        project = steps.conclude(world)

        return_project(steps.review_of(project), objections=["一"], **world.zhao.acts(LATER))

        assert steps.fresh(project).stage == Stage.FILING
        assert "cancelled" not in statuses(steps.review_of(project)).values()

    def test_a_returned_project_holds_up_no_other(self, world, returned):
        other = steps.submit(world, name="另一个项目")
        steps.agree_all(world, other)
        steps.conclude(world, other)
        steps.decide(world, other)

        reply = steps.reply(world, other)

        assert steps.fresh(other).stage == Stage.PROCUREMENT
        assert reply.number
        assert steps.fresh(returned).stage == Stage.FILING

    def test_a_failing_last_step_returns_nothing(self, world, project, monkeypatch):
        def fail(*args, **kwargs):
            raise RuntimeError("disk")

        monkeypatch.setattr(review_service, "cancel_open_opinions", fail)
        with pytest.raises(RuntimeError):
            return_project(steps.review_of(project), objections=["一"], **world.zhao.acts(LATER))

        assert steps.review_of(project).status == ReviewStatus.OPEN
        assert not Objection.objects.exists()

    def test_a_repeated_click_returns_once(self, world, project):
        review = steps.review_of(project)
        for _ in range(2):
            return_project(review, objections=["一"], key="k", **world.zhao.acts(LATER))

        assert Objection.objects.count() == 1

    def test_only_the_finance_bureau_returns(self, world, project):
        with pytest.raises(NotPermitted):
            return_project(steps.review_of(project), objections=["一"], **world.qian.acts(LATER))
        assert not Objection.objects.exists()


class TestWithdrawal:
    """A withdrawn project ends its review."""

    def test_it_closes_the_review_and_its_open_tasks(self, world, project):
        withdraw_project(project, note="合并。", **world.zhang.acts(DAY))
        deliver_all()

        review = BudgetReview.objects.get()
        assert review.status == ReviewStatus.CLOSED
        assert set(statuses(review).values()) == {"cancelled"}


class TestObligations:
    """A condition is met with evidence, judged by the body that set it."""

    @pytest.fixture
    def obligation(self, world, project):
        agree_on_condition(
            steps.opinion_of(project, "经信委"),
            condition="c",
            due_stage="evaluation",
            **world.sun.acts(DAY),
        )
        return Obligation.objects.get()

    def test_evidence_is_submitted_and_accepted(self, world, project, obligation):
        submit_evidence(obligation, evidence="证明一份", **world.zhang.acts(LATER))
        accept_obligation(obligation, **world.sun.acts(LATER))

        now = steps.fresh(obligation)
        assert (now.status, now.evidence) == (ObligationStatus.FULFILLED, "证明一份")
        assert act_count(project, "budgeting.obligation.accept") == 1

    def test_insufficient_evidence_goes_back(self, world, obligation):
        submit_evidence(obligation, evidence="x", **world.zhang.acts(LATER))
        send_back_obligation(obligation, note="不足。", **world.sun.acts(LATER))

        assert steps.fresh(obligation).status == ObligationStatus.OPEN

    def test_no_evidence_is_refused(self, world, obligation):
        with pytest.raises(TransitionRefused, match="第九条第（二）项：没有写明落实凭据"):
            submit_evidence(obligation, evidence=" ", **world.zhang.acts(LATER))

    @pytest.mark.parametrize("name", ["qian", "zhao", "zhang"])
    def test_no_other_body_accepts_it(self, world, obligation, name):
        submit_evidence(obligation, evidence="x", **world.zhang.acts(LATER))

        with pytest.raises(NotPermitted):
            accept_obligation(obligation, **getattr(world, name).acts(LATER))
