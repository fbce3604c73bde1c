"""What this app hangs on the shared pages."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.urls import reverse

from accounts.models import RoleAssignment, User
from accounts.roles import Role
from core.navigation import (
    TodoItem,
    add_act,
    add_documents,
    add_menu,
    add_site_link,
    add_tab,
    add_todo,
)
from core.transitions import StatefulModel
from disclosure.models import DisclosureDuty, DutyStatus
from disclosure.selectors import DutyTable, duties_visible_to
from projects.models import Project

DESKS = (Role.OFFICER, Role.FINANCE, Role.AUDITOR)

add_menu("公开", "公开义务", "disclosure:duties", 800, DESKS)
add_tab("projects.project", "公告", "disclosure:case", 80)
add_act("disclosure.disclosureduty.fulfil", "disclosure:register")
add_site_link("首页", "public:home", 10)
add_site_link("公告", "public:notices", 20)
add_site_link("项目", "public:projects", 30)
add_site_link("检索", "public:search", 40)
add_site_link("数据", "public:feeds", 60)
add_site_link("核验", "public:verify", 70)


def open_duties(project: Project) -> list[StatefulModel]:
    """案卷中还没有公开的事项。"""
    rows = DisclosureDuty.objects.filter(project=project, status=DutyStatus.OPEN)
    return list(rows.select_related("project__purchaser__organisation__jurisdiction"))


def todos(user: User, acting: RoleAssignment, on: date) -> Iterable[TodoItem]:
    """经办人要公开的事项，带期限。"""
    if acting.role != Role.OFFICER:
        return
    table = DutyTable(on)
    own = duties_visible_to(user).filter(
        status=DutyStatus.OPEN, project__purchaser__organisation=acting.organisation_id
    )
    for duty in own:
        yield TodoItem(
            str(duty),
            str(duty.project),
            reverse("disclosure:register", args=[duty.pk]),
            duty.opened_on,
            due=table.row(duty).due,
            kind="公开",
        )


add_documents("projects.project", open_duties)
add_todo(todos)
