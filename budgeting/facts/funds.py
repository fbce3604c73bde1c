"""控制数规则所问的事实；金额单位为分。"""

from __future__ import annotations

from dataclasses import dataclass

from budgeting.facts.review import review_page
from budgeting.models import (
    Ceiling,
    DecisionLine,
    DecisionOutcome,
    DecisionStatus,
    available,
)
from core.money import allocate
from core.rules import Context
from projects.models import Project


@dataclass(frozen=True)
class CeilingFact:
    fund: str
    needed_fen: int
    ceiling_fen: int
    available_fen: int
    is_set: bool


@dataclass(frozen=True)
class CeilingFacts:
    page: str
    project: str
    lines: tuple[CeilingFact, ...]


def split_by_fund(project: Project, approved_fen: int) -> list[tuple[int, int]]:
    """批复金额按申报的资金构成分摊到各资金来源（最大余数法）：[(fund_id, 分)]。"""
    lines = list(project.fund_lines.all())
    shares = allocate(approved_fen, [line.amount_fen for line in lines])
    return [(line.fund_id, share) for line, share in zip(lines, shares, strict=True) if share]


def ceiling_facts(project: Project, context: Context) -> CeilingFacts:
    """批复金额分摊后，各资金来源的控制数是否够用。"""
    approved = int(context.data.get("approved_fen") or 0) or decided_fen(project)
    ceilings = {
        c.fund_id: c
        for c in Ceiling.objects.filter(purchaser=project.purchaser_id, year=project.year)
    }
    names = {f.fund_id: str(f.fund) for f in project.fund_lines.select_related("fund")}
    facts = []
    for fund_id, share in split_by_fund(project, approved) if names and approved else []:
        ceiling = ceilings.get(fund_id)
        limit = ceiling.amount_fen if ceiling else 0
        left = available(ceiling) if ceiling else 0
        is_set = ceiling is not None and ceiling.set_on is not None
        facts.append(CeilingFact(names[fund_id], share, limit, left, is_set))
    return CeilingFacts(page=review_page(project), project=str(project), lines=tuple(facts))


@dataclass(frozen=True)
class BalanceFacts:
    """一次过账：动用谁的余额，要多少，有多少。"""

    page: str
    holder: str
    asked_fen: int
    available_fen: int


def balance_facts(project: Project, context: Context) -> BalanceFacts:
    """`context.data` 由过账的一方给：`holder` 写明是谁的哪一项余额。"""
    return BalanceFacts(page=project.get_absolute_url(), **context.data)


@dataclass(frozen=True)
class LimitFacts:
    """下达或调整控制数：拟定的数（连同上年结转）与已分配的数。"""

    ceiling: str
    limit_fen: int
    allocated_fen: int
    available_fen: int


def limit_facts(_scope: object, context: Context) -> LimitFacts:
    return LimitFacts(**context.data)


def decided_fen(project: Project) -> int:
    lines = DecisionLine.objects.filter(
        project=project,
        round_number=project.round_number,
        outcome=DecisionOutcome.APPROVE,
        decision__status=DecisionStatus.RECORDED,
    ).order_by("-decision__decided_on", "-pk")
    line = lines.first()
    return line.approved_fen if line else project.requested_fen
