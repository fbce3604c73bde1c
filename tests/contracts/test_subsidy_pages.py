"""The pages of a subsidy: from the list of shares to the settlement, and who sees none of it."""

from __future__ import annotations

from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from contracts.models import SpendingReport, SubsidyRelease, SubsidyShare
from projects.models import Project
from tests.budgeting.steps import Desk
from tests.contracts.subsidies import (
    ALLOTTED,
    CENTRES,
    CHECKED,
    RELEASED,
    REPORTED,
    accept,
    allotted,
    approved,
    buckets,
    release,
    report,
)
from tests.steps import file
from tests.world import World, build_world

pytestmark = pytest.mark.django_db


@pytest.fixture
def ph(db) -> World:
    return build_world(code="sh", adopts=("PH",))


def url(name: str, row: Any) -> str:
    return reverse(f"contracts:{name}", args=[row.pk])


def table(name: str, rows: list[dict[str, str]]) -> dict[str, str]:
    """What a browser sends of a table of rows."""
    data = {f"{name}-TOTAL_FORMS": str(len(rows)), f"{name}-INITIAL_FORMS": "0"}
    for number, row in enumerate(rows):
        data |= {f"{name}-{number}-{field}": value for field, value in row.items()}
    return data


def shares_form(*amounts: str) -> dict[str, str]:
    names = [f"{name}便民服务中心" for name in CENTRES]
    rows = zip(names, amounts, strict=True)
    return table("shares", [{"recipient": n, "amount_fen": a} for n, a in rows])


def spending(amount: str, kind: str = "service") -> dict[str, str]:
    row = {"item": "水电费", "expense_kind": kind, "amount_fen": amount, "voucher": "记 12"}
    empty = dict.fromkeys(row, "")
    return {"period": "2026 年第 1 季度", **table("lines", [row, empty])}


def panel(desk: Desk, share: SubsidyShare) -> str:
    """What stands in 下一步."""
    page = desk.get(url("subsidy", share.project))
    return page[page.index('id="next-step"') :].partition("</section>")[0]


class TestAWalk:
    def test_from_the_list_of_shares_to_the_settlement(self, ph):
        project = approved(ph)
        self._allot(ph, project)
        share = SubsidyShare.objects.earliest("pk")
        self._release_and_report(ph, share)
        self._return_and_settle(ph, share)
        assert buckets(project) == (0, 70_000_000, 4_000_000, 6_000_000)

    def _allot(self, ph: World, project: Project) -> None:
        with time_machine.travel(ALLOTTED):
            officer, page = Desk(ph.zhang), url("allot_subsidy", project)
            assert "编列补助分配" in officer.get("/desk/")
            assert page in officer.get(url("subsidy", project))
            text = officer.get(page)
            assert text.count('name="shares-') > 8 * 2
            assert "800,000.00" in text
            short = shares_form(*["100,000.00"] * 7, "99,999.99")
            refused = officer.post(page, status=422, **short).content.decode()
            assert "-0.01" in refused
            assert "第七条第（四）项" in refused
            same = {**shares_form(*["1"] * 8), "shares-7-recipient": "当湖便民服务中心"}
            twice = officer.post(page, status=422, **same).content.decode()
            assert "当湖便民服务中心填了不止一行" in twice
            officer.post(page, **shares_form(*["100,000.00"] * 8))
            shown = officer.get(url("subsidy", project))
            assert "独山港便民服务中心" in shown
            assert page not in shown

    def _release_and_report(self, ph: World, share: SubsidyShare) -> None:
        with time_machine.travel(RELEASED):
            finance = Desk(ph.zhao)
            assert "8 个便民服务中心" in finance.get("/desk/")
            listed = finance.get(url("subsidy", share.project))
            assert listed.count(">拨付补助<") >= 8
            page = url("release_subsidy", share)
            finance.post(page, status=422, amount_fen="0", voucher="1")
            finance.post(page, status=422, amount_fen="100,000.01", voucher="国库 1")
            finance.post(page, amount_fen="50,000.00", voucher="国库〔2026〕0007")
            assert "国库〔2026〕0007" in finance.get(url("subsidy", share.project))
        with time_machine.travel(REPORTED):
            officer, page = Desk(ph.zhang), url("report_spending", share)
            assert "登记补助支出" in officer.get("/desk/")
            banned = officer.post(page, status=422, **spending("1", "bonus")).content.decode()
            assert "第十四条" in banned
            none = {"period": "一季度", **table("lines", [])}
            assert "请至少列一行支出" in officer.post(page, status=422, **none).content.decode()
            officer.post(page, **spending("40,000.00"))

    def _return_and_settle(self, ph: World, share: SubsidyShare) -> None:
        found = SpendingReport.objects.get()
        with time_machine.travel(CHECKED):
            leader, finance = Desk(ph.wang), Desk(ph.zhao)
            assert url("accept_report", found) in leader.get("/desk/")
            case = leader.get(url("subsidy", share.project))
            assert url("send_back_report", found) in case
            assert "水电费" in leader.get(url("accept_report", found))
            leader.post(url("accept_report", found))
            page = url("return_unspent", share)
            late = {"amount_fen": "10,000", "returned_on": "2026-04-03", "reason": "用不完"}
            assert "不能晚于今日" in finance.post(page, status=422, **late).content.decode()
            finance.post(page, **{**late, "returned_on": "2026-04-01"})
            settle = url("settle_share", share)
            assert settle in leader.get(url("subsidy", share.project))
            refused = leader.post(settle, status=422).content.decode()
            assert "还有未拨付的补助" in refused
            leader.post(settle, gives_up_rest="on")
            assert "已结清" in leader.get(url("subsidy", share.project))

    def test_a_report_is_sent_back_with_its_reason(self, ph):
        share = allotted(ph)[0]
        release(ph, share, 1_000)
        found = report(ph, share, 1_000)
        with time_machine.travel(CHECKED):
            leader = Desk(ph.wang)
            leader.post(url("send_back_report", found), status=422, reason="")
            leader.post(url("send_back_report", found), reason="缺发票")
            assert "退回理由：缺发票" in Desk(ph.zhang).get(url("subsidy", share.project))

    def test_the_next_step_names_one_share_of_each_kind(self, ph):
        """Eight centres with four acts each would bury the panel; the table has them all."""
        shares = allotted(ph)
        release(ph, shares[0], 1_000)
        with time_machine.travel(REPORTED):
            officer, finance = (panel(Desk(a), shares[0]) for a in (ph.zhang, ph.zhao))
        assert officer.count("<h3>登记支出报告</h3>") == 1
        assert finance.count("<h3>拨付补助</h3>") == 1
        assert "钟埭便民服务中心" in finance
        assert "文旅委经办人、财政审核人" in officer

    def test_asks_no_more_for_eight_centres_than_for_one(self, ph):
        shares, counts = allotted(ph), []
        desk = Desk(ph.wang)
        for some in (shares[:1], shares[1:]):
            for share in some:
                release(ph, share, 1_000)
                accept(ph, report(ph, share, 10, 20))
            with CaptureQueriesContext(connection) as asked:
                desk.get(url("subsidy", shares[0].project))
            counts.append(len(asked))
        assert counts[1] <= counts[0]


class TestWhoSeesIt:
    def test_another_department_finds_nothing(self, ph):
        share = allotted(ph)[0]
        release(ph, share, 1_000)
        found = report(ph, share, 1_000)
        chen = Desk(ph.chen)
        for name in ("subsidy", "allot_subsidy"):
            chen.get(url(name, share.project), status=404)
        for name in ("release_subsidy", "report_spending", "return_unspent", "settle_share"):
            chen.get(url(name, share), status=404)
        for name in ("accept_report", "send_back_report"):
            chen.get(url(name, found), status=404)
        assert chen.client.post(url("settle_share", share)).status_code == 404

    def test_the_auditor_reads_and_does_nothing(self, ph):
        share = allotted(ph)[0]
        auditor = Desk(ph.wu)
        assert "当湖便民服务中心" in auditor.get(url("subsidy", share.project))
        form = {"amount_fen": "1.00", "voucher": "1"}
        auditor.post(url("release_subsidy", share), status=403, **form)
        assert not SubsidyRelease.objects.exists()

    def test_a_purchase_has_no_such_page(self, ph):
        Desk(ph.zhang).get(url("subsidy", file(ph)), status=404)

    def test_the_officer_waits_for_finance_and_for_the_leader(self, ph):
        shares = allotted(ph)
        release(ph, shares[0], 1_000)
        report(ph, shares[0], 1_000)
        page = Desk(ph.zhang).get("/desk/")
        assert "财政部门" in page
        assert "分管领导" in page
