"""The evaluation: three parties on four aspects, the users heard, and so the settlement."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction

import performance.services as services
from contracts.models import Contract, Settlement
from core.events import OutboxEvent
from core.history.reading import refusals_of
from core.rules import RULES
from core.transitions import (
    NotOffered,
    NotPermitted,
    RequestKeyMismatch,
    StaleAct,
    TransitionRefused,
    shown_digest,
)
from performance.models import Evaluation, EvaluationOpinion, Party
from performance.navigation import open_evaluations, todos
from performance.selectors import evaluations_of
from performance.services import conclude_evaluation, open_evaluation, record_opinion
from projects.models import Stage
from tests.contracts.scenes import Case, fail, in_state, law, rules_of, shared
from tests.contracts.settled import ACCEPTED_ALL, SETTLED, accepted
from tests.purchase import say
from tests.steps import edit, fresh, put
from tests.world import deliver_all

built, case = shared(accepted)

ASPECTS = ("achievement", "fund_use", "quality", "satisfaction")
WHOLE = {"grade": "fair", "users_opinion": "基本满意", "summary": "按一般结算"}


@pytest.fixture
def evaluation(case) -> Evaluation:
    return Evaluation.objects.get(contract=case.pk)


@pytest.fixture
def heard(case, evaluation) -> Evaluation:
    """All three parties have spoken."""
    for party in Party.values:
        say(case.world, evaluation, party)
    return evaluation


def conclude(case: Case, row: Evaluation, by="wang", **changes):
    acts = getattr(case.world, by).acts(SETTLED)
    return conclude_evaluation(row, **{**WHOLE, **changes}, **acts)


def test_every_rule_names_an_article_of_both_regulations():
    own = [rule for rule in RULES.values() if rule.module == "performance.rules"]

    assert len(own) == 6
    assert [r.id for r in own if {a.regulation.code for a in r.cites} != {"YB", "PH"}] == []


class TestOpening:
    """《渝北办法》第九条第（六）项: 全部服务验收合格，即开始综合评估."""

    def test_the_acceptance_of_the_whole_opened_it(self, case, evaluation):
        assert (evaluation.status, evaluation.opened_on) == ("open", ACCEPTED_ALL)
        assert case.project.stage == Stage.EVALUATION
        assert case.recorded("performance.open_evaluation") == (1, 0)

    def test_once_however_often_the_event_comes(self, case, evaluation):
        assert open_evaluation(case.contract, **case.world.zhang.acts(SETTLED)) == evaluation
        OutboxEvent.objects.filter(name="projects.package.accept").update(done_at=None)
        deliver_all()

        assert Evaluation.objects.count() == 1
        with pytest.raises(IntegrityError), transaction.atomic():
            put(Evaluation(contract=Contract.objects.get(), opened_on=SETTLED))


class TestOpinions:
    """《渝北办法》第九条第（六）项、第十四条: 三方各一份，四个方面都评."""

    @pytest.mark.parametrize(
        ("party", "state"),
        [("purchaser", "unmet"), ("functional", "met"), ("", "unmet"), ("neighbour", "unmet")],
    )
    def test_a_party_speaks_once(self, case, evaluation, party, state):
        say(case.world, evaluation, "purchaser")

        assert law(evaluation, "YB-9.6-party-once", party=party) == (state, "YB-9.6")

    @pytest.mark.parametrize("blank", ASPECTS)
    def test_no_aspect_is_left_out(self, evaluation, blank):
        whole = dict.fromkeys(ASPECTS, "好")

        assert law(evaluation, "YB-14-four-aspects", **whole) == ("met", "YB-14")
        assert law(evaluation, "YB-14-four-aspects", **whole | {blank: " "}) == ("unmet", "YB-14")

    def test_it_is_kept_and_recorded_once(self, case, evaluation):
        say(case.world, evaluation, "third_party", organisation="信息化咨询中心")

        row = EvaluationOpinion.objects.get()
        assert (row.party, row.organisation, row.grade) == ("third_party", "信息化咨询中心", "fair")
        assert fresh(evaluation).status == "open"
        assert case.recorded("performance.evaluation.record_opinion") == (1, 1)

    def test_a_second_one_is_refused_naming_the_article(self, case, evaluation):
        say(case.world, evaluation, "purchaser")
        with pytest.raises(TransitionRefused, match=r"第九条第（六）项：购买主体的意见") as refused:
            say(case.world, evaluation, "purchaser")

        assert rules_of(refused) == {"YB-9.6-party-once"}
        assert EvaluationOpinion.objects.count() == 1
        assert len(refusals_of(case.project.stream())) == 1

    def test_an_aspect_left_out_is_refused_naming_the_article(self, case, evaluation):
        with pytest.raises(TransitionRefused, match=r"第十四条：没有评服务质量、公众满意度"):
            say(case.world, evaluation, "purchaser", quality="", satisfaction="")
        assert not EvaluationOpinion.objects.exists()

    def test_a_repeated_click_registers_one(self, case, evaluation):
        assert not say(case.world, evaluation, "purchaser", key="k").is_repeat
        assert say(case.world, evaluation, "purchaser", key="k").is_repeat
        with pytest.raises(RequestKeyMismatch):
            say(case.world, evaluation, "functional", key="k")

    @pytest.mark.parametrize("name", ["li", "wang", "zhao", "wu", "chen"])
    def test_it_is_the_officers(self, case, evaluation, name):
        values = dict.fromkeys(ASPECTS, "好") | {"grade": "good", "given_on": SETTLED}
        with pytest.raises(NotPermitted):
            record_opinion(
                evaluation,
                party="purchaser",
                organisation="区文化馆",
                **values,
                **getattr(case.world, name).acts(SETTLED),
            )

    def test_a_failing_last_step_leaves_nothing(self, case, evaluation, monkeypatch):
        monkeypatch.setattr(services, "EvaluationOpinion", fail)
        with pytest.raises(RuntimeError):
            say(case.world, evaluation, "purchaser")

        assert case.recorded("performance.evaluation.record_opinion") == (0, 0)


class TestTheConclusionsGround:
    """《渝北办法》第九条第（六）项、第十四条: 缺一方不得作结论，等级须有约定."""

    @pytest.mark.parametrize(
        ("parties", "state"),
        [
            ([], "unmet"),
            (["purchaser", "functional"], "unmet"),
            (["purchaser", "third_party"], "unmet"),
            (["functional", "third_party"], "unmet"),
            (["purchaser", "functional", "third_party"], "met"),
        ],
    )
    def test_all_three_parties(self, case, evaluation, parties, state):
        for party in parties:
            say(case.world, evaluation, party)

        assert law(evaluation, "YB-9.6-three-parties") == (state, "YB-9.6")

    @pytest.mark.parametrize(("text", "state"), [("满意", "met"), ("　", "unmet"), (None, "unmet")])
    def test_the_users(self, evaluation, text, state):
        assert evaluation.users_opinion == ""
        found = law(evaluation, "YB-14-users-opinion", users_opinion=text)

        assert found == (state, "YB-14")

    @pytest.mark.parametrize(
        ("grade", "summary", "state"),
        [
            ("fair", "结论", "met"),
            ("poor", "结论", "met"),
            ("fair", " ", "unmet"),
            ("perfect", "结论", "unmet"),
            ("", "结论", "unmet"),
        ],
    )
    def test_a_grade_of_the_contract(self, evaluation, grade, summary, state):
        found = law(evaluation, "YB-14-grade-agreed", grade=grade, summary=summary)

        assert found == (state, "YB-14")

    def test_a_grade_the_contract_left_out(self, case, evaluation):
        edit(case.contract, grade_percents={"good": "100"})

        assert law(evaluation, "YB-14-grade-agreed", grade="fair", summary="x")[0] == "unmet"

    @pytest.mark.parametrize(
        ("status", "state"), [("signed", "met"), ("filed", "met"), ("terminated", "unmet")]
    )
    def test_a_contract_still_in_force(self, case, evaluation, status, state):
        in_state(case.contract, status)

        assert law(fresh(evaluation), "YB-9.6-contract-in-force") == (state, "YB-9.6")


class TestConcluding:
    """《渝北办法》第十四条: 评估结果作为结算的依据."""

    def test_it_settles_and_is_recorded_once(self, case, heard):
        conclude(case, heard)

        now = fresh(heard)
        assert (now.status, now.grade, now.concluded_on) == ("concluded", "fair", SETTLED)
        assert Settlement.objects.get().payable_fen == 170_409_600
        assert case.recorded("performance.evaluation.conclude") == (1, 1)
        assert case.recorded("contracts.settle") == (1, 0)

    def test_every_obstacle_is_named_with_its_article(self, case, evaluation):
        with pytest.raises(TransitionRefused, match=r"（六）项：还缺.*第十四条：") as refused:
            conclude(case, evaluation, grade="perfect", users_opinion="")

        assert rules_of(refused) == {
            "YB-9.6-three-parties",
            "YB-14-users-opinion",
            "YB-14-grade-agreed",
        }
        assert not Settlement.objects.exists()

    def test_after_a_termination_nothing_is_concluded_or_waited_for(self, case, heard):
        on_the_desk = [t.url for t in todos(case.world.wang.user, case.world.wang.role, SETTLED)]
        assert on_the_desk == [f"/performance/evaluations/{heard.pk}/conclude/"]
        in_state(case.contract, "terminated")
        with pytest.raises(TransitionRefused, match=r"第九条第（六）项：合同已不在履行中"):
            conclude(case, fresh(heard))

        assert not list(todos(case.world.wang.user, case.world.wang.role, SETTLED))
        assert open_evaluations(case.project) == []
        assert [r.badge["label"] for r in evaluations_of(case.project)] == ["合同已终止，不再评估"]

    def test_a_repeated_click_settles_once(self, case, heard):
        assert not conclude(case, heard, key="k").is_repeat
        assert conclude(case, heard, key="k").is_repeat
        with pytest.raises(RequestKeyMismatch):
            conclude(case, heard, grade="good", key="k")
        with pytest.raises(NotOffered):
            conclude(case, heard)
        assert Settlement.objects.count() == 1

    def test_an_opinion_given_since_it_was_shown_makes_the_page_stale(self, case, heard):
        shown = shown_digest(heard)
        edit(EvaluationOpinion.objects.first(), grade="good")
        with pytest.raises(StaleAct):
            conclude(case, heard, shown=shown)

    @pytest.mark.parametrize("name", ["zhang", "li", "zhao", "wu", "gao"])
    def test_it_is_the_division_leaders(self, case, heard, name):
        with pytest.raises(NotPermitted):
            conclude(case, heard, by=name)
        assert not Settlement.objects.exists()

    def test_a_failing_settlement_leaves_nothing(self, case, heard, monkeypatch):
        monkeypatch.setattr(services, "settle", fail)
        with pytest.raises(RuntimeError):
            conclude(case, heard)

        assert fresh(heard).status == "open"
        assert case.recorded("performance.evaluation.conclude") == (0, 0)

    def test_nothing_is_added_afterwards(self, case, heard):
        conclude(case, heard)
        with pytest.raises(NotOffered):
            say(case.world, heard, "purchaser")
