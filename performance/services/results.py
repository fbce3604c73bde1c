"""写下指标得分：综合评估和年度自评共用。"""

from __future__ import annotations

from typing import Any

from core.history import Changes
from performance.facts.results import ResultLine
from performance.models import IndicatorResult


def write_results(
    changes: Changes, model: type[IndicatorResult], lines: list[ResultLine], **owner: Any
) -> None:
    """每项指标一行：已有的改，没有的建。"""
    known = {row.indicator_id: row for row in model._default_manager.filter(**owner)}
    for line in lines:
        values = {
            "points": line.points,
            "actual": line.actual,
            "band": line.band,
            "percent": line.percent,
            "computed": line.computed,
            "score": line.score,
            "reason": line.reason if line.is_changed else "",
            "evidence": line.evidence,
            "deviation": line.deviation,
        }
        row = known.get(line.indicator)
        if row is None:
            changes.create(model(indicator_id=line.indicator, **owner, **values))
        else:
            changes.update(row, **values)
