"""目录制定规则所问的事实。"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from core.rules import Context
from projects.declarations import KINDS
from projects.models import (
    ANSWERED,
    CATEGORIES,
    CatalogueItem,
    CatalogueOpinionStatus,
    CatalogueRevision,
    ServiceCatalogue,
    differences_of,
)


@dataclass(frozen=True)
class CatalogueFacts:
    """一份目录草案：征求意见的情况、条目是否写全、调整是否有理由、与现行版本的关系。"""

    page: str
    on: date
    consulted: int
    waiting: tuple[str, ...]
    answers_due_on: date | None
    unhandled: tuple[str, ...]
    undescribed: tuple[tuple[str, str], ...]
    unexplained: tuple[tuple[str, str], ...]
    base: str
    current: str
    current_since: date | None
    is_based_on_current: bool
    since: date | None
    uncovered: tuple[tuple[str, str], ...]
    upper: str
    unlinked: tuple[str, ...]


def catalogue_facts(revision: CatalogueRevision, context: Context) -> CatalogueFacts:
    """收集一份草案的事实；查询次数与条目数无关。"""
    catalogue = revision.catalogue
    items = list(CatalogueItem.objects.filter(catalogue=catalogue))
    opinions = [
        (o.status, o.organisation.short_name)
        for o in revision.opinions.select_related("organisation")
        if o.round_number == revision.round_number
    ]
    waiting = tuple(n for s, n in opinions if s == CatalogueOpinionStatus.PENDING)
    answered = [n for s, n in opinions if s in ANSWERED]
    current = current_version(catalogue)
    return CatalogueFacts(
        page=revision.get_absolute_url(),
        on=context.on,
        consulted=len(waiting) + len(answered),
        waiting=waiting,
        answers_due_on=revision.answers_due_on,
        unhandled=tuple(n for s, n in opinions if s == CatalogueOpinionStatus.SUGGESTED),
        undescribed=tuple(_undescribed(items)),
        unexplained=tuple(
            (f"{d.code} {d.name}", d.kind) for d in differences_of(catalogue) if not d.reason
        ),
        base=str(catalogue.based_on or ""),
        current=str(current or ""),
        current_since=current.since if current else None,
        is_based_on_current=catalogue.based_on_id == (current.pk if current else None),
        since=context.data.get("since"),
        uncovered=tuple(_uncovered(items)),
        upper=str(catalogue.parent or ""),
        unlinked=tuple(str(i) for i in items if i.category and i.parent_item_id is None),
    )


def current_version(catalogue: ServiceCatalogue) -> ServiceCatalogue | None:
    """本级最近一次发布、还没有被替代的版本；可能尚未到生效日。"""
    versions = ServiceCatalogue.objects.own().filter(jurisdiction=catalogue.jurisdiction_id)
    return versions.filter(since__isnull=False, until__isnull=True).order_by("-since").first()


def _undescribed(items: list[CatalogueItem]) -> list[tuple[str, str]]:
    """没有写全的条目和所缺的栏；第七条未列的关联品目还须有说明。"""
    needed = {"kind": "种类", "nature": "性质", "content": "内容"}
    found = []
    for item in items:
        blank = [label for name, label in needed.items() if not getattr(item, name).strip()]
        if not item.category and not item.note.strip():
            blank.append("说明")
        if blank:
            found.append((str(item), "、".join(blank)))
    return found


def _uncovered(items: list[CatalogueItem]) -> list[tuple[str, str]]:
    """第七条列出而草案没有条目的种类。"""
    listed = {(i.category, i.kind) for i in items}
    return [
        (CATEGORIES[category], kind)
        for category, kinds in KINDS.items()
        for kind in kinds
        if (category, kind) not in listed
    ]
