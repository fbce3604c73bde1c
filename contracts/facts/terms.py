"""签订、备案、补充、结转规则所问的事实；金额单位为分。"""

from __future__ import annotations

import calendar
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Sum

from budgeting.facts import conditions_before
from budgeting.models import Allocation
from budgeting.services import unreserved_of
from contracts.facts.money import supplements_fen, unpaid_slices
from contracts.models import Contract, ContractFiling, FilingStatus, Supplement
from core.calendar.arithmetic import Deadline
from core.calendar.loading import workdays
from core.rules import Context
from core.rules.parameters import parameters_in_force
from procurement.facts.bids import debarment_on
from procurement.models import Award, AwardStatus
from projects.facts import SignatureFact, last_chain
from projects.models import Stage

TERMS = {
    "scope": "服务范围",
    "content": "服务内容",
    "requirements": "服务要求",
    "payment_terms": "资金支付方式",
    "liability": "违约责任",
}
ONE_DAY = timedelta(days=1)


def months_later(day: date, months: int) -> date:
    """若干个月之后的同一日；没有这一日的，为当月最后一日。"""
    place = day.month - 1 + months
    year, month = day.year + place // 12, place % 12 + 1
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


def sign_due_on(award: Award) -> Deadline | None:
    """签订合同的期限；尚未发出通知书为 None。Raises `CalendarUnknown`, `ParameterMissing`."""
    if award.notified_on is None:
        return None
    parameters = parameters_in_force(award.jurisdiction(), award.notified_on)
    return workdays().add_days(award.notified_on, parameters["YB-9.4-sign-days"], roll=True)


def filing_due_on(contract: Contract) -> Deadline | None:
    """报送备案的期限；尚未签订为 None。Raises `CalendarUnknown`, `ParameterMissing`."""
    if contract.signed_on is None:
        return None
    parameters = parameters_in_force(contract.jurisdiction(), contract.signed_on)
    return workdays().add_workdays(contract.signed_on, parameters["YB-9.4-filing-workdays"])


@dataclass(frozen=True)
class TermFacts:
    """一份合同的条款与金额。"""

    page: str
    missing: tuple[str, ...]
    amount_fen: int
    award_fen: int
    lines: tuple[tuple[str, int], ...]
    instalments: tuple[tuple[str, int], ...]
    finals: int
    package_fen: int
    reserved_fen: int
    starts_on: date
    ends_on: date
    usual_until: date
    longest_until: date
    conditions: tuple[tuple[str, bool], ...]
    is_signed_by_agent: bool
    authorisation: str
    signatures: tuple[SignatureFact, ...]


def term_facts(contract: Contract, context: Context) -> TermFacts:
    parameters = parameters_in_force(contract.jurisdiction(), context.on)
    instalments = list(contract.instalments.order_by("position"))
    return TermFacts(
        page=contract.get_absolute_url(),
        missing=_missing(contract),
        amount_fen=contract.amount_fen,
        award_fen=contract.award.amount_fen,
        lines=tuple((x.name, x.amount_fen) for x in contract.lines.order_by("position")),
        instalments=tuple((str(i), i.amount_fen) for i in instalments),
        finals=sum(i.kind == "final" for i in instalments),
        package_fen=contract.package.budget_fen,
        reserved_fen=_reserved(contract),
        starts_on=contract.starts_on,
        ends_on=contract.ends_on,
        usual_until=_last_day(contract, parameters.get("YB-9.4-usual-months")),
        longest_until=_last_day(contract, parameters.get("YB-9.4-longest-months")),
        conditions=(
            ("内容相对固定", contract.is_fixed),
            ("连续性强", contract.is_continuous),
            ("经费来源稳定", contract.has_stable_funds),
            ("价格变化幅度小", contract.has_stable_price),
        ),
        is_signed_by_agent=contract.is_signed_by_agent,
        authorisation=contract.authorisation.strip(),
        signatures=last_chain(contract.signatures.all()),
    )


def _missing(contract: Contract) -> tuple[str, ...]:
    found = [label for name, label in TERMS.items() if not str(getattr(contract, name)).strip()]
    if not contract.lines.exists():
        found.append("标的、数量、质量和价格")
    if not contract.grade_percents:
        found.append("各考核等级的支付比例")
    return tuple(found)


def _reserved(contract: Contract) -> int:
    rows = Allocation.objects.filter(project=contract.case())
    return int(rows.aggregate(total=Sum("reserved_fen"))["total"] or 0)


def _last_day(contract: Contract, months: int | None) -> date:
    """期满之日：对应日的前一日；没有对应日的，就是当月最后一日。"""
    later = months_later(contract.starts_on, months or 0)
    return later if later.day < contract.starts_on.day else later - ONE_DAY


@dataclass(frozen=True)
class SigningDayFacts:
    """签订日与通知书、期限，对方资格，合同环节后须落实的条件。"""

    page: str
    notified_on: date | None
    signed_on: date
    on: date
    due_on: date | None
    provider: str
    award: str
    is_standing: bool
    debarred_until: date | None
    unfulfilled: tuple[tuple[str, str], ...]


def signing_day_facts(contract: Contract, context: Context) -> SigningDayFacts:
    signed = context.data.get("signed_on") or context.on
    due = sign_due_on(contract.award)
    debarment = debarment_on(contract.award.provider, signed)
    return SigningDayFacts(
        page=contract.get_absolute_url(),
        notified_on=contract.award.notified_on,
        signed_on=signed,
        on=context.on,
        due_on=due.day if due else None,
        provider=str(contract.award.provider),
        award=contract.award.get_status_display(),
        is_standing=contract.award.status == AwardStatus.NOTIFIED,
        debarred_until=debarment.until if debarment else None,
        unfulfilled=conditions_before(contract.case(), Stage.IMPLEMENTATION),
    )


@dataclass(frozen=True)
class FilingFacts:
    """报送备案：签订日、期限、报送日，有没有正在办的。"""

    page: str
    signed_on: date | None
    due_on: date | None
    submitted_on: date
    pending: int


def filing_facts(contract: Contract, context: Context) -> FilingFacts:
    due = filing_due_on(contract)
    waiting = ContractFiling.objects.filter(contract=contract, status=FilingStatus.SUBMITTED)
    return FilingFacts(
        page=contract.get_absolute_url(),
        signed_on=contract.signed_on,
        due_on=due.day if due else None,
        submitted_on=context.on,
        pending=waiting.count(),
    )


@dataclass(frozen=True)
class SupplementFacts:
    """补充合同：追加金额、此前已签的合计、原合同金额、预算可用余额。"""

    page: str
    amount_fen: int
    earlier_fen: int
    contract_fen: int
    available_fen: int


def supplement_facts(subject: Contract | Supplement, context: Context) -> SupplementFacts:
    contract = subject.contract if isinstance(subject, Supplement) else subject
    stated: Any = context.data.get("amount_fen")
    own = subject.amount_fen if isinstance(subject, Supplement) else int(stated or 0)
    return SupplementFacts(
        page=contract.get_absolute_url(),
        amount_fen=own,
        earlier_fen=supplements_fen(contract),
        contract_fen=contract.amount_fen,
        available_fen=unreserved_of(contract.case()),
    )


@dataclass(frozen=True)
class CarryFacts:
    """结转：哪一年、未付多少、今日。"""

    page: str
    year: int
    on: date
    unpaid_fen: int


def carry_facts(contract: Contract, context: Context) -> CarryFacts:
    """没有指明年度的，按还有未付的最早年度。"""
    year = context.data.get("year") or first_unpaid_year(contract) or context.on.year
    return CarryFacts(
        page=contract.get_absolute_url(),
        year=year,
        on=context.on,
        unpaid_fen=sum(row.unpaid_fen for row in unpaid_slices(contract, year)),
    )


def first_unpaid_year(contract: Contract) -> int | None:
    """还有未付份额的最早年度；没有为 None。"""
    rows = contract.slices.select_related("allocation__ceiling")
    years = [row.allocation.ceiling.year for row in rows if row.unpaid_fen > 0]
    return min(years, default=None)
