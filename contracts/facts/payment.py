"""付款规则所问的事实；金额单位为分。"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet, Sum

from contracts.facts.delivery import OPEN_MENDING, ZERO, accepted_quantities
from contracts.facts.hands import Hands, own_hands
from contracts.facts.money import (
    due_fen,
    open_instalments,
    paid_fen,
    payable_fen,
    settlement_of,
    unpaid_slices,
)
from contracts.models import (
    AcceptanceStatus,
    Contract,
    Instalment,
    MilestoneStatus,
    PaymentLine,
    PaymentRequest,
    RectificationStatus,
    RequestStatus,
)
from core.rules import Context
from projects.models import ExpenseKind


@dataclass(frozen=True)
class PaidLineFact:
    """付款的一行：本次金额和数量、此前已付数量（含前面各行）、已验收数量、合同数量。"""

    name: str
    amount_fen: int
    expense_kind: str
    expense_label: str
    quantity: Decimal
    paid: Decimal
    accepted: Decimal
    contracted: Decimal


@dataclass(frozen=True)
class PaymentFacts:
    """一期款项：备案、条件、金额、年度、逐行。"""

    page: str
    is_filed: bool
    state: str
    instalment: str
    kind: str
    is_open: bool
    milestone: str
    milestone_state: str
    is_milestone_accepted: bool
    is_accepted: bool
    is_settled: bool
    amount_fen: int
    due_fen: int
    paid_fen: int
    payable_fen: int
    year: int
    unpaid_in_year_fen: int
    unpaid_elsewhere: tuple[tuple[int, int], ...]
    lines: tuple[PaidLineFact, ...]


def payment_facts(subject: Contract | PaymentRequest, context: Context) -> PaymentFacts:
    """以合同为对象（申请，期次和明细在表单里），或以申请为对象（拨付）。"""
    request = subject if isinstance(subject, PaymentRequest) else None
    contract = request.contract if request else subject
    assert isinstance(contract, Contract)  # noqa: S101 - for the reader and the type checker
    instalment = request.instalment if request else _chosen(contract, context)
    milestone = instalment.milestone if instalment else None
    year = context.on.year
    elsewhere = {
        s.allocation.ceiling.year for s in contract.slices.select_related("allocation__ceiling")
    }
    due = due_fen(instalment) if instalment else 0
    return PaymentFacts(
        page=contract.get_absolute_url(),
        is_filed=contract.filed_on is not None,
        state=contract.get_status_display(),
        instalment=str(instalment or "无"),
        kind=instalment.kind if instalment else "",
        is_open=instalment is not None
        and any(i.pk == instalment.pk for i in open_instalments(contract)),
        milestone=str(milestone or ""),
        milestone_state=milestone.get_status_display() if milestone else "",
        is_milestone_accepted=milestone is not None
        and milestone.status == MilestoneStatus.ACCEPTED,
        is_accepted=contract.acceptances.filter(
            milestone=None, status=AcceptanceStatus.PASSED
        ).exists(),
        is_settled=settlement_of(contract) is not None,
        amount_fen=_amount(request, context, due),
        due_fen=due,
        paid_fen=paid_fen(contract),
        payable_fen=payable_fen(contract),
        year=year,
        unpaid_in_year_fen=_unpaid(contract, year),
        unpaid_elsewhere=tuple(
            (y, _unpaid(contract, y)) for y in sorted(elsewhere - {year}) if _unpaid(contract, y)
        ),
        lines=_lines(contract, request, context),
    )


def _chosen(contract: Contract, context: Context) -> Instalment | None:
    """表单选定的一期；没有选的，为还没有申请的第一期。"""
    chosen: Instalment | None = context.data.get("instalment")
    return chosen or next(iter(open_instalments(contract)), None)


def _amount(request: PaymentRequest | None, context: Context, due: int) -> int:
    if request is not None:
        return request.amount_fen
    lines = context.data.get("lines")
    return sum(int(row["amount_fen"]) for row in lines) if lines is not None else due


def _unpaid(contract: Contract, year: int) -> int:
    return sum(row.unpaid_fen for row in unpaid_slices(contract, year))


def _lines(
    contract: Contract, request: PaymentRequest | None, context: Context
) -> tuple[PaidLineFact, ...]:
    own = {line.pk: line for line in contract.lines.all()}
    if request is not None:
        stated = [
            (x.line_id, x.amount_fen, x.quantity, x.expense_kind) for x in request.lines.all()
        ]
    else:
        given: Any = context.data.get("lines") or ()
        stated = [
            (
                int(row["line"]),
                int(row["amount_fen"]),
                Decimal(row["quantity"]),
                own[int(row["line"])].expense_kind,
            )
            for row in given
            if int(row["line"]) in own
        ]
    accepted, paid = accepted_quantities(contract), paid_quantities(contract)
    found = []
    for pk, amount, quantity, kind in stated:
        before = paid.get(pk, ZERO)
        found.append(
            PaidLineFact(
                own[pk].name,
                amount,
                kind,
                ExpenseKind(kind).label,
                quantity,
                before,
                accepted.get(pk, ZERO),
                own[pk].quantity,
            )
        )
        paid[pk] = before + quantity
    return tuple(found)


def paid_quantities(contract: Contract) -> dict[int, Decimal]:
    """各项标的已付的数量。"""
    rows = PaymentLine.objects.filter(
        request__contract=contract, request__status=RequestStatus.PAID
    )
    totals = rows.values("line").annotate(total=Sum("quantity"))
    return {row["line"]: row["total"] for row in totals}


@dataclass(frozen=True)
class VerificationFacts:
    """分管领导核对：哪些行还没有核对。"""

    page: str
    unchecked: tuple[str, ...]


def verification_facts(request: PaymentRequest, context: Context) -> VerificationFacts:
    checked = {int(pk) for pk in context.data.get("checked") or ()}
    return VerificationFacts(
        page=request.contract.get_absolute_url(),
        unchecked=tuple(
            x.line.name for x in request.lines.select_related("line") if x.pk not in checked
        ),
    )


@dataclass(frozen=True)
class HandsFacts:
    """一笔付款：现在谁办理，他此前经过哪几手。"""

    page: str
    actor: str
    own_hands: Hands


def hands_facts(request: PaymentRequest, context: Context) -> HandsFacts:
    return HandsFacts(
        page=request.contract.get_absolute_url(),
        actor=context.by.full_name if context.by else "",
        own_hands=own_hands(
            context,
            ("项目经办人", request.case().officer),
            ("申请人", request.requested_by),
            ("核对人", request.verified_by),
        ),
    )


@dataclass(frozen=True)
class CompletionFacts:
    """付清：是否结算，应付与已付；评价是不是不合格，整改了没有。"""

    page: str
    is_settled: bool
    payable_fen: int
    paid_fen: int
    is_failed: bool
    mended: int
    open_mending: tuple[tuple[str, str], ...]


def completion_facts(contract: Contract, context: Context) -> CompletionFacts:
    settlement = settlement_of(contract)
    open_ones = contract.rectifications.filter(status__in=OPEN_MENDING)
    return CompletionFacts(
        page=contract.get_absolute_url(),
        is_settled=settlement is not None,
        payable_fen=payable_fen(contract),
        paid_fen=paid_fen(contract),
        is_failed=settlement is not None and settlement.is_failed,
        mended=ordered_since_acceptance(contract).filter(status=RectificationStatus.CLOSED).count(),
        open_mending=tuple((str(row), row.get_status_display()) for row in open_ones),
    )


def ordered_since_acceptance(contract: Contract) -> QuerySet[Any]:
    """全部服务验收合格之后责令的整改；评价不合格的整改在其中。"""
    whole = contract.acceptances.filter(milestone=None, status=AcceptanceStatus.PASSED).first()
    if whole is None or whole.concluded_on is None:
        return contract.rectifications.none()
    return contract.rectifications.filter(ordered_on__gte=whole.concluded_on)
