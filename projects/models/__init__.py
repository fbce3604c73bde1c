"""申报：购买主体、目录、计划、项目与其申报内容。"""

from projects.models.catalogue import AnnualPlan, CatalogueItem, ServiceCatalogue
from projects.models.filing import (
    EstimateLine,
    ExpenseKind,
    FundLine,
    Indicator,
    IndicatorLevel,
    InternalSignature,
    Operator,
    ProjectVersion,
    SignatureStatus,
)
from projects.models.kinds import ProcurementMethod, Programme, ProjectKind, ServiceNature
from projects.models.project import ENDED_STAGES, SEVEN_STAGES, PlanLine, Project, Stage
from projects.models.purchaser import (
    DIRECT_NATURES,
    EXCLUDED_NATURES,
    FundKind,
    FundSource,
    Purchaser,
    PurchaserNature,
)

__all__ = [
    "DIRECT_NATURES",
    "ENDED_STAGES",
    "EXCLUDED_NATURES",
    "SEVEN_STAGES",
    "AnnualPlan",
    "CatalogueItem",
    "EstimateLine",
    "ExpenseKind",
    "FundKind",
    "FundLine",
    "FundSource",
    "Indicator",
    "IndicatorLevel",
    "InternalSignature",
    "Operator",
    "PlanLine",
    "ProcurementMethod",
    "Programme",
    "Project",
    "ProjectKind",
    "ProjectVersion",
    "Purchaser",
    "PurchaserNature",
    "ServiceCatalogue",
    "ServiceNature",
    "SignatureStatus",
    "Stage",
]
