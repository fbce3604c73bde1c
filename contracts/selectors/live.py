"""合同里还要办的文件，供“下一步”列出；各文件共用同一份合同，不再逐件查询。"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from contracts.facts.money import open_instalments, paid_fen, payable_fen
from contracts.models import (
    LIVE,
    LIVE_REQUESTS,
    AcceptanceStatus,
    Contract,
    ContractStatus,
    FilingStatus,
    MilestoneStatus,
    RectificationStatus,
    SupplementStatus,
)
from contracts.selectors.signing import signatures_in_turn
from core.transitions import StatefulModel
from projects.models import Project

UNSETTLED = {
    "filings": (FilingStatus.SUBMITTED,),
    "milestones": (MilestoneStatus.PENDING,),
    "rectifications": (RectificationStatus.ORDERED, RectificationStatus.REPLIED),
    "acceptances": (AcceptanceStatus.DRAFT,),
    "requests": LIVE_REQUESTS,
    "supplements": (SupplementStatus.DRAFTED,),
}


def live_documents(contract: Contract) -> list[StatefulModel]:
    """轮到的签批、在办的备案、没有交付的节点、没有了结的整改、待结论的验收、在途的付款。"""
    if contract.status == ContractStatus.DRAFT:
        return _of(contract, signatures_in_turn().filter(contract=contract))
    if contract.status not in LIVE:
        return []
    found: list[StatefulModel] = []
    for name, statuses in UNSETTLED.items():
        found += _of(contract, getattr(contract, name).filter(status__in=statuses))
    return found


def _of(contract: Contract, rows: Iterable[Any]) -> list[StatefulModel]:
    found = list(rows)
    for row in found:
        row.contract = contract
    return found


def project_documents(project: Project) -> list[StatefulModel]:
    """项目各合同，以及各合同里还要办的文件。"""
    contracts = Contract.objects.with_case().filter(
        package__project=project, status__in=(ContractStatus.DRAFT, *LIVE)
    )
    found: list[StatefulModel] = []
    for contract in contracts.order_by("package__position"):
        found += [contract, *live_documents(contract)]
    return found


# --- 什么时候列出 --------------------------------------------------------------------------------


def may_be_filed(contract: Contract) -> bool:
    """没有在办的备案。"""
    return not contract.filings.filter(status=FilingStatus.SUBMITTED).exists()


def may_be_requested(contract: Contract) -> bool:
    """还有没申请的一期，应付的也还没有付足。"""
    return bool(open_instalments(contract)) and paid_fen(contract) < payable_fen(contract)


def has_deduction_terms(contract: Contract) -> bool:
    return bool(contract.deduction_terms)


def has_something_to_accept(contract: Contract) -> bool:
    """有已交付的节点；或者各节点都已验收（没有节点也算），而全部服务还没有验收。"""
    if contract.acceptances.filter(status=AcceptanceStatus.DRAFT).exists():
        return False
    states = set(contract.milestones.values_list("status", flat=True))
    if MilestoneStatus.DELIVERED in states:
        return True
    whole = contract.acceptances.filter(milestone=None, status=AcceptanceStatus.PASSED)
    return states <= {MilestoneStatus.ACCEPTED} and not whole.exists()


def is_refused_to_mend(contract: Contract) -> bool:
    return contract.rectifications.filter(status=RectificationStatus.REFUSED).exists()


def unpaid_by_year(contract: Contract) -> dict[int, int]:
    """各年度还没有付的（分），早的在前；付清了的年度不在其中。"""
    found: dict[int, int] = {}
    rows = contract.slices.select_related("allocation__ceiling")
    for row in rows.order_by("allocation__ceiling__year"):
        if row.unpaid_fen > 0:
            year = row.allocation.ceiling.year
            found[year] = found.get(year, 0) + row.unpaid_fen
    return found


def may_be_carried(contract: Contract, on: date) -> bool:
    """还有未付的往年，十二月起也含当年。"""
    last = on.year if on.month == 12 else on.year - 1
    return any(year <= last for year in unpaid_by_year(contract))
