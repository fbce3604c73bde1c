"""Payment: requested line by line, verified by the leader, released by the bureau, once."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import DatabaseError, IntegrityError, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import contracts.services.payment as payment_service
from budgeting.models import Allocation, LedgerEntry
from budgeting.services import FundsShort, Posting, Share, ledger_differences, pay
from contracts.models import ContractSlice, Instalment, Payment, PaymentRequest
from contracts.selectors.work import payments_for
from contracts.services import (
    decline_payment,
    release_payment,
    request_payment,
    send_back_payment,
    terminate_contract,
    verify_payment,
)
from core.documents.models import Document
from core.history.reading import refusals_of
from core.transitions import (
    NotOffered,
    NotPermitted,
    RequestKeyMismatch,
    StaleAct,
    TransitionRefused,
    shown_digest,
)
from core.views.acts import status_of
from tests import purchase
from tests.contracts.scenes import Case, also, fail, in_state, rules_of, shared
from tests.purchase import AWARDED, FILED
from tests.steps import edit, fresh, put
from tests.world import World

ADVANCE = 52_704_000
SECOND = "本级财政管理资金"


def two_funds(world: World) -> Case:
    """A filed contract paid from two sources of funds, two to one."""
    funds = [world.fund(124_000_000), world.fund(62_000_000, SECOND)]
    project = purchase.replied(world, funds=funds)
    purchase.prepare(world, project)
    award = purchase.awarded(world, purchase.evaluated(world, purchase.opened(world, project)))
    contract = purchase.signed(world, purchase.drafted(world, award))
    return Case(world, purchase.filed(world, contract).pk)


built, case = shared(two_funds)


def request(case, position=1, fen=ADVANCE, by="zhang", quantity="0", on=FILED, **asked):
    shown = {"invoice": "发票 1"} | asked
    lines = [{"line": case.line.pk, "quantity": quantity, "amount_fen": fen, "note": ""}]
    return request_payment(
        case.contract,
        instalment=case.instalment(position),
        lines=lines,
        **getattr(case.world, by).acts(on),
        **shown,
    )


def verify(case, row, by="wang", checked=None, **shown):
    if checked is None:
        checked = [line.pk for line in row.lines.all()]
    return verify_payment(row, checked=checked, **getattr(case.world, by).acts(FILED), **shown)


def release(case, row, by="zhao", on=FILED, voucher="国库-001", **shown):
    return release_payment(row, voucher=voucher, **getattr(case.world, by).acts(on), **shown)


@pytest.fixture
def requested(case) -> PaymentRequest:
    return request(case)


@pytest.fixture
def verified(case, requested) -> PaymentRequest:
    verify(case, requested)
    return fresh(requested)


class TestRequesting:
    """《平湖办法》第十二条、《渝北办法》第十三条: 经办人逐行列明."""

    def test_it_lists_its_lines_and_is_recorded_once(self, case, requested):
        (line,) = requested.lines.all()

        assert (requested.amount_fen, requested.status) == (ADVANCE, "requested")
        assert (line.amount_fen, line.expense_kind, line.is_checked) == (ADVANCE, "service", False)
        assert case.recorded("contracts.contract.request_payment") == (1, 1)
        assert case.money()[2] == 0

    def test_another_amount_is_refused_naming_the_article(self, case):
        with pytest.raises(TransitionRefused, match=r"第十三条：申请金额与本期应付") as refused:
            request(case, fen=ADVANCE - 1)

        assert rules_of(refused) == {"YB-13-as-agreed"}
        assert not PaymentRequest.objects.exists()

    def test_every_obstacle_is_named_at_once(self, case):
        """The final instalment, asked too early, too much, in another year, for work not done."""
        edit(case.contract, filed_on=None)
        edit(case.line, expense_kind="bonus")
        with pytest.raises(TransitionRefused) as refused:
            request(case, 3, AWARDED + 1, quantity="1", on=date(2027, 1, 4))

        assert rules_of(refused) == {
            "YB-9.4-filed-before-payment",
            "YB-9.6-instalment-due",
            "YB-13-as-agreed",
            "YB-13-within-contract",
            "YB-12-year-or-carried",
            "PH-12-quantities-accepted",
            "PH-14-no-prohibited-payment",
        }

    def test_an_instalment_is_requested_once(self, case, requested):
        with pytest.raises(TransitionRefused, match="本期已经支付，或者申请正在办理"):
            request(case)
        with pytest.raises(IntegrityError), transaction.atomic():
            put(
                PaymentRequest(
                    contract=case.contract,
                    instalment=case.instalment(1),
                    amount_fen=1,
                    requested_by=case.world.zhang.user,
                    requested_on=FILED,
                )
            )

    def test_a_repeated_click_requests_once(self, case):
        first = request(case, key="k")

        assert request(case, key="k") == first
        assert PaymentRequest.objects.count() == 1
        for other in ({"fen": ADVANCE - 1}, {"invoice": "发票 2"}):
            with pytest.raises(RequestKeyMismatch):
                request(case, key="k", **other)

    def test_a_contract_changed_since_it_was_shown_is_stale(self, case):
        shown = shown_digest(case.contract)
        edit(case.instalment(1), condition="另有条件")

        with pytest.raises(StaleAct):
            request(case, shown=shown)

    @pytest.mark.parametrize("name", ["li", "wang", "zhao", "wu", "chen"])
    def test_it_is_the_officers(self, case, name):
        with pytest.raises(NotPermitted):
            request(case, by=name)


class TestVerifying:
    """《平湖办法》第十二条、《渝北办法》第十八条: 分管领导逐行核对."""

    def test_it_marks_the_lines_and_is_recorded_once(self, case, verified):
        assert (verified.status, verified.verified_on) == ("verified", FILED)
        assert (verified.requested_by, verified.verified_by) == (
            case.world.zhang.user,
            case.world.wang.user,
        )
        assert verified.lines.get().is_checked
        assert case.recorded("contracts.paymentrequest.verify") == (1, 1)

    def test_a_line_left_out_is_refused_naming_the_article(self, case, requested):
        with pytest.raises(TransitionRefused, match=r"第十三条：还有没有核对的行") as refused:
            verify(case, requested, checked=[])

        assert rules_of(refused) == {"PH-12-every-line-checked"}
        assert not requested.lines.get().is_checked

    def test_nobody_verifies_their_own(self, case, requested):
        """The officer is the division leader as well: the rule refuses, not the table of roles."""
        edit(case.project, officer=case.world.wang.user)
        with pytest.raises(TransitionRefused, match=r"第十八条：不得核对自己申请") as refused:
            verify(case, requested)

        assert rules_of(refused) == {"YB-18-verifier-not-officer"}
        assert fresh(requested).status == "requested"

    def test_nor_what_they_requested_at_another_desk(self, case):
        officer = also(case.world.wang, case.world.zhang)
        lines = [{"line": case.line.pk, "quantity": "0", "amount_fen": ADVANCE, "note": ""}]
        row = request_payment(
            case.contract, instalment=case.instalment(1), lines=lines, **officer.acts(FILED)
        )
        with pytest.raises(TransitionRefused, match="第十八条") as refused:
            verify(case, row)

        assert rules_of(refused) == {"YB-18-verifier-not-officer"}
        assert fresh(row).verified_by is None

    @pytest.mark.parametrize(("status", "name"), [("requested", "wang"), ("verified", "zhao")])
    def test_and_none_waits_for_who_had_a_hand_in_it(self, case, requested, status, name):
        user, row = getattr(case.world, name).user, in_state(requested, status)
        assert list(payments_for(user, status)) == [row]
        for hand in ("requested_by", "verified_by"):
            edit(row, **{"requested_by": case.world.zhang.user, "verified_by": None, hand: user})
            assert not payments_for(user, status).exists()

    def test_a_repeated_click_verifies_once(self, case, requested):
        assert not verify(case, requested, key="k").is_repeat
        assert verify(case, requested, key="k").is_repeat
        with pytest.raises(NotOffered):
            verify(case, requested)

    def test_lines_changed_since_they_were_shown_are_stale(self, case, requested):
        shown = shown_digest(requested)
        edit(requested.lines.get(), note="改")

        with pytest.raises(StaleAct):
            verify(case, requested, shown=shown)

    @pytest.mark.parametrize("name", ["zhang", "li", "zhao", "wu", "gao"])
    def test_it_is_the_division_leaders(self, case, requested, name):
        with pytest.raises(NotPermitted):
            verify(case, requested, by=name)


class TestReleasing:
    """《渝北办法》第十二条、第十三条: 承诺转为支付，只付一次."""

    def test_it_pays_and_records_it_once(self, case, verified):
        release(case, verified)

        payment = Payment.objects.get()
        assert (payment.amount_fen, payment.paid_on, payment.voucher) == (
            ADVANCE,
            FILED,
            "国库-001",
        )
        assert (fresh(verified).status, fresh(verified).paid_on) == ("paid", FILED)
        assert case.money() == (0, AWARDED - ADVANCE, ADVANCE, 4_320_000, 0, 0)
        assert case.recorded("contracts.paymentrequest.release") == (1, 1)

    def test_the_two_funds_are_charged_slice_by_slice(self, case, verified):
        assert [s[1] for s in case.slices()] == [117_120_000, 58_560_000]
        release(case, verified)

        assert [s[2] for s in case.slices()] == [ADVANCE, 0]
        assert [e.amount_fen for e in LedgerEntry.objects.filter(kind="pay")] == [ADVANCE]
        assert ledger_differences() == []

    def test_it_asks_for_the_document(self, case, verified):
        release(case, verified)

        document = Document.objects.get(kind="contracts.payment")
        shown = {k: document.context[k] for k in ("amount_fen", "paid_fen", "payable_fen")}
        assert shown == {"amount_fen": ADVANCE, "paid_fen": ADVANCE, "payable_fen": AWARDED}
        hands = [document.context[k] for k in ("requested_by", "verified_by")]
        assert hands == ["张敏", "王芳"]
        assert document.number == "国库-001"

    @pytest.mark.parametrize(
        ("name", "hand"), [("zhang", "申请人"), ("wang", "核对人"), ("leading", "项目经办人")]
    )
    def test_who_had_a_hand_in_it_does_not_release_it(self, case, verified, name, hand):
        edit(case.project, officer=case.world.leading.user)
        holder = also(getattr(case.world, name), case.world.zhao)
        with pytest.raises(TransitionRefused, match=r"第十八条：不得拨付自己申请") as refused:
            release_payment(verified, voucher="国库-001", **holder.acts(FILED))

        assert rules_of(refused) == {"YB-18-released-by-another"}
        assert refused.value.refusals[0].compared[0][0] == hand
        assert not Payment.objects.exists()

    def test_two_clicks_with_one_key_pay_once(self, case, verified):
        assert not release(case, verified, key="k").is_repeat
        assert release(case, verified, key="k").is_repeat

        assert Payment.objects.count() == 1
        assert case.money()[2] == ADVANCE
        assert Document.objects.filter(kind="contracts.payment").count() == 1

    def test_another_click_finds_it_paid(self, case, verified):
        release(case, verified)
        with pytest.raises(NotOffered, match="已支付") as refused:
            release(case, verified)

        assert status_of(refused.value) == 409
        assert Payment.objects.count() == 1

    def test_the_same_key_pays_no_other_voucher(self, case, verified):
        release(case, verified, key="k")
        with pytest.raises(RequestKeyMismatch):
            release(case, verified, voucher="国库-002", key="k")

    def test_what_was_requested_is_asked_again(self, case, verified):
        """Filed and due when requested; no longer when the money should move."""
        edit(case.contract, filed_on=None)
        with pytest.raises(TransitionRefused, match=r"第九条第（四）项：合同没有备案") as refused:
            release(case, verified)

        assert rules_of(refused) == {"YB-9.4-filed-before-payment"}
        assert len(refusals_of(case.project.stream())) == 1
        assert not Payment.objects.exists()

    def test_next_year_it_waits_for_the_carry_over(self, case, verified):
        with pytest.raises(TransitionRefused, match=r"第十二条：2027 年度没有足够的承诺"):
            release(case, verified, on=date(2027, 1, 4))

    def test_a_page_seen_before_a_change_is_stale(self, case, verified):
        with pytest.raises(StaleAct):
            release(case, verified, version=verified.version - 1)

    @pytest.mark.parametrize("name", ["zhang", "wang", "qian", "wu", "chen"])
    def test_it_is_the_finance_bureaus(self, case, verified, name):
        with pytest.raises(NotPermitted):
            release(case, verified, by=name)

    @pytest.mark.parametrize("last", ["pay_funds", "request_document", "complete_if_paid"])
    def test_a_failing_step_leaves_nothing(self, case, verified, monkeypatch, last):
        monkeypatch.setattr(payment_service, last, fail)
        with pytest.raises(RuntimeError):
            release(case, verified)

        assert fresh(verified).status == "verified"
        assert (case.money()[2], Payment.objects.count()) == (0, 0)
        assert [s[2] for s in case.slices()] == [0, 0]

    def test_a_payment_is_never_changed(self, case, verified):
        release(case, verified)
        payment = Payment.objects.get()

        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            edit(payment, amount_fen=1)

    def test_a_request_in_hand_keeps_the_contract(self, case, verified):
        acts = case.world.wang.acts(FILED)
        with pytest.raises(TransitionRefused, match=r"第十三条：还有付款申请在办"):
            terminate_contract(case.contract, note="终止", **acts)


class TestReturning:
    """《平湖办法》第十二条: 核对有误的退回，更正后另行申请."""

    def test_the_leader_sends_it_back(self, case, requested):
        send_back_payment(requested, reason="发票不符", **case.world.wang.acts(FILED))

        assert (fresh(requested).status, fresh(requested).reason) == ("returned", "发票不符")
        assert case.recorded("contracts.paymentrequest.send_back") == (1, 1)
        with pytest.raises(NotOffered):
            verify(case, requested)

    def test_the_bureau_declines_it(self, case, verified):
        decline_payment(verified, reason="户名有误", **case.world.zhao.acts(FILED))

        assert (fresh(verified).status, fresh(verified).reason) == ("returned", "户名有误")
        assert case.recorded("contracts.paymentrequest.decline") == (1, 1)
        with pytest.raises(NotOffered):
            release(case, verified)

    def test_it_is_requested_anew(self, case, verified):
        decline_payment(verified, reason="户名有误", **case.world.zhao.acts(FILED))
        again = request(case)
        verify(case, again)
        release(case, again)

        assert Payment.objects.get().request == again


class TestBySlices:
    """《渝北办法》第十二条: whatever the parts, no slice is ever paid beyond itself."""

    @staticmethod
    def pay_part(case, position: int, fen: int) -> None:
        """One more advance, requested and verified behind the services' back, then released."""
        values = {"kind": "advance", "percent": 1, "amount_fen": fen, "condition": "x"}
        part = put(Instalment(contract=case.contract, position=position, **values))
        row = put(
            PaymentRequest(
                contract=case.contract,
                instalment=part,
                amount_fen=fen,
                requested_by=case.world.zhang.user,
                requested_on=FILED,
            )
        )
        release(case, in_state(row, "verified"), voucher=f"国库-{position}")

    @given(parts=st.lists(st.integers(1, AWARDED), min_size=1, max_size=4))
    @settings(
        max_examples=15,
        deadline=None,
        suppress_health_check=[HealthCheck.function_scoped_fixture],
    )
    def test_the_slices_the_ledger_and_the_payments_agree(self, case, parts):
        paid = 0
        with transaction.atomic():
            for position, fen in enumerate(parts, 10):
                if paid + fen > AWARDED:
                    with pytest.raises(TransitionRefused) as refused:
                        self.pay_part(case, position, fen)
                    assert "YB-13-within-contract" in rules_of(refused)
                else:
                    self.pay_part(case, position, fen)
                    paid += fen
            self.agree(case, paid)
            transaction.set_rollback(True)

    @staticmethod
    def agree(case, paid: int) -> None:
        rows = ContractSlice.objects.filter(contract=case.pk).select_related("allocation")
        assert [r for r in rows if not 0 <= r.paid_fen <= r.amount_fen] == []
        assert [r for r in rows if r.paid_fen != r.allocation.paid_fen] == []
        assert sum(r.paid_fen for r in rows) == paid
        assert sum(p.amount_fen for p in Payment.objects.filter(contract=case.pk)) == paid
        assert sum(e.amount_fen for e in LedgerEntry.objects.filter(kind="pay")) == paid
        assert ledger_differences() == []

    def test_the_posting_itself_keeps_the_limit(self, case):
        line = Allocation.objects.filter(project=case.project).first()
        posting = Posting(case.contract, case.world.zhao.user, case.world.zhao.role, FILED)

        with pytest.raises(FundsShort):
            pay(case.project, [Share(line, line.committed_fen + 1)], posting)

    def test_the_database_itself_keeps_the_slice(self, case):
        part = case.contract.slices.first()
        for name in ("paid_fen", "carried_fen", "released_fen"):
            with pytest.raises(IntegrityError), transaction.atomic():
                edit(part, **{name: part.amount_fen + 1})
