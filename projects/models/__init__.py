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
    "FundKind",
    "FundLine",
    "FundSource",
    "GroupAttendance",
    "GroupMeeting",
    "GroupMember",
    "Handover",
    "ImportState",
    "Indicator",
    "IndicatorLevel",
    "InternalSignature",
    "MeetingConclusion",
    "Operator",
    "Package",
    "PackageStatus",
    "PlanImport",
    "PlanLine",
    "PointStatus",
    "ProcurementMethod",
    "Programme",
    "Project",
    "ProjectKind",
    "ProjectTask",
    "ProjectVersion",
    "Purchaser",
    "PurchaserNature",
    "ServiceCatalogue",
    "ServiceNature",
    "SignaturePoint",
    "SignatureStatus",
    "SignatureStep",
    "Stage",
    "TaskKind",
    "TaskStatus",
]
