"""监督各页取数：只从审计人员看得见的项目开始。"""

from __future__ import annotations

from typing import Any, Protocol

from django.db.models import CharField, Exists, F, OuterRef, QuerySet, Value
from django.db.models.functions import Cast, Coalesce, Concat

from accounts.models import User
from accounts.permissions import sight_of
from audit.models import Dossier, Verification
from contracts.models import Contract, ContractStatus
from core.history.reading import late_count, refused_count
from procurement.models import Tender, TenderStatus
from projects.models import ProcurementMethod, Project

MANY_REFUSED = 3


def is_auditor(user: User) -> bool:
    return bool(sight_of(user).audited)


def case_streams(user: User) -> dict[str, Project]:
    """审计人员辖区内的各案卷：案卷代号 → 项目（只取名称）。"""
    audited = sight_of(user).audited
    rows = Project.objects.filter(purchaser__organisation__jurisdiction__in=audited)
    return {project.stream(): project for project in rows.only("pk", "name")}


def cases_of(user: User) -> QuerySet[Any]:
    """审计人员辖区内的各案卷，连同金额（分）、未获准和逾期的次数、要留意的情形。"""
    own = OuterRef("pk")
    tenders = Tender.objects.filter(package__project=own)
    ended = Contract.objects.filter(package__project=own, status=ContractStatus.TERMINATED)
    single = tenders.filter(mode__method=ProcurementMethod.SINGLE_SOURCE)
    audited = sight_of(user).audited
    rows = Project.objects.filter(purchaser__organisation__jurisdiction__in=audited)
    return rows.with_owner().annotate(
        amount_fen=Coalesce(F("approved_fen"), F("total_fen")),
        case_stream=Concat(Value("projects.project:"), Cast("pk", CharField())),
        refused_count=refused_count("case_stream"),
        late_count=late_count("case_stream"),
        has_failed=Exists(tenders.filter(status=TenderStatus.FAILED)),
        has_single=Exists(single),
        has_termination=Exists(ended),
    )


FLAG_CONDITIONS: dict[str, dict[str, Any]] = {
    "refused": {"refused_count__gt": 0},
    "late": {"late_count__gt": 0},
    "failed": {"has_failed": True},
    "single": {"has_single": True},
    "ended": {"has_termination": True},
    "sealed": {"sealed_on__isnull": False},
}


class AuditedCase(Protocol):
    """`cases_of` 的一行：项目之外另有的各栏。"""

    refused_count: int
    late_count: int
    has_failed: bool
    has_single: bool
    has_termination: bool


def flags_of(case: AuditedCase) -> list[str]:
    """要留意的情形，从次数和事实得来，不作判断。"""
    found = {
        f"未获准 {case.refused_count} 次": case.refused_count >= MANY_REFUSED,
        f"逾期 {case.late_count} 次": case.late_count > 0,
        "采购失败过": case.has_failed,
        "单一来源": case.has_single,
        "合同终止": case.has_termination,
    }
    return [words for words, is_so in found.items() if is_so]


def dossiers_of(project: Project, user: User) -> QuerySet[Dossier]:
    rows = Dossier.objects.visible_to(user).filter(project=project)
    return rows.select_related("requested_by")


def verifications() -> QuerySet[Verification]:
    return Verification.objects.select_related("requested_by")
