"""报送年度计划时规则所问的事实。"""

from __future__ import annotations

from dataclasses import dataclass

from core.rules import Context
from projects.models import Project


@dataclass(frozen=True)
class PlanFacts:
    """一次报送：列入几个项目，附了几行部门预算、合计多少（分），其中几行的品目已失效。"""

    page: str
    projects: int
    budget_lines: int
    budget_total_fen: int
    out_of_force: tuple[str, ...]


def plan_facts(_scope: Project, context: Context) -> PlanFacts:
    """数由报送的动作给出：它们就在所填的表里。"""
    return PlanFacts(**context.data)
