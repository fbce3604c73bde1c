"""申报：购买主体、目录、计划、项目与其申报内容。"""

from projects.models.catalogue import (
    CATEGORIES,
    NATURES,
    OUTSIDE,
    AnnualPlan,
    CatalogueItem,
    CatalogueLevel,
    ServiceCatalogue,
)
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
from projects.models.intention import (
    IntentionList,
    IntentionListStatus,
    IntentionOutcome,
    ListedIntention,
)
from projects.models.kinds import ProcurementMethod, Programme, ProjectKind, ServiceNature
from projects.models.package import REACHED, Package, PackageStatus, PlanLine
from projects.models.plan_import import ImportState, PlanImport
from projects.models.project import Project
from projects.models.purchaser import (
    DIRECT_NATURES,
    EXCLUDED_NATURES,
    FundKind,
    FundSource,
    Purchaser,
    PurchaserNature,
)
from projects.models.revision import (
    ANSWERED,
    OPEN_REVISIONS,
    CatalogueChange,
    CatalogueOpinion,
    CatalogueOpinionStatus,
    CatalogueRevision,
    ItemDifference,
    RevisionStatus,
    differences_of,
)
from projects.models.signature import SignatureStatus, SignatureStep
from projects.models.stages import APPROVALS, ENDED_STAGES, PATHS, SEVEN_STAGES, Stage

__all__ = [
    "ANSWERED",
    "APPROVALS",
    "CATEGORIES",
    "DIRECT_NATURES",
    "ENDED_STAGES",
    "EXCLUDED_NATURES",
    "NATURES",
    "OPEN_REVISIONS",
    "OUTSIDE",
    "PATHS",
    "REACHED",
    "SEVEN_STAGES",
    "AnnualPlan",
    "CaseDocument",
    "CatalogueChange",
    "CatalogueItem",
    "CatalogueLevel",
    "CatalogueOpinion",
    "CatalogueOpinionStatus",
    "CatalogueRevision",
    "EstimateLine",
    "ExpenseKind",
    "FundKind",
    "FundLine",
    "FundSource",
    "ImportState",
    "Indicator",
    "IndicatorLevel",
    "IntentionList",
    "IntentionListStatus",
    "IntentionOutcome",
    "InternalSignature",
    "ItemDifference",
    "ListedIntention",
    "Operator",
    "Package",
    "PackageStatus",
    "PlanImport",
    "PlanLine",
    "ProcurementMethod",
    "Programme",
    "Project",
    "ProjectKind",
    "ProjectVersion",
    "Purchaser",
    "PurchaserNature",
    "RevisionStatus",
    "ServiceCatalogue",
    "ServiceNature",
    "SignatureStatus",
    "SignatureStep",
    "Stage",
    "differences_of",
]
