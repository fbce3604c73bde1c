"""The pages of off-budget requests and budget adjustments, worked as a person works them."""

from __future__ import annotations

import pytest
import time_machine

from budgeting.models import BudgetAdjustment, OffBudgetRequest
from core.history.reading import refusals_of
from tests import steps
from tests.budgeting.steps import Desk
from tests.budgeting.test_adjustments import JUNE, books, draft, line_of
from tests.budgeting.test_off_budget import DECIDED, STANDING, reviewed
from tests.steps import REPLIED, fresh

pytestmark = pytest.mark.django_db
FUNDING = {
    "funding_kind": "supplement",
    "funding_number": "示财追〔2026〕7号",
    "funding_fen": "1,000,000.00",
    "funding_on": "2026-01-28",
}


class TestAnOffBudgetRequest:
    """《渝北办法》第十一条 on the pages: route, decision, number, and who sees it."""

    def test_from_the_route_to_the_number(self, world):
        project = reviewed(world, STANDING)
        request = OffBudgetRequest.objects.get(project=project)
        finance, case = Desk(world.zhao), f"/budget/projects/{project.pk}/"
        with time_machine.travel(DECIDED):
            assert "确定审议路径" in finance.get("/desk/")
            assert "采用的读法是由区财政局审核" not in finance.get(case)
            assert "区政府常务会议审议" in finance.get(f"/budget/off-budget/{request.pk}/route/")
            finance.post(f"/budget/off-budget/{request.pk}/route/")
            assert "轮到审议" in finance.get(case)
            secretary = Desk(world.secretary)
            assert "审议未列预算的追加申请" in secretary.get("/desk/")
            assert project.name in secretary.get("/budget/decisions/new/")
            assert "没有可审定的项目" in Desk(world.party_secretary).get("/budget/decisions/new/")
        steps.decide(world, project)
        with time_machine.travel(REPLIED):
            finance.post(f"/budget/off-budget/{request.pk}/funding/", **FUNDING)
            page = finance.get(case)
        assert "示财追〔2026〕7号" in page
        assert "已落实预算" in page
        assert fresh(request).funding_fen == STANDING

    @pytest.mark.parametrize(
        ("changes", "sentence"),
        [
            ({"funding_number": ""}, "请填写文号"),
            ({"funding_fen": "一百万"}, ""),
            ({"funding_fen": "0"}, ""),
            ({"funding_on": "2026-02-31"}, "请按“年-月-日”填写"),
            ({"funding_on": "2030-01-01"}, "文件日期不能晚于今日"),
        ],
    )
    def test_bad_input_stays_on_the_page(self, world, changes, sentence):
        project = reviewed(world, STANDING)
        request = OffBudgetRequest.objects.get(project=project)
        with time_machine.travel(DECIDED):
            Desk(world.zhao).post(f"/budget/off-budget/{request.pk}/route/")
        steps.decide(world, project)
        with time_machine.travel(REPLIED):
            url = f"/budget/off-budget/{request.pk}/funding/"
            response = Desk(world.zhao).post(url, 422, **FUNDING | changes)
        page = response.content.decode()
        assert sentence in page
        assert ("示财追〔2026〕7号" in page) == ("funding_number" not in changes)
        assert fresh(request).status == "approved"

    def test_the_list_is_filtered_and_exported_for_who_may_see_it(self, world):
        project = reviewed(world, STANDING)
        finance = Desk(world.zhao)

        assert project.number in finance.get("/budget/off-budget/?status=opened")
        assert project.number not in finance.get("/budget/off-budget/?status=funded")
        assert "1000000.00" in finance.get("/budget/off-budget/?export=csv")
        assert project.number not in Desk(world.chen).get("/budget/off-budget/")


class TestAnAdjustment:
    """《渝北办法》第十二条 on the pages: drawn up, refused to the drafter, approved by another."""

    @pytest.fixture
    def project(self, world):
        return fresh(steps.reply(world, fen=180_000_000).lines.get().project)

    def typed(self, project, **changes):
        values = {"kind": "increase", "allocation": line_of(project).pk, "amount_fen": "175,680.00"}
        return values | {"number": "示财预调〔2026〕3号", "reason": "补充合同"} | changes

    def test_drawn_up_and_approved(self, world, project):
        url, case = f"/budget/projects/{project.pk}/adjust/", f"/budget/projects/{project.pk}/"
        zhao, bai = Desk(world.zhao), Desk(world.bai)
        with time_machine.travel(JUNE):
            assert "可用 0.00" in zhao.get(url)
            zhao.post(url, **self.typed(project))
            row = BudgetAdjustment.objects.get()
            assert "审批预算调整" in bai.get("/desk/")
            assert "审批预算调整" not in zhao.get("/desk/")
            approve = f"/budget/adjustments/{row.pk}/approve/"
            assert "不得审批自己拟订" in zhao.text(zhao.post(approve, 422))
            bai.post(approve)
            assert "1,975,680.00" in bai.get(case)
        assert books(project)[1] == 17_568_000
        assert len(refusals_of(project.stream())) == 1

    @pytest.mark.parametrize(
        ("changes", "sentence"),
        [
            ({"kind": ""}, "请选择种类"),
            ({"allocation": "999999"}, ""),
            ({"amount_fen": "-1"}, ""),
            ({"number": ""}, "请填写文号"),
            ({"reason": ""}, "请填写事由"),
            ({"kind": "transfer"}, "调剂须选择调入项目"),
            ({"amount_fen": "1,200,000.01"}, "控制数的可用余额只有 1,200,000.00 元"),
            ({"kind": "decrease", "amount_fen": "0.01"}, "没有预留、承诺和支付的只有 0.00 元"),
        ],
    )
    def test_bad_input_stays_on_the_page(self, world, project, changes, sentence):
        with time_machine.travel(JUNE):
            url = f"/budget/projects/{project.pk}/adjust/"
            response = Desk(world.zhao).post(url, 422, **self.typed(project, **changes))
        page = response.content.decode()
        assert sentence in page
        assert ("补充合同" in page) == ("reason" not in changes)
        assert not BudgetAdjustment.objects.exists()

    def test_the_ledger_is_filtered_sorted_and_exported(self, world, project):
        row = draft(world, project, 123)
        finance = Desk(world.zhao)
        for query in ("", "?kind=increase", "?status=drafted", "?sort=-amount_fen"):
            assert row.number in finance.get(f"/budget/adjustments/{query}")
        assert row.number not in finance.get("/budget/adjustments/?kind=reclaim")
        assert "1.23" in finance.get("/budget/adjustments/?export=csv")

    def test_a_draft_is_finances_own(self, world, project):
        row = draft(world, project, 123)
        purchaser, case = Desk(world.zhang), f"/budget/projects/{project.pk}/"

        assert row.number not in purchaser.get("/budget/adjustments/")
        assert row.number not in purchaser.get(case)
        purchaser.get(f"/budget/adjustments/{row.pk}/approve/", 404)
        assert row.number in Desk(world.wu).get(case)
