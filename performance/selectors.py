"""绩效分页取数：绩效目标，各合同的综合评估、意见与结算。"""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Prefetch, QuerySet

from accounts.models import User
from contracts.models import Contract, ContractStatus, Settlement
from performance.models import Evaluation, EvaluationOpinion, EvaluationStatus
from projects.models import Project


def evaluations_visible_to(user: User) -> QuerySet[Evaluation]:
    return Evaluation.objects.visible_to(user).with_case()


@dataclass(frozen=True)
class EvaluationRow:
    """一份合同的综合评估，连同各方意见和结算；还没有开始的为空。"""

    contract: Contract
    evaluation: Evaluation | None
    badge: dict[str, str]
    opinions: tuple[EvaluationOpinion, ...]
    settlement: Settlement | None


def evaluations_of(project: Project) -> list[EvaluationRow]:
    """项目各合同的评估；查询次数与合同数无关。"""
    contracts = list(
        Contract.objects.standing()
        .filter(package__project=project)
        .exclude(status=ContractStatus.DRAFT)
        .order_by("package__position")
    )
    opinions = Prefetch("opinions", EvaluationOpinion.objects.order_by("pk"))
    known = {
        e.contract_id: e
        for e in Evaluation.objects.filter(contract__in=contracts).prefetch_related(opinions)
    }
    settled = {s.contract_id: s for s in Settlement.objects.filter(contract__in=contracts)}
    return [_row(c, known.get(c.pk), settled.get(c.pk)) for c in contracts]


def _row(
    contract: Contract, evaluation: Evaluation | None, settlement: Settlement | None
) -> EvaluationRow:
    return EvaluationRow(
        contract=contract,
        evaluation=evaluation,
        badge=_badge(contract, evaluation),
        opinions=tuple(evaluation.opinions.all()) if evaluation else (),
        settlement=settlement,
    )


def _badge(contract: Contract, evaluation: Evaluation | None) -> dict[str, str]:
    if evaluation is not None and evaluation.status == EvaluationStatus.CONCLUDED:
        return {"label": evaluation.get_status_display(), "tone": "ok"}
    if contract.status == ContractStatus.TERMINATED:
        return {"label": "合同已终止，不再评估", "tone": "bad"}
    if evaluation is None:
        return {"label": "验收合格后开始", "tone": "neutral"}
    return {"label": evaluation.get_status_display(), "tone": "act"}
