"""一份合同连同它的一切：案卷的两个分页和合同页都由此打印。"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import QuerySet

from contracts.models import (
    AcceptanceStatus,
    Contract,
    ContractStatus,
    Instalment,
    InstalmentKind,
    MilestoneStatus,
    PaymentRequest,
    Rectification,
    RectificationStatus,
    RequestStatus,
    Settlement,
    SupplementStatus,
)
from contracts.selectors.badges import Badge, badge_of, mark
from contracts.selectors.dues import DueDays, is_past

PARTS = (
    "lines",
    "milestones",
    "instalments__milestone",
    "slices__allocation__ceiling__fund",
    "supplements",
    "filings",
    "inspections__inspector",
    "rectifications",
    "incidents",
    "acceptances__milestone",
    "acceptances__items__line",
    "requests__instalment",
    "requests__requested_by",
    "requests__verified_by",
    "requests__lines__line",
    "payments__request__instalment",
    "signatures__signer",
    "signatures__signed_for",
)
Rows = list[dict[str, Any]]


@dataclass(frozen=True)
class Money:
    """合同的钱；单位为分。`unpaid_fen` 是各年份额里还没有付、没有释放的。"""

    amount_fen: int
    supplements_fen: int
    paid_fen: int
    unpaid_fen: int | None

    @property
    def total_fen(self) -> int:
        return self.amount_fen + self.supplements_fen


@dataclass(frozen=True)
class Sheet:
    """打印一份合同所需的一切；各项明细连同状态。"""

    contract: Contract
    badge: Badge
    money: Money
    filing_due: date | None
    notice_due: date | None
    is_filing_late: bool
    lines: list[Any]
    instalments: Rows
    slices: list[Any]
    supplements: Rows
    filings: Rows
    milestones: Rows
    inspections: list[Any]
    rectifications: Rows
    incidents: list[Any]
    acceptances: Rows
    requests: Rows
    settlement: Settlement | None

    @property
    def lines_fen(self) -> int:
        return sum(line.amount_fen for line in self.lines)

    @property
    def is_draft(self) -> bool:
        return bool(self.contract.status == ContractStatus.DRAFT)


def sheets(contracts: QuerySet[Any], *, on: date) -> list[Sheet]:
    """各合同的全部内容；查询次数与合同数、行数无关。"""
    rows = list(contracts.prefetch_related(*PARTS))
    settlements = {s.contract_id: s for s in Settlement.objects.filter(contract__in=rows)}
    dues = DueDays()
    return [_sheet(row, settlements.get(row.pk), dues, on) for row in rows]


def _sheet(contract: Contract, settlement: Settlement | None, dues: DueDays, on: date) -> Sheet:
    filing_due = dues.filing(contract)
    return Sheet(
        contract=contract,
        badge=badge_of(contract),
        money=money_of(contract),
        filing_due=filing_due,
        notice_due=dues.notice(contract),
        is_filing_late=_is_filing_late(contract, filing_due, on),
        lines=list(contract.lines.all()),
        instalments=instalment_rows(contract, settlement),
        slices=list(contract.slices.all()),
        supplements=_with_badges(contract.supplements.all()),
        filings=_with_badges(contract.filings.all()),
        milestones=_milestones(contract, on),
        inspections=list(contract.inspections.all()),
        rectifications=_rectifications(contract, dues, on),
        incidents=list(contract.incidents.all()),
        acceptances=_with_badges(contract.acceptances.all()),
        requests=_requests(contract),
        settlement=settlement,
    )


def money_of(contract: Contract) -> Money:
    """合同、补充、已付、未付；取自预先取好的各项明细。"""
    slices = list(contract.slices.all())
    agreed = [s for s in contract.supplements.all() if s.status == SupplementStatus.AGREED]
    return Money(
        amount_fen=contract.amount_fen,
        supplements_fen=sum(s.amount_fen for s in agreed),
        paid_fen=sum(p.amount_fen for p in contract.payments.all()),
        unpaid_fen=sum(s.unpaid_fen for s in slices) if slices else None,
    )


def _is_filing_late(contract: Contract, due: date | None, on: date) -> bool:
    """报送晚于期限，或者到今天还没有报送而期限已过。"""
    if contract.signed_on is None:
        return False
    submitted = [f.submitted_on for f in contract.filings.all()]
    return is_past(due, min(submitted, default=on))


def _with_badges(rows: Iterable[Any]) -> Rows:
    return [{"row": row, "badge": badge_of(row)} for row in rows]


# --- 付款期次 ------------------------------------------------------------------------------------


def instalment_rows(contract: Contract, settlement: Settlement | None) -> Rows:
    """各期与状态：未到、可申请、申请中、已付。"""
    live = {
        r.instalment_id: r for r in contract.requests.all() if r.status != RequestStatus.RETURNED
    }
    return [
        {"row": row, "badge": _instalment_badge(row, contract, settlement, live.get(row.pk))}
        for row in contract.instalments.all()
    ]


def _instalment_badge(
    row: Instalment,
    contract: Contract,
    settlement: Settlement | None,
    request: PaymentRequest | None,
) -> Badge:
    if request is not None:
        is_paid = request.status == RequestStatus.PAID
        return mark("已付", "ok") if is_paid else mark("申请中", "info")
    if settlement is not None and money_of(contract).paid_fen >= settlement.payable_fen:
        return mark("不再支付", "neutral")
    return mark("可申请", "act") if is_due(row, contract, settlement) else mark("未到", "neutral")


def is_due(row: Instalment, contract: Contract, settlement: Settlement | None) -> bool:
    """这一期的条件已成就：合同已备案，且预付款无他，进度款节点已验收，尾款已结算。"""
    if contract.status != ContractStatus.FILED:
        return False
    if row.kind == InstalmentKind.FINAL:
        return settlement is not None
    if row.kind == InstalmentKind.PROGRESS:
        milestone = row.milestone
        return milestone is not None and milestone.status == MilestoneStatus.ACCEPTED
    return True


# --- 履约 ----------------------------------------------------------------------------------------


def _milestones(contract: Contract, on: date) -> Rows:
    rows = _with_badges(contract.milestones.all())
    for each in rows:
        row = each["row"]
        each["is_late"] = is_past(row.due_on, row.delivered_on or on)
    return rows


def _rectifications(contract: Contract, dues: DueDays, on: date) -> Rows:
    return [
        {"row": row, "badge": badge_of(row), **mending_days(row, dues, on)}
        for row in contract.rectifications.all()
    ]


def mending_days(row: Rectification, dues: DueDays, on: date) -> dict[str, Any]:
    """期限届满日；没有回复而已过期，或者回复晚于期限的，标明逾期。"""
    due = dues.mending(row)
    is_open = row.status == RectificationStatus.ORDERED
    answered = None if is_open else row.replied_on
    return {"due": due, "is_late": is_past(due, answered or row.closed_on or on)}


def _requests(contract: Contract) -> Rows:
    paid = {p.request_id: p for p in contract.payments.all()}
    rows = _with_badges(contract.requests.all())
    for each in rows:
        each["payment"] = paid.get(each["row"].pk)
    return rows


def has_draft_acceptance(contract: Contract) -> bool:
    return any(a.status == AcceptanceStatus.DRAFT for a in contract.acceptances.all())
