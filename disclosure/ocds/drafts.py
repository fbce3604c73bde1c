"""发布件由公告种类决定的部分：哪个过程、哪一步、写进哪些栏、涉及哪些主体。"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from disclosure.ocds.parts import planning_ocid, purchaser_party, referred, tender_ocid
from disclosure.ocds.printed import Fields, kept
from disclosure.public.models import PublishedRelease
from procurement.models import Tender
from projects.models import Project


@dataclass(frozen=True)
class Draft:
    """一份发布件，尚缺编号和时间。"""

    ocid: str
    tag: str
    content: Fields


def in_planning(project: Project, tag: str, content: Fields) -> Draft:
    """项目的计划过程里的一步。"""
    people = _people(purchaser_party(project, None), [])
    return Draft(planning_ocid(project), tag, people | content)


def in_tender(tender: Tender, tag: str, content: Fields, parties: Iterable[Fields | None]) -> Draft:
    """一次采购及其合同的过程里的一步。"""
    people = _people(purchaser_party(tender.case(), tender), parties)
    related = kept(relatedProcesses=related_processes(tender))
    return Draft(tender_ocid(tender), tag, people | related | content)


def _people(purchaser: Fields, parties: Iterable[Fields | None]) -> Fields:
    others = [party for party in parties if party]
    return {"buyer": referred(purchaser), "parties": [purchaser, *others]}


def related_processes(tender: Tender) -> list[Fields]:
    """这一次采购从哪里来：发布过计划的项目，发布过公告而没有成的前一次采购。"""
    found = []
    if is_published(planning_ocid(tender.case())):
        found.append(_related("planning", planning_ocid(tender.case())))
    earlier = Tender.objects.with_case().filter(package=tender.package, attempt__lt=tender.attempt)
    last = earlier.order_by("attempt").last()
    if last is not None and is_published(tender_ocid(last)):
        found.append(_related("unsuccessfulProcess", tender_ocid(last)))
    return found


def is_published(ocid: str) -> bool:
    return PublishedRelease.objects.filter(ocid=ocid).exists()


def _related(relationship: str, ocid: str) -> Fields:
    return {"id": ocid, "relationship": [relationship], "scheme": "ocid", "identifier": ocid}
