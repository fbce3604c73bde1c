"""得分的计算，全系统只此一处：分数精确相乘相除，最后四舍五入到 0.01。"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from core.money import allocate
from projects.models import Operator

HUNDRED = Decimal(100)
ZERO = Decimal("0.00")


def rounded(exact: Fraction) -> Decimal:
    """非负的分数，四舍五入到 0.01。"""
    return Decimal(int(exact * 100 + Fraction(1, 2))).scaleb(-2)


def plain(value: Decimal | int) -> str:
    """不带多余的零：99.50 印作 99.5。"""
    return f"{Decimal(value).normalize():f}"


def share_points(weights: Sequence[Decimal], total: Decimal) -> list[Decimal]:
    """把总分值按权重分到各项指标，合计分毫不差（最大余数法，到 0.01）。"""
    if not weights:
        return []
    return [Decimal(n).scaleb(-2) for n in allocate(int(total * 100), weights)]


@dataclass(frozen=True)
class Scored:
    """一项的得分、是否达到目标、算式。"""

    score: Decimal
    is_reached: bool
    formula: str


def score_quantity(operator: str, target: Decimal, actual: Decimal, points: Decimal) -> Scored:
    """定量指标：达到目标得满分；没有达到的，≥ 按完成值/目标值、≤ 和 < 按目标值/完成值的比例。

    = 的偏离不分高低，按较小数与较大数之比。
    """
    if _reaches(operator, target, actual):
        return Scored(points, True, f"达到目标，得满分 {points}")
    is_above = actual > target
    small, large = (target, actual) if is_above else (actual, target)
    if small <= 0:
        return Scored(ZERO, False, "与目标不成比例，得 0.00")
    score = rounded(Fraction(small) / Fraction(large) * Fraction(points))
    return Scored(score, False, f"{plain(small)}/{plain(large)}×{plain(points)}={score}")


def _reaches(operator: str, target: Decimal, actual: Decimal) -> bool:
    return {
        Operator.AT_LEAST: actual >= target,
        Operator.AT_MOST: actual <= target,
        Operator.EQUAL: actual == target,
        Operator.BELOW: actual < target,
    }[Operator(operator)]


def score_quality(percent: Decimal, points: Decimal) -> Scored:
    """定性指标：按所定档次内的比例。"""
    score = rounded(Fraction(percent) * Fraction(points) / 100)
    return Scored(score, percent == HUNDRED, f"{plain(points)}×{plain(percent)}%={score}")


def weighted(scores: Mapping[str, Decimal], weights: Mapping[str, int]) -> Decimal:
    """加权平均：权重按名取；缺一项即 `KeyError`。"""
    total = sum(Fraction(weights[name]) for name in scores)
    weighed = sum((Fraction(s) * weights[n] for n, s in scores.items()), Fraction(0))
    return rounded(weighed / total)


def rate(part: int, whole: int) -> Decimal:
    """百分比；分母为零的为 0。"""
    return rounded(Fraction(part * 100, whole)) if whole else ZERO


def execution_score(executed_fen: int, budget_fen: int, points: Decimal) -> Decimal:
    """执行率得分 = 全年执行数 / 全年预算数 × 分值，不超过分值。"""
    if budget_fen <= 0:
        return ZERO
    return min(points, rounded(Fraction(executed_fen, budget_fen) * Fraction(points)))


def grade_of(score: Decimal, bands: Mapping[str, int]) -> str:
    """得分落在哪一等级：`{等级: 最低分（含）}`。"""
    return max((low, grade) for grade, low in bands.items() if score >= low)[1]
