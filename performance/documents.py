"""项目支出绩效自评表的内容，页面和 PDF 同用一份；金额为分，由模板排成万元。"""

from __future__ import annotations

from typing import Any

from budgeting.facts.execution import fund_use
from contracts.models import Grade
from performance.facts.results import lines_kept
from performance.facts.scores import HUNDRED, execution_score, plain, rate
from performance.models import SelfEvaluation


def fund_rows(row: SelfEvaluation) -> list[dict[str, Any]]:
    """三类资金：签署前取自台账，签署后取固定下来的数。"""
    if row.funds:
        return list(row.funds)
    use = fund_use(row.project, row.year)
    named = (("当年财政拨款", use.fiscal), ("上年结转资金", use.carried), ("其他资金", use.other))
    return [{"name": name, **vars(part)} for name, part in named]


def self_evaluation_context(row: SelfEvaluation) -> dict[str, Any]:
    """自评表：项目、资金和执行率、总体目标、各项指标、总分。"""
    project = row.case()
    funds = fund_rows(row)
    names = ("initial_fen", "budget_fen", "executed_fen")
    total = {name: sum(int(part[name]) for part in funds) for name in names}
    execution = execution_score(total["executed_fen"], total["budget_fen"], row.execution_points)
    lines = lines_kept(row)
    score = row.score if row.score is not None else execution + sum(x.score for x in lines)
    return {
        "title": str(row),
        "year": row.year,
        "project_name": project.name,
        "project_number": project.number,
        "department": project.owner().name,
        "unit": str(project.purchaser),
        "total": total,
        "funds": [{**part, "rate": _rate(part)} for part in funds],
        "rate": _rate(total),
        "execution_points": plain(row.execution_points),
        "execution_score": str(execution),
        "expected": project.need,
        "completion": row.completion,
        "rate_reason": row.rate_reason,
        "adjustment_reason": row.adjustment_reason,
        "indicators": [
            {
                "level": line.level,
                "name": line.name,
                "target": line.target,
                "done": line.done,
                "points": str(line.points),
                "score": str(line.score) if line.is_stated else "",
                "formula": line.formula,
                "changed": f"算得 {line.computed}，{line.reason}" if line.is_changed else "",
                "deviation": line.deviation,
            }
            for line in lines
        ],
        "points_total": plain(HUNDRED),
        "score": str(score),
        "grade": Grade(row.grade).label if row.grade else "",
        "filler": row.filled_by.full_name if row.filled_by else "",
        "signer": row.signed_by.full_name if row.signed_by else "",
        "signed_on": row.signed_on.isoformat() if row.signed_on else "",
    }


def _rate(part: dict[str, Any]) -> str:
    return f"{rate(part['executed_fen'], part['budget_fen'])}%" if part["budget_fen"] else ""
