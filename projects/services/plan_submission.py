"""报送年度计划：计划与部门预算一份报出，签齐的项目随之提交会审。"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from accounts.models import Organisation, RoleAssignment, User
from accounts.roles import Role
from core.documents.services import request_document
from core.history import change, unit_of_work
from core.history.canonical import canonical_bytes
from core.history.values import reference, referenced_pk
from core.inbox import notify
from core.rules import Context
from core.transitions import (
    TransitionRefused,
    answered_with,
    claim,
    guard,
    require_kept,
    require_may,
)
from projects.documents.package import (
    ALREADY,
    HELD,
    SENT,
    package_rows,
    planned_fen,
    summary_context,
)
from projects.models import (
    AnnualPlan,
    CatalogueItem,
    FundSource,
    PlanSubmission,
    Project,
    Stage,
)
from projects.selectors import LEFT_THE_PLAN
from projects.services.signing import submit_project

ACT = "projects.submit_plan"
PLAN_SUMMARY = "projects.plan_summary"
SUBMIT = guard(ACT, "报送年度计划", "YB-9.1-plan-lists-projects", "YB-9.2-plan-with-budget")


@dataclass(frozen=True)
class BudgetInput:
    """部门预算的一行；金额为分。"""

    fund: FundSource
    catalogue_item: CatalogueItem
    amount_fen: int


def submit_plan(
    plan: AnnualPlan,
    *,
    budget: Sequence[BudgetInput],
    note: str = "",
    by: User,
    acting_as: RoleAssignment | None,
    on: date,
    key: str | None = None,
) -> PlanSubmission:
    """报送一轮（《渝北办法》第九条第（二）项），一次事务。

    各项目经它自己的“提交会审”：条件齐备的提交，不齐备的连同原因列在报送里，不妨碍其他项目。
    Raises `NotPermitted`, `TransitionRefused` without a project or a budget, `RequestKeyMismatch`.
    """
    with unit_of_work():
        content = [plan, note, [[b.fund, b.catalogue_item, b.amount_fen] for b in budget]]
        known = claim(key, by=by, act=ACT, content=content)
        if known is not None:
            return PlanSubmission.objects.get(pk=referenced_pk(known.result))
        fresh = AnnualPlan.objects.select_for_update(no_key=True).get(pk=plan.pk)
        acts: dict[str, Any] = {"by": by, "acting_as": acting_as, "on": on}
        projects = listed_projects(fresh)
        _require(fresh, projects, budget, acts)
        submission = _recorded(fresh, _rows(projects, acts), budget, note, acts)
        answered_with(key, submission)
        _tell_finance(submission, on)
        return submission


def listed_projects(plan: AnnualPlan) -> list[Project]:
    """计划所列的项目；撤回的、不予批准的不在其中。"""
    rows = Project.objects.filter(plan_line__plan=plan).exclude(stage__in=LEFT_THE_PLAN)
    return list(rows.with_owner().select_related("catalogue_item").order_by("pk"))


def _require(
    plan: AnnualPlan, projects: list[Project], budget: Sequence[BudgetInput], acts: dict[str, Any]
) -> None:
    scope = Project(purchaser=plan.purchaser, year=plan.year)
    stream = _stream(plan)
    by, acting_as, on = acts["by"], acts["acting_as"], acts["on"]
    require_may(ACT, on=scope, stream=stream, by=by, acting_as=acting_as, day=on)
    in_force = CatalogueItem.objects.in_force(plan.purchaser.organisation.jurisdiction, on)
    known = set(in_force.values_list("pk", flat=True))
    facts = {
        "page": f"/projects/plans/{plan.pk}/",
        "projects": len(projects),
        "budget_lines": len(budget),
        "budget_total_fen": sum(b.amount_fen for b in budget),
        "out_of_force": tuple(
            b.catalogue_item.code for b in budget if b.catalogue_item.pk not in known
        ),
    }
    require_kept(SUBMIT, scope, stream=stream, context=Context(on, by, acting_as, facts))


def _rows(projects: list[Project], acts: dict[str, Any]) -> list[dict[str, Any]]:
    """逐个提交；未获准的什么也没有改动，原因写在它的一行里。"""
    rows = package_rows(projects)
    for project, row in zip(projects, rows, strict=True):
        row["outcome"], row["said"] = _sent(project, acts)
    return rows


def _sent(project: Project, acts: dict[str, Any]) -> tuple[str, list[str]]:
    if project.stage != Stage.FILING:
        return ALREADY, [str(project.get_stage_display())]
    try:
        submit_project(project, **acts)
    except TransitionRefused as error:
        return HELD, [f"{v.message}（{v.article.short}）" for v in error.refusals]
    return SENT, []


def _recorded(
    plan: AnnualPlan,
    rows: list[dict[str, Any]],
    budget: Sequence[BudgetInput],
    note: str,
    acts: dict[str, Any],
) -> PlanSubmission:
    content = {"rows": rows, "budget": [_budget_row(b) for b in budget]}
    total = sum(b.amount_fen for b in budget)
    last = PlanSubmission.objects.filter(plan=plan).order_by("round_number").last()
    with change(
        title="报送年度计划", act=ACT, stream=_stream(plan), reason=note,
        announce="projects.annualplan.submit", **acts,
    ) as changes:  # fmt: skip
        row = changes.create(
            PlanSubmission(
                plan=plan,
                round_number=last.round_number + 1 if last else 1,
                submitted_by=acts["by"],
                submitted_on=acts["on"],
                project_count=len(rows),
                planned_fen=planned_fen(rows),
                budget_total_fen=total,
                note=note,
                content=content,
                digest=hashlib.sha256(canonical_bytes(content)).hexdigest(),
            )
        )
        changes.update(plan, budget_total_fen=total)
    request_document(
        kind=PLAN_SUMMARY, subject=row, stream=_stream(plan), title=f"{row}汇总表", number="",
        context=summary_context(row, last.content if last else None), **acts,
    )  # fmt: skip
    return row


def _budget_row(line: BudgetInput) -> dict[str, Any]:
    return {
        "fund": line.fund.name,
        "code": line.catalogue_item.code,
        "item": line.catalogue_item.name,
        "amount_fen": line.amount_fen,
    }


def _stream(plan: AnnualPlan) -> str:
    return f"projects.annualplan:{plan.pk}"


def _tell_finance(submission: PlanSubmission, on: date) -> None:
    """告知本辖区的财政部门：收到一份计划。"""
    jurisdiction = submission.plan.purchaser.organisation.jurisdiction_id
    held = RoleAssignment.objects.filter(
        role=Role.FINANCE, organisation__jurisdiction=jurisdiction
    ).values("organisation")
    for bureau in Organisation.objects.filter(pk__in=held):
        notify(
            key=f"{reference(submission)}:submitted",
            organisation=bureau,
            role=Role.FINANCE,
            title=f"收到年度计划：{submission}",
            url=submission.get_absolute_url(),
            on=on,
        )
