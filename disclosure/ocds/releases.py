"""发布件：公告冻结的同时，由公告和所据的文件写成，此后不再改动。"""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any

from disclosure.ocds.builders import BUILDERS, Draft
from disclosure.ocds.encoding import encoded
from disclosure.ocds.parts import (
    LANGUAGE,
    planning_ocid,
    purchaser_party,
    referred,
    related_processes,
    tender_ocid,
)
from disclosure.ocds.printed import SHANGHAI, Fields, Printed, kept
from disclosure.public.models import PublishedNotice, PublishedRelease
from projects.models import Project

# 更正公告的发布件，是原来那一步的更新。
UPDATED = {
    "planning": "planningUpdate",
    "tender": "tenderUpdate",
    "award": "awardUpdate",
    "contract": "contractUpdate",
    "implementation": "implementationUpdate",
}


def release_for(notice: PublishedNotice, subject: Any, project: Project) -> PublishedRelease:
    """一份已编号、尚待一同保存的公告的发布件；同一份公告只有一份。"""
    first = _first_of(notice)
    draft = BUILDERS[first.kind](subject, Printed(notice))
    tag = draft.tag if first is notice else UPDATED.get(draft.tag, draft.tag)
    ocid = tender_ocid(draft.tender) if draft.tender else planning_ocid(project)
    date = _next_instant(ocid, notice)
    content = {
        "ocid": ocid,
        "id": notice.number,
        "date": date.isoformat(),
        "tag": [tag],
        "initiationType": "tender",
        "language": LANGUAGE,
        **_people(draft, project),
        **draft.content,
    }
    return PublishedRelease.of(notice, ocid=ocid, tag=tag, date=date, content=encoded(content))


def _first_of(notice: PublishedNotice) -> PublishedNotice:
    """更正公告说的是哪一份公告的事；不是更正的，就是它自己。"""
    while notice.supersedes:
        notice = PublishedNotice.objects.get(number=notice.supersedes)
    return notice


def _next_instant(ocid: str, notice: PublishedNotice) -> datetime:
    """公告日的零时；同一过程已有同时或者更晚的，紧接其后一秒，使各份先后分明。"""
    wanted = datetime.combine(notice.published_on, time(), SHANGHAI)
    latest = PublishedRelease.objects.filter(ocid=ocid).order_by("date").last()
    if latest is None or latest.date < wanted:
        return wanted
    return latest.date.astimezone(SHANGHAI) + timedelta(seconds=1)


def _people(draft: Draft, project: Project) -> Fields:
    purchaser = purchaser_party(project, draft.tender)
    return kept(
        buyer=referred(purchaser),
        parties=[purchaser, *(party for party in draft.parties if party)],
        relatedProcesses=related_processes(draft.tender) if draft.tender else [],
    )
