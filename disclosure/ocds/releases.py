"""发布件：公告冻结的同时，由公告和所据的文件写成，此后不再改动。"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, time, timedelta
from typing import Any

from disclosure.models import NoticeKind
from disclosure.ocds.builders import (
    award_draft,
    contract_draft,
    failure_draft,
    planning_draft,
    tender_draft,
)
from disclosure.ocds.correction import correction_draft
from disclosure.ocds.delivery import (
    acceptance_draft,
    evaluation_draft,
    requirements_draft,
    termination_draft,
)
from disclosure.ocds.drafts import Draft
from disclosure.ocds.encoding import encoded
from disclosure.ocds.parts import LANGUAGE
from disclosure.ocds.printed import SHANGHAI, Printed
from disclosure.public.models import PublishedNotice, PublishedRelease

BUILDERS: dict[str, Callable[[Any, Printed], Draft]] = {
    NoticeKind.REQUIREMENTS: requirements_draft,
    NoticeKind.INTENTION: planning_draft,
    NoticeKind.TENDER_OPEN: tender_draft,
    NoticeKind.TENDER_CONSULTATION: tender_draft,
    NoticeKind.FAILED: failure_draft,
    NoticeKind.RESULT: award_draft,
    NoticeKind.CONTRACT: contract_draft,
    NoticeKind.ACCEPTANCE: acceptance_draft,
    NoticeKind.EVALUATION: evaluation_draft,
    NoticeKind.TERMINATION: termination_draft,
    NoticeKind.CORRECTION: correction_draft,
}
# 同一过程里这一步已经说过的，再说就是更新。
AGAIN = {
    "planning": "planningUpdate",
    "tender": "tenderUpdate",
    "award": "awardUpdate",
    "contract": "contractUpdate",
    "implementation": "implementationUpdate",
}


def release_for(notice: PublishedNotice, subject: object) -> PublishedRelease:
    """一份已经编号的公告的发布件，尚未保存；同一份公告只有一份。"""
    draft = BUILDERS[notice.kind](subject, Printed(notice))
    told = PublishedRelease.objects.filter(ocid=draft.ocid)
    is_again = told.filter(tag=draft.tag).exists()
    tag = AGAIN.get(draft.tag, draft.tag) if is_again else draft.tag
    latest = told.order_by("date").last()
    date = _instant_after(latest, notice)
    content = {
        "ocid": draft.ocid,
        "id": notice.number,
        "date": date.isoformat(),
        "tag": [tag],
        "initiationType": "tender",
        "language": LANGUAGE,
        **draft.content,
    }
    return PublishedRelease.of(
        notice, ocid=draft.ocid, tag=tag, date=date, content=encoded(content)
    )


def _instant_after(latest: PublishedRelease | None, notice: PublishedNotice) -> datetime:
    """公告日的零时；同一过程已有同时或者更晚的，紧接其后一秒，使各份先后分明。"""
    wanted = datetime.combine(notice.published_on, time(), SHANGHAI)
    if latest is None or latest.date < wanted:
        return wanted
    return latest.date.astimezone(SHANGHAI) + timedelta(seconds=1)
