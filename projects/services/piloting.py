"""试点到期之后的结论。"""

from __future__ import annotations

from datetime import date
from typing import Any

from accounts.models import RoleAssignment, User
from core.transitions import Outcome, perform
from projects.models import Project


def conclude_pilot(
    project: Project,
    *,
    outcome: str,
    conclusion: str,
    by: User,
    acting_as: RoleAssignment | None,
    on: date,
    **shown: Any,
) -> Outcome:
    """登记试点结论（《渝北办法》第四条第（二）项）。Raises as `perform`."""
    data = {"outcome": outcome, "conclusion": conclusion, "on": on}
    return perform(
        project,
        "conclude_pilot",
        by=by,
        acting_as=acting_as,
        on=on,
        note=conclusion,
        data=data,
        **shown,
    )
