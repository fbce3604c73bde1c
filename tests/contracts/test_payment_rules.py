"""What must hold before money moves: every rule kept and broken, at its limit."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from contracts.models import Payment, PaymentLine, PaymentRequest
from contracts.services import request_payment
from core.transitions import TransitionRefused
from tests import purchase
from tests.contracts.scenes import in_state, law, rules_of, shared, signed
from tests.contracts.settled import final_acceptance, settlement
from tests.purchase import AWARDED, FILED
from tests.steps import edit, put, verdict

built, case = shared(signed)

ADVANCE, PROGRESS = 52_704_000, 70_272_000
TODAY = date(2026, 11, 20)


def lines(case, fen, quantity="0"):
    return [{"line": case.line.pk, "quantity": quantity, "amount_fen": fen, "note": ""}]


def asked(case, position, fen, quantity="0", on=TODAY):
    given = {"instalment": case.instalment(position), "lines": lines(case, fen, quantity)}
    return {"on": on} | given


def requested(
    case, position=1, fen=ADVANCE, quantity="0", status="requested", by="zhang"
) -> PaymentRequest:
    """A request of one line, in any state, behind the services' back."""
    row = put(
        PaymentRequest(
            contract=case.contract,
            instalment=case.instalment(position),
            amount_fen=fen,
            requested_by=getattr(case.world, by).user,
            requested_on=FILED,
        )
    )
    values = {"quantity": Decimal(quantity), "amount_fen": fen, "expense_kind": "service"}
    put(PaymentLine(request=row, line=case.line, **values))
    return in_state(row, status)


def paid_out(row: PaymentRequest) -> None:
    """The payment of a request, put behind the services' back."""
    values = {"amount_fen": row.amount_fen, "paid_on": TODAY, "voucher": "国库-001"}
    put(Payment(request=row, contract=row.contract, **values))


def accepted(case, quantity) -> None:
    """An acceptance of so much, passed."""
    in_state(final_acceptance(case, quantity), "passed")


class TestFiledFirst:
    """《渝北办法》第九条第（四）项: 备案是拨付资金的依据."""

    RULE = "YB-9.4-filed-before-payment"

    @pytest.mark.parametrize(("filed_on", "state"), [(None, "unmet"), (FILED, "met")])
    def test_the_contract_is_filed(self, case, filed_on, state):
        edit(case.contract, filed_on=filed_on)

        assert law(case.contract, self.RULE, **asked(case, 1, ADVANCE)) == (state, "YB-9.4")
        assert law(requested(case), self.RULE, on=TODAY) == (state, "YB-9.4")

    def test_before_that_the_request_is_refused_naming_the_article(self, case):
        with pytest.raises(TransitionRefused, match=r"第九条第（四）项：合同没有备案") as refused:
            purchase.request(case.world, case.contract, 1, date(2026, 4, 16))

        assert rules_of(refused) == {self.RULE}
        assert not PaymentRequest.objects.exists()


class TestTheInstalmentsGround:
    """《渝北办法》第九条第（六）项: 预付凭备案，进度款凭节点，尾款凭验收和评估."""

    RULE = "YB-9.6-instalment-due"

    @pytest.mark.parametrize(
        ("status", "state"), [("pending", "unmet"), ("delivered", "unmet"), ("accepted", "met")]
    )
    def test_a_progress_payment_follows_its_milestone(self, case, status, state):
        in_state(case.milestone, status)

        assert law(case.contract, self.RULE, **asked(case, 2, PROGRESS)) == (state, "YB-9.6")
        assert law(requested(case, 2, PROGRESS), self.RULE, on=TODAY) == (state, "YB-9.6")

    def test_one_without_a_milestone_never_falls_due(self, case):
        edit(case.instalment(2), milestone=None)

        found = law(case.contract, self.RULE, **asked(case, 2, PROGRESS))
        assert found == ("unmet", "YB-9.6")

    @pytest.mark.parametrize(
        ("is_accepted", "is_settled", "state"),
        [
            (False, False, "unmet"),
            (True, False, "unmet"),
            (False, True, "unmet"),
            (True, True, "met"),
        ],
    )
    def test_the_final_one_follows_acceptance_and_settlement(
        self, case, is_accepted, is_settled, state
    ):
        if is_accepted:
            accepted(case, "12")
        if is_settled:
            settlement(case, AWARDED)

        assert law(case.contract, self.RULE, **asked(case, 3, ADVANCE)) == (state, "YB-9.6")

    def test_the_acceptance_of_a_milestone_is_not_the_whole(self, case):
        in_state(final_acceptance(case, "6", case.milestone), "passed")
        settlement(case, AWARDED)

        assert law(case.contract, self.RULE, **asked(case, 3, ADVANCE))[0] == "unmet"

    def test_an_advance_waits_for_nothing_more(self, case):
        assert law(case.contract, self.RULE, **asked(case, 1, ADVANCE)) == ("met", "YB-9.6")


class TestOneRequestAnInstalment:
    """《渝北办法》第十三条: 一期款项只付一次."""

    @pytest.mark.parametrize(
        ("status", "state"),
        [
            (None, "met"),
            ("requested", "unmet"),
            ("verified", "unmet"),
            ("paid", "unmet"),
            ("returned", "met"),
        ],
    )
    def test_while_it_is_open(self, case, status, state):
        if status:
            requested(case, status=status)

        found = law(case.contract, "YB-13-instalment-open", **asked(case, 1, ADVANCE))
        assert found == (state, "YB-13")

    def test_when_every_instalment_is_taken_none_is_open(self, case):
        for position in (1, 2, 3):
            requested(case, position, 1)

        assert law(case.contract, "YB-13-instalment-open", on=TODAY) == ("unmet", "YB-13")


class TestAmounts:
    """《渝北办法》第十二条、第十三条: as agreed, within the whole, of the year."""

    @pytest.mark.parametrize(("more", "state"), [(-1, "unmet"), (0, "met"), (1, "unmet")])
    def test_as_agreed(self, case, more, state):
        found = law(case.contract, "YB-13-as-agreed", **asked(case, 1, ADVANCE + more))

        assert found == (state, "YB-13")
        row = requested(case, 1, ADVANCE + more)
        assert law(row, "YB-13-as-agreed", on=TODAY) == (state, "YB-13")

    @pytest.mark.parametrize(("more", "state"), [(-1, "unmet"), (0, "met"), (1, "unmet")])
    def test_the_final_one_as_settled(self, case, more, state):
        settlement(case, 100_000)

        found = law(case.contract, "YB-13-as-agreed", **asked(case, 3, 100_000 + more))
        assert found == (state, "YB-13")

    @pytest.mark.parametrize(("more", "state"), [(-1, "met"), (0, "met"), (1, "unmet")])
    def test_within_the_whole_contract(self, case, more, state):
        found = law(case.contract, "YB-13-within-contract", **asked(case, 1, AWARDED + more))

        assert found == (state, "YB-13")

    @pytest.mark.parametrize(("more", "state"), [(-1, "met"), (0, "met"), (1, "unmet")])
    def test_together_with_what_is_paid_within_the_settlement(self, case, more, state):
        settlement(case, ADVANCE + 5_000)
        paid_out(requested(case, status="paid"))

        found = law(case.contract, "YB-13-within-contract", **asked(case, 3, 5_000 + more))
        assert found == (state, "YB-13")

    @pytest.mark.parametrize(("more", "state"), [(-1, "met"), (0, "met"), (1, "unmet")])
    def test_of_the_years_own_commitment(self, case, more, state):
        part = case.contract.slices.get()
        edit(part, paid_fen=part.amount_fen - ADVANCE)

        found = law(case.contract, "YB-12-year-or-carried", **asked(case, 1, ADVANCE + more))
        assert found == (state, "YB-12")

    @pytest.mark.parametrize(
        ("on", "state"),
        [(date(2025, 12, 31), "unmet"), (date(2026, 12, 31), "met"), (date(2027, 1, 1), "unmet")],
    )
    def test_of_no_other_year(self, case, on, state):
        found = law(case.contract, "YB-12-year-or-carried", **asked(case, 1, ADVANCE, on=on))

        assert found == (state, "YB-12")


class TestAboveZero:
    """《渝北办法》第十三条: 没有应付的不申请，各行都大于零."""

    RULE = "YB-13-amounts-above-zero"

    @pytest.mark.parametrize(("fen", "state"), [(-1, "unmet"), (0, "unmet"), (1, "met")])
    def test_the_amount(self, case, fen, state):
        assert law(case.contract, self.RULE, **asked(case, 1, fen)) == (state, "YB-13")

    @pytest.mark.parametrize(
        ("amounts", "quantity", "state"),
        [
            ((ADVANCE, 1), "0", "met"),
            ((ADVANCE + 1, -1), "0", "unmet"),
            ((ADVANCE, 0), "0", "unmet"),
            ((ADVANCE, 1), "-1", "unmet"),
        ],
    )
    def test_every_line(self, case, amounts, quantity, state):
        given = [row for fen in amounts for row in lines(case, fen, quantity)]
        asked_for = {"instalment": case.instalment(1), "lines": given}

        assert law(case.contract, self.RULE, on=TODAY, **asked_for) == (state, "YB-13")

    def test_nothing_owed_is_said_before_the_form_is_filled_in(self, case):
        assert law(case.contract, self.RULE, on=TODAY, instalment=case.instalment(3))[0] == "met"
        settlement(case, 0)
        found = verdict(case.contract, self.RULE, on=TODAY, instalment=case.instalment(3))

        assert (found.state, found.message) == ("unmet", "没有应付的金额，不必申请")

    @pytest.mark.parametrize("amounts", [(), (0,), (ADVANCE + 1, -1)])
    def test_it_is_refused_before_the_database_has_to(self, case, amounts):
        edit(case.contract, filed_on=FILED)
        in_state(case.contract, "filed")
        given = [row for fen in amounts for row in lines(case, fen)]
        with pytest.raises(TransitionRefused, match="第十三条") as refused:
            request_payment(
                case.contract,
                instalment=case.instalment(1),
                lines=given,
                **case.world.zhang.acts(FILED),
            )

        assert self.RULE in rules_of(refused)
        assert not PaymentRequest.objects.exists()


class TestQuantities:
    """《平湖办法》第十二条、《渝北办法》第二条: 按实际进度，不超过已验收的数量."""

    RULE = "PH-12-quantities-accepted"

    @pytest.mark.parametrize(
        ("quantity", "state"), [("0", "met"), ("5.99", "met"), ("6", "met"), ("6.01", "unmet")]
    )
    def test_no_more_than_was_accepted(self, case, quantity, state):
        accepted(case, "6")

        found = law(case.contract, self.RULE, **asked(case, 2, PROGRESS, quantity))
        assert found == (state, "YB-2")

    @pytest.mark.parametrize(
        ("quantity", "state"), [("1.99", "met"), ("2", "met"), ("2.01", "unmet")]
    )
    def test_together_with_what_was_paid(self, case, quantity, state):
        accepted(case, "6")
        requested(case, 1, ADVANCE, "4", status="paid")
        requested(case, 3, 1, "6", status="requested")

        row = requested(case, 2, PROGRESS, quantity)
        assert law(row, self.RULE, on=TODAY) == (state, "YB-2")

    @pytest.mark.parametrize(
        ("quantity", "state"), [("1.99", "met"), ("2", "met"), ("2.01", "unmet")]
    )
    def test_together_with_the_lines_before_it(self, case, quantity, state):
        """The same line twice in one request is no way around."""
        accepted(case, "6")
        given = [*lines(case, 1, "4"), *lines(case, PROGRESS - 1, quantity)]
        asked_for = {"instalment": case.instalment(2), "lines": given}

        assert law(case.contract, self.RULE, on=TODAY, **asked_for) == (state, "YB-2")

    @pytest.mark.parametrize(
        ("quantity", "state"), [("11.99", "met"), ("12", "met"), ("12.01", "unmet")]
    )
    def test_nothing_above_the_contract_counts_as_accepted(self, case, quantity, state):
        accepted(case, quantity)

        found = law(case.contract, self.RULE, **asked(case, 2, PROGRESS, "1"))
        assert found == (state, "YB-2")


class TestKindsOfExpense:
    """《平湖办法》第十四条: 不得支付人员经费、奖金、津贴和福利补贴."""

    RULE = "PH-14-no-prohibited-payment"

    @pytest.mark.parametrize(
        ("kind", "state"),
        [
            ("service", "met"),
            ("personnel", "unmet"),
            ("bonus", "unmet"),
            ("allowance", "unmet"),
            ("welfare", "unmet"),
        ],
    )
    def test_nothing_prohibited_is_paid(self, case, kind, state):
        edit(case.line, expense_kind=kind)
        found = law(case.contract, self.RULE, **asked(case, 1, ADVANCE))
        assert found == (state, "YB-13")

        row = requested(case)
        edit(row.lines.get(), expense_kind=kind)
        assert law(row, self.RULE, on=TODAY) == (state, "YB-13")


class TestVerification:
    """《平湖办法》第十二条、《渝北办法》第十八条: 逐行核对，不得自办自核、自拨."""

    def test_every_line_is_checked(self, case):
        row = requested(case)
        (only,) = row.lines.all()

        assert law(row, "PH-12-every-line-checked", checked=[]) == ("unmet", "YB-13")
        assert law(row, "PH-12-every-line-checked", checked=[only.pk + 1])[0] == "unmet"
        assert law(row, "PH-12-every-line-checked", checked=[only.pk]) == ("met", "YB-13")

    def test_one_of_two_is_not_enough(self, case):
        row = requested(case)
        values = {"quantity": 0, "amount_fen": 1, "expense_kind": "service"}
        second = put(PaymentLine(request=row, line=case.line, **values))

        assert law(row, "PH-12-every-line-checked", checked=[second.pk])[0] == "unmet"

    @pytest.mark.parametrize(("name", "state"), [("wang", "met"), ("zhang", "unmet")])
    def test_the_officer_does_not_verify(self, case, name, state):
        by = getattr(case.world, name).user

        row = requested(case, by="leading")
        assert law(row, "YB-18-verifier-not-officer", by=by) == (state, "YB-18")

    @pytest.mark.parametrize(("name", "state"), [("leading", "met"), ("wang", "unmet")])
    def test_nor_who_requested_it(self, case, name, state):
        row = requested(case, by="wang")
        found = verdict(row, "YB-18-verifier-not-officer", by=getattr(case.world, name).user)

        assert found.state == state
        if found.blocks:
            assert found.compared == (("申请人", "王芳"), ("核对人", "王芳"))

    @pytest.mark.parametrize(
        ("name", "hands"),
        [
            ("zhao", ()),
            ("zhang", ("项目经办人",)),
            ("leading", ("申请人",)),
            ("wang", ("核对人",)),
        ],
    )
    def test_nor_does_one_of_them_release(self, case, name, hands):
        row = requested(case, by="leading", status="verified")
        edit(row, verified_by=case.world.wang.user)
        found = verdict(row, "YB-18-released-by-another", by=getattr(case.world, name).user)

        assert (found.blocks, found.article.code) == (bool(hands), "YB-18")
        assert tuple(hand for hand, _ in found.compared[:-1]) == hands


class TestPaidInFull:
    """《渝北办法》第十三条: 结算之后，已付等于应付."""

    @pytest.mark.parametrize(("more", "state"), [(-1, "met"), (0, "met"), (1, "unmet")])
    def test_to_the_fen(self, case, more, state):
        paid_out(requested(case, status="paid"))
        settlement(case, ADVANCE + more)

        assert law(case.contract, "YB-13-all-paid") == (state, "YB-13")

    def test_not_before_it_is_settled(self, case):
        paid_out(requested(case, 1, AWARDED, status="paid"))

        assert law(case.contract, "YB-13-all-paid") == ("unmet", "YB-13")
