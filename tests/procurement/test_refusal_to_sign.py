"""An awarded provider refuses to sign: the next candidate, or a new attempt; the money stays."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
import time_machine
from django.db import IntegrityError, transaction

from budgeting.models import Allocation
from budgeting.services import ledger_differences
from contracts.services import LineInput
from core.attachments import Attachment
from core.history.reading import acts_of, events_of, refusals_of
from core.history.values import reference
from core.history.verify import verify
from core.transitions import NotOffered, NotPermitted, TransitionRefused
from disclosure.models import NoticeDraft, NoticeKind, PublishedNotice
from procurement.models import Award, Bid, Tender
from procurement.services import (
    cancel_package,
    decide_award,
    fail_tender,
    notify_award,
    open_responses,
)
from projects.models import Stage
from tests import purchase, steps
from tests.budgeting.steps import PDF, Desk, minutes
from tests.disclosure.cases import reviewed
from tests.procurement import scenes
from tests.procurement.scenes import REFUSED, SITE
from tests.purchase import APPROVED, NOTIFIED
from tests.steps import fresh, put
from tests.world import deliver_all

pytestmark = pytest.mark.django_db
SELECTION, SIGNING = "第九条第（三）项", "第九条第（四）项"
SECOND_FEN = 178_000_000


def rule(subject, rule_id, on=REFUSED, **data):
    return steps.verdict(subject, rule_id, on=on, **data).state


def ranked(row, rank):
    return Bid.objects.get(tender=row, rank=rank)


def decide(world, row, rank, reason=""):
    return decide_award(row, bid=ranked(row, rank), reason=reason, **world.wang.acts(REFUSED))


def announced(world, award):
    number = f"示成交〔2026〕{award.pk}号"
    notify_award(award, number=number, **SITE, **world.zhang.acts(REFUSED))
    deliver_all()
    return fresh(award)


def failed(world):
    """The tender of a refused award declared failed for it."""
    row = scenes.refused(world).tender
    fail_tender(row, ground="refused_to_sign", reason="重新采购。", **world.zhang.acts(REFUSED))
    deliver_all()
    return fresh(row)


class TestRefusing:
    """实施条例第四十九条: the award ends, everything stands where it may be decided again."""

    def test_tender_package_and_project_go_back(self, world):
        award = scenes.refused(world)

        assert (award.status, award.refused_on) == ("refused", REFUSED)
        assert (award.refusal_reason, award.refusal_evidence) == (
            "人员不足，书面拒绝。",
            "复函〔2026〕3号",
        )
        assert (fresh(award.tender).status, fresh(award.tender).ended_on) == ("evaluated", None)
        assert fresh(award.package).status == "procuring"
        assert fresh(award.case()).stage == Stage.PROCUREMENT
        assert verify().differences == []

    def test_the_history_tells_it_act_by_act(self, world):
        award = purchase.awarded(world)
        before = len(acts_of(award.stream()))
        scenes.refuse(award, **world.zhang.acts(REFUSED))

        assert acts_of(award.stream())[before:] == [
            "procurement.award.refuse",
            "procurement.tender.resume",
            "projects.package.reopen",
            "projects.project.return_to_procurement",
        ]
        (told,) = (e for e in events_of(award.stream()) if e.act == "procurement.award.refuse")
        assert (told.reason, told.actor_name) == ("人员不足，书面拒绝。", "张敏")

    def test_the_reservation_stays_to_the_last_cent(self, world):
        scenes.refused(world)

        line = Allocation.objects.get()
        assert (line.reserved_fen, line.committed_fen, line.released_fen) == (APPROVED, 0, 0)
        assert ledger_differences() == []

    def test_a_neighbour_package_keeps_its_award(self, world):
        project = scenes.divided(world, scenes.ready(world), 100_000_000, 80_000_000)
        for position in (1, 2):
            scenes.completed(world, project, position)
        first, second = Award.objects.order_by("package__position")
        assert fresh(project).stage == Stage.CONTRACT

        scenes.refuse(first, **world.zhang.acts(REFUSED))

        assert (fresh(first.package).status, fresh(second.package).status) == (
            "procuring",
            "awarded",
        )
        assert fresh(project).stage == Stage.PROCUREMENT

    def test_a_file_of_evidence_is_kept_with_the_award(self, world):
        award = purchase.awarded(world)
        file = ("复函.pdf", "application/pdf", PDF)
        scenes.refuse(award, file=file, **world.zhang.acts(REFUSED))

        kept = Attachment.objects.get(subject=reference(award))
        assert (kept.name, kept.purpose) == ("复函.pdf", "拒绝签订的证据")
        assert verify().differences == []

    def test_it_is_registered_once(self, world):
        award = scenes.refused(world)

        with pytest.raises(NotOffered, match="拒绝签订"):
            scenes.refuse(award, **world.zhang.acts(REFUSED))

    def test_before_the_notice_there_is_nothing_to_refuse(self, world):
        with pytest.raises(NotOffered, match="待公告"):
            scenes.refuse(scenes.decided(world), **world.zhang.acts(REFUSED))

    def test_the_trading_centre_does_not_register_it(self, world):
        with pytest.raises(NotPermitted):
            scenes.refuse(purchase.awarded(world), **world.zhou.acts(REFUSED))

    def test_once_the_contract_is_signed_it_is_too_late(self, world):
        contract = purchase.signed(world)
        award = fresh(contract.award)

        with pytest.raises(TransitionRefused, match=f"{SIGNING}：合同已经签订") as refused:
            scenes.refuse(award, **world.zhang.acts(purchase.SIGNED))

        assert [v.rule for v in refused.value.refusals] == ["YB-9.4-not-signed-yet"]
        assert fresh(contract).status == "signed"

    def test_until_then_it_is_not(self, world):
        assert rule(purchase.awarded(world), "YB-9.4-not-signed-yet") == "met"

    @pytest.mark.parametrize(
        ("changes", "state"),
        [
            ({}, "met"),
            ({"refused_on": NOTIFIED}, "met"),
            ({"refused_on": scenes.day(NOTIFIED, -1)}, "unmet"),
            ({"refused_on": scenes.day(REFUSED, 1)}, "unmet"),
            ({"refused_on": None}, "unmet"),
            ({"reason": " "}, "unmet"),
            ({"evidence": ""}, "unmet"),
        ],
    )
    def test_it_needs_reason_evidence_and_a_day_after_the_notice(self, world, changes, state):
        stated = {"refused_on": REFUSED, "reason": "书面拒绝", "evidence": "复函"} | changes

        assert rule(purchase.awarded(world), "YB-9.4-refusal-evidenced", **stated) == state

    @pytest.mark.parametrize("same", ["package", "tender"])
    def test_the_database_takes_one_standing_award_a_package_and_tender(self, world, same):
        award = purchase.awarded(world)
        other = purchase.tender(world, purchase.replied(world, fen=100, name="另一个"), number="2")
        values = {"package": other.package, "tender": other, same: getattr(award, same)}

        with pytest.raises(IntegrityError), transaction.atomic():
            put(
                Award(
                    **values,
                    bid=ranked(award.tender, 2),
                    provider=ranked(award.tender, 2).provider,
                    amount_fen=1,
                    decided_on=REFUSED,
                )
            )


class TestNextCandidate:
    """实施条例第四十九条: in the order of the report, without the one who refused."""

    def test_the_second_is_the_next_and_needs_no_reason(self, world):
        row = scenes.refused(world).tender

        award = announced(world, decide(world, row, 2))

        assert (award.provider.name, award.amount_fen) == ("云栈数据", SECOND_FEN)
        assert (fresh(row).status, fresh(award.package).status) == ("decided", "awarded")
        assert fresh(award.case()).stage == Stage.CONTRACT
        assert Award.objects.filter(tender=row).count() == 2
        assert verify().differences == []

    def test_the_third_needs_one(self, world):
        row = scenes.refused(world).tender

        with pytest.raises(TransitionRefused, match=f"{SELECTION}：没有按评审次序") as refused:
            decide(world, row, 3)

        assert dict(refused.value.refusals[0].compared)["次序在前"] == "云栈数据"
        assert decide(world, row, 3, "第二名书面放弃。").provider.name == "远桥科技"

    def test_the_one_who_refused_does_not_win_again(self, world):
        row = scenes.refused(world).tender

        with pytest.raises(
            TransitionRefused, match=f"{SELECTION}：“明川信息”拒绝签订过"
        ) as refused:
            decide(world, row, 1, "又愿意签了。")

        assert "YB-9.3-refuser-excluded" in [v.rule for v in refused.value.refusals]

    def test_the_next_decision_is_not_late(self, world):
        row = scenes.refused(world).tender
        decide(world, row, 2)

        decisions = [e for e in events_of(row.stream()) if e.act == "procurement.tender.decide"]
        assert [e.late for e in decisions] == [(), ()]

    def test_the_contract_follows_the_new_award_and_the_rest_is_released(self, world):
        award = announced(world, decide(world, scenes.refused(world).tender, 2))
        lines = [LineInput("平台运维", Decimal(1), "年", SECOND_FEN, standard="可用率 99.5%")]
        purchase.signed(world, purchase.drafted(world, award, lines=lines))

        line = Allocation.objects.get()
        assert (line.reserved_fen, line.committed_fen) == (0, SECOND_FEN)
        assert line.released_fen == APPROVED - SECOND_FEN
        assert fresh(award.case()).stage == Stage.IMPLEMENTATION
        assert ledger_differences() == []

    def test_a_second_refusal_leaves_the_third(self, world):
        award = announced(world, decide(world, scenes.refused(world).tender, 2))
        scenes.refuse(award, **world.zhang.acts(REFUSED))

        third = announced(world, decide(world, award.tender, 3))

        states = Award.objects.order_by("pk").values_list("status", flat=True)
        assert list(states) == ["refused", "refused", "notified"]
        assert third.provider.name == "远桥科技"

    def test_the_public_reads_why_there_is_a_second_result(self, world):
        announced(world, decide(world, scenes.refused(world).tender, 2))
        for draft in NoticeDraft.objects.filter(kind=NoticeKind.RESULT).order_by("pk"):
            reviewed(world, draft, REFUSED)

        first, second = PublishedNotice.objects.filter(kind=NoticeKind.RESULT).order_by("pk")
        assert (first.number, second.number) == ("SF-R-2026-0001", "SF-R-2026-0002")
        headings = [[section["heading"] for section in n.fields] for n in (first, second)]
        assert not any("其他补充事宜" in heading for heading in headings[0])
        (why,) = (s["text"] for s in second.fields if "其他补充事宜" in s["heading"])
        assert why == ["原成交供应商“明川信息”拒绝签订合同，依法按评审次序另行确定。"]


class TestNewAttempt:
    """实施条例第四十九条: or the tender ends, and the purchase is begun again."""

    on = date(2026, 4, 13)

    def test_the_package_waits_and_the_money_stays(self, world):
        row = failed(world)

        assert (row.status, row.failure_ground) == ("failed", "refused_to_sign")
        assert fresh(row.package).status == "planned"
        assert Allocation.objects.get().reserved_fen == APPROVED
        notice = NoticeDraft.objects.get(kind=NoticeKind.FAILED)
        assert "拒绝签订合同" in str(notice.sections)

    def test_it_is_no_ground_where_nobody_refused(self, world):
        row = purchase.evaluated(world)

        with pytest.raises(TransitionRefused, match="没有成交供应商拒绝签订合同的登记"):
            fail_tender(row, ground="refused_to_sign", reason="x", **world.zhang.acts(REFUSED))

    def test_in_a_consultation_who_refused_stays_out(self, world):
        again = self.again(world, failed(world))

        with pytest.raises(TransitionRefused, match="拒绝签订过这个采购包的合同") as refused:
            purchase.bid(world, again, "明川信息", 1, on=self.on)

        assert [v.rule for v in refused.value.refusals] == ["YB-9.3-refuser-excluded"]
        assert purchase.bid(world, again, "云栈数据", 1, on=self.on).pk

    def test_in_an_open_tender_it_may_come_again(self, world):
        again = purchase.tender(world, failed(world).case(), method="open", number="2")
        known = purchase.provider(world, "明川信息")

        assert rule(again, "YB-9.3-refuser-excluded", provider=known) == "met"

    def test_of_another_package_it_is_no_matter(self, world):
        other = purchase.tender(world, purchase.replied(world, fen=100, name="另一个"), number="2")
        scenes.refused(world)
        known = purchase.provider(world, "明川信息")

        assert rule(other, "YB-9.3-refuser-excluded", provider=known) == "met"

    def test_its_award_stands_beside_the_refused_one(self, world):
        again = self.again(world, failed(world))
        for name in ("云栈数据", "远桥科技", "鼎信软件"):
            purchase.bid(world, again, name, 170_000_000, on=self.on)
        scenes.evaluate(fresh(again), **world.zhang.acts(self.on))
        scenes.decide(fresh(again), **world.wang.acts(self.on))

        states = Award.objects.order_by("pk").values_list("tender__attempt", "status")
        assert list(states) == [(1, "refused"), (2, "decided")]
        assert verify().differences == []

    def test_or_it_is_given_up_and_all_is_released(self, world):
        row = failed(world)
        cancel_package(row.package, note="任务取消", **world.wang.acts(REFUSED))

        line = Allocation.objects.get()
        assert (line.reserved_fen, line.released_fen) == (0, APPROVED)
        assert fresh(row.case()).stage == Stage.TERMINATED
        assert ledger_differences() == []

    def again(self, world, row):
        again = purchase.tender(world, row.case(), number="SF-CS-2026-009", on=REFUSED)
        days = {"offered_until": date(2026, 4, 7), "response_deadline": self.on}
        purchase.publish(world, again, on=REFUSED, **days)
        open_responses(fresh(again), **world.zhang.acts(self.on))
        return fresh(again)


class TestPages:
    """The officer registers it; the leader finds the next candidate chosen and decides."""

    def test_from_the_refusal_to_the_next_award(self, world):
        award = purchase.awarded(world)
        self._register(world, award)
        self._decide(world, award.tender)
        self._look(world, award.tender)

    def _register(self, world, award):
        desk, url = Desk(world.zhang), f"/procurement/awards/{award.pk}/refuse/"
        form = {"refused_on": "2026-03-30", "reason": "书面拒绝。", "evidence": "复函〔2026〕3号"}
        with time_machine.travel(REFUSED):
            for page in (f"/procurement/tenders/{award.tender_id}/", "/projects/{}/"):
                assert url in desk.get(page.format(award.case().pk))
            assert url not in Desk(world.wang).get(f"/procurement/tenders/{award.tender_id}/")
            tomorrow = form | {"refused_on": "2026-03-31"}
            assert "拒绝日不能晚于今日" in Desk.text(desk.post(url, status=422, **tomorrow))
            early = Desk.text(desk.post(url, status=422, **(form | {"refused_on": "2026-03-22"})))
            assert "拒绝日不在通知书发出之后" in early
            assert "复函〔2026〕3号" in early
            assert [r.act for r in refusals_of(award.stream())] == ["procurement.award.refuse"]
            desk.post(url, **form, file=minutes("复函.pdf"))
            assert "确定成交" in desk.get("/desk/")

    def _decide(self, world, tender: Tender):
        desk, url = Desk(world.wang), f"/procurement/tenders/{tender.pk}/decide/"
        with time_machine.travel(REFUSED):
            assert "成交供应商拒绝签订，另行确定成交" in desk.get("/desk/")
            page = desk.get(url)
            second = ranked(tender, 2)
            assert f'value="{second.pk}" ' in page
            assert "第 1 名" not in page
            desk.post(url, bid=str(second.pk))

    def _look(self, world, tender: Tender):
        with time_machine.travel(REFUSED):
            page = Desk(world.wu).get(f"/procurement/tenders/{tender.pk}/")
            tab = Desk(world.wu).get(f"/procurement/projects/{tender.package.project_id}/")
        for words in ("拒绝签订", "2026-03-30", "书面拒绝。", "复函.pdf", "云栈数据", "待公告"):
            assert words in page
        for words in ("明川信息", "云栈数据", "拒绝签订", "待公告"):
            assert words in tab

    def test_after_the_signing_the_act_is_gone(self, world):
        contract = purchase.signed(world)
        url = f"/procurement/awards/{contract.award_id}/refuse/"
        with time_machine.travel(purchase.SIGNED):
            desk = Desk(world.zhang)
            assert url not in desk.get(f"/procurement/tenders/{contract.award.tender_id}/")
            assert "合同已经签订，不能登记拒绝签订" in desk.get(url)
