"""开立公开义务。"""

from __future__ import annotations

from datetime import date

from django.db import models

from accounts.models import RoleAssignment, User
from core.history import change
from core.history.values import reference
from disclosure.models import DisclosureDuty, DutyKind
from projects.models import Project


def open_duty(
    project: Project,
    *,
    kind: str = DutyKind.PROJECT_AND_REQUIREMENTS,
    subject: models.Model | None = None,
    opened_on: date | None = None,
    by: User,
    acting_as: RoleAssignment | None,
    on: date,
) -> DisclosureDuty:
    """开立一项公开义务（第九条第（二）项、第十四条、第十六条）；重复调用只开一次。

    `subject` 是所据的文件（如合同），整个项目的为空；`opened_on` 为起算日，不写的即办理日。
    """
    named = {"subject": reference(subject), "subject_name": str(subject)} if subject else {}
    about = {"project": project, "kind": kind, "subject": named.get("subject", "")}
    known = DisclosureDuty.objects.filter(**about).first()
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
        return changes.create(DisclosureDuty(**about | named, opened_on=opened_on or on))
