"""两套评价的台账：承接主体的得分，资金使用的得分（第十七条）。"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

from accounts.models import User
from performance.facts.scores import rate, rounded
from performance.models import Evaluation, EvaluationStatus, SelfEvaluation
from performance.models.self_evaluation import SelfEvaluationQuerySet
from performance.selectors.case import self_evaluations_visible_to
from procurement.models import Provider
from projects.models import Programme


@dataclass(frozen=True)
class ProviderScores:
    """一个承接主体已有结论的评估，连同各合同最后一轮的平均分。"""

    rows: list[Evaluation]
    contracts: int
    mean: Decimal | None


def provider_scores(provider: Provider) -> ProviderScores:
    """供选择承接主体时参考，不自动计入评审（第十四条、第十七条）。"""
    rows = list(
        Evaluation.objects.filter(
            contract__award__provider=provider, status=EvaluationStatus.CONCLUDED
        )
        .with_case()
        .order_by("-concluded_on", "-pk")
    )
    last: dict[int, Evaluation] = {}
    for row in sorted(rows, key=lambda r: r.round_number):
        last[row.contract_id] = row
    scores = [Fraction(row.score) for row in last.values() if row.score is not None]
    mean = rounded(sum(scores, Fraction(0)) / len(scores)) if scores else None
    return ProviderScores(rows, len(last), mean)


def fund_ledger(user: User, year: int | None) -> SelfEvaluationQuerySet:
    """已签署的年度自评，即各项目的资金使用得分。"""
    rows = self_evaluations_visible_to(user).signed()
    return rows.filter(year=year) if year else rows


def fund_years(user: User) -> list[int]:
    rows = SelfEvaluation.objects.visible_to(user).signed()
    return sorted(set(rows.values_list("year", flat=True)), reverse=True)


@dataclass(frozen=True)
class ProgrammeScore:
    """一类资金一年的得分：各项目得分按全年预算数加权平均。"""

    name: str
    projects: int
    budget_fen: int
    executed_fen: int
    rate: Decimal
    score: Decimal
    formula: str


def programme_scores(user: User, year: int) -> list[ProgrammeScore]:
    groups: dict[str, list[Any]] = defaultdict(list)
    for row in fund_ledger(user, year).order_by("pk"):
        groups[row.project.programme].append(row)
    return [_programme_score(Programme(name), rows) for name, rows in sorted(groups.items())]


def _programme_score(programme: Programme, rows: list[SelfEvaluation]) -> ProgrammeScore:
    budget = sum(row.budget_fen or 0 for row in rows)
    executed = sum(row.executed_fen or 0 for row in rows)
    weighed = sum((Fraction(row.score or 0) * (row.budget_fen or 0) for row in rows), Fraction(0))
    return ProgrammeScore(
        name=programme.label,
        projects=len(rows),
        budget_fen=budget,
        executed_fen=executed,
        rate=rate(executed, budget),
        score=rounded(weighed / budget) if budget else Decimal("0.00"),
        formula=f"Σ（得分 × 全年预算数）÷ Σ 全年预算数，{len(rows)} 个项目",
    )
