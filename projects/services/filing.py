"""填报与修改：一份申报内容一次写入，签批随之开启。"""

from __future__ import annotations

import hashlib
from dataclasses import fields
from datetime import date
from typing import Any

from accounts.models import Jurisdiction, RoleAssignment, User
from core.attachments import attach
from core.history import Changes, change, unit_of_work
from core.history.values import referenced_pk
from core.money import multiply
from core.transitions import (
    NotOffered,
    StaleAct,
    answered_with,
    claim,
    perform,
    require_may,
    shown_digest,
)
from projects.facts import purpose_of
from projects.models import (
    AnnualPlan,
    EstimateLine,
    FundLine,
    Indicator,
    InternalSignature,
    PlanLine,
    Project,
    SignatureStatus,
    Stage,
)
from projects.services.chains import open_chain
from projects.services.cloud_filing import prices_of
from projects.services.content import EstimateInput, Filing, FundInput, IndicatorInput


def file_project(
    plan: AnnualPlan,
    filing: Filing,
    *,
    by: User,
    acting_as: RoleAssignment | None,
    on: date,
    key: str | None = None,
    serial: str = "",
    precedent: PlanLine | None = None,
) -> Project:
    """填报项目并送内部签批，列入年度计划（《渝北办法》第九条第（一）项）。

    `serial` 是工作簿里的序号，`precedent` 是它延续的上年计划项；由工作簿导入的才有。
    Raises `NotPermitted`, `RequestKeyMismatch`. A repeated key returns the project of the first.
    """
    with unit_of_work():
        known = claim(key, by=by, act="projects.file", content=[plan, *_content(filing)])
        if known is not None:
            return Project.objects.get(pk=referenced_pk(known.result))
        organisation = plan.purchaser.organisation
        project = Project(
            number=_next_number(organisation.jurisdiction, plan.year),
            purchaser=plan.purchaser,
            year=plan.year,
            officer=by,
            total_fen=filing.total_fen(),
            **filing.own_fields(),
        )
        _require_may_file(project, by, acting_as, on)
        with change(
            title="填报项目",
            act="projects.file",
            by=by,
            acting_as=acting_as,
            on=on,
            announce="projects.project.file",
        ) as changes:
            changes.create(project)
            changes.create(PlanLine(plan=plan, project=project, serial=serial, precedent=precedent))
            _write_parts(changes, project, filing)
            _write_papers(changes, project, filing, by=by, on=on)
            open_chain(changes, project, on)
        answered_with(key, project)
        return project


def revise_project(
    project: Project,
    filing: Filing,
    *,
    by: User,
    acting_as: RoleAssignment | None,
    on: date,
    version: int | None = None,
    shown: str | None = None,
    key: str | None = None,
    reason: str = "",
) -> Project:
    """修改申报内容：原签批作废，另起一轮签批。

    Raises `NotOffered` outside 申报, `StaleAct`, `NotPermitted`, `RequestKeyMismatch`.
    """
    with unit_of_work():
        row = Project.objects.select_for_update(no_key=True).get(pk=project.pk)
        content = [row, *_content(filing)]
        if claim(key, by=by, act="projects.revise", content=content) is not None:
            return row
        _require_may_file(row, by, acting_as, on)
        if row.stage != Stage.FILING:
            raise NotOffered("修改申报", row.get_stage_display())
        if (version is not None and version != row.version) or (
            shown and shown != shown_digest(row)
        ):
            raise StaleAct("修改申报")
        _cancel_chain(row, by=by, acting_as=acting_as, on=on)
        with change(
            title="修改申报",
            act="projects.revise",
            by=by,
            acting_as=acting_as,
            on=on,
            subject=row,
            reason=reason,
        ) as changes:
            changes.update(row, officer=by, total_fen=filing.total_fen(), **filing.own_fields())
            for model in (EstimateLine, FundLine, Indicator):
                for part in model._default_manager.filter(project=row):
                    changes.delete(part)
            _write_parts(changes, row, filing)
            _write_papers(changes, row, filing, by=by, on=on)
            open_chain(changes, row, on)
        return row


def _content(filing: Filing) -> list[Any]:
    return [
        filing.own_fields(),
        *[list(_columns(part).values()) for part in filing.estimate],
        *[list(_columns(part).values()) for part in filing.funds],
        *[list(_columns(part).values()) for part in filing.indicators],
        {kind: hashlib.sha256(data).hexdigest() for kind, (_, _, data) in filing.papers.items()},
    ]


def _require_may_file(
    project: Project, by: User, acting_as: RoleAssignment | None, on: date
) -> None:
    stream = project.stream() if project.pk else f"projects.purchaser:{project.purchaser_id}"
    require_may("projects.file", on=project, stream=stream, by=by, acting_as=acting_as, day=on)


def _next_number(jurisdiction: Jurisdiction, year: int) -> str:
    """The next case number of the jurisdiction and year; the jurisdiction's row is the lock."""
    Jurisdiction.objects.select_for_update(no_key=True).get(pk=jurisdiction.pk)
    prefix = f"{jurisdiction.code.upper()}-{year}-"
    given = Project.objects.filter(number__startswith=prefix).values_list("number", flat=True)
    # Given one after the other behind the lock: the newest row has the highest.
    last = given.order_by("-pk").first()
    serial = int(last.removeprefix(prefix)) + 1 if last else 1
    return f"{prefix}{serial:04d}"


def _write_parts(changes: Changes, project: Project, filing: Filing) -> None:
    prices = prices_of(project, filing.estimate)
    for position, (line, price) in enumerate(zip(filing.estimate, prices, strict=True), 1):
        amount = multiply(line.quantity, line.unit_price_fen)
        changes.create(
            EstimateLine(
                project=project,
                position=position,
                amount_fen=amount,
                cloud_price=price,
                **_columns(line),
            )
        )
    for position, fund in enumerate(filing.funds, 1):
        changes.create(FundLine(project=project, position=position, **_columns(fund)))
    for position, indicator in enumerate(filing.indicators, 1):
        changes.create(Indicator(project=project, position=position, **_columns(indicator)))


def _write_papers(
    changes: Changes, project: Project, filing: Filing, *, by: User, on: date
) -> None:
    for kind, upload in filing.papers.items():
        attach(changes, upload, to=project, purpose=purpose_of(kind), by=by, on=on)


def _columns(part: EstimateInput | FundInput | IndicatorInput) -> dict[str, Any]:
    return {f.name: getattr(part, f.name) for f in fields(part)}


def _cancel_chain(
    project: Project, *, by: User, acting_as: RoleAssignment | None, on: date
) -> None:
    live = InternalSignature.objects.filter(project=project).exclude(
        status=SignatureStatus.CANCELLED
    )
    for signature in live:
        perform(
            signature,
            "cancel",
            by=by,
            acting_as=acting_as,
            on=on,
            note="申报内容修改，原签批作废",
        )
