"""A refusal for want of right is recorded, also where no transition is involved."""

from __future__ import annotations

import pytest

from budgeting.services import prepare_decision, prepare_reply, set_ceiling
from core.history.reading import refusals_of
from core.transitions import NotPermitted
from projects.models import Project
from projects.services import file_project
from tests import steps
from tests.world import DAY

pytestmark = pytest.mark.django_db


class TestRecordedDenials:
    """《渝北办法》第十八条：每一次无权办理都留痕，且什么也没有改变。"""

    def test_filing_for_another_department(self, world):
        plan = world.plans["文旅委"]
        with pytest.raises(NotPermitted):
            file_project(plan, world.filing(), **world.chen.acts())
        (event,) = refusals_of(f"projects.purchaser:{plan.purchaser_id}")
        assert (event.act, event.actor_name) == ("projects.file", "陈晨")
        assert not Project.objects.exists()

    def test_setting_a_ceiling_as_a_clerk(self, world):
        purchaser = world.purchasers["文旅委"]
        with pytest.raises(NotPermitted):
            set_ceiling(
                purchaser,
                year=2026,
                fund=world.funds["部门预算"],
                amount_fen=1,
                number="",
                **world.zhang.acts(),
            )
        assert refusals_of(f"projects.purchaser:{purchaser.pk}")[-1].title == "下达控制数"

    def test_drawing_up_a_reply_as_a_reviewer(self, world):
        purchaser = world.purchasers["文旅委"]
        with pytest.raises(NotPermitted):
            prepare_reply(
                purchaser,
                bureau=world.organisations["财政局"],
                year=2026,
                lines=[],
                **world.qian.acts(),
            )
        assert (
            refusals_of(f"projects.purchaser:{purchaser.pk}")[-1].act == "budgeting.prepare_reply"
        )

    def test_drawing_up_a_decision_as_a_clerk(self, world):
        body = world.organisations["常务会"]
        with pytest.raises(NotPermitted):
            prepare_decision(
                body, meeting="会议", decided_on=DAY, number="1", lines=[], **world.zhang.acts()
            )
        assert refusals_of(f"accounts.organisation:{body.pk}")[-1].actor_name == "张敏"


class TestReplyLines:
    """第九条第（二）项：批复只列该购买主体当年处在预算环节的项目。"""

    def test_a_project_of_another_purchaser_is_refused(self, world):
        project = steps.conclude(world)
        steps.decide(world, project)
        reply = prepare_reply(
            world.purchasers["教委"],
            bureau=world.organisations["财政局"],
            year=2026,
            lines=[(project, 100)],
            **world.zhao.acts(),
        )
        verdict = steps.verdict(reply, "YB-9.2-reply-has-lines")
        assert verdict.state == "unmet"
        assert verdict.compared[0][0] == str(project)
