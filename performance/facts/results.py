"""指标得分规则所问的事实：每项指标填了什么、算得多少。"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from core.rules import Context
from performance.facts.scores import (
    ZERO,
    Scored,
    plain,
    score_quality,
    score_quantity,
    share_points,
)
from performance.models import Band, Evaluation, IndicatorResult, SelfEvaluation
from projects.models import Indicator, Project

Typed = Mapping[str, Any]
NOT_STATED = Scored(ZERO, False, "")


@dataclass(frozen=True)
class ResultLine:
    """一项指标：目标、分值、所填、算得的分和得分。"""

    indicator: int
    level: str
    name: str
    target: str
    points: Decimal
    is_quality: bool
    is_stated: bool
    done: str
    actual: Decimal | None
    band: str
    percent: Decimal | None
    formula: str
    computed: Decimal
    score: Decimal
    is_full: bool
    reason: str
    evidence: str
    deviation: str

    @property
    def pk(self) -> int:
        """表单的一行以指标为号。"""
        return self.indicator

    @property
    def is_changed(self) -> bool:
        return self.score != self.computed


@dataclass(frozen=True)
class ResultFacts:
    """一份评估的全部指标，以及它们的得分合计。"""

    page: str
    lines: tuple[ResultLine, ...]
    total: Decimal


def result_facts(subject: Evaluation | SelfEvaluation, context: Context) -> ResultFacts:
    """以本次所填的为准；没有填的，以已登记的为准。"""
    typed = context.data.get("results")
    lines = lines_typed(subject, typed) if typed is not None else lines_kept(subject)
    return ResultFacts(
        page=subject.case().get_absolute_url(),
        lines=tuple(lines),
        total=sum((line.score for line in lines), ZERO),
    )


def lines_typed(subject: Evaluation | SelfEvaluation, rows: list[Typed]) -> list[ResultLine]:
    """按本次所填计分；`line` 是指标的主键。"""
    return _lines(subject, {int(row["line"]): row for row in rows})


def lines_kept(
    subject: Evaluation | SelfEvaluation, indicators: list[Indicator] | None = None
) -> list[ResultLine]:
    """按已登记的各行；`indicators` 是已经取出的项目指标。"""
    kept = {row.indicator_id: typed_of(row) for row in subject.results.all()}
    return _lines(subject, kept, indicators)


def typed_of(row: IndicatorResult) -> dict[str, Any]:
    """登记时所填的：供再次填报时带出。"""
    return {
        "actual": row.actual,
        "band": row.band,
        "percent": row.percent,
        "evidence": row.evidence,
        "deviation": row.deviation,
        "changed": row.score if row.is_changed else None,
        "reason": row.reason,
    }


def indicators_of(project: Project) -> list[Indicator]:
    return list(Indicator.objects.filter(project=project).order_by("position"))


def target_of(indicator: Indicator) -> str:
    """目标值连同运算符和单位；定性的没有数。"""
    if indicator.value is None:
        return "定性"
    return f"{indicator.get_operator_display()} {plain(indicator.value)} {indicator.unit}"


def _lines(
    subject: Evaluation | SelfEvaluation,
    given: Mapping[int, Typed],
    indicators: list[Indicator] | None = None,
) -> list[ResultLine]:
    if indicators is None:
        indicators = indicators_of(subject.case())
    points = share_points([i.weight for i in indicators], subject.indicator_points)
    return [_line(i, p, given.get(i.pk) or {}) for i, p in zip(indicators, points, strict=True)]


def _line(indicator: Indicator, points: Decimal, typed: Typed) -> ResultLine:
    band, percent, actual = (typed.get(name) for name in ("band", "percent", "actual"))
    is_quality = indicator.value is None
    is_stated = bool(band and percent is not None) if is_quality else actual is not None
    scored = _scored(indicator, points, typed) if is_stated else NOT_STATED
    changed = typed.get("changed")
    score = scored.score if changed is None else Decimal(changed)
    return ResultLine(
        indicator=indicator.pk,
        level=indicator.get_level_display(),
        name=indicator.name,
        target=target_of(indicator),
        points=points,
        is_quality=is_quality,
        is_stated=is_stated,
        done=_done(indicator, typed) if is_stated else "",
        actual=actual,
        band=band or "",
        percent=percent,
        formula=scored.formula,
        computed=scored.score,
        score=score,
        is_full=scored.is_reached and score == points,
        reason=(typed.get("reason") or "").strip(),
        evidence=(typed.get("evidence") or "").strip(),
        deviation=(typed.get("deviation") or "").strip(),
    )


def _scored(indicator: Indicator, points: Decimal, typed: Typed) -> Scored:
    if indicator.value is None:
        return score_quality(typed["percent"], points)
    return score_quantity(indicator.operator, indicator.value, typed["actual"], points)


def _done(indicator: Indicator, typed: Typed) -> str:
    """实际完成值，印给人看的。"""
    if indicator.value is None:
        return f"{Band(typed['band']).label}（{plain(typed['percent'])}%）"
    return f"{plain(typed['actual'])} {indicator.unit}"
