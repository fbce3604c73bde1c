"""专项的待办：三年总评的结论等谁签署；到期没有结论的，由财政拟订。"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.db.models import Q

from accounts.models import RoleAssignment, User
from accounts.roles import Role
from budgeting.models import ConclusionStatus
from budgeting.selectors.programmes import conclusions_visible_to, programmes_of
from core.navigation import TodoItem

LEADERS = (Role.DIVISION_LEADER, Role.PRINCIPAL)


def programme_todos(user: User, acting: RoleAssignment, on: date) -> Iterable[TodoItem]:
    """本岗位要签署、要拟订的总评结论；自己经过手的由别人签。"""
    if acting.role in LEADERS:
        rows = conclusions_visible_to(user).filter(
            status=ConclusionStatus.PROPOSED, programme__office=acting.organisation_id
        )
    elif acting.role == Role.FINANCE:
        rows = conclusions_visible_to(user).filter(
            status=ConclusionStatus.OFFICE_SIGNED,
            programme__jurisdiction=acting.organisation.jurisdiction,
        )
        yield from _overdue(user, acting, on)
    else:
        return
    mine = Q(proposed_by=user) | Q(office_signed_by=user)
    for row in rows.exclude(pk__in=rows.filter(mine).values("pk")):
        since = row.office_signed_on or row.proposed_on
        yield TodoItem("签署三年总评结论", str(row), row.get_absolute_url(), since, kind="专项")


def _overdue(user: User, acting: RoleAssignment, on: date) -> Iterable[TodoItem]:
    live = Q(conclusions__isnull=False) & ~Q(conclusions__status=ConclusionStatus.WITHDRAWN)
    terms = programmes_of(user).filter(
        jurisdiction=acting.organisation.jurisdiction, last_year__lt=on.year
    )
    for term in terms.exclude(pk__in=terms.filter(live).values("pk")):
        ended = date(term.last_year, 12, 31)
        yield TodoItem("到期专项待三年总评", str(term), term.get_absolute_url(), ended, kind="专项")
