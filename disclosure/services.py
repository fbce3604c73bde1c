"""公开的动作：开立义务、登记公开情况、发布公告。"""

from __future__ import annotations

from datetime import date
from typing import Any

from accounts.models import Jurisdiction, RoleAssignment, User
from contracts.models import Contract
from core.history import change, unit_of_work
from core.history.values import reference, referenced_pk
from core.transitions import Outcome, StatefulModel, perform
from disclosure.documents import NoticeSubject, notice_text
from disclosure.models import DisclosureDuty, DutyKind, NoticeKind, PublishedNotice
from disclosure.ocds.releases import release_for
from projects.models import Project

# 公告编号里的种类字母。
LETTERS: dict[str, str] = {
    NoticeKind.INTENTION: "I",
    NoticeKind.TENDER_OPEN: "T",
    NoticeKind.TENDER_CONSULTATION: "N",
    NoticeKind.RESULT: "R",
    NoticeKind.FAILED: "F",
    NoticeKind.CONTRACT: "C",
}


def open_duty(
    project: Project,
    *,
    kind: str = DutyKind.PROJECT_AND_REQUIREMENTS,
    subject: StatefulModel | None = None,
    opened_on: date | None = None,
    by: User,
    acting_as: RoleAssignment,
    on: date,
) -> DisclosureDuty:
    """开立一项公开义务（第九条第（二）项、第十六条）；重复调用只开一次。

    `subject` 是所据的文件（如合同），整个项目的为空；`opened_on` 为起算日，不写的即办理日。
    """
    named = {"subject": reference(subject), "subject_name": str(subject)} if subject else {}
    about = {"project": project, "kind": kind, "subject": named.get("subject", "")}
    known = DisclosureDuty.objects.filter(**about).first()
    if known is not None:
        return known
    with change(
        title="开立公开义务",
        act="disclosure.open_duty",
        by=by,
        acting_as=acting_as,
        on=on,
        stream=project.stream(),
    ) as changes:
        return changes.create(DisclosureDuty(**about | named, opened_on=opened_on or on))


def register_publication(
    duty: DisclosureDuty,
    *,
    medium: str,
    address: str,
    published_on: date,
    by: User,
    acting_as: RoleAssignment | None,
    on: date,
    **shown: Any,
) -> Outcome:
    """登记在指定媒体的公开情况；逾期照登，记为逾期。合同公告的，同时冻结公告。

    Raises as `perform`.
    """
    data: dict[str, Any] = {"medium": medium, "address": address, "published_on": published_on}
    act: dict[str, Any] = {"by": by, "acting_as": acting_as, "on": on}
    with unit_of_work():
        outcome = perform(duty, "fulfil", note=f"{medium} {address}", data=data, **act, **shown)
        if duty.kind == DutyKind.CONTRACT_NOTICE and not outcome.is_repeat:
            contract = Contract.objects.with_case().get(pk=referenced_pk(duty.subject))
            publish_notice(NoticeKind.CONTRACT, contract, contract.case(), **data, **act)
        return outcome


def publish_notice(
    kind: str,
    subject: NoticeSubject,
    project: Project,
    *,
    published_on: date,
    medium: str,
    address: str,
    by: User,
    acting_as: RoleAssignment | None,
    on: date,
) -> PublishedNotice:
    """把一份公告冻结为快照（第十六条），连同它的 OCDS 发布件；

    同一文件的同一种公告只发一次，重复调用得到原来那份。
    """
    with change(
        title=f"发布{NoticeKind(kind).label}",
        act="disclosure.publish_notice",
        by=by,
        acting_as=acting_as,
        on=on,
        stream=project.stream(),
    ) as changes:
        jurisdiction = _locked(project.jurisdiction())
        known = PublishedNotice.objects.filter(
            kind=kind, subject=reference(subject), supersedes=""
        ).first()
        if known is not None:
            return known
        text = notice_text(kind, subject, published_on)
        notice = PublishedNotice(
            number=_next_number(jurisdiction, kind, published_on.year),
            kind=kind,
            jurisdiction_code=jurisdiction.code,
            jurisdiction_name=jurisdiction.name,
            project_number=project.number,
            project_name=project.name,
            purchaser_name=str(project.purchaser),
            title=text.title,
            fields=text.sections,
            medium=medium,
            address=address,
            published_on=published_on,
            subject=reference(subject),
        )
        notice.sha256 = notice.digest()
        changes.create(notice)
        changes.create(release_for(notice, subject))
        return notice


def _locked(jurisdiction: Jurisdiction) -> Jurisdiction:
    """辖区一行是编号的锁：两份公告不会取到同一个号。"""
    return Jurisdiction.objects.select_for_update(no_key=True).get(pk=jurisdiction.pk)


def _next_number(jurisdiction: Jurisdiction, kind: str, year: int) -> str:
    """如 SF-C-2026-0001：辖区、种类、年份、流水号。"""
    prefix = f"{jurisdiction.code.upper()}-{LETTERS[kind]}-{year}-"
    serial = PublishedNotice.objects.filter(number__startswith=prefix).count() + 1
    return f"{prefix}{serial:04d}"
