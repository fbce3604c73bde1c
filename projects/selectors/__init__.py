"""页面所需的数据：每页一个函数。"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, Subquery, Sum

from accounts.models import Organisation, User
from core.history import GuardedQuerySet
from core.history.reading import events_of
from projects.models import (
    DONE_SIGNING,
    SEVEN_STAGES,
    AnnualPlan,
    InternalSignature,
    PlanLine,
    PlanSubmission,
    Project,
    SignatureStatus,
    SignatureStep,
    Stage,
)
from projects.selectors.filed import filed_facts as filed_facts

# 会审中也可能有待签的：纸质签署被本人否认之后。
SIGNING_STAGES = (Stage.FILING, Stage.BUDGET)
LEFT_THE_PLAN = (Stage.WITHDRAWN, Stage.REJECTED)


# --- 阶段 ----------------------------------------------------------------------------------------


def stage_steps(project: Project) -> list[dict[str, str]]:
    """这条路径各环节的进度；中途离开的项目标明在哪个环节终止。"""
    path = project.path
    if project.stage == Stage.CLOSED:
        return [{"label": str(stage.label), "state": "done"} for stage in path]
    at = _ended_at(project) if project.has_ended else Stage(project.stage)
    place = path.index(at)
    word = "ended" if project.has_ended else "current"
    states = ["done"] * place + [word] + ["future"] * (len(path) - place - 1)
    steps = [
        {"label": str(stage.label), "state": state}
        for stage, state in zip(path, states, strict=True)
    ]
    if project.has_ended:
        steps[place]["note"] = project.state_label
    return steps


def _ended_at(project: Project) -> Stage:
    """离开流程时所在的环节，以历史为准。"""
    labels = {str(stage.label): stage for stage in SEVEN_STAGES}
    for event in events_of(project.stream()):
        if event.to_label == project.state_label and event.from_label in labels:
            return labels[event.from_label]
    return Stage.BUDGET if project.filed_on else Stage.FILING


# --- 签批 ----------------------------------------------------------------------------------------


def signatures_in_turn() -> GuardedQuerySet[InternalSignature]:
    """轮到的签批：待签，且同一轮在前的各步都已签。"""
    before = InternalSignature.objects.filter(
        project=OuterRef("project"), chain=OuterRef("chain"), position__lt=OuterRef("position")
    ).exclude(status__in=DONE_SIGNING)
    return InternalSignature.objects.filter(
        ~Exists(before), status=SignatureStatus.PENDING, project__stage__in=SIGNING_STAGES
    )


@dataclass(frozen=True)
class FilingWork:
    """申报阶段的一个项目：该做什么，或在等谁。"""

    project: Project
    kind: str
    since: date
    waits_for: str = ""


def filing_work(organisation: Organisation) -> Iterator[FilingWork]:
    """一个单位在申报阶段的项目；查询次数与项目数无关（会审退回的除外）。"""
    projects = Project.objects.filter(
        stage=Stage.FILING, purchaser__organisation=organisation
    ).prefetch_related("signatures")
    for project in projects:
        steps = [s for s in project.signatures.all() if s.status != SignatureStatus.CANCELLED]
        if steps:
            yield _work(project, steps, organisation)


def _work(
    project: Project, steps: list[InternalSignature], organisation: Organisation
) -> FilingWork:
    returned = next((s for s in steps if s.status == SignatureStatus.RETURNED), None)
    if returned is not None:
        return FilingWork(project, "签批退回，请修改", returned.signed_on or returned.opened_on)
    waiting = next((s for s in steps if s.status == SignatureStatus.PENDING), None)
    signed = [s.signed_on for s in steps if s.signed_on]
    since = max(signed, default=steps[0].opened_on)
    if waiting is not None:
        desk = f"{organisation.short_name}{waiting.get_role_display()}"
        return FilingWork(project, "签批", since, waits_for=desk)
    if project.round_number:
        returned_on = [e.effective_on for e in events_of(project.stream(), limit=1)]
        return FilingWork(project, "会审退回，请修改", max([since, *returned_on]))
    return FilingWork(project, "提交会审", since)


def current_chain(project: Project) -> list[dict[str, Any]]:
    """最近一轮签批，供签名栏打印。"""
    rows = list(project.signatures.select_related("signer", "signed_for"))
    last = rows[-1].chain if rows else 0
    return [
        {
            "role": row.get_role_display(),
            "name": signer_name(row),
            "organisation": project.owner().short_name,
            "state": "waiting" if row.status == SignatureStatus.PENDING else row.status,
            "signed_on": row.signed_on,
            "opinion": row.comment,
        }
        for row in rows
        if row.chain == last
    ]


def signer_name(row: SignatureStep) -> str:
    """签署人；受托代理的写明代谁。"""
    if row.signer is None:
        return ""
    return f"{row.signer}（代{row.signed_for}）" if row.signed_for else row.signer.full_name


def chain_basis(project: Project) -> str:
    """最近一轮签批走这条链的依据；早先送签的没有记。"""
    last = project.signatures.order_by("-chain", "position").first()
    return last.basis if last else ""


# --- 项目与计划 ----------------------------------------------------------------------------------


def case_overview(project: Project) -> dict[str, Any]:
    """概况分页：申报内容、签批、冻结的版本。"""
    return filed_facts(project) | {
        "signatures": current_chain(project),
        "chain_basis": chain_basis(project),
        "versions": list(project.versions.all()),
    }


def stage_counts(user: User, condition: Q) -> dict[str, int]:
    """台账里各阶段的项目数。"""
    rows = Project.objects.visible_to(user).filter(condition).values("stage").order_by()
    return {row["stage"]: row["n"] for row in rows.annotate(n=Count("pk"))}


def plans_with_sums(user: User) -> GuardedQuerySet[AnnualPlan]:
    """可见的年度计划，连同其中可见项目的数目与合计（分）；撤回和不予批准的不计。"""
    seen = Project.objects.visible_to(user).exclude(stage__in=LEFT_THE_PLAN)
    own = Q(lines__project__in=seen)
    plans: Any = AnnualPlan.objects.visible_to(user)
    found: Any = plans.select_related("purchaser__organisation__jurisdiction").annotate(
        project_count=Count("lines", filter=own),
        planned_fen=Sum("lines__project__total_fen", filter=own, default=0),
    )
    rounds = PlanSubmission.objects.filter(plan=OuterRef("pk")).order_by("-round_number")
    counted: GuardedQuerySet[AnnualPlan] = found.annotate(
        rounds=Subquery(rounds.values("round_number")[:1]),
        reported_on=Subquery(rounds.values("submitted_on")[:1]),
    )
    return counted


def plan_lines(plan: AnnualPlan, user: User) -> GuardedQuerySet[PlanLine]:
    """计划中此人可见的各行。"""
    seen = Project.objects.visible_to(user)
    rows = PlanLine.objects.filter(plan=plan, project__in=seen)
    return rows.select_related(
        "project__officer", "project__catalogue_item", "precedent__project__catalogue_item"
    )


def last_year_projects(plan: AnnualPlan, user: User) -> GuardedQuerySet[Project]:
    """同一购买主体上年计划中的项目；撤回的、不予批准的不在其中。"""
    seen = Project.objects.visible_to(user).exclude(stage__in=LEFT_THE_PLAN)
    own = seen.filter(plan_line__plan__purchaser=plan.purchaser_id)
    return own.filter(plan_line__plan__year=plan.year - 1).order_by("number")


def plan_states(plan: AnnualPlan, user: User, condition: Q) -> dict[str, tuple[int, int]]:
    """计划中此人可见的项目，各阶段的个数与合计（分）。"""
    rows = plan_lines(plan, user).filter(condition).order_by().values("project__stage")
    counted = rows.annotate(n=Count("pk"), fen=Sum("project__total_fen"))
    return {row["project__stage"]: (row["n"], row["fen"]) for row in counted}
