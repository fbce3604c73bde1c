"""合同与实施：合同、备案、履约、验收、付款、补助。"""

from contracts.models.acceptance import Acceptance, AcceptanceItem, AcceptanceStatus
from contracts.models.contract import LIVE, PAY_RULES, Contract, ContractStatus, Grade
from contracts.models.delivery import (
    Incident,
    Inspection,
    Milestone,
    MilestoneStatus,
    Rectification,
    RectificationStatus,
)
from contracts.models.filing import (
    ContractFiling,
    FilingStatus,
    Supplement,
    SupplementStatus,
)
from contracts.models.parts import ContractLine, ContractSignature, ContractSlice
from contracts.models.payment import (
    LIVE_REQUESTS,
    Instalment,
    InstalmentKind,
    Payment,
    PaymentLine,
    PaymentRequest,
    RequestStatus,
    Settlement,
)
from contracts.models.subsidy import (
    LIVE_REPORTS,
    ReportStatus,
    ShareStatus,
    SpendingLine,
    SpendingReport,
    SubsidyRelease,
    SubsidyReturn,
    SubsidyShare,
)

__all__ = [
    "LIVE",
    "LIVE_REPORTS",
    "LIVE_REQUESTS",
    "PAY_RULES",
    "Acceptance",
    "AcceptanceItem",
    "AcceptanceStatus",
    "Contract",
    "ContractFiling",
    "ContractLine",
    "ContractSignature",
    "ContractSlice",
    "ContractStatus",
    "FilingStatus",
    "Grade",
    "Incident",
    "Inspection",
    "Instalment",
    "InstalmentKind",
    "Milestone",
    "MilestoneStatus",
    "Payment",
    "PaymentLine",
    "PaymentRequest",
    "Rectification",
    "RectificationStatus",
    "ReportStatus",
    "RequestStatus",
    "Settlement",
    "ShareStatus",
    "SpendingLine",
    "SpendingReport",
    "SubsidyRelease",
    "SubsidyReturn",
    "SubsidyShare",
    "Supplement",
    "SupplementStatus",
]
