"""申报：购买主体、目录、计划、项目与其申报内容。"""

from projects.models.catalogue import AnnualPlan, CatalogueItem, ServiceCatalogue
from projects.models.document import CaseDocument
from projects.models.filing import (
    EstimateLine,
    ExpenseKind,
    FundLine,
    Indicator,
    IndicatorLevel,
    InternalSignature,
    Operator,
    ProjectVersion,
)
from projects.models.kinds import ProcurementMethod, Programme, ProjectKind, ServiceNature
from projects.models.package import REACHED, Package, PackageStatus, PlanLine
from projects.models.plan_import import ImportState, PlanImport
from projects.models.plan_submission import PlanSubmission
from projects.models.project import Project
from projects.models.purchaser import (
    DIRECT_NATURES,
    EXCLUDED_NATURES,
    FundKind,
    FundSource,
    Purchaser,
    PurchaserNature,
)
from projects.models.signature import SignatureStatus, SignatureStep
from projects.models.stages import APPROVALS, ENDED_STAGES, PATHS, SEVEN_STAGES, Stage

__all__ = [
    "APPROVALS",
    "DIRECT_NATURES",
    "ENDED_STAGES",
    "EXCLUDED_NATURES",
    "PATHS",
    "REACHED",
    "SEVEN_STAGES",
    "AnnualPlan",
    "CaseDocument",
    "CatalogueItem",
    "EstimateLine",
    "ExpenseKind",
    "FundKind",
    "FundLine",
    "FundSource",
    "ImportState",
    "Indicator",
    "IndicatorLevel",
    "InternalSignature",
    "Operator",
    "Package",
    "PackageStatus",
    "PlanImport",
    "PlanLine",
    "PlanSubmission",
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
    "SignatureStep",
    "Stage",
]
