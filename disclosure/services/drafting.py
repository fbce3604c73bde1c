"""由环节里的事项开立公开义务并拟出公告稿。"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from accounts.models import RoleAssignment, User
from accounts.services import system_actor
from core.history import change, unit_of_work
from core.history.values import reference
from disclosure.documents import Subject, notice_text, numbers_of, source_of
from disclosure.models import DisclosureDuty, DutyKind, DutyStatus, NoticeDraft, NoticeKind
from disclosure.services.duties import open_duty
from projects.models import Project

# 哪一种公告履行哪一项义务；更正公告不另立义务。
DUTIES: dict[str, str] = {
    NoticeKind.REQUIREMENTS: DutyKind.PROJECT_AND_REQUIREMENTS,
    NoticeKind.INTENTION: DutyKind.INTENTION,
    NoticeKind.TENDER_OPEN: DutyKind.TENDER,
    NoticeKind.TENDER_CONSULTATION: DutyKind.TENDER,
    NoticeKind.RESULT: DutyKind.RESULT,
    NoticeKind.FAILED: DutyKind.TERMINATION,
    NoticeKind.TERMINATION: DutyKind.TERMINATION,
    NoticeKind.CONTRACT: DutyKind.CONTRACT_NOTICE,
    NoticeKind.ACCEPTANCE: DutyKind.ACCEPTANCE,
    NoticeKind.EVALUATION: DutyKind.EVALUATION,
}
# 一个项目只有一份的，义务就整个项目而立。
OF_THE_PROJECT = (NoticeKind.REQUIREMENTS, NoticeKind.INTENTION)
# 0.2 版开立而没有公告稿的两项义务。
DRAWN_UP_LATER: dict[str, str] = {
    DutyKind.PROJECT_AND_REQUIREMENTS: NoticeKind.REQUIREMENTS,
    DutyKind.CONTRACT_NOTICE: NoticeKind.CONTRACT,
}


@dataclass(frozen=True)
class Announcement:
    """要公告的一件事：哪一种公告，据哪份文件，从哪一日起算，事项里已经登记的媒体和日期。"""

    kind: str
    subject: Subject
    project: Project
    opened_on: date
    published_on: date | None = None
    medium: str = ""
    address: str = ""
    details: dict[str, Any] = field(default_factory=dict)


def announce(
    news: Announcement, *, by: User, acting_as: RoleAssignment | None, on: date
) -> NoticeDraft:
    """开立公开义务并拟出公告稿；同一文件的同一种公告只拟一份，重复调用得到原来那份。"""
    known = NoticeDraft.objects.filter(
        kind=news.kind, subject=reference(news.subject), supersedes=""
    ).first()
    if known is not None:
        return known
    acts: dict[str, Any] = {"by": by, "acting_as": acting_as, "on": on}
    is_whole = news.kind in OF_THE_PROJECT
    with unit_of_work():
        duty = open_duty(
            news.project,
            kind=DUTIES[news.kind],
            subject=None if is_whole else news.subject,
            opened_on=news.opened_on,
            **acts,
        )
        return draft_notice(news, duty, **acts)


def draft_notice(
    news: Announcement,
    duty: DisclosureDuty | None,
    *,
    supersedes: str = "",
    by: User,
    acting_as: RoleAssignment | None,
    on: date,
) -> NoticeDraft:
    """拟一份公告稿；内容取自所据的文件，个人号码已经遮盖。"""
    text = notice_text(news.kind, news.subject, news.published_on, news.details)
    with change(
        title=f"拟{NoticeKind(news.kind).label}",
        act="disclosure.draft_notice",
        by=by,
        acting_as=acting_as,
        on=on,
        stream=news.project.stream(),
    ) as changes:
        return changes.create(
            NoticeDraft(
                project=news.project,
                duty=duty,
                kind=news.kind,
                subject=reference(news.subject),
                supersedes=supersedes,
                details=news.details,
                title=text.title,
                sections=text.sections,
                masked=text.masked,
                own_numbers=list(numbers_of(news.subject)),
                is_dated=news.published_on is not None,
                published_on=news.published_on,
                medium=news.medium,
                address=news.address,
                drafted_on=on,
            )
        )


def complete_drafts(on: date) -> int:
    """立了义务而还没有公告稿的（升级之前开立的），补拟；返回补了几份。"""
    by, role = system_actor()
    waiting = DisclosureDuty.objects.filter(
        kind__in=DRAWN_UP_LATER, status=DutyStatus.OPEN, draft=None
    )
    missing = list(waiting.select_related("project__purchaser__organisation__jurisdiction"))
    for duty in missing:
        subject = source_of(duty.subject) if duty.subject else duty.project
        kind = DRAWN_UP_LATER[duty.kind]
        news = Announcement(kind, subject, duty.project, duty.opened_on)
        with unit_of_work():
            draft_notice(news, duty, by=by, acting_as=role, on=on)
    return len(missing)
