"""年度自评规则所问的事实；金额单位为分，取自资金台账。"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from budgeting.facts.execution import FundUse, fund_use, funded_years
from core.rules import Context
from performance.facts.scores import rate
from performance.models import SelfEvaluation
from projects.models import SEVEN_STAGES, Project, Stage

OVER = SEVEN_STAGES[SEVEN_STAGES.index(Stage.EVALUATION) :]


@dataclass(frozen=True)
class YearFacts:
    """项目有资金的各年度、已开始和已签署自评的年度；拟自评的年度。"""

    page: str
    year: int
    on: date
    funded: tuple[int, ...]
    started: tuple[int, ...]
    unsigned: tuple[int, ...]


def year_facts(project: Project, context: Context) -> YearFacts:
    rows = SelfEvaluation.objects.filter(project=project)
    funded = funded_years(project)
    signed = set(rows.signed().values_list("year", flat=True))
    return YearFacts(
        page=project.get_absolute_url(),
        year=int(context.data.get("year") or 0),
        on=context.on,
        funded=tuple(funded),
        started=tuple(sorted(rows.values_list("year", flat=True))),
        unsigned=tuple(year for year in funded if year not in signed),
    )


@dataclass(frozen=True)
class SelfEvaluationFacts:
    """一份年度自评：资金的执行、所写的说明、谁填报谁签署、年度过完没有。"""

    page: str
    year: int
    on: date
    is_project_over: bool
    stage: str
    total: FundUse
    execution_rate: Decimal
    completion: str
    rate_reason: str
    adjustment_reason: str
    filler: str
    signer: str
    is_same_person: bool


def self_evaluation_facts(row: SelfEvaluation, context: Context) -> SelfEvaluationFacts:
    data, project = context.data, row.case()
    total = fund_use(project, row.year).total
    filler = row.filled_by
    return SelfEvaluationFacts(
        page=row.get_absolute_url(),
        year=row.year,
        on=context.on,
        is_project_over=project.stage in OVER,
        stage=project.get_stage_display(),
        total=total,
        execution_rate=rate(total.executed_fen, total.budget_fen),
        completion=str(data.get("completion", row.completion)).strip(),
        rate_reason=str(data.get("rate_reason", row.rate_reason)).strip(),
        adjustment_reason=str(data.get("adjustment_reason", row.adjustment_reason)).strip(),
        filler=filler.full_name if filler else "",
        signer=context.by.full_name if context.by else "",
        is_same_person=filler is not None and context.is_by(filler.pk),
    )
