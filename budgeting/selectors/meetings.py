"""上会材料：已经印制的，可以列入的项目。"""

from __future__ import annotations

from typing import Any

from django.db.models import Count, Q, QuerySet, Sum

from accounts.models import Jurisdiction, MandateKind, Organisation, User
from budgeting.models import BudgetReview, MeetingSheet, OffBudgetStatus, ReviewStatus
from budgeting.selectors.case import documents_by_subject
from budgeting.selectors.decisions import in_budget
from core.history.values import reference
from projects.models import Project


def meetings_visible_to(user: User) -> QuerySet[Any]:
    rows = MeetingSheet.objects.visible_to(user).select_related("body", "prepared_by")
    return rows.annotate(line_count=Count("lines"), proposed_fen=Sum("lines__proposed_fen"))


def bodies_of(jurisdiction: Jurisdiction) -> QuerySet[Organisation]:
    """本辖区的审定机构。"""
    bodies = jurisdiction.mandates.filter(kind=MandateKind.DECISION_BODY)
    return Organisation.objects.filter(pk__in=bodies.values("organisation"))


def candidates_for_meeting(user: User, jurisdiction: Jurisdiction) -> list[BudgetReview]:
    """已形成审核意见、还没有列入审定的各轮会审；未列预算、等下一级审议的也在内。按购买主体。"""
    waiting = Q(is_listed=False) | Q(request_status=OffBudgetStatus.DECIDING)
    cases = in_budget(user, jurisdiction).filter(waiting, review_status=ReviewStatus.CONCLUDED)
    rows = BudgetReview.objects.with_case().filter(pk__in=cases.values("review_pk"))
    return list(rows.order_by("project__purchaser_id", "pk"))


def meeting_page(sheet: MeetingSheet, user: User) -> dict[str, Any]:
    lines = sheet.lines.filter(project__in=Project.objects.visible_to(user)).select_related(
        "project__purchaser__organisation"
    )
    rows = list(lines.order_by("pk"))
    return {
        "sheet": sheet,
        "lines": rows,
        "total_fen": sum(line.proposed_fen for line in rows),
        "documents": documents_by_subject([sheet])[reference(sheet)],
        "facts": [
            ("审定机构", sheet.body),
            ("会议", sheet.meeting),
            ("会议日期", sheet.meets_on.isoformat()),
            ("印制", f"{sheet.prepared_on.isoformat()}　{sheet.prepared_by}"),
        ],
    }
