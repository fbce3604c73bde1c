"""办结与归档封存：此后案卷只可查阅。"""

from __future__ import annotations

from datetime import date
from typing import Any

from accounts.models import RoleAssignment, User
from core.transitions import Outcome, perform
from projects.models import Project


def close_project(
    project: Project,
    *,
    by: User,
    acting_as: RoleAssignment | None,
    on: date,
    note: str = "",
    **shown: Any,
) -> Outcome:
    """公开 → 办结，案卷同时封存（第十四条、第十六条）。Raises as `perform`."""
    return perform(
        project, "close", by=by, acting_as=acting_as, on=on, note=note, data={"on": on}, **shown
    )


def archive_project(
    project: Project,
    *,
    by: User,
    acting_as: RoleAssignment | None,
    on: date,
    note: str = "",
    **shown: Any,
) -> Outcome:
    """撤回、不予批准、已终止的项目善后完毕，案卷封存；阶段不变。Raises as `perform`."""
    return perform(
        project, "archive", by=by, acting_as=acting_as, on=on, note=note, data={"on": on}, **shown
    )
