"""控制数规则所问的事实；金额单位为分。"""

from __future__ import annotations

from dataclasses import dataclass

from budgeting.facts.review import review_page
from budgeting.models import (
    Ceiling,
    DecisionLine,
    DecisionOutcome,
    DecisionStatus,
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
    approved = int(context.data.get("approved_fen") or 0) or _decided_fen(project)
    ceilings = {
        c.fund_id: c
        for c in Ceiling.objects.filter(purchaser=project.purchaser_id, year=project.year)
    }
    names = {f.fund_id: str(f.fund) for f in project.fund_lines.select_related("fund")}
    facts = []
    for fund_id, share in split_by_fund(project, approved) if names and approved else []:
        ceiling = ceilings.get(fund_id)
        limit = ceiling.amount_fen if ceiling else 0
        left = limit - ceiling.allocated_fen if ceiling else 0
        facts.append(CeilingFact(names[fund_id], share, limit, left, ceiling is not None))
    return CeilingFacts(page=review_page(project), project=str(project), lines=tuple(facts))


def _decided_fen(project: Project) -> int:
    lines = DecisionLine.objects.filter(
        project=project,
        round_number=project.round_number,
        outcome=DecisionOutcome.APPROVE,
        decision__status=DecisionStatus.RECORDED,
    ).order_by("-decision__decided_on", "-pk")
    line = lines.first()
    return line.approved_fen if line else project.requested_fen
