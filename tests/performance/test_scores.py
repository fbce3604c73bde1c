"""The arithmetic of scores: exact, rounded half up to 0.01, its inputs shown."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest

from performance.facts.scores import (
    execution_score,
    grade_of,
    rate,
    rounded,
    score_quality,
    score_quantity,
    share_points,
    weighted,
)

BANDS = {"excellent": 90, "good": 80, "fair": 60, "poor": 0}


class TestQuantities:
    """《平湖办法》第九条（项目绩效指标）: ≥ in proportion, ≤ and < the other way round."""

    @pytest.mark.parametrize(
        ("operator", "target", "actual", "score", "is_reached"),
        [
            ("ge", "800", "720", "13.50", False),
            ("ge", "800", "799.99", "15.00", False),
            ("ge", "800", "800", "15.00", True),
            ("ge", "800", "800.01", "15.00", True),
            ("ge", "800", "0", "0.00", False),
            ("ge", "800", "-1", "0.00", False),
            ("ge", "0", "-1", "0.00", False),
            ("le", "2", "2.5", "12.00", False),
            ("le", "2", "2.01", "14.93", False),
            ("le", "2", "2", "15.00", True),
            ("le", "0", "3", "0.00", False),
            ("lt", "2", "2", "15.00", False),
            ("lt", "2", "1.99", "15.00", True),
            ("lt", "2", "4", "7.50", False),
            ("eq", "8", "8", "15.00", True),
            ("eq", "8", "6", "11.25", False),
            ("eq", "8", "10", "12.00", False),
        ],
    )
    def test_each_operator_at_below_and_above(self, operator, target, actual, score, is_reached):
        found = score_quantity(operator, Decimal(target), Decimal(actual), Decimal(15))

        assert (found.score, found.is_reached) == (Decimal(score), is_reached)

    def test_the_inputs_are_shown(self):
        found = score_quantity("ge", Decimal("800.00"), Decimal("720.00"), Decimal("15.00"))

        assert found.formula == "720/800×15=13.50"

    def test_the_inverse_shows_the_target_above(self):
        found = score_quantity("le", Decimal(2), Decimal("2.50"), Decimal(20))

        assert found.formula == "2/2.5×20=16.00"


class TestQualities:
    def test_a_share_of_the_points(self):
        found = score_quality(Decimal(75), Decimal(20))

        assert (found.score, found.formula) == (Decimal("15.00"), "20×75%=15.00")

    def test_only_all_of_it_is_reached(self):
        assert score_quality(Decimal(100), Decimal(20)).is_reached
        assert not score_quality(Decimal("99.99"), Decimal(20)).is_reached


class TestRounding:
    @pytest.mark.parametrize(
        ("exact", "score"),
        [
            (Fraction(1, 3), "0.33"),
            (Fraction(2, 3), "0.67"),
            (Fraction(5, 1000), "0.01"),
            (Fraction(4999, 1_000_000), "0.00"),
            (Fraction(89995, 1000), "90.00"),
        ],
    )
    def test_half_goes_up(self, exact, score):
        assert rounded(exact) == Decimal(score)


class TestTotals:
    def test_a_weighted_mean(self):
        scores = {"a": Decimal(100), "b": Decimal("60.50")}

        assert weighted(scores, {"a": 40, "b": 60, "unused": 7}) == Decimal("76.30")

    def test_a_missing_weight_is_an_error(self):
        with pytest.raises(KeyError):
            weighted({"a": Decimal(1)}, {})

    @pytest.mark.parametrize(
        ("score", "grade"),
        [
            ("100", "excellent"),
            ("90", "excellent"),
            ("89.99", "good"),
            ("80", "good"),
            ("79.99", "fair"),
            ("60", "fair"),
            ("59.99", "poor"),
            ("0", "poor"),
        ],
    )
    def test_the_grade_follows_the_bands(self, score, grade):
        assert grade_of(Decimal(score), BANDS) == grade

    def test_points_are_shared_without_losing_a_hundredth(self):
        shares = share_points([Decimal(1), Decimal(1), Decimal(1)], Decimal(90))
        odd = share_points([Decimal(40), Decimal(20), Decimal(7), Decimal(33)], Decimal("90"))

        assert shares == [Decimal(30)] * 3
        assert sum(odd) == Decimal(90)
        assert odd[0] == Decimal("36.00")
        assert share_points([], Decimal(90)) == []


class TestExecution:
    """项目支出绩效自评表: 执行率得分 = 执行数 / 全年预算数 × 10，上限 10."""

    @pytest.mark.parametrize(
        ("executed", "budget", "score"),
        [
            (100, 100, "10.00"),
            (120, 100, "10.00"),
            (122_976_000, 175_680_000, "7.00"),
            (0, 100, "0.00"),
            (0, 0, "0.00"),
        ],
    )
    def test_never_above_its_points(self, executed, budget, score):
        assert execution_score(executed, budget, Decimal(10)) == Decimal(score)

    def test_a_rate_of_nothing_is_nothing(self):
        assert rate(0, 0) == Decimal("0.00")
        assert rate(74, 80) == Decimal("92.50")
