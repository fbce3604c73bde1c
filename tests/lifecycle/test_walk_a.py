"""Walk A, “公共文化信息服务平台运维”: filing and budget under 《渝北办法》, day by day."""

from datetime import date

import pytest

from budgeting.models import Allocation, BudgetReply, DecisionOutcome, Obligation
from budgeting.services import (
    DecisionInput,
    agree,
    agree_on_condition,
    available,
    conclude_review,
    issue_reply,
    prepare_decision,
    prepare_reply,
    record_decision,
)
from core.history.reading import acts_of, refusals_of
from core.history.verify import verify
from core.transitions import TransitionRefused
from disclosure.models import DisclosureDuty, DutyStatus
from projects.models import InternalSignature, Stage
from projects.services import file_project, sign, submit_project
from tests import steps
from tests.world import deliver_all

FILED, SIGNED, SPOKEN = date(2025, 10, 20), date(2025, 10, 21), date(2025, 11, 5)
CONCLUDED, DECIDED, REPLIED = date(2025, 11, 20), date(2026, 1, 26), date(2026, 1, 30)
CONDITION = "验收前交统一身份认证接入证明"
APPROVED = 180_000_000


def file_and_sign(world):
    """Line 1: three lines of their own items; 李 and 王 sign; 张 submits."""
    project = file_project(world.plans["文旅委"], world.filing(), **world.zhang.acts(FILED))
    for step, signer in zip(
        InternalSignature.objects.filter(project=project), (world.li, world.wang), strict=True
    ):
        sign(step, comment="同意报出。", **signer.acts(SIGNED))
    submit_project(project, **world.zhang.acts(SIGNED))
    deliver_all()
    return steps.fresh(project)


def review(world, project):
    """Line 2: 钱 agrees, 孙 on condition, 赵 proposes 1,800,000.00."""
    agree(steps.opinion_of(project, "发改委"), text="同意。", **world.qian.acts(SPOKEN))
    agree_on_condition(
        steps.opinion_of(project, "经信委"),
        condition=CONDITION,
        due_stage=Stage.EVALUATION,
        **world.sun.acts(SPOKEN),
    )
    agree(
        steps.opinion_of(project, "财政局"),
        text="核减后同意。",
        proposed_fen=APPROVED,
        **world.zhao.acts(SPOKEN),
    )
    conclude_review(
        steps.review_of(project),
        proposed_fen=APPROVED,
        summary="核减 60,000 元后同意。",
        **world.zhao.acts(CONCLUDED),
    )


def prepare(world, project):
    return prepare_reply(
        world.purchasers["文旅委"],
        bureau=world.organisations["财政局"],
        year=2026,
        lines=[(project, APPROVED)],
        **world.zhao.acts(REPLIED),
    )


def decide(world, project):
    decision = prepare_decision(
        world.organisations["常务会"],
        meeting="2026 年第 2 次会议",
        decided_on=DECIDED,
        number="示府阅〔2026〕2号",
        file=steps.FILE,
        lines=[DecisionInput(project, DecisionOutcome.APPROVE, APPROVED)],
        **world.secretary.acts(DECIDED),
    )
    record_decision(decision, **world.secretary.acts(DECIDED))


class TestWalkA:
    """《渝北办法》第九条第（一）、（二）项，第十二条."""

    def test_line_1_the_filing_adds_up_and_each_line_keeps_its_item(self, world):
        project = file_and_sign(world)

        assert (project.stage, project.total_fen) == (Stage.BUDGET, 186_000_000)
        assert project.first_filed_on == SIGNED
        codes = [e.catalogue_item.code for e in project.estimate_lines.all()]
        assert codes == ["C16070300", "C16070400", "C16100000"]

    def test_line_2_the_condition_becomes_an_obligation(self, world):
        project = file_and_sign(world)
        review(world, project)

        obligation = Obligation.objects.get(project=project)
        assert (obligation.text, obligation.due_stage) == (CONDITION, Stage.EVALUATION)
        assert steps.review_of(project).proposed_fen == APPROVED

    def test_line_3_no_reply_number_before_the_decision(self, world):
        project = file_and_sign(world)
        review(world, project)
        reply = prepare(world, project)

        with pytest.raises(TransitionRefused, match=r"第九条第（二）项") as refused:
            issue_reply(reply, **world.zhao.acts(REPLIED))

        assert [v.rule for v in refused.value.refusals] == ["YB-9.2-decision-recorded"]
        assert len(refusals_of(reply.stream())) == 1
        assert not BudgetReply.objects.exclude(number="").exists()

    def test_line_3_the_reply_reserves_and_opens_the_duty(self, world):
        project = file_and_sign(world)
        review(world, project)
        decide(world, project)
        issue_reply(prepare(world, project), **world.zhao.acts(REPLIED))
        deliver_all()

        allocation = Allocation.objects.get(project=project)
        duty = DisclosureDuty.objects.get(project=project)
        assert steps.fresh(project).stage == Stage.PROCUREMENT
        assert (allocation.approved_fen, allocation.reserved_fen) == (APPROVED, APPROVED)
        assert available(allocation.ceiling) == 300_000_000 - APPROVED
        assert (duty.status, duty.opened_on) == (DutyStatus.OPEN, REPLIED)

    def test_the_record_tells_the_whole_story_once(self, world):
        project = file_and_sign(world)
        review(world, project)
        decide(world, project)
        issue_reply(prepare(world, project), **world.zhao.acts(REPLIED))
        deliver_all()

        acts = acts_of(project.stream())
        for once in (
            "projects.file",
            "projects.project.submit",
            "budgeting.budgetreview.conclude",
            "projects.project.approve_budget",
            "disclosure.open_duty",
        ):
            assert acts.count(once) == 1
        assert verify().differences == []
