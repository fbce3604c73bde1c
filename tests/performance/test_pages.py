"""The pages of the evaluation: what they show, to whom, and in how many queries."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from contracts.models import Settlement
from core.attachments import Attachment
from core.calendar import clock
from performance.models import (
    ASPECTS,
    Evaluation,
    EvaluationIndicator,
    EvaluationLink,
    SelfEvaluation,
)
from performance.services import (
    fill_self_evaluation,
    score_indicators,
    sign_self_evaluation,
    start_self_evaluation,
)
from projects.models import Indicator
from tests import evaluated
from tests.budgeting.steps import Desk
from tests.contracts.scenes import shared
from tests.contracts.settled import SETTLED, accepted
from tests.steps import FILE, edit, fresh, put

built, case = shared(accepted)


@pytest.fixture(autouse=True)
def _the_day(monkeypatch):
    monkeypatch.setattr(clock.timezone, "localdate", lambda: SETTLED)


@pytest.fixture
def evaluation(case) -> Evaluation:
    return Evaluation.objects.get(contract=case.pk)


@pytest.fixture
def zhang(case) -> Client:
    return client(case, "zhang")


def client(case, name: str) -> Client:
    found = Client()
    user = getattr(case.world, name).user
    found.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return found


def page(client: Client, path: str) -> str:
    response = client.get(path)
    assert response.status_code == 200, path
    return response.content.decode()


def tab(case) -> str:
    return f"/performance/projects/{case.project.pk}/"


def rows(case, **changes: str) -> dict[str, Any]:
    """The typed table of indicators."""
    indicators = list(Indicator.objects.filter(project=case.project))
    size = str(len(indicators))
    typed = {"results-TOTAL_FORMS": size, "results-INITIAL_FORMS": "0"}
    for at, row in enumerate(indicators):
        typed |= {
            f"results-{at}-line": str(row.pk),
            f"results-{at}-actual": str(row.value),
            f"results-{at}-evidence": "运行月报",
        }
    return typed | changes


def signed(case, year: int = 2026) -> SelfEvaluation:
    zhang, wang = case.world.zhang.acts(SETTLED), case.world.wang.acts(SETTLED)
    row = start_self_evaluation(case.project, year=year, **zhang)
    fill_self_evaluation(
        row,
        completion="完成",
        rate_reason="尾款未到期",
        adjustment_reason="节余收回",
        results=evaluated.reached(case.project),
        **zhang,
    )
    sign_self_evaluation(fresh(row), **wang)
    return fresh(row)


class TestTheTab:
    def test_everything_has_its_inputs(self, case, zhang, evaluation):
        evaluated.hear(case.world, evaluation, "good", SETTLED)
        evaluated.conclude(case.world, evaluation, "good", SETTLED)
        text = page(zhang, tab(case))

        for words in (
            "达到目标，得满分 40.00",
            "满意率 70/100×100=70.00",
            "100×40% + 70×15% + 70×15% + 70×20% + 70×10% = 82.00",
            "良好，总分 82.00",
            "1,756,800.00×100%",
        ):
            assert words in text, words

    def test_its_queries_do_not_grow_with_the_rounds(self, case, zhang, evaluation):
        evaluated.hear(case.world, evaluation, "good", SETTLED)
        page(zhang, tab(case))
        with CaptureQueriesContext(connection) as one:
            page(zhang, tab(case))
        for number in (2, 3, 4):
            again = put(
                Evaluation(
                    contract=case.contract,
                    round_number=number,
                    opened_on=SETTLED,
                    status="concluded",
                    concluded_on=SETTLED,
                )
            )
            evaluated_row = EvaluationIndicator.objects.filter(evaluation=evaluation).first()
            put(
                EvaluationIndicator(
                    evaluation=again,
                    indicator=evaluated_row.indicator,
                    points=Decimal(40),
                    computed=Decimal(40),
                    score=Decimal(40),
                    evidence="月报",
                )
            )
        with CaptureQueriesContext(connection) as many:
            page(zhang, tab(case))

        assert len(many) <= len(one)

    def test_another_department_finds_nothing(self, case, evaluation):
        chen = client(case, "chen")

        assert chen.get(tab(case)).status_code == 404
        for name in ("indicators", "opinion", "survey", "conclude", "link"):
            found = chen.get(f"/performance/evaluations/{evaluation.pk}/{name}/")
            assert found.status_code == 404, name


class TestScoringByHand:
    def test_what_is_typed_is_scored(self, case, zhang, evaluation):
        path = f"/performance/evaluations/{evaluation.pk}/indicators/"
        assert "系统可用率" in page(zhang, path)
        short = {"results-2-actual": "45000", "results-2-deviation": "宣传不足，已改进"}
        response = zhang.post(path, rows(case, **short))

        assert response.status_code == 302
        found = EvaluationIndicator.objects.get(indicator__name="年服务人次")
        assert found.score == Decimal("18.00")
        assert "45000/50000×20=18.00" in page(zhang, tab(case))

    @pytest.mark.parametrize(
        ("typed", "words"),
        [
            ({"results-0-actual": ""}, "请填写完成值"),
            ({"results-0-actual": "99,5"}, "半角数字"),
            ({"results-0-evidence": ""}, "请填写依据"),
            ({"results-2-actual": "1"}, "没有写偏差原因"),
            ({"results-0-changed": "39"}, "改分没有理由"),
        ],
    )
    def test_what_is_wrong_is_said_and_nothing_lost(self, case, zhang, evaluation, typed, words):
        path = f"/performance/evaluations/{evaluation.pk}/indicators/"
        response = zhang.post(path, rows(case, **typed))
        text = response.content.decode()

        assert response.status_code == 422
        assert words in text
        assert "运行月报" in text
        assert not EvaluationIndicator.objects.exists()

    def test_a_quality_is_chosen_by_its_band(self, case, zhang, evaluation):
        first = Indicator.objects.filter(project=case.project).first()
        edit(first, value=None)
        path = f"/performance/evaluations/{evaluation.pk}/indicators/"
        assert "定性档次" in page(zhang, path)
        typed = {
            "results-0-actual": "",
            "results-0-band": "achieved",
            "results-0-percent": "90",
            "results-0-deviation": "继续完善",
        }

        assert zhang.post(path, rows(case, **typed)).status_code == 302
        assert EvaluationIndicator.objects.get(indicator=first).score == Decimal("36.00")

    def test_the_proof_is_for_those_who_see_the_case(self, case, evaluation):
        evaluated.score(case.world, evaluation, SETTLED)

        results = evaluated.reached(case.project)
        acts = case.world.zhang.acts(SETTLED)
        score_indicators(fresh(evaluation), results=results, file=FILE, **acts)
        file = Attachment.objects.get(subject=f"performance.evaluation:{evaluation.pk}")
        path = f"/files/{file.pk}/"
        found = [client(case, name).get(path).status_code for name in ("zhang", "wu", "chen")]

        assert found[0] == found[1] != 404
        assert found[2] == 404


class TestTheOtherActs:
    def test_the_conclusion_is_proposed_by_the_score(self, case, evaluation):
        evaluated.hear(case.world, evaluation, "fair", SETTLED)
        wang, path = client(case, "wang"), f"/performance/evaluations/{evaluation.pk}/conclude/"
        assert "76.00，一般" in page(wang, path)
        response = wang.post(path, {"grade": "fair", "summary": "一般"})

        assert response.status_code == 302
        assert Settlement.objects.get().grade == "fair"

    def test_the_users_and_an_opinion_are_registered(self, case, zhang, evaluation):
        survey = {"asked": "100", "answered": "80", "satisfied": "74", "users_opinion": "好"}
        path = f"/performance/evaluations/{evaluation.pk}"
        assert zhang.post(f"{path}/survey/", survey).status_code == 302
        typed = dict.fromkeys(ASPECTS, "好") | {f"{n}_score": "80" for n in ASPECTS}
        typed |= {"party": "functional", "organisation": "经信委", "given_on": "2027-05-20"}
        assert zhang.post(f"{path}/opinion/", typed).status_code == 302

        assert fresh(evaluation).satisfied == 74
        assert evaluation.opinions.get().score == Decimal(80)

    def test_the_address_of_a_link_is_shown_once(self, case, zhang, evaluation):
        path = f"/performance/evaluations/{evaluation.pk}/link/"
        typed = {"organisation": "咨询中心", "expires_on": "2027-06-01"}
        response = zhang.post(path, typed)
        text = response.content.decode()

        assert response.status_code == 200
        assert "/performance/third-party/" in text
        assert response.headers["Cache-Control"] == "no-store"
        assert "/performance/third-party/" not in page(zhang, tab(case))
        link = EvaluationLink.objects.get()
        reason = {"reason": "发错了"}
        assert zhang.post(f"/performance/links/{link.pk}/revoke/", reason).status_code == 302
        assert fresh(link).status == "revoked"

    def test_the_desks_say_what_is_next(self, case, evaluation):
        assert "登记指标完成情况" in page(client(case, "zhang"), "/desk/")
        evaluated.hear(case.world, evaluation, "fair", SETTLED)
        assert "作出评估结论" in page(client(case, "wang"), "/desk/")
        evaluated.conclude(case.world, evaluation, "fair", SETTLED)
        assert "作出评估结论" not in page(client(case, "wang"), "/desk/")


class TestSelfEvaluations:
    def test_it_is_started_filled_and_signed_by_hand(self, case, zhang):
        start = f"/performance/projects/{case.project.pk}/self-evaluation/"
        assert "2026 年度" in page(zhang, start)
        assert zhang.post(start, {"year": "2026"}).status_code == 302
        row = SelfEvaluation.objects.get()
        path = f"/performance/self-evaluations/{row.pk}/"
        typed = rows(
            case, completion="完成", rate_reason="尾款未到期", adjustment_reason="节余收回"
        )
        assert zhang.post(f"{path}fill/", typed).status_code == 302
        wang = client(case, "wang")
        assert "签署年度自评" in page(wang, "/desk/")
        assert wang.post(f"{path}sign/", {}).status_code == 302
        text = page(zhang, path)

        for words in ("175.68", "122.976", "70.00%", "97.00", "项目支出绩效自评表"):
            assert words in text, words

    def test_amounts_are_nowhere_typed(self, case, zhang):
        row = put(
            SelfEvaluation(
                project=case.project, year=2026, started_on=SETTLED, execution_points=Decimal(10)
            )
        )
        text = page(zhang, f"/performance/self-evaluations/{row.pk}/fill/")

        assert 'name="budget' not in text
        assert "175.68" in text

    def test_a_neighbour_finds_nothing(self, case):
        row = signed(case)

        assert client(case, "chen").get(row.get_absolute_url()).status_code == 404


class TestTheTwoLedgers:
    """《渝北办法》第十七条: 资金使用绩效，承接主体服务绩效."""

    def test_funds_are_scored_by_project_and_programme(self, case):
        signed(case)
        text = page(client(case, "zhao"), "/performance/funds/")

        for words in ("1,756,800.00", "1,229,760.00", "70.00", "97.00", "不属特定目标类"):
            assert words in text, words
        assert "97.00" not in page(client(case, "chen"), "/performance/funds/")

    def test_they_are_filtered_and_exported(self, case):
        signed(case)
        desk = Desk(case.world.zhao)

        assert "还没有" not in desk.get("/performance/funds/?year=2026")
        assert "97.00" in desk.get("/performance/funds/?export=csv")
        assert "97.00" in desk.get("/performance/funds/?year=x")

    def test_the_queries_do_not_grow_with_the_rows(self, case):
        signed(case)
        zhao = client(case, "zhao")
        page(zhao, "/performance/funds/")
        with CaptureQueriesContext(connection) as one:
            page(zhao, "/performance/funds/?year=2026")
        signed(case, 2027)
        with CaptureQueriesContext(connection) as two:
            page(zhao, "/performance/funds/")

        assert len(two) <= len(one)

    def test_a_provider_shows_its_last_rounds(self, case, evaluation):
        evaluated.evaluate(case.world, case.contract, "fair", SETTLED)
        provider = case.contract.award.provider
        text = page(client(case, "chen"), provider.get_absolute_url())

        assert "1 份合同，平均" in text
        assert "76.00" in text
        assert case.contract.name in text

    def test_one_without_evaluations_says_so(self, case):
        provider = case.contract.award.provider

        assert "还没有已有结论的评估" in page(client(case, "chen"), provider.get_absolute_url())
