"""Walk A, lines 8 to 15: contract, performance, evaluation, settlement; to the 分, to the day."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import transaction
from django.db.models import Sum

from budgeting.models import LedgerEntry, Obligation
from budgeting.services import (
    accept_obligation,
    approve_adjustment,
    draft_adjustment,
    ledger_differences,
    submit_evidence,
)
from contracts.facts.delivery import mending_due_on
from contracts.facts.money import due_fen, paid_fen, payable_fen
from contracts.facts.terms import filing_due_on, sign_due_on
from contracts.models import ContractSlice, Milestone, Payment, Settlement
from contracts.selectors.ledgers import carry_over_list
from contracts.services import (
    agree_supplement,
    answer_rectification,
    carry_over,
    close_rectification,
    draft_supplement,
    order_mending,
    pass_acceptance,
    prepare_acceptance,
    record_incident,
    release_payment,
    verify_payment,
    withdraw_supplement,
)
from core.documents.models import Document
from core.documents.rendering import render_html
from core.history.verify import verify
from core.transitions import NotOffered, TransitionRefused
from core.views.acts import status_of
from disclosure.facts.deadlines import due_on
from disclosure.models import DisclosureDuty, DutyKind
from performance.models import Evaluation
from procurement.models import Award
from projects.models import Stage
from tests import purchase
from tests.budgeting.steps import Desk
from tests.contracts.scenes import Case, rules_of, shared
from tests.core import tampering
from tests.purchase import APPROVED, AWARDED, CONDITION, FILED, INCIDENT, SIGNED
from tests.steps import fresh
from tests.world import World, deliver_all

ADVANCE, SECOND, FINAL = 52_704_000, 70_272_000, 45_676_800
SETTLED, UNSPENT, SAVED = 168_652_800, 7_027_200, 4_320_000
TENTH = 17_568_000
TOO_EARLY, JUNE = date(2026, 4, 16), date(2026, 6, 1)
ORDERED, REPLIED, CLOSED = date(2026, 9, 10), date(2026, 9, 22), date(2026, 9, 24)
LAST, NEXT = date(2026, 12, 31), date(2027, 1, 4)
ACCEPTED, FINAL_PAID = date(2027, 5, 10), date(2027, 6, 10)


def contract_signed(world: World) -> Case:
    """Lines 1 to 8: on 孙's condition, awarded at 1,756,800.00, signed on 04-10."""
    project = purchase.replied_on_condition(world)
    purchase.prepare(world, project)
    tender = purchase.evaluated(world, purchase.opened(world, project))
    contract = purchase.drafted(world, purchase.awarded(world, tender))
    return Case(world, purchase.signed(world, contract).pk)


built, case = shared(contract_signed)


# --- The lines, one after the other ---------------------------------------------------------------


def file_and_pay_the_advance(case: Case) -> None:
    """Line 9."""
    purchase.filed(case.world, case.contract)
    purchase.paid(case.world, case.contract, 1, FILED)


def mend_and_pay_the_second(case: Case) -> None:
    """Line 11."""
    acts = case.world.zhang.acts
    row = order_mending(case.contract, demand="热线无人接听", workdays=10, **acts(ORDERED))
    answer_rectification(row, reply="已增派人员", replied_on=REPLIED, **acts(REPLIED))
    close_rectification(row, check_note="复查合格", **case.world.li.acts(CLOSED))
    purchase.accept(case.world, case.contract, purchase.ACCEPTED, "6", case.milestone)
    purchase.paid(case.world, case.contract, 2, purchase.PAID, "6")


def carry(case: Case, on: date) -> None:
    """Line 12."""
    carry_over(case.contract, year=2026, **case.world.zhao.acts(on))


def prepare_the_whole(case: Case) -> Any:
    """Line 13: the acceptance of everything, six months of twelve left."""
    item = {"line": case.line.pk, "quantity": "6", "is_met": True, "note": ""}
    return prepare_acceptance(
        case.contract,
        milestone=None,
        held_on=ACCEPTED,
        members="张敏、李建国、使用单位代表",
        users_opinion="使用单位基本满意",
        items=[item],
        **case.world.zhang.acts(ACCEPTED),
    )


def approve(case: Case, row: Any) -> None:
    pass_acceptance(row, conclusion="符合约定", **case.world.li.acts(ACCEPTED))
    deliver_all()


def fulfil_the_condition(case: Case) -> None:
    row = Obligation.objects.get(project=case.project)
    submit_evidence(row, evidence="接入证明〔2027〕3 号", **case.world.zhang.acts(ACCEPTED))
    accept_obligation(row, **case.world.sun.acts(ACCEPTED))


def settle_as_fair(case: Case) -> Settlement:
    """Line 14: one incident, graded 一般."""
    values = {"term": INCIDENT, "occurred_on": date(2026, 7, 10), "note": "数据泄露 12 条"}
    record_incident(case.contract, **values, **case.world.zhang.acts(ACCEPTED))
    return purchase.evaluate(case.world, case.contract, "fair")


def walk_to_the_acceptance(case: Case) -> None:
    file_and_pay_the_advance(case)
    mend_and_pay_the_second(case)
    carry(case, LAST)
    purchase.load_calendar(2027)


def walk_to_the_end(case: Case) -> None:
    walk_to_the_acceptance(case)
    fulfil_the_condition(case)
    approve(case, prepare_the_whole(case))
    settle_as_fair(case)
    purchase.paid(case.world, case.contract, 3, FINAL_PAID, "6")


@pytest.fixture(scope="class")
def walked(built: Case, django_db_blocker: Any) -> Any:
    """The whole walk, once for the class that asks for it."""
    with django_db_blocker.unblock(), transaction.atomic():
        walk_to_the_end(built)
        yield replace(built)
        transaction.set_rollback(True)


# --- What the lines say ---------------------------------------------------------------------------


class TestLine8:
    """《渝北办法》第九条第（四）项、第十二条: signed, committed, the rest released."""

    def test_the_days(self, case):
        duty = DisclosureDuty.objects.get(kind=DutyKind.CONTRACT_NOTICE)

        assert case.contract.signed_on == SIGNED
        assert sign_due_on(case.contract.award).day == date(2026, 4, 22)
        assert filing_due_on(case.contract).day == date(2026, 4, 21)
        assert due_on(duty) == date(2026, 4, 14)
        assert (case.contract.starts_on, case.contract.ends_on) == (
            date(2026, 5, 1),
            date(2027, 4, 30),
        )

    def test_the_money(self, case):
        assert [i.amount_fen for i in case.contract.instalments.all()] == [
            ADVANCE,
            SECOND,
            ADVANCE,
        ]
        assert case.money() == (0, AWARDED, 0, SAVED, 0, 0)
        assert AWARDED + SAVED == purchase.APPROVED

    def test_the_stage(self, case):
        assert (case.package.status, case.project.stage) == ("contracted", Stage.IMPLEMENTATION)


class TestLine9:
    """《渝北办法》第九条第（四）项: 备案之后付款；点两次只付一次."""

    def test_before_the_filing_nothing_is_paid(self, case):
        with pytest.raises(TransitionRefused, match=r"第九条第（四）项：合同没有备案") as refused:
            purchase.request(case.world, case.contract, 1, TOO_EARLY)

        assert rules_of(refused) == {"YB-9.4-filed-before-payment"}

    def test_two_clicks_pay_once(self, case):
        purchase.filed(case.world, case.contract)
        row = purchase.request(case.world, case.contract, 1, FILED)
        checked = [line.pk for line in row.lines.all()]
        verify_payment(row, checked=checked, **case.world.wang.acts(FILED))
        click = {"voucher": "国库-001", **case.world.zhao.acts(FILED)}
        release_payment(row, key="one page", **click)
        assert release_payment(row, key="one page", **click).is_repeat
        with pytest.raises(NotOffered) as refused:
            release_payment(row, **click)

        assert status_of(refused.value) == 409
        assert [p.amount_fen for p in Payment.objects.all()] == [ADVANCE]
        assert case.money() == (0, AWARDED - ADVANCE, ADVANCE, SAVED, 0, 0)


class TestLine10:
    """《渝北办法》第九条第（四）项、第十二条: a tenth, and only with budget."""

    def draft(self, case, fen):
        values = {"number": "补 1", "amount_fen": fen, "reason": "增加一个使用单位"}
        return draft_supplement(case.contract, **values, **case.world.zhang.acts(JUNE))

    def test_one_fen_above_a_tenth(self, case):
        with pytest.raises(TransitionRefused, match="超过原合同金额的 10%") as refused:
            self.draft(case, TENTH + 1)

        assert rules_of(refused) == {"YB-9.4-supplement-ten-percent"}

    def test_a_tenth_without_budget_is_withdrawn(self, case):
        supplement = self.draft(case, TENTH)
        with pytest.raises(TransitionRefused, match=r"可用预算只有 0\.00 元") as refused:
            agree_supplement(supplement, **case.world.wang.acts(JUNE))
        withdraw_supplement(
            supplement, note="预算未调整", **case.world.zhang.acts(date(2026, 6, 2))
        )

        assert rules_of(refused) == {"YB-12-supplement-within-budget"}
        assert fresh(supplement).status == "withdrawn"
        assert case.money() == (0, AWARDED, 0, SAVED, 0, 0)

    def test_after_an_adjustment_of_the_budget_it_is_signed(self, case):
        """The line as it would have gone on: 175,680.00 added by 赵, approved by 白."""
        supplement = self.draft(case, TENTH)
        with pytest.raises(TransitionRefused, match=r"须先办理预算调整"):
            agree_supplement(supplement, **case.world.wang.acts(JUNE))

        row = draft_adjustment(
            case.project,
            kind="increase",
            allocation=case.allocation,
            amount_fen=TENTH,
            number="示财预调〔2026〕1号",
            reason="补充合同：增加一个使用单位",
            **case.world.zhao.acts(JUNE),
        )
        approve_adjustment(row, **case.world.bai.acts(JUNE))
        assert case.money() == (0, AWARDED, 0, SAVED, 0, TENTH)
        agree_supplement(supplement, **case.world.wang.acts(JUNE))

        assert fresh(supplement).status == "agreed"
        assert case.money() == (0, AWARDED + TENTH, 0, SAVED, 0, 0)
        assert case.slices() == [(2026, AWARDED + TENTH, 0, 0, 0)]
        assert (case.project.approved_fen, case.contract.amount_fen) == (APPROVED, AWARDED)
        assert verify().differences == []


class TestLine11:
    """《渝北办法》第十九条、第九条第（五）项: ten working days, 09-20 worked."""

    def test_the_order_to_mend_and_the_second_instalment(self, case):
        file_and_pay_the_advance(case)
        mend_and_pay_the_second(case)

        row = case.contract.rectifications.get()
        assert mending_due_on(row).day == date(2026, 9, 23)
        assert (row.status, row.replied_on, row.closed_on) == ("closed", REPLIED, CLOSED)
        assert case.late("contracts.rectification.answer") == []
        paid = Payment.objects.latest("pk")
        assert (paid.amount_fen, paid.paid_on) == (SECOND, date(2026, 11, 20))
        assert case.money()[1] == ADVANCE


class TestLine12:
    """《渝北办法》第十二条: 年末未付的列入结转清单；没有结转的次年不付."""

    @pytest.fixture(autouse=True)
    def _two_paid(self, case):
        file_and_pay_the_advance(case)
        mend_and_pay_the_second(case)

    def left(self, case, year):
        return [row.left_fen for row in carry_over_list(case.world.zhao.user, year)]

    def test_it_stands_on_the_list(self, case):
        assert self.left(case, 2026) == [ADVANCE]
        assert case.slices() == [(2026, AWARDED, ADVANCE + SECOND, 0, 0)]

    def test_next_year_it_is_not_paid_before_it_is_carried_over(self, case):
        with pytest.raises(
            TransitionRefused, match=r"第十二条：2027 年度没有足够的承诺"
        ) as refused:
            purchase.request(case.world, case.contract, 3, NEXT)

        assert rules_of(refused) == {"YB-12-year-or-carried", "YB-9.6-instalment-due"}

    def test_it_is_carried_over_from_the_last_day(self, case):
        with pytest.raises(TransitionRefused) as refused:
            carry(case, date(2026, 12, 30))
        assert rules_of(refused) == {"YB-12-year-ended"}
        carry(case, LAST)

        assert (self.left(case, 2026), self.left(case, 2027)) == ([], [ADVANCE])
        with pytest.raises(TransitionRefused) as refused:
            purchase.request(case.world, case.contract, 3, NEXT)
        assert rules_of(refused) == {"YB-9.6-instalment-due"}


class TestLine13:
    """《渝北办法》第九条第（二）项: 验收前须落实会审的条件."""

    def test_refused_until_the_condition_is_evidenced_and_confirmed(self, case):
        walk_to_the_acceptance(case)
        row = prepare_the_whole(case)
        with pytest.raises(TransitionRefused, match="第九条第（二）项：验收前须落实") as refused:
            approve(case, row)
        assert rules_of(refused) == {"YB-9.2-conditions-before-evaluation"}
        assert (CONDITION, "待落实") in refused.value.refusals[0].compared

        condition = Obligation.objects.get(project=case.project)
        submit_evidence(condition, evidence="接入证明", **case.world.zhang.acts(ACCEPTED))
        with pytest.raises(TransitionRefused):
            approve(case, row)
        accept_obligation(condition, **case.world.sun.acts(ACCEPTED))
        approve(case, row)

        assert case.project.stage == Stage.EVALUATION
        assert Evaluation.objects.get().opened_on == ACCEPTED


class TestLine14:
    """《渝北办法》第九条第（六）项、第十四条: 一般 97 %，一次扣款，尾款按结算."""

    def test_the_settlement_and_the_final_instalment(self, case):
        walk_to_the_acceptance(case)
        fulfil_the_condition(case)
        approve(case, prepare_the_whole(case))
        row = settle_as_fair(case)

        assert (row.percent, row.assessed_fen) == (Decimal(97), 170_409_600)
        assert (row.deducted_fen, row.payable_fen) == (1_756_800, SETTLED)
        assert due_fen(case.instalment(3)) == FINAL
        purchase.paid(case.world, case.contract, 3, FINAL_PAID, "6")

        assert case.slices()[1] == (2027, ADVANCE, FINAL, 0, UNSPENT)
        assert case.money() == (0, 0, SETTLED, SAVED + UNSPENT, ADVANCE, 0)
        assert (case.contract.status, case.contract.ended_on) == ("completed", FINAL_PAID)

    def test_the_case_moves_on_when_the_last_fen_is_paid(self, case):
        walk_to_the_acceptance(case)
        fulfil_the_condition(case)
        approve(case, prepare_the_whole(case))
        settle_as_fair(case)
        assert (case.package.status, case.project.stage) == ("accepted", Stage.EVALUATION)
        purchase.paid(case.world, case.contract, 3, FINAL_PAID, "6")

        assert (case.package.status, case.project.stage) == ("settled", Stage.DISCLOSURE)
        assert case.recorded("projects.project.finish_evaluation") == (1, 1)

    def test_the_page_shows_every_figure_with_its_formula(self, case):
        walk_to_the_end(case)
        text = Desk(case.world.zhang).get(f"/performance/projects/{case.project.pk}/")

        for words in (
            "1,756,800.00×97%",
            "1,704,096.00",
            "1,756,800.00×1%",
            "17,568.00",
            "1,704,096.00 − 17,568.00",
            "1,686,528.00",
            "70,272.00",
            "100×40% + 60×15% + 60×15% + 60×20% + 60×10% = 76.00",
        ):
            assert words in text, words


class TestLine15:
    """《渝北办法》第十二条、第十三条: one total everywhere, and no difference unseen."""

    @pytest.fixture
    def case(self, walked: Case, db: Any) -> Any:
        with transaction.atomic():
            yield walked
            transaction.set_rollback(True)

    def test_the_payments_the_ledger_and_the_contract_agree(self, case):
        pays = LedgerEntry.objects.filter(kind="pay").aggregate(n=Sum("amount_fen"))["n"]
        slices = ContractSlice.objects.aggregate(n=Sum("paid_fen"))["n"]

        assert paid_fen(case.contract) == payable_fen(case.contract) == SETTLED
        assert (pays, slices, case.money()[2]) == (SETTLED, SETTLED, SETTLED)
        assert ledger_differences() == []

    def test_the_papers_say_the_same(self, case):
        papers = Document.objects.filter(kind="contracts.payment").order_by("pk")
        contexts = [paper.context for paper in papers]

        assert [c["amount_fen"] for c in contexts] == [ADVANCE, SECOND, FINAL]
        assert [c["paid_fen"] for c in contexts] == [ADVANCE, ADVANCE + SECOND, SETTLED]
        assert {paper.state for paper in papers} == {"ready"}
        last = render_html("contracts.payment", contexts[-1])
        assert "456,768.00" in last
        assert "1,686,528.00" in last

    def test_the_export_says_the_same(self, case):
        text = Desk(case.world.zhao).get("/contracts/payments/?export=csv")
        rows = list(csv.DictReader(io.StringIO(text.lstrip("\ufeff"))))
        amounts = [Decimal(row["金额（元）"].replace(",", "")) for row in rows]

        assert sum(amounts) == Decimal("1686528.00")
        assert sorted(amounts) == [Decimal("456768"), Decimal("527040"), Decimal("702720")]

    def test_the_evidence_is_clean(self, case):
        assert verify().differences == []

    @pytest.mark.parametrize(
        ("model", "name"),
        [(Payment, "amount_fen"), (Award, "amount_fen"), (ContractSlice, "paid_fen")],
    )
    def test_a_changed_amount_is_found(self, case, model, name):
        row = model.objects.order_by("pk").first()
        tampering.unlock()
        tampering.change_column(model, model._meta.get_field(name))
        tampering.relock()

        assert any(
            f"{model._meta.label_lower}:{row.pk} 的 {name}" in d for d in verify().differences
        )

    def test_every_act_stands_in_the_file_once(self, case):
        for act, times in {
            "contracts.contract.conclude": 1,
            "contracts.contract.file": 1,
            "contracts.paymentrequest.release": 3,
            "contracts.rectification.close": 1,
            "contracts.contract.carry_over": 1,
            "projects.package.accept": 1,
            "performance.evaluation.score_indicators": 1,
            "performance.evaluation.record_opinion": 3,
            "performance.evaluation.record_survey": 1,
            "performance.evaluation.conclude": 1,
            "contracts.contract.complete": 1,
            "projects.package.settle": 1,
            "projects.project.finish_evaluation": 1,
        }.items():
            assert case.recorded(act) == (times, times), act
        assert not Milestone.objects.exclude(status="accepted").exists()
