"""What stands between a decision and a reply."""

from __future__ import annotations

from datetime import date

import pytest

from budgeting.models import Obligation
from budgeting.services import (
    accept_obligation,
    agree,
    agree_on_condition,
    issue_reply,
    record_decision,
    submit_evidence,
)
from core.history.checkpoints import LogDamaged, sign_checkpoint
from core.history.models import Checkpoint
from core.history.triggers import install, remove
from core.transitions import NotPermitted, TransitionRefused
from projects.models import Stage
from tests import steps
from tests.world import deliver_all

pytestmark = pytest.mark.django_db
LATER = date(2026, 1, 28)


class TestCorrectedDecisions:
    """第九条第（二）项：更正的审定取代此前的；有机构不予批准的，不得批复。"""

    def test_a_rejection_recorded_later_stops_the_reply(self, world):
        project = steps.conclude(world)
        steps.decide(world, project)
        steps.decide(world, project, outcome="reject", decided_on=LATER, number="示府阅〔2026〕9号")
        assert steps.verdict(project, "YB-9.2-decision-recorded").state == "unmet"

    def test_a_correction_by_the_same_body_counts_alone(self, world):
        project = steps.conclude(world)
        steps.decide(world, project, outcome="reject")
        steps.decide(world, project, decided_on=LATER, number="示府阅〔2026〕9号")
        assert steps.verdict(project, "YB-9.2-decision-recorded").state == "met"


class TestWithinRequest:
    """第九条第（二）项：批复不超过申请，差一分也不行。"""

    @pytest.mark.parametrize(("difference", "state"), [(-1, "met"), (0, "met"), (1, "unmet")])
    def test_a_cent_decides(self, world, difference, state):
        project = steps.fresh(steps.conclude(world))
        fen = project.requested_fen + difference
        verdict = steps.verdict(project, "YB-9.2-approved-within-request", approved_fen=fen)
        assert verdict.state == state


class TestEarlyConditions:
    """附条件同意：须在采购环节前落实的条件，落实之前不得批复。"""

    def test_the_reply_waits_for_the_condition(self, world):
        project = steps.submit(world)
        steps.agree_all(world, project, but=("经信委",))
        agree_on_condition(
            steps.opinion_of(project, "经信委"),
            condition="定级备案",
            due_stage=Stage.PROCUREMENT,
            **world.sun.acts(steps.AGREED),
        )
        project = steps.conclude(world, project)
        steps.decide(world, project)
        reply = steps.draft_reply(world, project)
        with pytest.raises(TransitionRefused, match="采购环节前须落实的条件"):
            issue_reply(reply, **world.zhao.acts(steps.REPLIED))

        condition = Obligation.objects.get()
        submit_evidence(condition, evidence="备案证明", **world.zhang.acts(steps.REPLIED))
        accept_obligation(condition, **world.sun.acts(steps.REPLIED))
        issue_reply(reply, **world.zhao.acts(steps.REPLIED))

        assert steps.fresh(project).stage == Stage.PROCUREMENT


class TestLongNames:
    """A name of 200 characters does not stop the case's deliveries."""

    def test_a_returned_project_with_a_long_name_is_told(self, world):
        from budgeting.services import return_project
        from core.events import OutboxEvent

        project = steps.submit(world, name="长" * 200)
        return_project(
            steps.review_of(project), objections=["请说明。"], **world.zhao.acts(steps.AGREED)
        )
        deliver_all()
        assert not OutboxEvent.objects.undone().exists()


@pytest.mark.filterwarnings("error::pytest.PytestUnraisableExceptionWarning")
class TestSigning:
    """Nothing is signed over a log that no longer gives the last checkpoint.

    Where the reading stops half way, its cursor is closed with it (PostgreSQL).
    """

    def test_a_rewritten_prefix_is_not_signed(self, world):
        first = sign_checkpoint()
        steps.file(world)
        remove()
        Checkpoint.objects.filter(pk=first.pk).update(root_sha256="0" * 64)
        install()
        with pytest.raises(LogDamaged, match="与已签署的检查点不符"):
            sign_checkpoint()

    def test_no_new_key_is_made_beside_old_checkpoints(self, world, settings, tmp_path):
        sign_checkpoint()
        steps.file(world)
        settings.HISTORY_KEY_FILE = tmp_path / "gone.pem"
        with pytest.raises(LogDamaged, match="签名密钥文件缺失"):
            sign_checkpoint()


class TestDecidedWithinRequest:
    """第九条第（二）项：审定金额不超过申请，差一分也不登记。"""

    @pytest.mark.parametrize(("difference", "state"), [(-1, "met"), (0, "met"), (1, "unmet")])
    def test_a_cent_decides(self, world, difference, state):
        project = steps.fresh(steps.conclude(world))
        drafted = steps.prepared(world, project, fen=project.requested_fen + difference)
        assert steps.verdict(drafted, "YB-9.2-decided-within-request").state == state


class TestOwnBody:
    """审定只由该决策机构自己的秘书登记。"""

    def test_finance_does_not_record_for_the_standing_committee(self, world):
        project = steps.conclude(world)
        with pytest.raises(NotPermitted):
            steps.prepared(world, project, by=world.zhao)

    def test_another_secretary_does_not_record_it_either(self, world):
        drafted = steps.prepared(world, steps.conclude(world))
        with pytest.raises(NotPermitted):
            record_decision(drafted, **world.party_secretary.acts(steps.DECIDED))


class TestOpinionAmounts:
    """会审意见的建议金额也不得超过申请。"""

    def test_an_opinion_above_the_request_is_refused(self, world):
        project = steps.submit(world)
        opinion = steps.opinion_of(project, "财政局")
        with pytest.raises(TransitionRefused, match="建议金额超过申请金额"):
            agree(
                opinion,
                proposed_fen=steps.fresh(project).requested_fen + 1,
                **world.zhao.acts(steps.AGREED),
            )
