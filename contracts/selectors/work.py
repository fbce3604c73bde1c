"""合同与实施各岗位的待办：一类一次查询，届满日一并算好。"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import BigIntegerField, Exists, F, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from accounts.models import User
from contracts.models import (
    LIVE,
    Acceptance,
    AcceptanceStatus,
    Contract,
    ContractFiling,
    ContractSignature,
    ContractSlice,
    ContractStatus,
    FilingStatus,
    Grade,
    Instalment,
    InstalmentKind,
    Milestone,
    MilestoneStatus,
    Payment,
    PaymentRequest,
    Rectification,
    RequestStatus,
    Settlement,
)
from contracts.selectors.dues import DueDays
from contracts.selectors.ledgers import UNPAID
from contracts.selectors.sight import (
    OWNER,
    awards_visible_to,
    contracts_visible_to,
    papers_visible_to,
)
from contracts.selectors.signing import last_steps, signatures_in_turn
from projects.models import SignatureStatus

SOON = timedelta(days=30)


@dataclass(frozen=True)
class Work:
    """一件待办的事：哪一行，自何日起，何日届满。"""

    row: Any
    since: date
    due: date | None = None


def owned_by(organisation_id: int, prefix: str = "contract__") -> dict[str, int]:
    """本单位的。"""
    return {f"{prefix}{OWNER}": organisation_id}


# --- 经办人 --------------------------------------------------------------------------------------


def awards_to_contract(user: User, organisation_id: int) -> Iterator[Work]:
    """已公告成交、还没有合同的。"""
    rows = awards_visible_to(user).filter(**owned_by(organisation_id, ""))
    dues = DueDays()
    for award in rows.exclude(Exists(Contract.objects.filter(award=OuterRef("pk")))):
        yield Work(award, award.notified_on, dues.signing(award))


def drafts(user: User, organisation_id: int) -> QuerySet[Any]:
    """拟订中的合同，附最近一轮签批有没有退回、有没有没签的。"""
    steps = last_steps().filter(contract=OuterRef("pk"))
    rows = contracts_visible_to(user).filter(
        status=ContractStatus.DRAFT, **owned_by(organisation_id, "")
    )
    found: QuerySet[Any] = rows.annotate(
        is_returned=Exists(steps.filter(status=SignatureStatus.RETURNED)),
        is_unsigned=Exists(steps.exclude(status=SignatureStatus.SIGNED)),
    )
    return found


def contracts_to_file(user: User, organisation_id: int) -> Iterator[Work]:
    """已签订、还没有报送备案（或者退回了）的。"""
    pending = ContractFiling.objects.filter(contract=OuterRef("pk"), status=FilingStatus.SUBMITTED)
    rows = contracts_visible_to(user).filter(
        ~Exists(pending), status=ContractStatus.SIGNED, **owned_by(organisation_id, "")
    )
    dues = DueDays()
    for contract in rows:
        yield Work(contract, contract.signed_on, dues.filing(contract))


def milestones_to_deliver(user: User, organisation_id: int, on: date) -> QuerySet[Any]:
    """三十日之内到期的、已经逾期的未交付节点。"""
    return papers_visible_to(user, Milestone).filter(
        status=MilestoneStatus.PENDING,
        due_on__lte=on + SOON,
        contract__status__in=LIVE,
        **owned_by(organisation_id),
    )


def milestones_to_accept(user: User, organisation_id: int) -> QuerySet[Any]:
    """已交付、还没有组织验收的节点。"""
    open_ones = Acceptance.objects.filter(milestone=OuterRef("pk"), status=AcceptanceStatus.DRAFT)
    return papers_visible_to(user, Milestone).filter(
        ~Exists(open_ones),
        status=MilestoneStatus.DELIVERED,
        contract__status__in=LIVE,
        **owned_by(organisation_id),
    )


_PAID = Coalesce(
    Subquery(
        Payment.objects.filter(contract=OuterRef("contract"))
        .order_by()
        .values("contract")
        .annotate(total=Sum("amount_fen"))
        .values("total")
    ),
    0,
    output_field=BigIntegerField(),
)


def instalments_to_request(user: User, organisation_id: int) -> QuerySet[Any]:
    """条件已具备、还没有申请（或者退回了）的各期；结算的应付已付足的不再列。"""
    taken = PaymentRequest.objects.filter(instalment=OuterRef("pk")).exclude(
        status=RequestStatus.RETURNED
    )
    settled = Settlement.objects.filter(contract=OuterRef("contract")).annotate(paid=_PAID)
    ready = (
        Q(kind=InstalmentKind.ADVANCE)
        | Q(kind=InstalmentKind.PROGRESS, milestone__status=MilestoneStatus.ACCEPTED)
        | (Q(kind=InstalmentKind.FINAL) & Exists(settled))
    )
    return papers_visible_to(user, Instalment).filter(
        ready,
        ~Exists(taken),
        ~Exists(settled.filter(payable_fen__lte=F("paid"))),
        contract__status=ContractStatus.FILED,
        **owned_by(organisation_id),
    )


def contracts_to_mend(user: User, organisation_id: int) -> QuerySet[Any]:
    """评价不合格、验收之后还没有责令整改的，附结算日。"""
    failed = Settlement.objects.filter(contract=OuterRef("pk"), grade=Grade.POOR)
    whole = Acceptance.objects.filter(
        contract=OuterRef("contract"), milestone=None, status=AcceptanceStatus.PASSED
    )
    ordered = Rectification.objects.filter(
        contract=OuterRef("pk"), ordered_on__gte=Subquery(whole.values("concluded_on")[:1])
    )
    rows = contracts_visible_to(user).filter(~Exists(ordered), status__in=LIVE)
    found: QuerySet[Any] = rows.annotate(settled_on=Subquery(failed.values("settled_on")))
    return found.filter(settled_on__isnull=False, **owned_by(organisation_id, ""))


# --- 各岗位 --------------------------------------------------------------------------------------


def papers_in(user: User, model: type[Any], statuses: tuple[str, ...]) -> QuerySet[Any]:
    """履行中的合同处在某几种状态的文件。"""
    return papers_visible_to(user, model).filter(status__in=statuses, contract__status__in=LIVE)


def payments_for(user: User, status: str) -> QuerySet[Any]:
    """处在某一状态的付款申请；自己经过手的、自己经办的不在其中。"""
    mine = Q(requested_by=user) | Q(verified_by=user) | Q(contract__package__project__officer=user)
    rows = papers_in(user, PaymentRequest, (status,)).select_related("instalment")
    return rows.filter(~mine)


def steps_in_turn(user: User, organisation_id: int) -> QuerySet[Any]:
    """本单位的合同里轮到的签批。"""
    turn = signatures_in_turn().values("pk")
    rows = papers_visible_to(user, ContractSignature)
    return rows.filter(pk__in=turn, **owned_by(organisation_id))


def slices_to_carry(user: User, on: date) -> QuerySet[Any]:
    """年末还没有付完的份额：往年的，十二月起也含当年的。"""
    last = on.year if on.month == 12 else on.year - 1
    rows = papers_visible_to(user, ContractSlice).select_related("allocation__ceiling__fund")
    unpaid: QuerySet[Any] = rows.annotate(left_fen=UNPAID)
    return unpaid.filter(
        left_fen__gt=0, allocation__ceiling__year__lte=last, contract__status__in=LIVE
    )
