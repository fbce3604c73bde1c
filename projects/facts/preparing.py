"""立项准备的事实：规划、开放、试点、职能转移、论证、预审与附件。"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from core.rules import Context
from projects.facts.papers import papers_of
from projects.facts.purchasers import standing_on
from projects.models import Project


@dataclass(frozen=True)
class PilotFact:
    """一个试点项目：截止日、结论。"""

    number: str
    is_pilot: bool
    until: date | None
    concluded_on: date | None
    outcome: str


@dataclass(frozen=True)
class PreparingFacts:
    """金额单位为分；`on` 是首次提交之日，未提交的是当日；`asked_on` 是办理的当日。"""

    page: str
    on: date
    asked_on: date
    programme: str
    kind: str
    total_fen: int
    codes: tuple[str, ...]
    nature: str
    quantities: tuple[tuple[int, str, Decimal], ...]
    planning_item: str
    planning_none_reason: str
    open_data: str
    open_data_content: str
    is_function_transfer: bool
    transfer_item: str
    is_pilot: bool
    pilot_until: date | None
    pilot_of: str
    pilot: PilotFact | None
    pilot_concluded_on: date | None
    grant_number: str
    feasibility: str
    feasibility_section: str
    feasibility_on: date | None
    feasibility_verdict: str
    pre_review: str
    pre_review_on: date | None
    pre_review_verdict: str
    is_full_purchase: bool
    papers: tuple[str, ...]


def preparing_facts(project: Project, context: Context) -> PreparingFacts:
    """收集立项准备的事实；查询次数与行数无关。"""
    binding = project.first_filed_on or context.on
    lines = list(project.estimate_lines.select_related("catalogue_item"))
    item = project.catalogue_item
    own = (
        "programme", "kind", "total_fen", "planning_item", "planning_none_reason", "open_data",
        "open_data_content", "is_function_transfer", "transfer_item", "is_pilot", "pilot_until",
        "pilot_of", "pilot_concluded_on", "grant_number", "feasibility", "feasibility_section",
        "feasibility_on", "feasibility_verdict", "pre_review", "pre_review_on",
        "pre_review_verdict", "is_full_purchase",
    )  # fmt: skip
    return PreparingFacts(
        page=project.get_absolute_url(),
        on=binding,
        asked_on=context.on,
        codes=tuple(
            sorted({e.catalogue_item.code for e in lines} | ({item.code} if item else set()))
        ),
        nature=standing_on(project.purchaser, binding).nature,
        quantities=tuple((e.position, e.name, e.quantity) for e in lines),
        pilot=_pilot(project),
        papers=tuple(sorted(papers_of(project))),
        **{name: getattr(project, name) for name in own},
    )


def _pilot(project: Project) -> PilotFact | None:
    """所推广的试点项目：同一辖区的；没有填、找不到的为空。"""
    if not project.pilot_of.strip():
        return None
    row = Project.objects.filter(
        number=project.pilot_of.strip(),
        purchaser__organisation__jurisdiction=project.jurisdiction(),
    ).first()
    if row is None:
        return None
    return PilotFact(
        row.number, row.is_pilot, row.pilot_until, row.pilot_concluded_on, row.pilot_outcome
    )
