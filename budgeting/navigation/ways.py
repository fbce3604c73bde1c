"""项目在预算环节的下一步中，在别的页面上成批办理的：审定、批复。"""

from __future__ import annotations

from collections.abc import Iterable

from django.urls import reverse

from accounts.models import User
from accounts.roles import Role
from budgeting.models import OffBudgetStatus, ReviewStatus
from budgeting.selectors.decisions import in_budget
from core.navigation import Way
from projects.models import Project, Stage


def ways(project: Project, user: User) -> Iterable[Way]:
    """审核意见形成之后登记审定，审定同意之后拟制批复；未列预算的，由追加申请自己的事项引导。"""
    if project.stage != Stage.BUDGET:
        return
    jurisdiction = project.purchaser.organisation.jurisdiction
    row = in_budget(user, jurisdiction).filter(pk=project.pk).first()
    if row is None or row.request_status not in (None, OffBudgetStatus.FUNDED):
        return
    if row.review_status == ReviewStatus.CONCLUDED and not row.is_listed:
        yield Way(
            "登记审定",
            f"审核意见已于 {row.concluded_on} 形成，提请审定",
            reverse("budgeting:new_decision"),
            (Role.FINANCE, Role.DECISION_SECRETARY),
            "审定机构",
        )
    elif row.is_decided and not row.is_drafted:
        yield Way(
            "拟制批复",
            "已经审定同意，列入批复",
            f"{reverse('budgeting:new_reply')}?group={row.purchaser_id}-{row.year}",
            (Role.FINANCE,),
            "财政审核人",
        )
