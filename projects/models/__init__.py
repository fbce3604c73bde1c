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
from projects.models.cloud import (
    CloudCategory,
    CloudCollection,
    CloudPrice,
    CollectionStatus,
)
from projects.models.cloud_answer import CloudAnswer, CloudAnswerLine, CloudAnswerStatus
from projects.models.difference import ItemDifference, differences_of
from projects.models.document import CaseDocument
from projects.models.filing import (
    EstimateLine,
    ExpenseKind,
    FundLine,
    Indicator,
    IndicatorLevel,
    Operator,
    ProjectVersion,
)
from projects.models.group import (
    AttendanceState,
    GroupAttendance,
    GroupMeeting,
    GroupMember,
    MeetingConclusion,
)
from projects.models.handover import Handover
from projects.models.intention import (
    IntentionList,
    IntentionListStatus,
    IntentionOutcome,
    ListedIntention,
)
from projects.models.internal import InternalSignature, PointStatus, SignaturePoint
from projects.models.kinds import (
    FormWeight,
    OpenData,
    Paper,
    PilotOutcome,
    ProcurementMethod,
    Programme,
    ProjectKind,
    ServiceNature,
    StudyVerdict,
)
from projects.models.package import REACHED, Package, PackageStatus, PlanLine
from projects.models.plan_import import ImportState, PlanImport
from projects.models.plan_submission import PlanSubmission
from projects.models.project import Project
from projects.models.purchaser import (
    DIRECT_NATURES,
    EXCLUDED_NATURES,
    Funding,
    FundKind,
    FundSource,
    Purchaser,
    PurchaserNature,
    PurchaserStatus,
    Staffing,
)
from projects.models.revision import (
    ANSWERED,
    OPEN_REVISIONS,
    CatalogueChange,
    CatalogueOpinion,
    CatalogueOpinionStatus,
    CatalogueRevision,
    RevisionStatus,
)
from projects.models.signature import DONE_SIGNING, SignatureStatus, SignatureStep
from projects.models.stages import APPROVALS, ENDED_STAGES, PATHS, SEVEN_STAGES, Stage
from projects.models.task import OPEN_TASKS, ProjectTask, TaskKind, TaskStatus
from projects.models.tier import ORDINARY, TIER_ROLES, ApprovalTier

__all__ = [
    "ANSWERED",
    "APPROVALS",
    "CATEGORIES",
    "DIRECT_NATURES",
    "DONE_SIGNING",
    "ENDED_STAGES",
    "EXCLUDED_NATURES",
    "NATURES",
    "OPEN_REVISIONS",
    "OPEN_TASKS",
    "ORDINARY",
    "OUTSIDE",
    "PATHS",
    "REACHED",
    "SEVEN_STAGES",
    "TIER_ROLES",
    "AnnualPlan",
    "ApprovalTier",
    "AttendanceState",
    "CaseDocument",
    "CatalogueChange",
    "CatalogueItem",
    "CatalogueLevel",
    "CatalogueOpinion",
    "CatalogueOpinionStatus",
    "CatalogueRevision",
    "CloudAnswer",
    "CloudAnswerLine",
    "CloudAnswerStatus",
    "CloudCategory",
    "CloudCollection",
    "CloudPrice",
    "CollectionStatus",
    "EstimateLine",
    "ExpenseKind",
    "FormWeight",
    "FundKind",
    "FundLine",
    "FundSource",
    "Funding",
    "GroupAttendance",
    "GroupMeeting",
    "GroupMember",
    "Handover",
    "ImportState",
    "Indicator",
    "IndicatorLevel",
    "IntentionList",
    "IntentionListStatus",
    "IntentionOutcome",
    "InternalSignature",
    "ItemDifference",
    "ListedIntention",
    "MeetingConclusion",
    "OpenData",
    "Operator",
    "Package",
    "PackageStatus",
    "Paper",
    "PilotOutcome",
    "PlanImport",
    "PlanLine",
    "PlanSubmission",
    "PointStatus",
    "ProcurementMethod",
    "Programme",
    "Project",
    "ProjectKind",
    "ProjectTask",
    "ProjectVersion",
    "Purchaser",
    "PurchaserNature",
    "PurchaserStatus",
    "RevisionStatus",
    "ServiceCatalogue",
    "ServiceNature",
    "SignaturePoint",
    "SignatureStatus",
    "SignatureStep",
    "Staffing",
    "Stage",
    "StudyVerdict",
    "TaskKind",
    "TaskStatus",
    "differences_of",
]
