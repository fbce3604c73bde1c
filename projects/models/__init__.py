"""申报：购买主体、目录、计划、项目与其申报内容。"""

from projects.models.catalogue import AnnualPlan, CatalogueItem, ServiceCatalogue
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
from projects.models.signature import DONE_SIGNING, SignatureStatus, SignatureStep
from projects.models.stages import APPROVALS, ENDED_STAGES, PATHS, SEVEN_STAGES, Stage
from projects.models.task import OPEN_TASKS, ProjectTask, TaskKind, TaskStatus
from projects.models.tier import ORDINARY, TIER_ROLES, ApprovalTier

__all__ = [
    "APPROVALS",
    "DIRECT_NATURES",
    "DONE_SIGNING",
    "ENDED_STAGES",
    "EXCLUDED_NATURES",
    "OPEN_TASKS",
    "ORDINARY",
    "PATHS",
    "REACHED",
    "SEVEN_STAGES",
    "TIER_ROLES",
    "AnnualPlan",
    "ApprovalTier",
    "AttendanceState",
    "CaseDocument",
    "CatalogueItem",
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
    "InternalSignature",
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
]
