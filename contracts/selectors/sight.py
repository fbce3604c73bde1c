"""谁看得见：看得见项目的，看得见它的合同和合同的一切文件。"""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet

from accounts.models import User
from contracts.models import Contract, ContractSignature
from procurement.models import Award, AwardStatus
from projects.models import Project

_PROJECT = "package__project"
_CASE = (
    f"{_PROJECT}__purchaser__organisation__jurisdiction",
    f"{_PROJECT}__agency",
    f"{_PROJECT}__officer",
    "award__provider",
)
CASE = tuple(f"contract__{path}" for path in _CASE)
OWNER = f"{_PROJECT}__purchaser__organisation"


def contracts_visible_to(user: User) -> QuerySet[Any]:
    return Contract.objects.visible_to(user).with_case()


def papers_visible_to(user: User, model: type[Any]) -> QuerySet[Any]:
    """合同的某一类文件，连同合同与项目。"""
    rows: QuerySet[Any] = model.objects.filter(contract__in=Contract.objects.visible_to(user))
    return rows.select_related(*CASE)


def signatures_visible_to(user: User) -> QuerySet[Any]:
    return papers_visible_to(user, ContractSignature)


def awards_visible_to(user: User) -> QuerySet[Any]:
    """已公告的成交；合同由此而来。"""
    return Award.objects.visible_to(user).with_case().filter(status=AwardStatus.NOTIFIED)


def projects_visible_to(user: User) -> QuerySet[Any]:
    return Project.objects.visible_to(user).with_owner()
