"""合同签批：最近一轮的各步，和轮到签的那一步。"""

from __future__ import annotations

from typing import Any

from django.db.models import Exists, F, Max, OuterRef, QuerySet, Subquery

from contracts.models import Contract, ContractSignature, ContractStatus
from projects.models import SignatureStatus
from projects.selectors import signer_name


def signatures_in_turn() -> QuerySet[Any]:
    """轮到的签批：合同在拟订中，待签，且同一轮在前的各步都已签。"""
    before = ContractSignature.objects.filter(
        contract=OuterRef("contract"), chain=OuterRef("chain"), position__lt=OuterRef("position")
    ).exclude(status=SignatureStatus.SIGNED)
    return ContractSignature.objects.filter(
        ~Exists(before), status=SignatureStatus.PENDING, contract__status=ContractStatus.DRAFT
    )


def last_steps() -> QuerySet[Any]:
    """每份合同最近一轮签批的各步。"""
    chain = (
        ContractSignature.objects.filter(contract=OuterRef("contract"))
        .order_by()
        .values("contract")
        .annotate(last=Max("chain"))
        .values("last")
    )
    return ContractSignature.objects.annotate(last=Subquery(chain)).filter(chain=F("last"))


def current_chain(contract: Contract) -> list[dict[str, Any]]:
    """最近一轮签批，供签名栏打印；取自预先取好的签批。"""
    rows = list(contract.signatures.all())
    last = max((row.chain for row in rows), default=0)
    return [
        {
            "role": row.get_role_display(),
            "name": signer_name(row),
            "organisation": contract.owner().short_name,
            "state": _state(row.status),
            "signed_on": row.signed_on,
            "opinion": row.comment,
        }
        for row in rows
        if row.chain == last
    ]


def _state(status: str) -> str:
    return "waiting" if status == SignatureStatus.PENDING else str(status)
