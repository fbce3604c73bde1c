"""签批规则所问的事实。"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import QuerySet

from accounts.models import RoleAssignment
from accounts.roles import Role
from core.history.reading import actors_of
from core.rules import Context
from projects.models import (
    DONE_SIGNING,
    CaseDocument,
    GroupMeeting,
    InternalSignature,
    MeetingConclusion,
    PointStatus,
    Project,
    SignaturePoint,
    SignatureStatus,
    SignatureStep,
)


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
    before = before.exclude(status__in=DONE_SIGNING)
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


@dataclass(frozen=True)
class PointsFacts:
    """签批退回的意见里还没有答复的：（编号，内容）。"""

    page: str
    unanswered: tuple[tuple[str, str], ...]


def points_facts(subject: Project | CaseDocument, context: Context) -> PointsFacts:
    case = subject.case()
    rows = SignaturePoint.objects.filter(signature__project=case, status=PointStatus.OPEN)
    return PointsFacts(
        page=case.get_absolute_url(),
        unanswered=tuple((f"第 {row.number} 条", row.text) for row in rows),
    )


@dataclass(frozen=True)
class ConfirmedFacts:
    """最近一轮签批里还不是本人签署或确认的：（岗位与姓名，状态）。"""

    page: str
    unconfirmed: tuple[tuple[str, str], ...]


def confirmed_facts(subject: Project | CaseDocument, context: Context) -> ConfirmedFacts:
    case = subject.case()
    rows = list(InternalSignature.objects.filter(project=case).select_related("signer"))
    last = rows[-1].chain if rows else 0
    return ConfirmedFacts(
        page=case.get_absolute_url(),
        unconfirmed=tuple(
            (f"{row.get_role_display()}{row.signer or ''}", row.get_status_display())
            for row in rows
            if row.chain == last and row.status != SignatureStatus.SIGNED
        ),
    )


@dataclass(frozen=True)
class PaperFacts:
    """纸质签署：登记的是谁、哪天签的；那天他任不任这个岗位；现在办理的是不是他本人。"""

    page: str
    role: str
    named: str
    signed_on: date | None
    opened_on: date
    on: date
    holds_post: bool
    is_officer: bool
    own_steps: tuple[str, ...]
    is_in_person: bool


def paper_facts(signature: InternalSignature, context: Context) -> PaperFacts:
    named = context.data.get("signer") or signature.signer
    signed_on = context.data.get("signed_on") or signature.signed_on
    case = signature.case()
    pk = named.pk if named else 0
    posts = RoleAssignment.objects.in_force(signed_on or context.on).filter(
        user=pk, role=signature.role, organisation=case.owner()
    )
    others = signature.siblings().exclude(pk=signature.pk).filter(signer=pk)
    acting = context.acting_as
    return PaperFacts(
        page=case.get_absolute_url(),
        role=signature.role,
        named=str(named or ""),
        signed_on=signed_on,
        opened_on=signature.opened_on,
        on=context.on,
        holds_post=posts.exists(),
        is_officer=pk in {case.officer_id, *_filers(signature)},
        own_steps=tuple(s.get_role_display() for s in others),
        is_in_person=context.by is not None
        and context.by.pk == pk
        and (acting is None or acting.user_id == pk),
    )


@dataclass(frozen=True)
class MetFacts:
    """领导小组的一步：是不是这一步、有没有同意立项的会议。"""

    page: str
    is_group: bool
    has_approved: bool


def met_facts(signature: SignatureStep, context: Context) -> MetFacts:
    meetings = GroupMeeting.objects.filter(
        signature__in=[signature.pk] if isinstance(signature, InternalSignature) else [],
        conclusion=MeetingConclusion.APPROVE,
    )
    return MetFacts(
        page=signature.case().get_absolute_url(),
        is_group=signature.role == Role.LEADING_GROUP,
        has_approved=meetings.exists(),
    )
