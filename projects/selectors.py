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
from projects.declarations import EXCLUSIONS, NEGATIVE_LIST
from projects.models import (
    SEVEN_STAGES,
    AnnualPlan,
    InternalSignature,
    PlanLine,
    PlanSubmission,
    Project,
    SignatureStatus,
    Stage,
)

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
    ).exclude(status=SignatureStatus.SIGNED)
    return InternalSignature.objects.filter(
        ~Exists(before), status=SignatureStatus.PENDING, project__stage=Stage.FILING
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
    rows = list(project.signatures.select_related("signer"))
    last = rows[-1].chain if rows else 0
    return [
        {
            "role": row.get_role_display(),
            "name": row.signer.full_name if row.signer else "",
            "organisation": project.owner().short_name,
            "state": "waiting" if row.status == SignatureStatus.PENDING else row.status,
            "signed_on": row.signed_on,
            "opinion": row.comment,
        }
        for row in rows
        if row.chain == last
    ]


# --- 项目与计划 ----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Declared:
    """一项声明和它的回答；答“否”之外的都显眼。"""

    text: str
    answer: str
    tone: str


def filed_facts(project: Project) -> dict[str, Any]:
    """一个项目申报的全部内容：概况分页与签批页共用。"""
    estimate = list(project.estimate_lines.select_related("catalogue_item"))
    funds = list(project.fund_lines.select_related("fund"))
    indicators = list(project.indicators.all())
    return {
        "project": project,
        "facts": _facts(project),
        "texts": [(label, text) for label, text in _texts(project) if text],
        "estimate": estimate,
        "estimate_fen": sum(line.amount_fen for line in estimate),
        "funds": funds,
        "funds_fen": sum(line.amount_fen for line in funds),
        "indicators": indicators,
        "weight_total": sum(line.weight for line in indicators),
        "declared": [
            ("五项排除", _declared(EXCLUSIONS, project.exclusions)),
            ("负面清单", _declared(NEGATIVE_LIST, project.negative_list)),
        ],
    }


def case_overview(project: Project) -> dict[str, Any]:
    """概况分页：申报内容、签批、冻结的版本。"""
    return filed_facts(project) | {
        "signatures": current_chain(project),
        "versions": list(project.versions.all()),
    }


def _declared(questions: dict[str, str], answers: dict[str, bool]) -> list[Declared]:
    words = {True: "是", False: "否", None: "未答"}
    return [
        Declared(text, words[answers.get(key)], "ok" if answers.get(key) is False else "act")
        for key, text in questions.items()
    ]


def _yes(is_so: bool) -> str:
    return "是" if is_so else "否"


def _facts(project: Project) -> list[tuple[str, Any]]:
    return [
        ("项目编号", project.number),
        ("购买主体", project.purchaser),
        ("预算年度", project.year),
        ("经办人", project.officer),
        ("路径", project.get_kind_display()),
        ("服务性质", project.get_service_nature_display()),
        ("目录条目", project.catalogue_item),
        ("特定目标类", project.get_programme_display()),
        ("拟采用采购方式", project.get_proposed_method_display() or None),
        ("适合市场化方式提供", _yes(project.is_market_suitable)),
        ("社会力量能够承担", _yes(project.is_provider_capable)),
        ("可部分商业化", _yes(project.is_partly_commercial)),
        ("全额购买", _yes(project.is_full_purchase)),
        ("未列入当年预算", _yes(project.is_off_budget)),
        ("申报轮次", project.round_number or "尚未提交"),
        ("首次提交日", project.first_filed_on),
        ("本轮提交日", project.filed_on),
        *([("批复文号", project.reply_number)] if project.reply_number else []),
    ]


def _texts(project: Project) -> list[tuple[str, str]]:
    return [
        ("立项依据", project.basis),
        ("服务需求", project.need),
        ("商业化收入说明", project.commercial_income),
        ("弱势群体类别", project.vulnerable_group),
        ("全额购买佐证", project.full_purchase_evidence),
        ("对应职责", project.duty),
        ("可行性论证", project.feasibility),
        ("政务数据办预审意见文号", project.pre_review),
        ("领导小组会议纪要", project.leading_group_minutes),
        ("申报时填写的预算追加（调剂）文号", project.supplement_number),
    ]


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
