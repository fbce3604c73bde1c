"""办结规则所问的事实：合同结清没有，各种文件办完没有。"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from budgeting.models import AdjustmentStatus, BudgetAdjustment
from contracts.models import (
    LIVE_REQUESTS,
    Acceptance,
    AcceptanceStatus,
    Contract,
    ContractFiling,
    ContractStatus,
    FilingStatus,
    PaymentRequest,
    Rectification,
    RectificationStatus,
    ReportStatus,
    ShareStatus,
    SpendingReport,
    SubsidyShare,
    Supplement,
    SupplementStatus,
)
from core.rules import Context
from projects.models import Project

Named = tuple[tuple[str, str], ...]
OF_CONTRACT = "contract__package__project"
# 还在办理中的各种文件：模型、它怎样归属项目、哪些状态算没办完。拒不整改的由合同终止了结。
UNFINISHED: tuple[tuple[Any, str, tuple[str, ...]], ...] = (
    (ContractFiling, OF_CONTRACT, (FilingStatus.SUBMITTED,)),
    (Supplement, OF_CONTRACT, (SupplementStatus.DRAFTED,)),
    (Rectification, OF_CONTRACT, (RectificationStatus.ORDERED, RectificationStatus.REPLIED)),
    (Acceptance, OF_CONTRACT, (AcceptanceStatus.DRAFT,)),
    (PaymentRequest, OF_CONTRACT, tuple(LIVE_REQUESTS)),
    (SpendingReport, "share__project", (ReportStatus.SUBMITTED,)),
    (BudgetAdjustment, "project", (AdjustmentStatus.DRAFTED,)),
    (BudgetAdjustment, "receiver", (AdjustmentStatus.DRAFTED,)),
)


@dataclass(frozen=True)
class ClosingFacts:
    """一个项目办结前：未结清的合同与补助，未办完的文件，各为（名称，现在的状态）。"""

    page: str
    unsettled: Named
    unfinished: Named


def closing_facts(project: Project, context: Context) -> ClosingFacts:
    contracts = Contract.objects.filter(package__project=project).exclude(
        status__in=(ContractStatus.COMPLETED, ContractStatus.TERMINATED, ContractStatus.WITHDRAWN)
    )
    shares = SubsidyShare.objects.filter(project=project, status=ShareStatus.ALLOTTED)
    papers = (
        row
        for model, path, states in UNFINISHED
        for row in model.objects.filter(**{path: project, "status__in": states})
    )
    return ClosingFacts(
        page=project.get_absolute_url(),
        unsettled=(
            *((c.name, c.get_status_display()) for c in contracts),
            *((s.recipient, s.get_status_display()) for s in shares),
        ),
        unfinished=tuple(
            (f"{row._meta.verbose_name}：{row}", row.get_status_display()) for row in papers
        ),
    )
