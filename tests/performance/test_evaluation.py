"""The evaluation: three parties on four aspects, the users heard, scored, and so the settlement."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

import performance.services.evaluation as services
from contracts.models import Contract, Grade, Settlement
from contracts.services import (
    answer_rectification,
    close_rectification,
    refuse_rectification,
    terminate_contract,
)
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
from performance.models import ASPECTS, Evaluation, EvaluationOpinion
from performance.services import conclude_evaluation, open_evaluation, record_opinion, record_survey
from projects.models import Stage
from tests import evaluated, purchase
from tests.contracts.scenes import fail, in_state, law, rules_of, shared
from tests.contracts.settled import ACCEPTED_ALL, SETTLED, accepted
from tests.steps import edit, fresh, put
from tests.world import deliver_all

built, case = shared(accepted)

MENDED, AGAIN = date(2027, 6, 2), date(2027, 6, 10)


@pytest.fixture
def evaluation(case) -> Evaluation:
    return Evaluation.objects.get(contract=case.pk)


@pytest.fixture
def heard(case, evaluation) -> Evaluation:
    """Scored, all three parties and the users heard; the total earns 一般."""
    evaluated.hear(case.world, evaluation, "fair", SETTLED)
    return fresh(evaluation)


def say(case, row, party, **changes):
    return evaluated.say(case.world, row, party, SETTLED, **changes)


def conclude(case, row, by="wang", **changes):
    values = {"grade": "fair", "summary": "按一般结算"} | changes
    return conclude_evaluation(row, **values, **getattr(case.world, by).acts(SETTLED))


def test_every_rule_names_an_article_of_both_regulations():
    own = [rule for rule in RULES.values() if rule.module.startswith("performance.rules")]

    assert len(own) == 24
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
    """《渝北办法》第九条第（六）项、第十四条: 三方各一份，四个方面各有意见和评分."""

    @pytest.mark.parametrize(
        ("party", "state"),
        [("purchaser", "unmet"), ("functional", "met"), ("", "unmet"), ("neighbour", "unmet")],
    )
    def test_a_party_speaks_once(self, case, evaluation, party, state):
        say(case, evaluation, "purchaser")

        assert law(evaluation, "YB-9.6-party-once", party=party) == (state, "YB-9.6")

    @pytest.mark.parametrize("name", ASPECTS)
    @pytest.mark.parametrize(
        ("text", "score", "state"),
        [
            ("好", "0", "met"),
            ("好", "100", "met"),
            ("好", "100.01", "unmet"),
            ("好", "-0.01", "unmet"),
            ("好", None, "unmet"),
            (" ", "80", "unmet"),
        ],
    )
    def test_no_aspect_is_left_out(self, evaluation, name, text, score, state):
        value = None if score is None else Decimal(score)
        given = evaluated.aspects(80, **{name: text, f"{name}_score": value})

        assert law(evaluation, "YB-14-four-aspects", **given) == (state, "YB-14")

    def test_it_is_kept_scored_and_recorded_once(self, case, evaluation):
        say(case, evaluation, "third_party", organisation="咨询中心", quality_score=Decimal(71))

        row = EvaluationOpinion.objects.get()
        assert (row.party, row.organisation, row.score) == (
            "third_party",
            "咨询中心",
            Decimal("62.75"),
        )
        assert fresh(evaluation).status == "open"
        assert case.recorded("performance.evaluation.record_opinion") == (1, 1)

    def test_a_second_one_is_refused_naming_the_article(self, case, evaluation):
        say(case, evaluation, "purchaser")
        with pytest.raises(TransitionRefused, match=r"第九条第（六）项：购买主体的意见") as refused:
            say(case, evaluation, "purchaser")

        assert rules_of(refused) == {"YB-9.6-party-once"}
        assert EvaluationOpinion.objects.count() == 1
        assert len(refusals_of(case.project.stream())) == 1

    def test_a_repeated_click_registers_one(self, case, evaluation):
        assert not say(case, evaluation, "purchaser", key="k").is_repeat
        assert say(case, evaluation, "purchaser", key="k").is_repeat
        with pytest.raises(RequestKeyMismatch):
            say(case, evaluation, "functional", key="k")

    @pytest.mark.parametrize("name", ["li", "wang", "zhao", "wu", "chen"])
    def test_it_is_the_officers(self, case, evaluation, name):
        acts = getattr(case.world, name).acts(SETTLED)
        values = evaluated.aspects(80) | {"party": "purchaser", "organisation": "x"}
        with pytest.raises(NotPermitted):
            record_opinion(evaluation, **values, given_on=SETTLED, **acts)

    def test_a_failing_last_step_leaves_nothing(self, case, evaluation, monkeypatch):
        monkeypatch.setattr(services, "EvaluationOpinion", fail)
        with pytest.raises(RuntimeError):
            say(case, evaluation, "purchaser")

        assert case.recorded("performance.evaluation.record_opinion") == (0, 0)


class TestTheUsers:
    """《渝北办法》第十四条: 服务对象 are asked, and their numbers add up."""

    @pytest.mark.parametrize(
        ("asked", "answered", "satisfied", "text", "state"),
        [
            (100, 80, 74, "好", "met"),
            (80, 80, 80, "好", "met"),
            (79, 80, 74, "好", "unmet"),
            (100, 80, 81, "好", "unmet"),
            (100, 0, 0, "好", "unmet"),
            (100, 80, 74, " ", "unmet"),
        ],
    )
    def test_no_more_satisfied_than_answered(
        self, evaluation, asked, answered, satisfied, text, state
    ):
        given = {"asked": asked, "answered": answered, "satisfied": satisfied}
        found = law(evaluation, "YB-14-survey-adds-up", **given, users_opinion=text)

        assert found == (state, "YB-14")

    def test_they_are_kept_with_the_evaluation(self, case, evaluation):
        evaluated.ask_users(case.world, evaluation, SETTLED, 74)

        row = fresh(evaluation)
        assert (row.asked, row.answered, row.satisfied) == (120, 100, 74)
        assert law(row, "YB-14-users-opinion") == ("met", "YB-14")

    def test_without_them_there_is_no_conclusion(self, evaluation):
        assert law(evaluation, "YB-14-users-opinion") == ("unmet", "YB-14")

    def test_it_is_the_officers(self, case, evaluation):
        values = {"asked": 1, "answered": 1, "satisfied": 1, "users_opinion": "好"}
        with pytest.raises(NotPermitted):
            record_survey(evaluation, **values, **case.world.wang.acts(SETTLED))


class TestTheConclusionsGround:
    """《渝北办法》第九条第（六）项、第十四条: 缺一方不得作结论，等级由得分得出."""

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
            say(case, evaluation, party)

        assert law(evaluation, "YB-9.6-three-parties") == (state, "YB-9.6")

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
        ("grade", "reason", "state"),
        [("fair", "", "met"), ("good", "", "unmet"), ("good", "整改及时", "met")],
    )
    def test_another_grade_than_the_score_earns_needs_a_reason(self, heard, grade, reason, state):
        found = law(heard, "YB-14-grade-follows-score", grade=grade, grade_reason=reason)

        assert found == (state, "YB-14")

    def test_without_all_scores_no_grade_follows(self, evaluation):
        assert law(evaluation, "YB-14-grade-follows-score", grade="fair")[0] == "unmet"

    @pytest.mark.parametrize(
        ("state", "answer"), [("signed", "met"), ("filed", "met"), ("terminated", "unmet")]
    )
    def test_a_terminated_contract_is_not_evaluated(self, case, evaluation, state, answer):
        in_state(case.contract, state)

        assert law(fresh(evaluation), "YB-9.6-contract-in-force") == (answer, "YB-9.6")


class TestConcluding:
    """《渝北办法》第十四条: 评估结果作为结算的依据."""

    def test_it_settles_and_is_recorded_once(self, case, heard):
        conclude(case, heard)

        now = fresh(heard)
        assert (now.status, now.grade, now.concluded_on) == ("concluded", "fair", SETTLED)
        assert (now.score, now.scored_grade) == (Decimal("76.00"), "fair")
        assert Settlement.objects.get().payable_fen == 170_409_600
        assert case.recorded("performance.evaluation.conclude") == (1, 1)
        assert case.recorded("contracts.settle") == (1, 0)

    def test_another_grade_stands_beside_the_one_the_score_earns(self, case, heard):
        with pytest.raises(TransitionRefused, match="没有写明理由"):
            conclude(case, heard, grade="good")
        conclude(case, heard, grade="good", grade_reason="整改及时，恢复服务早于约定")

        now = fresh(heard)
        assert (now.grade, now.scored_grade) == ("good", "fair")
        assert now.grade_reason

    def test_every_obstacle_is_named_with_its_article(self, case, evaluation):
        with pytest.raises(TransitionRefused, match=r"（六）项：还缺.*第十四条：") as refused:
            conclude(case, evaluation, grade="perfect")

        assert rules_of(refused) == {
            "YB-9.6-three-parties",
            "PH-9-indicators-scored",
            "YB-14-users-opinion",
            "YB-14-grade-follows-score",
            "YB-14-grade-agreed",
        }
        assert not Settlement.objects.exists()

    def test_a_repeated_click_settles_once(self, case, heard):
        assert not conclude(case, heard, key="k").is_repeat
        assert conclude(case, heard, key="k").is_repeat
        with pytest.raises(NotOffered):
            conclude(case, heard)
        assert Settlement.objects.count() == 1

    def test_an_opinion_given_since_it_was_shown_makes_the_page_stale(self, case, heard):
        shown = shown_digest(heard)
        edit(EvaluationOpinion.objects.first(), score=Decimal(99))
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
            say(case, heard, "purchaser")


class TestFailing:
    """《渝北办法》第十九条: 绩效评价不合格的责令限期整改，拒不整改的终止合同."""

    @pytest.fixture
    def failed(self, case, evaluation) -> Evaluation:
        purchase.load_calendar(2027)
        return evaluated.evaluate(case.world, case.contract, "poor", SETTLED)

    def close(self, case, row):
        order = row.mending
        acts = case.world.zhang.acts(MENDED)
        answer_rectification(order, reply="已补足", replied_on=MENDED, **acts)
        close_rectification(fresh(order), check_note="属实", **case.world.li.acts(MENDED))
        deliver_all()

    @pytest.mark.parametrize(
        ("demand", "workdays", "state"),
        [("补足值守", 10, "met"), ("补足值守", 0, "unmet"), (" ", 10, "unmet")],
    )
    def test_what_is_to_be_mended_by_when(self, evaluation, demand, workdays, state):
        given = {"grade": Grade.POOR, "demand": demand, "workdays": workdays}

        assert law(evaluation, "YB-19-failed-mends", **given) == (state, "YB-19")

    def test_it_orders_mending_and_settles_nothing(self, case, failed):
        order = failed.mending
        assert (failed.status, failed.grade, failed.score) == (
            "concluded",
            "poor",
            Decimal("52.00"),
        )
        assert (order.status, order.workdays, order.ordered_on) == ("ordered", 10, SETTLED)
        assert not Settlement.objects.exists()
        assert case.contract.status == "filed"
        assert case.project.stage == Stage.EVALUATION

    def test_mended_it_is_evaluated_again_and_the_first_round_stands(self, case, failed):
        self.close(case, failed)
        again = evaluated.evaluate(case.world, case.contract, "fair", AGAIN)

        assert (again.round_number, again.opened_on, again.grade) == (2, MENDED, "fair")
        assert (fresh(failed).grade, fresh(failed).opinions.count()) == ("poor", 3)
        assert Settlement.objects.get().grade == "fair"

    def test_another_mending_opens_no_round(self, case, failed):
        edit(failed, mending=None)
        order = case.contract.rectifications.get()
        acts = case.world.zhang.acts(MENDED)
        answer_rectification(order, reply="已补足", replied_on=MENDED, **acts)
        close_rectification(fresh(order), check_note="属实", **case.world.li.acts(MENDED))
        deliver_all()

        assert Evaluation.objects.count() == 1

    def test_failing_again_it_is_settled_as_agreed(self, case, failed):
        self.close(case, failed)
        again = evaluated.evaluate(case.world, case.contract, "poor", AGAIN)

        assert again.mending is None
        assert Settlement.objects.get().payable_fen == 0

    def test_failing_again_where_nothing_is_agreed_it_is_mended_again(self, case, failed):
        self.close(case, failed)
        edit(case.contract, grade_percents={"fair": "97"})
        again = evaluated.evaluate(case.world, case.contract, "poor", AGAIN)

        assert again.mending.ordered_on == AGAIN
        assert not Settlement.objects.exists()

    def test_refusing_to_mend_ends_the_contract(self, case, failed):
        late = date(2027, 6, 30)
        refuse_rectification(failed.mending, check_note="仍未整改", **case.world.li.acts(late))
        terminate_contract(case.contract, note="拒不整改", **case.world.wang.acts(late))

        assert (case.contract.status, case.package.status) == ("terminated", "terminated")
        assert case.project.stage == Stage.DISCLOSURE
