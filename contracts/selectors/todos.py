"""工作台上合同与实施的一行行：各岗位要办什么，经办人在等谁。"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

from django.urls import reverse

from accounts.models import RoleAssignment, User
from accounts.roles import Role
from contracts.models import (
    Acceptance,
    AcceptanceStatus,
    Contract,
    ContractFiling,
    FilingStatus,
    PaymentRequest,
    Rectification,
    RectificationStatus,
    RequestStatus,
    Settlement,
    Supplement,
    SupplementStatus,
)
from contracts.selectors.dues import DueDays
from contracts.selectors.work import (
    awards_to_contract,
    contracts_to_file,
    contracts_to_mend,
    drafts,
    instalments_to_request,
    milestones_to_accept,
    milestones_to_deliver,
    owned_by,
    papers_in,
    payments_for,
    slices_to_carry,
    steps_in_turn,
)
from core.navigation import TodoItem

CONTRACT, MENDING, ACCEPTANCE, PAYMENT = "合同", "整改", "验收", "付款"
SIGNERS = (Role.SECTION_HEAD, Role.DIVISION_LEADER, Role.PRINCIPAL, Role.LEADING_GROUP)


def to_do(user: User, acting: RoleAssignment, on: date) -> Iterable[TodoItem]:
    """本岗位要办的合同与实施事项。"""
    if acting.role == Role.OFFICER:
        yield from _drafting(user, acting)
        yield from _delivering(user, acting, on)
    if acting.role in SIGNERS:
        yield from _signing(user, acting)
    if acting.role == Role.SECTION_HEAD:
        yield from _checking(user, acting)
    if acting.role == Role.DIVISION_LEADER:
        yield from _leading(user, acting)
    if acting.role == Role.FINANCE:
        yield from _finance(user, acting, on)


# --- 经办人 --------------------------------------------------------------------------------------


def _drafting(user: User, acting: RoleAssignment) -> Iterator[TodoItem]:
    own = acting.organisation_id
    for work in awards_to_contract(user, own):
        url = reverse("contracts:draft", args=[work.row.pk])
        yield TodoItem("拟订合同", str(work.row.package), url, work.since, work.due, CONTRACT)
    for contract in drafts(user, own):
        if contract.is_returned:
            yield _of(contract, "签批退回，修改合同", contract.drafted_on, CONTRACT)
        elif not contract.is_unsigned:
            yield _of(contract, "签批齐全，签订合同", contract.drafted_on, CONTRACT)
    for work in contracts_to_file(user, own):
        yield _of(work.row, "报送合同备案", work.since, CONTRACT, work.due)


def _delivering(user: User, acting: RoleAssignment, on: date) -> Iterator[TodoItem]:
    own, dues = acting.organisation_id, DueDays()
    for row in milestones_to_deliver(user, own, on):
        since = row.contract.signed_on
        yield _of(row.contract, f"登记交付：{row.title}", since, "交付", row.due_on)
    for row in milestones_to_accept(user, own):
        yield _of(row.contract, f"组织验收：{row.title}", row.delivered_on, ACCEPTANCE)
    ordered = papers_in(user, Rectification, (RectificationStatus.ORDERED,))
    for row in ordered.filter(**owned_by(own)):
        yield _of(row.contract, "登记整改回复", row.ordered_on, MENDING, dues.mending(row))
    for row in contracts_to_mend(user, own):
        url = reverse("contracts:order_mending", args=[row.pk])
        title = "评价不合格，责令限期整改"
        yield TodoItem(title, str(row), url, row.settled_on, kind=MENDING)
    for row in instalments_to_request(user, own):
        since = row.contract.filed_on
        url = reverse("contracts:request_payment", args=[row.contract_id])
        url = f"{url}?instalment={row.pk}"
        yield TodoItem(f"申请付款：{row}", str(row.contract), url, since, kind=PAYMENT)


# --- 签批、复查、核对 ----------------------------------------------------------------------------


def _signing(user: User, acting: RoleAssignment) -> Iterator[TodoItem]:
    """轮到这个岗位签批的合同；自己经办的不在其中。"""
    for step in steps_in_turn(user, acting.organisation_id):
        officer = step.contract.case().officer_id
        if step.role == acting.role and officer != user.pk:
            yield _of(step.contract, "签批合同", step.opened_on, CONTRACT, act="projects.sign")


def _checking(user: User, acting: RoleAssignment) -> Iterator[TodoItem]:
    own = owned_by(acting.organisation_id)
    for row in papers_in(user, Rectification, (RectificationStatus.REPLIED,)).filter(**own):
        act = "contracts.check_rectification"
        yield _of(row.contract, "复查整改", row.replied_on, MENDING, act=act)
    for row in papers_in(user, Acceptance, (AcceptanceStatus.DRAFT,)).filter(**own):
        act = "contracts.conclude_acceptance"
        yield _of(row.contract, "作出验收结论", row.held_on, ACCEPTANCE, act=act)


def _leading(user: User, acting: RoleAssignment) -> Iterator[TodoItem]:
    own = owned_by(acting.organisation_id)
    requests = payments_for(user, RequestStatus.REQUESTED).filter(**own)
    for row in requests:
        url = reverse("contracts:verify", args=[row.pk])
        act = "contracts.verify_payment"
        yield TodoItem("核对付款申请", str(row), url, row.requested_on, kind=PAYMENT, act=act)
    for row in papers_in(user, Rectification, (RectificationStatus.REFUSED,)).filter(**own):
        url = reverse("contracts:terminate", args=[row.contract_id])
        yield TodoItem("拒不整改，终止合同", str(row.contract), url, row.closed_on, kind=MENDING)
    drafted = papers_in(user, Supplement, (SupplementStatus.DRAFTED,)).filter(**own)
    for row in drafted.exclude(contract__in=Settlement.objects.values("contract")):
        act = "contracts.agree_supplement"
        yield _of(row.contract, f"签订{row}", row.drafted_on, CONTRACT, act=act)


def _finance(user: User, acting: RoleAssignment, on: date) -> Iterator[TodoItem]:
    here = {
        "contract__package__project__purchaser__organisation__jurisdiction": (
            acting.organisation.jurisdiction_id
        )
    }
    for row in papers_in(user, ContractFiling, (FilingStatus.SUBMITTED,)).filter(**here):
        url = reverse("contracts:accept_filing", args=[row.pk])
        yield TodoItem("办理合同备案", str(row.contract), url, row.submitted_on, kind="备案")
    for row in payments_for(user, RequestStatus.VERIFIED).filter(**here):
        url = reverse("contracts:release", args=[row.pk])
        since = row.verified_on or row.requested_on
        yield TodoItem("拨付", str(row), url, since, kind=PAYMENT)
    for row in slices_to_carry(user, on).filter(**here):
        year = row.allocation.ceiling.year
        url = reverse("contracts:carry_over", args=[row.contract_id])
        yield TodoItem(
            f"办理 {year} 年末结转", str(row.contract), url, date(year, 12, 1), kind="结转"
        )


# --- 等待 ----------------------------------------------------------------------------------------

AWAITED: tuple[tuple[type[Any], str, str, str, str, str], ...] = (
    (ContractFiling, FilingStatus.SUBMITTED, "submitted_on", "合同备案", "备案", "财政部门"),
    (Rectification, RectificationStatus.REPLIED, "replied_on", "复查整改", MENDING, "归口科室"),
    (Acceptance, AcceptanceStatus.DRAFT, "held_on", "验收结论", ACCEPTANCE, "归口科室"),
    (PaymentRequest, RequestStatus.REQUESTED, "requested_on", "核对付款", PAYMENT, "分管领导"),
    (PaymentRequest, RequestStatus.VERIFIED, "verified_on", "拨付", PAYMENT, "财政部门"),
    (Supplement, SupplementStatus.DRAFTED, "drafted_on", "签订补充合同", CONTRACT, "分管领导"),
)


def awaited(user: User, acting: RoleAssignment, _on: date) -> Iterable[TodoItem]:
    """经办人在等谁。"""
    if acting.role != Role.OFFICER:
        return
    for step in steps_in_turn(user, acting.organisation_id):
        desk = f"{acting.organisation.short_name}{step.get_role_display()}"
        yield _of(step.contract, "合同签批", step.opened_on, CONTRACT, waits_for=desk)
    own = owned_by(acting.organisation_id)
    for model, status, since, title, kind, desk in AWAITED:
        for row in papers_in(user, model, (status,)).filter(**own):
            yield _of(row.contract, title, getattr(row, since), kind, waits_for=desk)


def _of(
    contract: Contract,
    title: str,
    since: date,
    kind: str,
    due: date | None = None,
    waits_for: str = "",
    act: str = "",
) -> TodoItem:
    url = contract.get_absolute_url()
    return TodoItem(title, str(contract), url, since, due, kind, waits_for, act)
