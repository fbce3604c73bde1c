"""Indicators item by item: stated, explained, and changed only with a reason."""

from __future__ import annotations

from decimal import Decimal

import pytest

from core.attachments import Attachment
from core.transitions import NotPermitted, RequestKeyMismatch, TransitionRefused
from performance.models import Evaluation, EvaluationIndicator
from performance.services import score_indicators
from projects.models import Indicator
from tests import evaluated
from tests.contracts.scenes import law, rules_of, shared
from tests.contracts.settled import SETTLED, accepted
from tests.steps import FILE, edit

built, case = shared(accepted)


@pytest.fixture
def evaluation(case) -> Evaluation:
    return Evaluation.objects.get(contract=case.pk)


@pytest.fixture
def results(case):
    return evaluated.reached(case.project)


def changed(results, **values):
    """The same with the first indicator otherwise."""
    return [{**results[0], **values}, *results[1:]]


def score(case, evaluation, results, by="zhang", **shown):
    acts = getattr(case.world, by).acts(SETTLED)
    return score_indicators(evaluation, results=results, **acts, **shown)


class TestRules:
    """《平湖办法》第九条、第十三条: every indicator, its evidence, its shortfall, its changes."""

    @pytest.mark.parametrize(
        ("values", "state"),
        [
            ({}, "met"),
            ({"actual": None}, "unmet"),
            ({"evidence": " "}, "unmet"),
            ({"actual": Decimal(0)}, "met"),
        ],
    )
    def test_every_one_is_stated_with_evidence(self, evaluation, results, values, state):
        found = law(evaluation, "PH-9-indicators-scored", results=changed(results, **values))

        assert found == (state, "YB-14")

    def test_one_left_out_is_missed(self, evaluation, results):
        found = law(evaluation, "PH-9-indicators-scored", results=results[1:])

        assert found == ("unmet", "YB-14")

    @pytest.mark.parametrize(
        ("actual", "deviation", "state"),
        [
            ("99.50", "", "met"),
            ("99.49", "", "unmet"),
            ("99.49", "设备老化，已更换", "met"),
        ],
    )
    def test_a_shortfall_is_explained(self, evaluation, results, actual, deviation, state):
        given = changed(results, actual=Decimal(actual), deviation=deviation)

        assert law(evaluation, "PH-13-shortfall-explained", results=given)[0] == state

    @pytest.mark.parametrize(
        ("points", "reason", "state"),
        [
            ("40.00", "", "met"),
            ("39.99", "", "unmet"),
            ("39.99", "停机三次未计入", "met"),
            ("40.01", "多给", "unmet"),
            ("0", "造假", "met"),
            ("-0.01", "造假", "unmet"),
        ],
    )
    def test_a_change_has_a_reason_and_stays_within(
        self, evaluation, results, points, reason, state
    ):
        given = changed(results, changed=Decimal(points), reason=reason)

        assert law(evaluation, "PH-13-change-reasoned", results=given)[0] == state

    @pytest.mark.parametrize(
        ("band", "percent", "state"),
        [
            ("achieved", "100", "met"),
            ("achieved", "80", "met"),
            ("achieved", "79.99", "unmet"),
            ("partly", "80", "unmet"),
            ("partly", "79.99", "met"),
            ("partly", "60", "met"),
            ("failed", "60", "unmet"),
            ("failed", "59.99", "met"),
            ("failed", "0", "met"),
        ],
    )
    def test_a_quality_stays_within_its_band(self, evaluation, results, band, percent, state):
        edit(Indicator.objects.get(pk=results[0]["line"]), value=None)
        given = changed(results, actual=None, band=band, percent=Decimal(percent))

        assert law(evaluation, "PH-9-band-percent", results=given) == (state, "YB-14")


class TestScoring:
    """《渝北办法》第十四条: 完成值 in, score out, with what it was computed from."""

    def test_it_is_computed_and_recorded_once(self, case, evaluation):
        evaluated.score(case.world, evaluation, SETTLED, 年服务人次="45000")

        rows = list(EvaluationIndicator.objects.all())
        assert [row.score for row in rows] == [Decimal(n) for n in ("40", "20", "18", "20")]
        assert rows[2].deviation
        assert case.recorded("performance.evaluation.score_indicators") == (1, 1)

    def test_a_change_leaves_its_trace(self, case, evaluation, results):
        given = changed(
            results, changed=Decimal("35"), reason="停机三次未计入", deviation="已加强巡检"
        )
        score(case, evaluation, given)

        row = EvaluationIndicator.objects.get(indicator=results[0]["line"])
        assert (row.computed, row.score, row.reason) == (
            Decimal("40.00"),
            Decimal("35.00"),
            "停机三次未计入",
        )

    def test_a_second_time_replaces_the_first(self, case, evaluation):
        evaluated.score(case.world, evaluation, SETTLED, 年服务人次="45000")
        evaluated.score(case.world, evaluation, SETTLED)

        assert {r.score - r.points for r in EvaluationIndicator.objects.all()} == {Decimal(0)}
        assert EvaluationIndicator.objects.count() == 4

    def test_a_quality_takes_its_percentage(self, case, evaluation, results):
        edit(Indicator.objects.get(pk=results[0]["line"]), value=None)
        given = changed(
            results, actual=None, band="partly", percent=Decimal(75), deviation="继续推进"
        )
        score(case, evaluation, given)

        row = EvaluationIndicator.objects.get(indicator=results[0]["line"])
        assert (row.actual, row.band, row.score) == (None, "partly", Decimal("30.00"))

    def test_the_proof_is_kept_with_it(self, case, evaluation, results):
        score(case, evaluation, results, file=FILE)

        assert Attachment.objects.get(subject=f"performance.evaluation:{evaluation.pk}").name

    def test_all_obstacles_at_once(self, case, evaluation, results):
        given = [
            {**results[0], "changed": Decimal(1)},
            {**results[1], "evidence": ""},
            *results[2:],
        ]
        with pytest.raises(TransitionRefused, match="改分没有理由") as refused:
            score(case, evaluation, given)

        assert rules_of(refused) == {
            "PH-9-indicators-scored",
            "PH-13-shortfall-explained",
            "PH-13-change-reasoned",
        }
        assert not EvaluationIndicator.objects.exists()

    def test_a_repeated_click_registers_once(self, case, evaluation, results):
        score(case, evaluation, results, key="k")
        assert score(case, evaluation, results, key="k").is_repeat
        with pytest.raises(RequestKeyMismatch):
            score(case, evaluation, changed(results, evidence="别的"), key="k")

    @pytest.mark.parametrize("name", ["li", "wang", "zhao", "wu", "chen"])
    def test_it_is_the_officers(self, case, evaluation, results, name):
        with pytest.raises(NotPermitted):
            score(case, evaluation, results, by=name)
