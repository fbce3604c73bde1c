"""Every kind of notice frozen with its release, and notices that are only written down."""

from __future__ import annotations

from datetime import date
from typing import Any

from disclosure.documents import notice_text
from disclosure.models import NoticeKind, PublishedNotice, PublishedRelease
from disclosure.ocds.encoding import decoded
from procurement.models import FailureGround, TenderStatus
from tests.disclosure.cases import (
    ADDRESS,
    ANNOUNCED,
    INTENDED,
    MEDIUM,
    NOTIFIED,
    PUBLISHED,
    Purchase,
    publish_notice,
)


def frozen(purchase: Purchase, kind: str, subject: Any, on: date) -> PublishedRelease:
    """The release of a notice published now."""
    notice = publish_notice(
        kind,
        subject,
        purchase.project,
        published_on=on,
        medium=MEDIUM,
        address=ADDRESS,
        **purchase.world.zhang.acts(on),
    )
    return PublishedRelease.objects.get(release_id=notice.number)


def failed_tender(purchase: Purchase, ground: str = FailureGround.TOO_FEW) -> Any:
    return purchase.tender(
        "open",
        status=TenderStatus.FAILED,
        failure_ground=ground,
        failure_note="截止时只收到两家的响应文件。",
        response_deadline=date(2026, 2, 25),
        ended_on=date(2026, 2, 25),
    )


def whole_story(purchase: Purchase) -> dict[str, PublishedRelease]:
    """Walk A as it is announced: an attempt that failed, then one that led to a contract."""
    failed, intention = failed_tender(purchase), purchase.intention()
    contract = purchase.contract()
    award, tender = contract.award, contract.award.tender
    steps_taken = [
        (NoticeKind.INTENTION, intention, INTENDED),
        (NoticeKind.TENDER_OPEN, failed, date(2026, 2, 4)),
        (NoticeKind.FAILED, failed, date(2026, 2, 25)),
        (NoticeKind.TENDER_CONSULTATION, tender, PUBLISHED),
        (NoticeKind.RESULT, award, NOTIFIED),
        (NoticeKind.CONTRACT, contract, ANNOUNCED),
    ]
    return {kind: frozen(purchase, kind, subject, on) for kind, subject, on in steps_taken}


def content_of(release: PublishedRelease) -> dict[str, Any]:
    return decoded(release.content)


def written(purchase: Purchase, kind: str, subject: Any, on: date) -> PublishedNotice:
    """A notice that is not kept."""
    text = notice_text(kind, subject, on)
    return worded(purchase, kind, text.title, text.sections, on)


def worded(
    purchase: Purchase, kind: str, title: str, sections: Any, on: date, supersedes: str = ""
) -> PublishedNotice:
    """A notice of the given words that is not kept."""
    project = purchase.project
    return PublishedNotice(
        number=f"SF-X-2026-{PublishedRelease.objects.count():04d}",
        kind=kind,
        jurisdiction_code="sf",
        jurisdiction_name="示范区",
        project_number=project.number,
        project_name=project.name,
        purchaser_name=str(project.purchaser),
        title=title,
        fields=sections,
        medium=MEDIUM,
        address=ADDRESS,
        published_on=on,
        subject="x",
        supersedes=supersedes,
    )
