"""Ceilings tried by the latest score of the same project of earlier years."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from budgeting.models import Ceiling
from budgeting.selectors.trying import SCORED, UNSCORED, tried
from performance.models import SelfEvaluation
from performance.selectors.latest import latest_evaluations
from projects.models import Project
from tests import steps
from tests.steps import edit, fresh, put

pytestmark = pytest.mark.django_db


@pytest.fixture
def ceiling(world) -> Ceiling:
    return Ceiling.objects.get(
        purchaser=world.purchasers["文旅委"], year=2026, fund=world.funds["部门预算"]
    )


def filed(world, name: str) -> Project:
    return steps.file(world, name=name)


def scored(world, project: Project, score: str | None, year: int = 2025) -> SelfEvaluation:
    """The same project of the year before, with its own evaluation of that year."""
    before = steps.file(world, name=project.name)
    edit(before, year=year)
    row = SelfEvaluation(
        project=before,
        year=year,
        started_on=date(year + 1, 1, 5),
        execution_points=10,
        status="signed" if score else "draft",
        score=Decimal(score) if score else None,
        signed_on=date(year + 1, 1, 20) if score else None,
    )
    return put(row)


class TestByTheLatestScore:
    """《渝北办法》第十四条: 评价结果作为以后年度预算安排的依据；没有评价过的不当作零分."""

    def test_the_best_come_first_and_the_unscored_in_a_group_of_their_own(self, world, ceiling):
        new, poor, good, open_one = (filed(world, name) for name in ("新", "差", "好", "评着"))
        scored(world, poor, "0.00")
        scored(world, good, "91.50")
        scored(world, open_one, None)

        (found,) = tried([ceiling], percent=None, amount_fen=None, order="score")

        (first, ranked), (last, rest) = found.groups
        assert (first, last) == (SCORED, UNSCORED)
        assert [share.project for share in ranked] == [good, poor]
        assert {share.project for share in rest} == {new, open_one}
        assert [share.score for share in rest] == [None, None]

    def test_other_orders_have_one_group_and_ask_for_no_score(self, world, ceiling):
        project = filed(world, "好")
        scored(world, project, "91.50")
        (found,) = tried([ceiling], percent=None, amount_fen=None, order="filed")
        ((name, shares),) = found.groups
        assert (name, [share.score for share in shares]) == ("", [None])

    def test_the_nearest_in_time_counts(self, world):
        project = filed(world, "好")
        scored(world, project, "60.00", 2024)
        scored(world, project, "80.00", 2025)
        found = latest_evaluations([project])[project.pk]
        assert (found.score, found.title) == (Decimal("80.00"), "2025 年度自评")

    def test_an_older_one_counts_where_the_last_year_has_none(self, world):
        project = filed(world, "好")
        scored(world, project, "60.00", 2024)
        scored(world, project, None, 2025)
        assert latest_evaluations([project])[project.pk].score == Decimal("60.00")

    def test_the_queries_do_not_grow(self, world, ceiling, django_assert_max_num_queries):
        for name in ("甲", "乙", "丙", "丁"):
            scored(world, filed(world, name), "80.00")
        with django_assert_max_num_queries(12):
            tried([ceiling], percent=None, amount_fen=None, order="score")

    def test_another_unit_of_the_same_name_is_another_project(self, world):
        project = filed(world, "好")
        row = scored(world, project, "80.00")
        edit(fresh(row.project), purchaser=world.purchasers["教委"])
        assert latest_evaluations([project]) == {}
