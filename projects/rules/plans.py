"""报送年度计划的法定条件。"""

from __future__ import annotations

from core.money import format_yuan
from core.regulations import YUBEI
from core.rules import Parameters, Refusal, rule
from projects.facts import PlanFacts, plan_facts
from projects.rules.scope import OFFICER


@rule(
    "YB-9.1-plan-lists-projects",
    title="计划列有项目",
    cites=YUBEI.article(9, 1),
    facts=plan_facts,
    binds="act",
    of_form=True,
)
def plan_lists_projects(facts: PlanFacts, parameters: Parameters) -> Refusal | None:
    """年度购买计划须列明购买的项目，没有项目的不报送。"""
    if facts.projects:
        return None
    return Refusal("计划中还没有项目", (("列入项目", "0 个"),), OFFICER, facts.page)


@rule(
    "YB-9.2-plan-with-budget",
    title="计划与部门预算一并报送",
    cites=YUBEI.article(9, 2),
    facts=plan_facts,
    binds="act",
    of_form=True,
)
def plan_comes_with_its_budget(facts: PlanFacts, parameters: Parameters) -> Refusal | None:
    """购买计划与部门预算一并报财政部门；部门预算按现行品目列明。"""
    if facts.budget_total_fen > 0 and not facts.out_of_force:
        return None
    shown = (
        ("部门预算", f"{facts.budget_lines} 行"),
        ("部门预算合计", f"{format_yuan(facts.budget_total_fen)} 元"),
        *(("不在现行目录的品目", code) for code in facts.out_of_force),
    )
    return Refusal("没有附部门预算，或部门预算所列品目已失效", shown, OFFICER, facts.page)
