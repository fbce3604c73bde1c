"""绩效分页取数：各合同各轮综合评估的得分与结算，各年度自评。"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from accounts.models import User
from contracts.models import Contract, ContractStatus, Settlement
from core.attachments import Attachment
from core.history.values import reference
from core.money import format_yuan, multiply
from core.rules.parameters import ParameterMissing, ParameterTable
from performance.facts.evaluation import COMPONENTS, score_parts
from performance.facts.results import ResultLine, indicators_of, lines_kept, target_of
from performance.facts.scores import HUNDRED, plain, rate, weighted
from performance.models import (
    ASPECTS,
    Evaluation,
    EvaluationLink,
    EvaluationOpinion,
    EvaluationStatus,
    LinkStatus,
    SelfEvaluation,
    SelfEvaluationStatus,
)
from performance.models.evaluation import EvaluationQuerySet
from performance.models.link import EvaluationLinkQuerySet
from performance.models.self_evaluation import SelfEvaluationQuerySet
from projects.models import Indicator, Project

Badge = dict[str, str]
WEIGHTS = "YB-14-score-weights"
TONES: dict[str, str] = {
    EvaluationStatus.OPEN: "act",
    EvaluationStatus.CONCLUDED: "ok",
    LinkStatus.WAITING: "neutral",
    LinkStatus.ANSWERED: "act",
    LinkStatus.ACCEPTED: "ok",
    LinkStatus.REFUSED: "bad",
    LinkStatus.REVOKED: "neutral",
    SelfEvaluationStatus.DRAFT: "act",
    SelfEvaluationStatus.SIGNED: "ok",
}


def badge_of(row: Evaluation | EvaluationLink | SelfEvaluation) -> Badge:
    return {"label": row.get_status_display(), "tone": TONES[row.status]}


def evaluations_visible_to(user: User) -> EvaluationQuerySet:
    return Evaluation.objects.visible_to(user).with_case()


def links_visible_to(user: User) -> EvaluationLinkQuerySet:
    return EvaluationLink.objects.visible_to(user).with_case()


def self_evaluations_visible_to(user: User) -> SelfEvaluationQuerySet:
    return SelfEvaluation.objects.visible_to(user).with_case()


@dataclass(frozen=True)
class ScorePart:
    """总分的一个部分：得分、占比、折合。"""

    name: str
    score: Decimal
    percent: int
    product: str


@dataclass(frozen=True)
class Round:
    """一轮综合评估，连同逐项得分、各方意见、总分的由来。"""

    row: Evaluation
    badge: Badge
    lines: list[ResultLine]
    lines_total: Decimal
    is_scored: bool
    opinions: list[dict[str, Any]]
    links: list[tuple[EvaluationLink, Badge]]
    files: list[Attachment]
    survey: str
    parts: list[ScorePart]
    formula: str


@dataclass(frozen=True)
class ContractRow:
    """一份合同：各轮评估（最近的在前）和结算的逐项计算。"""

    contract: Contract
    badge: Badge
    rounds: list[Round]
    computation: list[tuple[str, str, str]]


def contract_rows(project: Project) -> list[ContractRow]:
    """项目各合同的评估；查询次数与合同数、轮数无关。"""
    contracts = list(
        Contract.objects.standing()
        .filter(package__project=project)
        .exclude(status=ContractStatus.DRAFT)
        .select_related("package__project__purchaser__organisation__jurisdiction")
        .prefetch_related("incidents", "payments")
        .order_by("package__position")
    )
    rounds: dict[int, list[Round]] = defaultdict(list)
    for each in rounds_of(contracts, indicators_of(project)):
        rounds[each.row.contract_id].append(each)
    settled = {s.contract_id: s for s in Settlement.objects.filter(contract__in=contracts)}
    return [_contract_row(c, rounds[c.pk], settled.get(c.pk)) for c in contracts]


def rounds_of(contracts: Sequence[Contract], indicators: list[Indicator]) -> list[Round]:
    known = Evaluation.objects.filter(contract__in=contracts).with_case()
    rows = list(
        known.select_related("mending")
        .prefetch_related("opinions", "results", "links")
        .order_by("-round_number")
    )
    files: dict[str, list[Attachment]] = defaultdict(list)
    for file in Attachment.objects.filter(subject__in=[reference(row) for row in rows]):
        files[file.subject].append(file)
    table = ParameterTable(WEIGHTS)
    return [_round(row, indicators, files[reference(row)], table) for row in rows]


def _round(
    row: Evaluation, indicators: list[Indicator], files: list[Attachment], table: ParameterTable
) -> Round:
    lines = lines_kept(row, indicators)
    parts = _parts(row, lines, table)
    formula = " + ".join(part.product for part in parts)
    return Round(
        row=row,
        badge=badge_of(row),
        lines=lines,
        lines_total=sum((line.score for line in lines), Decimal("0.00")),
        is_scored=bool(lines) and all(line.is_stated for line in lines),
        opinions=[_opinion(o) for o in row.opinions.all()],
        links=[(link, badge_of(link)) for link in row.links.all()],
        files=files,
        survey=_survey(row),
        parts=parts,
        formula=f"{formula} = {_total(parts)}" if parts else "",
    )


def _opinion(opinion: EvaluationOpinion) -> dict[str, Any]:
    return {
        "row": opinion,
        "aspects": [
            (getattr(opinion, name), getattr(opinion, f"{name}_score")) for name in ASPECTS
        ],
    }


def _survey(row: Evaluation) -> str:
    """问卷的算式：满意率连同它的由来。"""
    if not row.answered:
        return ""
    found = rate(row.satisfied or 0, row.answered)
    return (
        f"发放 {row.asked} 份，收回 {row.answered} 份，满意 {row.satisfied} 份；"
        f"满意率 {row.satisfied}/{row.answered}×100={found}"
    )


def _parts(row: Evaluation, lines: list[ResultLine], table: ParameterTable) -> list[ScorePart]:
    """总分的各部分；权重是作结论那一天的，还没有结论的是开始那一天之后现行的。"""
    scores = score_parts(row, lines)
    if scores is None:
        return []
    day = row.concluded_on or date.max
    try:
        weights = table.in_force(row.jurisdiction(), day)[WEIGHTS]
    except ParameterMissing:
        return []
    return [
        ScorePart(COMPONENTS[name], score, weights[name], f"{plain(score)}×{weights[name]}%")
        for name, score in scores.items()
    ]


def _total(parts: Iterable[ScorePart]) -> Decimal:
    rows = list(parts)
    return weighted({p.name: p.score for p in rows}, {p.name: p.percent for p in rows})


def _contract_row(
    contract: Contract, rounds: list[Round], settlement: Settlement | None
) -> ContractRow:
    return ContractRow(
        contract, _standing(contract, rounds), rounds, computation(contract, settlement)
    )


def _standing(contract: Contract, rounds: list[Round]) -> Badge:
    """评估到了哪里：合同终止的不再评估，还没有开始的等验收。"""
    if contract.status == ContractStatus.TERMINATED:
        return {"label": "合同已终止，不再评估", "tone": "bad"}
    return rounds[0].badge if rounds else {"label": "验收合格后开始", "tone": "neutral"}


def computation(contract: Contract, settlement: Settlement | None) -> list[tuple[str, str, str]]:
    """结算逐项的计算：（项目，算式，金额）；单位为元。"""
    if settlement is None:
        return []
    base, percent = settlement.base_fen, plain(settlement.percent)
    yuan = format_yuan
    paid = sum(payment.amount_fen for payment in contract.payments.all())
    added = base - contract.amount_fen
    deducted = [
        (f"减：{i.term}", f"{yuan(base)}×{plain(i.percent)}%", i.percent)
        for i in contract.incidents.all()
    ]
    return [
        ("计算基数", f"合同金额 {yuan(contract.amount_fen)} + 补充合同 {yuan(added)}", yuan(base)),
        (
            f"按等级应付（{settlement.get_grade_display()}）",
            f"{yuan(base)}×{percent}%",
            yuan(settlement.assessed_fen),
        ),
        *((name, sum_, yuan(multiply(each / HUNDRED, base))) for name, sum_, each in deducted),
        (
            "应付总额",
            f"{yuan(settlement.assessed_fen)} − {yuan(settlement.deducted_fen)}，不低于零",
            yuan(settlement.payable_fen),
        ),
        ("已付", f"{len(contract.payments.all())} 笔支付之和", yuan(paid)),
        (
            "尚应付",
            f"{yuan(settlement.payable_fen)} − {yuan(paid)}",
            yuan(max(0, settlement.payable_fen - paid)),
        ),
        (
            "按结算不再支付",
            f"{yuan(base)} − {yuan(settlement.payable_fen)}",
            yuan(base - settlement.payable_fen),
        ),
    ]


def targets(project: Project) -> list[dict[str, Any]]:
    """申报的绩效目标。"""
    return [{"row": i, "target": target_of(i)} for i in indicators_of(project)]


def self_evaluations_of(project: Project) -> list[tuple[SelfEvaluation, Badge]]:
    rows = SelfEvaluation.objects.filter(project=project).order_by("-year")
    return [(row, badge_of(row)) for row in rows]
