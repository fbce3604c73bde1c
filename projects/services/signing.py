"""内部签批、提交与撤回。"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
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
    SignaturePoint,
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
    data = {"signer": by, "on": on, "comment": comment, "signed_for": principal(by, acting_as)}
    return perform(
        signature, "sign", by=by, acting_as=acting_as, on=on, note=comment, data=data, **shown
    )


def principal(by: User, acting_as: RoleAssignment | None) -> User | None:
    """受托代理时所代的人；以自己的岗位办理的没有。"""
    return None if acting_as is None or acting_as.user_id == by.pk else acting_as.user


def send_back(
    signature: SignatureStep,
    *,
    by: User,
    acting_as: RoleAssignment | None,
    on: date,
    comment: str = "",
    points: Sequence[str] = (),
    **shown: Any,
) -> Outcome:
    """退回经办人。申报的签批逐条编号，答复之后才能再送签；`points` 不给的，意见即为一条。"""
    comment = comment or "\n".join(f"{n}. {text}" for n, text in enumerate(points, 1))
    data = {
        "signer": by,
        "on": on,
        "comment": comment[:500],
        "signed_for": principal(by, acting_as),
    }
    acts: dict[str, Any] = {"by": by, "acting_as": acting_as, "on": on}
    with unit_of_work():
        outcome = perform(signature, "send_back", note=comment, data=data, **acts, **shown)
        if not outcome.is_repeat and isinstance(signature, InternalSignature):
            _write_points(signature, list(points) or [comment], **acts)
        return outcome


def _write_points(
    signature: InternalSignature,
    points: list[str],
    *,
    by: User,
    acting_as: RoleAssignment | None,
    on: date,
) -> None:
    with change(
        title="签批退回意见",
        act="projects.write_points",
        by=by,
        acting_as=acting_as,
        on=on,
        stream=signature.stream(),
    ) as changes:
        for number, text in enumerate(points, 1):
            changes.create(SignaturePoint(signature=signature, number=number, text=text))


def answer_point(
    point: SignaturePoint,
    *,
    text: str,
    by: User,
    acting_as: RoleAssignment | None,
    on: date,
    **shown: Any,
) -> Outcome:
    """答复签批退回的一条意见。Raises as `perform`."""
    data = {"text": text, "by": by, "on": on}
    return perform(
        point, "answer", by=by, acting_as=acting_as, on=on, note=text, data=data, **shown
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
