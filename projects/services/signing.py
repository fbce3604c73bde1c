"""内部签批、提交与撤回。"""

from __future__ import annotations

import hashlib
from datetime import date
from typing import Any

from accounts.models import RoleAssignment, User
from core.history import change, unit_of_work
from core.history.canonical import canonical_bytes
from core.history.values import row_values
from core.transitions import Outcome, perform, shows
from projects.facts import papers_of
from projects.models import (
    EstimateLine,
    FundLine,
    Indicator,
    InternalSignature,
    Project,
    ProjectVersion,
    SignatureStep,
)


def sign(
    signature: SignatureStep,
    *,
    by: User,
    acting_as: RoleAssignment | None,
    on: date,
    comment: str = "",
    **shown: Any,
) -> Outcome:
    """签批一步（《平湖办法》第十一条、《渝北办法》第十八条）。Raises as `perform`."""
    data = {"signer": by, "on": on, "comment": comment}
    return perform(
        signature, "sign", by=by, acting_as=acting_as, on=on, note=comment, data=data, **shown
    )


def send_back(
    signature: SignatureStep,
    *,
    by: User,
    acting_as: RoleAssignment | None,
    on: date,
    comment: str,
    **shown: Any,
) -> Outcome:
    """退回经办人，写明意见；经办人修改后另起一轮签批。"""
    data = {"signer": by, "on": on, "comment": comment}
    return perform(
        signature, "send_back", by=by, acting_as=acting_as, on=on, note=comment, data=data, **shown
    )


def submit_project(
    project: Project, *, by: User, acting_as: RoleAssignment | None, on: date, **shown: Any
) -> Outcome:
    """提交会审：过全部申报规则，冻结本轮版本（《渝北办法》第九条第（二）项）。"""
    with unit_of_work():
        outcome = perform(
            project, "submit", by=by, acting_as=acting_as, on=on, data={"on": on}, **shown
        )
        if not outcome.is_repeat:
            _freeze(Project.objects.get(pk=project.pk), by=by, acting_as=acting_as, on=on)
        return outcome


def withdraw_project(
    project: Project,
    *,
    by: User,
    acting_as: RoleAssignment | None,
    on: date,
    note: str,
    **shown: Any,
) -> Outcome:
    """撤回项目，理由必填并入历史。"""
    return perform(project, "withdraw", by=by, acting_as=acting_as, on=on, note=note, **shown)


def filed_content(project: Project) -> dict[str, Any]:
    """申报内容的全部：项目行与各部分明细，供冻结、比对与“所见即所办”。"""
    parts = (EstimateLine, FundLine, Indicator)
    return {
        "project": row_values(project),
        **{
            model._meta.model_name or "": [
                row_values(row) for row in model._default_manager.filter(project=project)
            ]
            for model in parts
        },
        "papers": [[kind, row.name, row.sha256] for kind, row in papers_of(project).items()],
    }


def _freeze(
    project: Project, *, by: User, acting_as: RoleAssignment | None, on: date
) -> ProjectVersion:
    content = filed_content(project)
    with change(
        title="冻结申报版本",
        act="projects.freeze_version",
        by=by,
        acting_as=acting_as,
        on=on,
        stream=project.stream(),
    ) as changes:
        return changes.create(
            ProjectVersion(
                project=project,
                round_number=project.round_number,
                content=content,
                digest=hashlib.sha256(canonical_bytes(content)).hexdigest(),
                frozen_on=on,
            )
        )


def _signing_page(signature: InternalSignature) -> dict[str, Any]:
    return filed_content(signature.project)


shows("projects.project", filed_content)
shows("projects.internalsignature", _signing_page)
