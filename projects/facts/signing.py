"""签批规则所问的事实。"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from core.history.reading import actors_of
from core.rules import Context
from projects.models import InternalSignature, SignatureStatus, SignatureStep


@dataclass(frozen=True)
class SignatureFact:
    role: str
    title: str
    status: str


def last_chain(steps: QuerySet[Any]) -> tuple[SignatureFact, ...]:
    """最近一轮签批的各步；没有送签则为空。"""
    rows = list(steps.order_by("chain", "position"))
    last = rows[-1].chain if rows else 0
    return tuple(
        SignatureFact(r.role, r.get_role_display(), r.status) for r in rows if r.chain == last
    )


@dataclass(frozen=True)
class SigningFacts:
    """签批一步时的事实：前面的步骤签了没有，签署人是不是经办人、是不是已签过另一步。

    受托代理的，代理人和所代的人都算签署人。
    """

    page: str
    unsigned_before: tuple[str, ...]
    signer: str
    officer: str
    is_officer: bool
    own_steps: tuple[str, ...]


def signing_facts(signature: SignatureStep, context: Context) -> SigningFacts:
    before = signature.siblings().filter(position__lt=signature.position)
    before = before.exclude(status=SignatureStatus.SIGNED)
    case = signature.case()
    officer = case.officer
    return SigningFacts(
        page=case.get_absolute_url(),
        unsigned_before=tuple(s.get_role_display() for s in before),
        signer=context.by.full_name if context.by else "",
        officer=officer.full_name,
        is_officer=context.is_by(officer.pk) or any(map(context.is_by, _filers(signature))),
        own_steps=tuple(
            s.get_role_display()
            for s in signature.siblings().exclude(pk=signature.pk)
            if context.is_by(s.signer_id) or context.is_by(s.signed_for_id)
        ),
    )


def _filers(signature: SignatureStep) -> frozenset[int]:
    """填报过、修改过这份申报的人；合同不问申报是谁填的。"""
    if not isinstance(signature, InternalSignature):
        return frozenset()
    return actors_of(signature.stream(), "projects.file", "projects.revise")
