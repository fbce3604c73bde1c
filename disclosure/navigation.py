"""What this app hangs on the shared pages."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from accounts.models import RoleAssignment, User
from accounts.roles import Role
from core.calendar.clock import today
from core.navigation import (
    TodoItem,
    add_act,
    add_documents,
    add_menu,
    add_panel,
    add_site_link,
    add_tab,
    add_todo,
    add_waiting,
)
from core.transitions import StatefulModel
from disclosure.models import CatalogueDutyStatus, DraftStatus, NoticeDraft
from disclosure.selectors.catalogue import (
    CatalogueDutyRow,
    catalogue_duties,
    catalogue_duties_on_desk,
    catalogue_row,
    due_of,
    holder_of_catalogue,
)
from disclosure.selectors.drafts import drafts_visible_to, on_desk
from disclosure.selectors.duties import DutyTable
from projects.models import CatalogueRevision, Project

DESKS = (Role.OFFICER, Role.SECTION_HEAD, Role.FINANCE, Role.AUDITOR)

add_menu("公开", "公告稿", "disclosure:drafts", 790, DESKS)
add_menu("公开", "公开义务", "disclosure:duties", 800, DESKS)
add_tab("projects.project", "公告", "disclosure:case", 80)
add_site_link("首页", "public:home", 10)
add_site_link("公告", "public:notices", 20)
add_site_link("项目", "public:projects", 30)
add_site_link("目录", "public:catalogues", 35)
add_site_link("检索", "public:search", 40)
add_site_link("数据", "public:data", 60)
add_site_link("核验", "public:verify", 70)


def is_correction(draft: NoticeDraft) -> bool:
    return draft.duty_id is None


add_act("disclosure.noticedraft.send", "disclosure:send")
add_act("disclosure.noticedraft.approve", "disclosure:approve")
for move in ("prepare", "send_back", "correct"):
    add_act(f"disclosure.noticedraft.{move}", f"disclosure:{move}", primary=False)
add_act("disclosure.noticedraft.discard", "disclosure:discard", primary=False, when=is_correction)


def drafts_in_hand(project: Project) -> list[StatefulModel]:
    """案卷中还没有发布的公告稿。"""
    return list(NoticeDraft.objects.filter(project=project).with_case().unpublished())


def todos(user: User, acting: RoleAssignment, on: date) -> Iterable[TodoItem]:
    """经办人要处理的、归口科室负责人要审查的公告稿，带公开期限。"""
    table = DutyTable(on)
    for draft in on_desk(user, acting):
        is_sent = draft.status == DraftStatus.UNDER_REVIEW
        what = "审查" if is_sent else "重新处理" if draft.return_reason else "处理"
        yield TodoItem(
            f"{what}{draft.get_kind_display()}",
            draft.project.name,
            draft.get_absolute_url(),
            (draft.sent_on if is_sent else draft.reviewed_on) or draft.drafted_on,
            due=table.row(draft.duty).due if draft.duty else None,
            kind="公告",
            act="disclosure.review_notice" if is_sent else "",
        )


def awaited(user: User, acting: RoleAssignment, _on: date) -> Iterable[TodoItem]:
    """经办人送审的公告稿。"""
    if acting.role != Role.OFFICER:
        return
    sent = drafts_visible_to(user).filter(
        project__purchaser__organisation=acting.organisation_id, status=DraftStatus.UNDER_REVIEW
    )
    for draft in sent:
        yield TodoItem(
            f"审查{draft.get_kind_display()}",
            draft.project.name,
            draft.get_absolute_url(),
            draft.sent_on or draft.drafted_on,
            kind="公告",
            waits_for=f"{acting.organisation.short_name}{Role.SECTION_HEAD.label}",
        )


add_documents("projects.project", drafts_in_hand)
add_todo(todos)
add_waiting(awaited)


# --- 指导性目录 ----------------------------------------------------------------------------------


def catalogue_duty(revision: CatalogueRevision) -> list[StatefulModel]:
    """目录通过之后还没有公布的。"""
    return list(catalogue_duties().filter(revision=revision).unfulfilled())


def shown_duty(revision: CatalogueRevision) -> list[CatalogueDutyRow]:
    """目录页上的“公布”：期限、公布日、媒体和网址，公开站点上的一页。"""
    return [catalogue_row(duty, today()) for duty in catalogue_duties().filter(revision=revision)]


def catalogue_todos(user: User, acting: RoleAssignment, _on: date) -> Iterable[TodoItem]:
    """财政部门还没有送审的目录；不是本人送审、待本人审查的。"""
    for duty in catalogue_duties_on_desk(user, acting):
        is_sent = duty.status == CatalogueDutyStatus.UNDER_REVIEW
        yield TodoItem(
            f"审查{duty}" if is_sent else f"重新送审：{duty}" if duty.return_reason else str(duty),
            "指导性目录",
            duty.revision.get_absolute_url(),
            (duty.sent_on if is_sent else duty.reviewed_on) or duty.opened_on,
            due=due_of(duty).day,
            kind="公开",
        )


def catalogues_awaited(user: User, acting: RoleAssignment, _on: date) -> Iterable[TodoItem]:
    """本人送审、等另一人审查的目录。"""
    sent = catalogue_duties().filter(status=CatalogueDutyStatus.UNDER_REVIEW, preparer=user)
    for duty in sent.filter(revision__bureau=acting.organisation_id):
        yield TodoItem(
            f"审查{duty}",
            "指导性目录",
            duty.revision.get_absolute_url(),
            duty.sent_on or duty.opened_on,
            kind="公开",
            waits_for=holder_of_catalogue(duty),
        )


add_act("disclosure.catalogueduty.send", "disclosure:catalogue_send")
add_act("disclosure.catalogueduty.approve", "disclosure:catalogue_approve")
add_act("disclosure.catalogueduty.send_back", "disclosure:catalogue_send_back", primary=False)
add_documents("projects.cataloguerevision", catalogue_duty)
add_panel("projects.cataloguerevision", "公布", "disclosure/_catalogue_duty.html", shown_duty)
add_todo(catalogue_todos)
add_waiting(catalogues_awaited)
