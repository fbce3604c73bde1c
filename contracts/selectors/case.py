"""案卷的“合同”与“实施”两个分页。"""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import QuerySet

from contracts.models import Contract, ContractStatus
from contracts.selectors.dues import DueDays, is_past
from contracts.selectors.sheet import sheets
from procurement.models import Award, AwardStatus
from projects.models import Package, Project


def contract_tab(project: Project, *, on: date) -> dict[str, Any]:
    """每个采购包：成交、合同、期次、各年份额、补充合同、备案。"""
    packages = Package.objects.current().filter(project=project)
    awards = {
        a.package_id: a
        for a in Award.objects.filter(package__project=project).with_case()
        if a.status == AwardStatus.NOTIFIED
    }
    found = {s.contract.package_id: s for s in sheets(_contracts(project), on=on)}
    dues = DueDays()
    rows = []
    for package in packages:
        award = awards.get(package.pk)
        due = dues.signing(award) if award else None
        signed = found[package.pk].contract.signed_on if package.pk in found else None
        rows.append(
            {
                "package": package,
                "award": award,
                "sheet": found.get(package.pk),
                "sign_due": due,
                "is_late": is_past(due, signed or on),
            }
        )
    return {"packages": rows}


def delivery_tab(project: Project, *, on: date) -> dict[str, Any]:
    """每份已签订的合同：节点、检查、整改、扣款、验收、付款、结算。"""
    signed = _contracts(project).exclude(status=ContractStatus.DRAFT)
    return {"sheets": sheets(signed, on=on)}


def _contracts(project: Project) -> QuerySet[Any]:
    rows = Contract.objects.standing().with_case().filter(package__project=project)
    return rows.order_by("package__position")
