"""公开的动作：开立义务、登记公开情况。"""

from __future__ import annotations

from datetime import date
from typing import Any

from accounts.models import RoleAssignment, User
from core.history import change
from core.transitions import Outcome, perform
from disclosure.models import DisclosureDuty, DutyKind
from projects.models import Project


def open_duty(
    project: Project,
    *,
    kind: str = DutyKind.PROJECT_AND_REQUIREMENTS,
    by: User,
    acting_as: RoleAssignment,
    on: date,
) -> DisclosureDuty:
    """开立一项公开义务（第九条第（二）项、第十六条）；重复调用只开一次。"""
    known = DisclosureDuty.objects.filter(project=project, kind=kind).first()
    if known is not None:
        return known
    with change(
        title="开立公开义务",
        act="disclosure.open_duty",
        by=by,
        acting_as=acting_as,
        on=on,
        stream=project.stream(),
    ) as changes:
        return changes.create(DisclosureDuty(project=project, kind=kind, opened_on=on))


def register_publication(
    duty: DisclosureDuty,
    *,
    medium: str,
    address: str,
    published_on: date,
    by: User,
    acting_as: RoleAssignment | None,
    on: date,
    **shown: Any,
) -> Outcome:
    """登记在指定媒体的公开情况；逾期照登，记为逾期。Raises as `perform`."""
    data = {"medium": medium, "address": address, "published_on": published_on}
    return perform(
        duty,
        "fulfil",
        by=by,
        acting_as=acting_as,
        on=on,
        note=f"{medium} {address}",
        data=data,
        **shown,
    )
