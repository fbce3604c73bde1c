"""The pages of 合同 and 实施: walk A, lines 8 to 12, and what each page refuses."""

from __future__ import annotations

from datetime import date

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from contracts.models import (
    Acceptance,
    Contract,
    ContractFiling,
    ContractSignature,
    Incident,
    Inspection,
    Milestone,
    Payment,
    PaymentRequest,
    Rectification,
    Supplement,
)
from procurement.models import Award
from projects.models import Stage
from tests import purchase
from tests.budgeting.steps import Desk
from tests.contracts.typed import INSTALMENTS, LINE, pay_line, table, typed
from tests.purchase import ACCEPTED, DELIVERED, FILED, INCIDENT, NOTIFIED, PAID, SIGNED
from tests.steps import fresh
from tests.world import World, deliver_all

pytestmark = pytest.mark.django_db
CLICKED = date(2026, 4, 16)
ORDERED, REPLIED, CLOSED = date(2026, 9, 10), date(2026, 9, 22), date(2026, 9, 24)
YEAR_END = date(2026, 12, 31)


class TestTheWalk:
    """走一遍：拟订、签批、签订、备案、付款、整改、验收、结转，全在页面上办。"""

    def test_from_the_award_to_the_year_end(self, world: World) -> None:
        award = purchase.awarded(world)
        contract = self._draft(world, award)
        self._sign(world, contract)
        self._file(world, contract)
        self._pay(world, contract)
        self._mend(world, contract)
        self._accept(world, contract)
        self._pay_progress(world, contract)
        self._carry(world, contract)

    def _draft(self, world: World, award: Award) -> Contract:
        desk, url = Desk(world.zhang), f"/contracts/awards/{award.pk}/draft/"
        with time_machine.travel(NOTIFIED):
            assert "拟订合同" in desk.get("/desk/")
            tab = desk.get(f"/contracts/projects/{award.package.project_id}/")
            assert f'href="{url}"' in tab
            assert "签订期限 2026-04-22" in tab
            page = desk.get(url)
            for words in ("1,756,800.00", "明川信息", 'value="运维"', "第九条第（四）项"):
                assert words in page, words
            desk.post(url, **typed())
            contract = Contract.objects.get()
            assert contract.amount_fen == contract.lines.get().amount_fen == 175_680_000
            assert contract.grade_percents["fair"] == "97"
            assert contract.deduction_terms == [{"name": INCIDENT, "percent": "1"}]
            assert contract.instalments.get(position=2).milestone == contract.milestones.get()
            again = desk.get(url)
            assert "不能再拟订合同" in again
        return contract

    def _sign(self, world: World, contract: Contract) -> None:
        with time_machine.travel(NOTIFIED):
            assert "签批合同" in Desk(world.li).get("/desk/")
            assert "合同签批" in Desk(world.zhang).get("/desk/")
            for step, actor in zip(
                ContractSignature.objects.order_by("position"), (world.li, world.wang), strict=True
            ):
                page = Desk(actor).get(f"/contracts/signatures/{step.pk}/sign/")
                assert "系统可用率不低于 99.5%" in page
                Desk(actor).post(f"/contracts/signatures/{step.pk}/sign/", comment="同意")
        with time_machine.travel(SIGNED):
            desk = Desk(world.zhang)
            assert "签批齐全，签订合同" in desk.get("/desk/")
            desk.post(f"/contracts/{contract.pk}/sign/", status=422, signed_on="2026-04-11")
            desk.post(f"/contracts/{contract.pk}/sign/", signed_on="2026-04-10")
            deliver_all()
            page = desk.get(f"/contracts/{contract.pk}/")
            for words in ("报送期限 2026-04-21", "李建国", "1,756,800.00", "合同：公共文化"):
                assert words in page, words
        assert fresh(contract.package.project).stage == Stage.IMPLEMENTATION

    def _file(self, world: World, contract: Contract) -> None:
        with time_machine.travel(CLICKED):
            desk, url = Desk(world.zhang), f"/contracts/{contract.pk}/request/"
            assert "报送合同备案" in desk.get("/desk/")
            first = contract.instalments.get(position=1)
            response = desk.post(
                url, status=422, instalment=str(first.pk), **pay_line(contract, "0", "527040")
            )
            assert "合同没有备案，不得付款" in response.content.decode()
            assert 'value="527040"' in response.content.decode()
            desk.post(f"/contracts/{contract.pk}/file/")
            assert "合同备案" in desk.get("/desk/")
        with time_machine.travel(FILED):
            finance, filing = Desk(world.zhao), ContractFiling.objects.get()
            assert "办理合同备案" in finance.get("/desk/")
            finance.post(f"/contracts/filings/{filing.pk}/return/", status=422, reason="")
            finance.post(f"/contracts/filings/{filing.pk}/accept/", number="示财备〔2026〕8号")
        assert fresh(contract).filed_on == FILED

    def _pay(self, world: World, contract: Contract) -> None:
        """The advance: its amounts are filled in, checked line by line, and paid."""
        first = contract.instalments.get(position=1)
        with time_machine.travel(FILED):
            desk, url = Desk(world.zhang), f"/contracts/{contract.pk}/request/"
            assert f"{url}?instalment={first.pk}" in desk.get("/desk/")
            page = desk.get(f"{url}?instalment={first.pk}")
            assert 'value="527,040.00"' in page
            desk.post(url, instalment=str(first.pk), **pay_line(contract, "0", "527,040.00"))
            request = PaymentRequest.objects.get()
            leader, row = Desk(world.wang), request.lines.get()
            verify = f"/contracts/requests/{request.pk}/verify/"
            assert "核对付款申请" in leader.get("/desk/")
            response = leader.post(verify, status=422, **table("lines", {"line": str(row.pk)}))
            assert "还有没有核对的行" in response.content.decode()
            leader.post(verify, **table("lines", {"line": str(row.pk), "is_checked": "on"}))
            finance, release = Desk(world.zhao), f"/contracts/requests/{request.pk}/release/"
            page = finance.get(release)
            for words in ("人民币伍拾贰万柒仟零肆拾元整", "张敏　2026-04-17", "王芳　2026-04-17"):
                assert words in page, words
            finance.post(release, voucher="国库-001", key="one-key")
            finance.client.post(release, {"voucher": "国库-001", "key": "one-key"})
            tab = desk.get(f"/contracts/projects/{contract.package.project_id}/delivery/")
            assert "张敏 2026-04-17 申请　王芳 2026-04-17 核对" in tab
        assert Payment.objects.get().amount_fen == 52_704_000

    def _mend(self, world: World, contract: Contract) -> None:
        with time_machine.travel(ORDERED):
            desk, url = Desk(world.zhang), f"/contracts/{contract.pk}"
            desk.post(
                f"{url}/inspect/", inspected_on="2026-09-10", finding="响应超时", is_deviating="on"
            )
            desk.post(
                f"{url}/incident/", term=INCIDENT, occurred_on="2026-09-09", note="网页被篡改"
            )
            page = desk.get(f"{url}/mending/")
            assert 'value="10"' in page
            assert "2026-09-23" in page
            assert "2026-09-20" in page
            desk.post(f"{url}/mending/", demand="限期恢复", workdays="10")
        row = Rectification.objects.get()
        url = f"/contracts/rectifications/{row.pk}"
        with time_machine.travel(REPLIED):
            assert "2026-09-23" in Desk(world.zhang).get("/desk/")
            Desk(world.zhang).post(f"{url}/answer/", reply="已恢复", replied_on="2026-09-22")
        with time_machine.travel(CLOSED):
            assert "复查整改" in Desk(world.li).get("/desk/")
            assert "已恢复" in Desk(world.li).get(f"{url}/close/")
            Desk(world.li).post(f"{url}/close/", check_note="属实")
        assert fresh(row).status == "closed"
        assert (Inspection.objects.count(), Incident.objects.get().percent) == (1, 1)

    def _accept(self, world: World, contract: Contract) -> None:
        milestone, line = Milestone.objects.get(), contract.lines.get()
        desk = Desk(world.zhang)
        with time_machine.travel(DELIVERED):
            assert "登记交付：上半年服务" in desk.get("/desk/")
            desk.post(
                f"/contracts/milestones/{milestone.pk}/deliver/",
                delivered_on="2026-11-06",
                delivery_note="服务报告",
            )
        with time_machine.travel(ACCEPTED):
            assert "组织验收" in desk.get("/desk/")
            item = {"line": str(line.pk), "quantity": "6", "is_met": "on"}
            form = f"/contracts/{contract.pk}/acceptance/"
            page = desk.get(form)
            assert f'<option value="{milestone.pk}" selected>' in page
            assert 'name="items-0-quantity" value="0"' in page
            desk.post(
                form,
                milestone=str(milestone.pk),
                held_on="2026-11-13",
                members="张敏、李建国",
                **table("items", item),
            )
            row = Acceptance.objects.get()
            assert (row.milestone, row.items.get().quantity) == (milestone, 6)
            head, url = Desk(world.li), f"/contracts/acceptances/{row.pk}/pass/"
            assert "作出验收结论" in head.get("/desk/")
            assert "平台运维" in head.get(url)
            head.post(url, conclusion="符合约定")
            page = desk.get(form)
            for words in ("未验数量", 'name="items-0-quantity" value="6"', "未验收的余量"):
                assert words in page, words
            part = {"held_on": "2026-11-13", "members": "张敏", "users_opinion": "满意"}
            desk.post(form, **part, **table("items", item | {"quantity": "5"}))
            url = f"/contracts/acceptances/{Acceptance.objects.latest('pk').pk}/pass/"
            refused = head.post(url, status=422, conclusion="符合约定").content.decode()
            assert "平台运维的累计验收数量不足合同数量" in refused
            head.post(url.replace("pass", "fail"), conclusion="少一个月")
        assert fresh(milestone).status == "accepted"

    def _pay_progress(self, world: World, contract: Contract) -> None:
        second = contract.instalments.get(position=2)
        with time_machine.travel(PAID):
            desk, url = Desk(world.zhang), f"/contracts/{contract.pk}/request/"
            page = desk.get(f"{url}?instalment={second.pk}")
            assert 'value="702,720.00"' in page
            assert 'value="6"' in page
            response = desk.post(
                url, status=422, instalment=str(second.pk), **pay_line(contract, "7", "702,720.00")
            )
            assert "支付数量超过已验收的数量" in response.content.decode()
        purchase.paid(world, fresh(contract), 2, PAID, "6")

    def _carry(self, world: World, contract: Contract) -> None:
        with time_machine.travel(YEAR_END):
            finance, url = Desk(world.zhao), "/contracts/carry-over/"
            page = finance.get(url)
            assert "527,040.00" in page
            assert f'href="/contracts/{contract.pk}/carry-over/?year=2026"' in page
            assert 'carry-over/?year=2026"' not in Desk(world.zhang).get(url)
            assert "办理 2026 年末结转" in finance.get("/desk/")
            form = f"/contracts/{contract.pk}/carry-over/"
            assert '<option value="2026" selected>' in finance.get(form)
            finance.post(form, year="2026")
            assert "没有要结转的份额" in finance.get(url)
            assert "527,040.00" in finance.get(f"{url}?year=2027")
            tab = Desk(world.zhang).get(f"/contracts/projects/{contract.package.project_id}/")
            assert "2027 年" in tab


# --- 拟订与修改 ----------------------------------------------------------------------------------


class TestTheForm:
    def test_keeps_what_was_typed_and_says_what_is_wrong_at_the_field(self, world: World) -> None:
        award = purchase.awarded(world)
        wrong = typed(
            number="",
            ends_on="2026-04-30",
            scope="写了一半的范围",
            is_signed_by_agent="on",
            grade_poor="",
            lines=(LINE | {"quantity": "十二", "standard": "记得这句"},),
            instalments=({**INSTALMENTS[1], "milestone": "3"},),
            deduction_terms=({"name": "甲", "percent": "0"}, {"name": "乙", "percent": "1"}),
        )
        with time_machine.travel(NOTIFIED):
            url = f"/contracts/awards/{award.pk}/draft/"
            page = Desk(world.zhang).post(url, status=422, **wrong).content.decode()
        for words in (
            "请填写合同编号。",
            "服务结束日不能早于服务开始日。",
            "须写明授权委托书",
            "四个考核等级都要约定支付比例。",
            "合同标的第 1 行 数量",
            "扣款比例须大于 0。",
            "写了一半的范围",
            "记得这句",
            'value="十二"',
        ):
            assert words in page, words
        assert not Contract.objects.exists()

    def test_refuses_a_milestone_that_is_not_there(self, world: World) -> None:
        award = purchase.awarded(world)
        with time_machine.travel(NOTIFIED):
            data = typed(instalments=({**INSTALMENTS[1], "milestone": "3"},))
            url = f"/contracts/awards/{award.pk}/draft/"
            page = Desk(world.zhang).post(url, status=422, **data).content.decode()
        assert "履约节点只有 1 个，没有这个序号。" in page

    def test_a_revision_opens_another_chain(self, world: World) -> None:
        contract = purchase.drafted(world)
        purchase.sign_chain(world, contract)
        with time_machine.travel(NOTIFIED):
            desk, url = Desk(world.zhang), f"/contracts/{contract.pk}/edit/"
            page = desk.get(url)
            assert "已有的签批全部作废" in page
            assert "日常巡检、故障处理" in page
            desk.post(url, status=422, **typed(content="改过的内容"))
            desk.post(url, **typed(content="改过的内容", reason="补写内容"))
            assert fresh(contract).content == "改过的内容"
            assert contract.signatures.filter(chain=2, status="pending").count() == 2
            assert "签批合同" in Desk(world.li).get("/desk/")
            stale = typed(reason="再改", version="1", shown="")
            desk.post(url, status=409, **stale)

    def test_a_signed_contract_is_not_revised(self, world: World) -> None:
        contract = purchase.signed(world)
        with time_machine.travel(SIGNED):
            desk, url = Desk(world.zhang), f"/contracts/{contract.pk}/edit/"
            assert "不能再修改合同" in desk.get(url)
            desk.client.post(url, typed(reason="改"))
            assert desk.client.post(url, typed(reason="改")).status_code == 409

    def test_drafting_is_for_the_officer(self, world: World) -> None:
        contract = purchase.drafted(world)
        with time_machine.travel(NOTIFIED):
            for actor in (world.li, world.zhao, world.wu):
                Desk(actor).get(f"/contracts/awards/{contract.award_id}/draft/", status=403)
                Desk(actor).get(f"/contracts/{contract.pk}/edit/", status=403)

    def test_a_step_sent_back_comes_to_the_officer(self, world: World) -> None:
        contract = purchase.drafted(world)
        step = contract.signatures.order_by("position").first()
        with time_machine.travel(NOTIFIED):
            url = f"/contracts/signatures/{step.pk}/send-back/"
            Desk(world.li).post(url, status=422, comment="")
            Desk(world.li).post(url, comment="期次不清")
            assert "签批退回，修改合同" in Desk(world.zhang).get("/desk/")


# --- 验收、补充、终止 ----------------------------------------------------------------------------


class TestActs:
    def test_fixed_rows_are_those_of_the_contract(self, world: World) -> None:
        contract = purchase.filed(world)
        line = contract.lines.get()
        with time_machine.travel(ACCEPTED):
            desk, url = Desk(world.zhang), f"/contracts/{contract.pk}/acceptance/"
            data = {"held_on": "2026-11-13", "members": "张敏"}
            item = {"line": str(line.pk), "quantity": "6"}
            page = desk.post(url, status=422, **data, **table("items", item)).content.decode()
            assert "不符合约定的，请写明情况。" in page
            assert "12.00 月" in page
            other = {"line": "999", "quantity": "6", "is_met": "on"}
            page = desk.post(url, status=422, **data, **table("items", other)).content.decode()
            assert "明细已有变化" in page
            desk.post(url, status=422, **data | {"held_on": "2026-11-14"}, **table("items", item))
            assert not Acceptance.objects.exists()

    def test_a_supplement_is_drafted_refused_and_withdrawn(self, world: World) -> None:
        contract = purchase.filed(world)
        with time_machine.travel(CLICKED):
            desk, url = Desk(world.zhang), f"/contracts/{contract.pk}/supplement/"
            data = {"number": "补-1", "reason": "增加点位"}
            page = desk.post(url, status=422, amount_fen="175,680.01", **data).content.decode()
            assert "10%" in page
            assert 'value="175,680.01"' in page
            desk.post(url, amount_fen="175,680.00", **data)
            row = Supplement.objects.get()
            assert "签订补充合同" in Desk(world.wang).get("/desk/")
            leader = Desk(world.wang)
            page = leader.post(f"/contracts/supplements/{row.pk}/agree/", status=422)
            assert "须先办理预算调整" in page.content.decode()
            desk.post(f"/contracts/supplements/{row.pk}/withdraw/", note="预算未调")
        assert fresh(row).status == "withdrawn"

    def test_termination_follows_a_refusal_to_mend(self, world: World) -> None:
        contract = purchase.filed(world)
        with time_machine.travel(ORDERED):
            page = Desk(world.wang).get(f"/contracts/{contract.pk}/")
            assert "/terminate/" not in page
            Desk(world.zhang).post(
                f"/contracts/{contract.pk}/mending/", demand="恢复", workdays="1"
            )
        row = Rectification.objects.get()
        with time_machine.travel(REPLIED):
            refuse = f"/contracts/rectifications/{row.pk}/refuse/"
            Desk(world.li).post(refuse, check_note="逾期未改")
            leader = Desk(world.wang)
            assert f'href="/contracts/{contract.pk}/terminate/"' in leader.get(
                f"/contracts/{contract.pk}/"
            )
            assert "逾期未改" in leader.get(f"/contracts/{contract.pk}/terminate/")
            leader.post(f"/contracts/{contract.pk}/terminate/", note="拒不整改")
        assert fresh(contract).status == "terminated"

    def test_a_request_goes_back_and_comes_again(self, world: World) -> None:
        contract = purchase.filed(world)
        request = purchase.request(world, contract, 1, FILED)
        with time_machine.travel(FILED):
            url = f"/contracts/requests/{request.pk}/send-back/"
            assert "平台运维" in Desk(world.wang).get(url)
            Desk(world.wang).post(url, reason="发票不符")
            assert "申请付款" in Desk(world.zhang).get("/desk/")


# --- 台账 ----------------------------------------------------------------------------------------


class TestLedgers:
    def test_show_filter_export_and_hide(self, world: World) -> None:
        contract = purchase.filed(world)
        purchase.paid(world, contract, 1, FILED)
        with time_machine.travel(FILED):
            desk = Desk(world.zhao)
            for url, words in (
                ("/contracts/", ("527,040.00", "1,229,760.00", contract.name, "文旅委")),
                ("/contracts/payments/", ("国库-001", "第 1 期 预付款", "527,040.00")),
                ("/contracts/carry-over/?year=2026", ("1,229,760.00", "部门预算")),
            ):
                page = desk.get(url)
                for word in words:
                    assert word in page, (url, word)
                export = desk.get(f"{url}{'&' if '?' in url else '?'}export=csv")
                assert contract.number in export
            assert contract.number not in desk.get("/contracts/?status=terminated")
            assert contract.number in desk.get("/contracts/?q=明川")
            assert "国库-001" not in desk.get("/contracts/payments/?since=2026-04-18")
            assert "国库-001" in desk.get("/contracts/payments/?q=库-00")
            assert "国库-001" not in desk.get("/contracts/payments/?q=库-02")
            for sort in ("unpaid_fen", "-added_fen", "status"):
                assert contract.number in desk.get(f"/contracts/?sort={sort}")
            stranger = Desk(world.chen)
            for url in ("", "payments/", "carry-over/?year=2026", "rectifications/"):
                assert contract.number not in stranger.get(f"/contracts/{url}")

    def test_mark_what_is_overdue(self, world: World) -> None:
        contract = purchase.filed(world)
        with time_machine.travel(ORDERED):
            Desk(world.zhang).post(
                f"/contracts/{contract.pk}/mending/", demand="恢复", workdays="5"
            )
        with time_machine.travel(CLOSED):
            page = Desk(world.zhang).get("/contracts/rectifications/")
            assert "2026-09-17" in page
            assert "逾期</span>" in page
            assert "2026-09-17" in Desk(world.zhang).get("/contracts/rectifications/?export=csv")
            tab = Desk(world.zhang).get(
                f"/contracts/projects/{contract.package.project_id}/delivery/"
            )
            assert "至 2026-09-17" in tab

    def test_ask_no_more_for_more_rows(self, world: World) -> None:
        contract = purchase.filed(world)
        counts = []
        with time_machine.travel(ORDERED):
            desk = Desk(world.zhang)
            for _ in range(2):
                for _ in range(2):
                    desk.post(f"/contracts/{contract.pk}/mending/", demand="恢复", workdays="5")
                desk.get("/contracts/rectifications/")
                with CaptureQueriesContext(connection) as queries:
                    desk.get("/contracts/rectifications/")
                counts.append(len(queries))
        assert counts[0] == counts[1]


# --- 看得见与看不见 ------------------------------------------------------------------------------


def test_foreign_and_missing_answer_alike_and_others_read(world: World) -> None:
    contract = purchase.filed(world)
    request = purchase.request(world, contract, 1, FILED)
    paths = [
        ("/contracts/projects/{}/", contract.package.project_id),
        ("/contracts/projects/{}/delivery/", contract.package.project_id),
        ("/contracts/awards/{}/draft/", contract.award_id),
        ("/contracts/{}/", contract.pk),
        ("/contracts/{}/edit/", contract.pk),
        ("/contracts/{}/request/", contract.pk),
        ("/contracts/signatures/{}/sign/", contract.signatures.first().pk),
        ("/contracts/filings/{}/accept/", contract.filings.get().pk),
        ("/contracts/milestones/{}/deliver/", contract.milestones.get().pk),
        ("/contracts/requests/{}/verify/", request.pk),
    ]
    with time_machine.travel(FILED):
        stranger = Desk(world.chen)
        for path, pk in paths:
            foreign = stranger.client.get(path.format(pk))
            missing = stranger.client.get(path.format(999_999))
            assert (foreign.status_code, missing.status_code) == (404, 404), path
        for actor in (world.wu, world.zhao, world.li):
            for path, pk in (*paths[:2], paths[3]):
                Desk(actor).get(path.format(pk))


def test_a_case_without_packages_says_what_to_do(world: World) -> None:
    project = purchase.replied(world)
    with time_machine.travel(NOTIFIED):
        desk = Desk(world.zhang)
        assert "还不能拟订合同" in desk.get(f"/contracts/projects/{project.pk}/")
        assert "还没有签订合同" in desk.get(f"/contracts/projects/{project.pk}/delivery/")
