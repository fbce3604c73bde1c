"""合同与实施各岗位的待办：一类一次查询，届满日一并算好。"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

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
    Instalment,
    InstalmentKind,
    Milestone,
    MilestoneStatus,
    PaymentRequest,
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


def instalments_to_request(user: User, organisation_id: int) -> QuerySet[Any]:
    """条件已具备、还没有申请（或者退回了）的各期。"""
    taken = PaymentRequest.objects.filter(instalment=OuterRef("pk")).exclude(
        status=RequestStatus.RETURNED
    )
    settled = Settlement.objects.filter(contract=OuterRef("contract"))
    ready = (
        Q(kind=InstalmentKind.ADVANCE)
        | Q(kind=InstalmentKind.PROGRESS, milestone__status=MilestoneStatus.ACCEPTED)
        | (Q(kind=InstalmentKind.FINAL) & Exists(settled))
    )
    return papers_visible_to(user, Instalment).filter(
        ready,
        ~Exists(taken),
        contract__status=ContractStatus.FILED,
        **owned_by(organisation_id),
    )


# --- 各岗位 --------------------------------------------------------------------------------------


def papers_in(user: User, model: type[Any], statuses: tuple[str, ...]) -> QuerySet[Any]:
    """处在某几种状态的文件。"""
    return papers_visible_to(user, model).filter(status__in=statuses)


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
