"""付款的动作：申请、核对、拨付、退回、结算、付清。"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from accounts.models import RoleAssignment, User
from budgeting.services import Posting
from budgeting.services import Share as FundShare
from budgeting.services import pay as pay_funds
from contracts.documents import payment_context
from contracts.facts.money import (
    unpaid_slices,
)
from contracts.models import (
    Contract,
    ContractLine,
    Instalment,
    Payment,
    PaymentLine,
    PaymentRequest,
)
from contracts.services.contract import case_locked
from contracts.services.settlement import complete_if_paid
from core.documents.services import request_document
from core.history import Changes, change, unit_of_work
from core.history.values import row_values
from core.transitions import Outcome, perform, shows
from projects.models import Project


def request_payment(
    contract: Contract,
    *,
    instalment: Instalment,
    lines: Sequence[dict[str, Any]],
    by: User,
    acting_as: RoleAssignment | None,
    on: date,
    invoice: str = "",
    **shown: Any,
) -> PaymentRequest:
    """申请支付一期款项，逐行列明（《平湖办法》第十二条）。Raises as `perform`.

    `lines` 为 `[{"line": 标的主键, "quantity": 数量, "amount_fen": 金额（分）, "note": 说明}, …]`。
    """
    data = {"instalment": instalment, "lines": list(lines), "invoice": invoice}
    with unit_of_work():
        outcome = perform(
            contract, "request_payment", by=by, acting_as=acting_as, on=on, data=data, **shown
        )
        if outcome.is_repeat:
            return PaymentRequest.objects.filter(instalment=instalment).latest("pk")
        with change(
            title="付款申请的内容",
            act="contracts.write_request",
            by=by,
            acting_as=acting_as,
            on=on,
            stream=contract.stream(),
        ) as changes:
            total = sum(int(row["amount_fen"]) for row in lines)
            request = changes.create(
                PaymentRequest(
                    contract=contract,
                    instalment=instalment,
                    amount_fen=total,
                    invoice=invoice,
                    requested_by=by,
                    requested_on=on,
                )
            )
            _write_lines(changes, request, lines)
            return request


def _write_lines(
    changes: Changes, request: PaymentRequest, lines: Sequence[dict[str, Any]]
) -> None:
    own = {x.pk: x for x in ContractLine.objects.filter(contract=request.contract)}
    for row in lines:
        line = own[int(row["line"])]
        changes.create(
            PaymentLine(
                request=request,
                line=line,
                quantity=Decimal(row["quantity"]),
                amount_fen=int(row["amount_fen"]),
                expense_kind=line.expense_kind,
                note=row.get("note") or "",
            )
        )


def verify_payment(
    request: PaymentRequest,
    *,
    checked: Sequence[int],
    by: User,
    acting_as: RoleAssignment | None,
    on: date,
    **shown: Any,
) -> Outcome:
    """分管领导逐行核对；`checked` 为核对过的明细主键。Raises as `perform`."""
    ticked = [int(pk) for pk in checked]
    data = {"on": on, "verified_by": by, "checked": ticked}
    with unit_of_work():
        outcome = perform(request, "verify", by=by, acting_as=acting_as, on=on, data=data, **shown)
        if outcome.is_repeat:
            return outcome
        with change(
            title="逐行核对",
            act="contracts.check_lines",
            by=by,
            acting_as=acting_as,
            on=on,
            stream=request.stream(),
        ) as changes:
            for line in PaymentLine.objects.filter(request=request, pk__in=ticked):
                changes.update(line, is_checked=True)
        return outcome


def send_back_payment(
    request: PaymentRequest,
    *,
    reason: str,
    by: User,
    acting_as: RoleAssignment | None,
    on: date,
    **shown: Any,
) -> Outcome:
    """分管领导退回付款申请。"""
    return _return(request, "send_back", reason, by=by, acting_as=acting_as, on=on, **shown)


def decline_payment(
    request: PaymentRequest,
    *,
    reason: str,
    by: User,
    acting_as: RoleAssignment | None,
    on: date,
    **shown: Any,
) -> Outcome:
    """财政部门退回付款申请。"""
    return _return(request, "decline", reason, by=by, acting_as=acting_as, on=on, **shown)


def _return(
    request: PaymentRequest,
    move: str,
    reason: str,
    *,
    by: User,
    acting_as: RoleAssignment | None,
    on: date,
    **shown: Any,
) -> Outcome:
    """退回；结算之后没有别的可付的，合同随即付清。"""
    acts: dict[str, Any] = {"by": by, "acting_as": acting_as, "on": on}
    with unit_of_work():
        case_locked(request.contract)
        outcome = perform(request, move, note=reason, data={"reason": reason}, **acts, **shown)
        if not outcome.is_repeat:
            complete_if_paid(request.contract, **acts)
        return outcome


def release_payment(
    request: PaymentRequest,
    *,
    voucher: str,
    by: User,
    acting_as: RoleAssignment | None,
    on: date,
    **shown: Any,
) -> Outcome:
    """拨付：承诺转为支付，记一笔支付，形成付款单；重复提交只付一次（第十三条）。

    Raises as `perform`, and `FundsShort`.
    """
    with unit_of_work():
        project = case_locked(request.contract)
        outcome = perform(
            request,
            "release",
            by=by,
            acting_as=acting_as,
            on=on,
            note=voucher,
            data={"on": on},
            **shown,
        )
        if outcome.is_repeat:
            return outcome
        row = PaymentRequest.objects.select_related("contract", "instalment").get(pk=request.pk)
        payment = _pay(project, row, voucher, by=by, acting_as=acting_as, on=on)
        request_document(
            kind="contracts.payment",
            subject=row,
            stream=row.stream(),
            title=f"付款单：{row.contract.name} {row.instalment}",
            number=voucher,
            context=payment_context(payment),
            by=by,
            acting_as=acting_as,
            on=on,
        )
        complete_if_paid(row.contract, by=by, acting_as=acting_as, on=on)
        return outcome


def _pay(
    project: Project,
    request: PaymentRequest,
    voucher: str,
    *,
    by: User,
    acting_as: RoleAssignment | None,
    on: date,
) -> Payment:
    with change(
        title="支付记录",
        act="contracts.pay",
        by=by,
        acting_as=acting_as,
        on=on,
        stream=request.stream(),
    ) as changes:
        payment = changes.create(
            Payment(
                request=request,
                contract=request.contract,
                amount_fen=request.amount_fen,
                paid_on=on,
                voucher=voucher,
            )
        )
        shares, left = [], request.amount_fen
        for part in unpaid_slices(request.contract, on.year):
            amount = min(left, part.unpaid_fen)
            if amount:
                changes.update(part, paid_fen=part.paid_fen + amount)
                shares.append(FundShare(part.allocation, amount))
                left -= amount
    pay_funds(project, shares, Posting(payment, by, acting_as, on))
    return payment


def _request_content(request: PaymentRequest) -> dict[str, Any]:
    lines = PaymentLine.objects.filter(request=request).order_by("pk")
    return {"lines": [row_values(line) for line in lines]}


shows("contracts.paymentrequest", _request_content)
