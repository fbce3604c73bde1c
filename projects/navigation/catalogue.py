"""指导性目录与采购意向的待办与等待。"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from django.db.models import Count, Exists, Min, OuterRef
from django.urls import reverse

from accounts.models import RoleAssignment, User
from accounts.roles import ACTS, Role
from core.navigation import (
    TodoItem,
)
from projects.models import (
    OPEN_REVISIONS,
    CatalogueOpinion,
    CatalogueOpinionStatus,
    CatalogueRevision,
    IntentionList,
    IntentionListStatus,
    ListedIntention,
    Project,
    RevisionStatus,
)
from projects.models.revision import ANSWER


def catalogue_work(_user: User, acting: RoleAssignment, on: date) -> Iterator[TodoItem]:
    """部门要答复的草案；财政部门要说明采纳、可以通过的草案。"""
    if acting.role in ACTS[ANSWER].roles:
        waiting = CatalogueOpinion.objects.filter(
            status=CatalogueOpinionStatus.PENDING, organisation=acting.organisation_id
        )
        for opinion in waiting.whole():
            yield _catalogue_item("答复目录草案", opinion.revision, opinion.asked_on)
    if acting.role == Role.FINANCE:
        drafts = CatalogueRevision.objects.filter(
            bureau=acting.organisation_id, status__in=OPEN_REVISIONS
        )
        for revision in drafts.whole().prefetch_related("opinions"):
            title, since = _finance_work(revision, on)
            if title:
                yield _catalogue_item(title, revision, since)


def _finance_work(revision: CatalogueRevision, on: date) -> tuple[str, date]:
    """草案在财政部门手里的，做什么、自哪一日起；在等部门答复的为空。"""
    if revision.status == RevisionStatus.DRAFTED:
        return "修改目录草案并征求意见", revision.drafted_on
    rows = [o for o in revision.opinions.all() if o.round_number == revision.round_number]
    answered = [o.answered_on for o in rows if o.answered_on]
    if any(o.status == CatalogueOpinionStatus.SUGGESTED for o in rows):
        return "说明目录意见的采纳情况", max(answered)
    waiting = any(o.status == CatalogueOpinionStatus.PENDING for o in rows)
    due = revision.answers_due_on
    if not waiting:
        return "通过目录草案", max(answered, default=revision.drafted_on)
    return ("通过目录草案", due) if due is not None and on > due else ("", revision.drafted_on)


def catalogue_awaited(_user: User, acting: RoleAssignment, _on: date) -> Iterator[TodoItem]:
    """财政部门在等哪些部门答复。"""
    if acting.role != Role.FINANCE:
        return
    waiting = CatalogueOpinion.objects.filter(
        status=CatalogueOpinionStatus.PENDING, revision__bureau=acting.organisation_id
    )
    for opinion in waiting.whole():
        yield _catalogue_item(
            "答复目录草案",
            opinion.revision,
            opinion.asked_on,
            waits_for=opinion.organisation.short_name,
        )


def _catalogue_item(
    title: str, revision: CatalogueRevision, since: date, waits_for: str = ""
) -> TodoItem:
    return TodoItem(
        f"{title}：{revision}",
        "指导性目录",
        revision.get_absolute_url(),
        since,
        due=revision.answers_due_on if title.startswith("答复") else None,
        kind="目录",
        waits_for=waits_for,
    )


def opinions_in_hand(revision: CatalogueRevision) -> list[CatalogueOpinion]:
    """草案的意见中待答复、待说明的。"""
    if revision.status != RevisionStatus.CONSULTING:
        return []
    live = (CatalogueOpinionStatus.PENDING, CatalogueOpinionStatus.SUGGESTED)
    rows = CatalogueOpinion.objects.filter(revision=revision, status__in=live)
    return list(rows.filter(round_number=revision.round_number).whole())


def intention_work(_user: User, acting: RoleAssignment, _on: date) -> Iterator[TodoItem]:
    """财政部门待确认的清单；经办人计划里还没有据以填报的意向。"""
    if acting.role == Role.FINANCE:
        open_lists = IntentionList.objects.filter(
            bureau=acting.organisation_id, status=IntentionListStatus.OPEN
        )
        for row in open_lists:
            url = row.get_absolute_url()
            yield TodoItem(f"复核并确认：{row}", "采购意向", url, row.received_on, kind="意向")
    if acting.role == Role.OFFICER:
        yield from _to_file_by_intention(acting)


def _to_file_by_intention(acting: RoleAssignment) -> Iterator[TodoItem]:
    """计划里没有同名项目的意向，一份计划一件。"""
    rows = ListedIntention.objects.planned().filter(
        plan__purchaser__organisation=acting.organisation_id
    )
    filed = Project.objects.filter(plan_line__plan=OuterRef("plan"), name=OuterRef("name"))
    waiting = rows.filter(~Exists(filed)).values("plan", "plan__year")
    counted = waiting.annotate(n=Count("pk"), since=Min("intentions__confirmed_on"))
    for each in counted.order_by("plan"):
        title = f"据采购意向填报 {each['plan__year']} 年度计划：{each['n']} 条"
        url = reverse("projects:plan_intentions", args=[each["plan"]])
        yield TodoItem(title, "年度计划", url, each["since"], kind="意向")
