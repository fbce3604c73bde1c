"""Every condition of review, decision, reply and ceiling, seen kept and broken."""

from datetime import date

import pytest

from accounts.models import Mandate
from budgeting.facts.review import joined_later
from budgeting.models import DecisionLine, Objection, OffBudgetRequest, ReplyLine
from budgeting.services import (
    agree,
    agree_on_condition,
    answer_objection,
    answer_opinion,
    choose_route,
    conclude_review,
    oppose,
    return_project,
    set_ceiling,
)
from core.attachments import Attachment
from core.history import change
from core.transitions import TransitionRefused, perform
from projects.models import Project
from tests import steps
from tests.steps import put
from tests.world import DAY

LATER = date(2025, 11, 3)
STANDING, PARTY = 100_000_000, 2_000_000_000


def state(subject, rule_id, **data):
    return steps.verdict(subject, rule_id, **data).state


def remove(row):
    with change(title="x", act="x", by=None, on=DAY, stream="x") as changes:
        changes.delete(row)


def _joining(world) -> Mandate:
    """The audit office, made a reviewing body as well."""
    known = Mandate.objects.filter(kind="joint_reviewer").first()
    return Mandate(
        jurisdiction=known.jurisdiction,
        kind="joint_reviewer",
        organisation=world.wu.role.organisation,
        position=9,
    )


class TestJointReview:
    """《渝北办法》第九条第（二）项: every reviewing body has spoken, none is opposed."""

    def test_it_is_incomplete_until_the_last_has_spoken(self, world):
        project = steps.submit(world)
        steps.agree_all(world, project, but=("经信委",))

        verdict = steps.verdict(project, "YB-9.2-joint-review")
        assert (verdict.state, verdict.mended_by) == ("unmet", "经信委")
        agree(steps.opinion_of(project, "经信委"), **world.sun.acts(LATER))
        assert state(project, "YB-9.2-joint-review") == "met"

    def test_a_district_without_reviewers_has_no_complete_review(self, world):
        for mandate in Mandate.objects.filter(kind="joint_reviewer"):
            remove(mandate)
        project = steps.submit(world)

        assert steps.verdict(project, "YB-9.2-joint-review").mended_by == "安全管理员"

    def test_who_becomes_a_reviewer_in_the_middle_does_not_block_the_round(self, world):
        """Who was asked when the round opened is who must have spoken; the next round asks anew."""
        project = steps.submit(world)
        put(_joining(world))
        steps.agree_all(world, project)

        assert state(project, "YB-9.2-joint-review") == "met"
        assert joined_later(steps.review_of(project)) == ("审计局",)

    def test_who_leaves_in_the_middle_is_still_awaited(self, world):
        project = steps.submit(world)
        steps.agree_all(world, project, but=("经信委",))
        remove(Mandate.objects.get(kind="joint_reviewer", organisation__short_name="经信委"))

        assert steps.verdict(project, "YB-9.2-joint-review").mended_by == "经信委"

    def test_an_opposition_is_open_until_its_author_agrees(self, world):
        project = steps.submit(world)
        opinion = steps.opinion_of(project, "发改委")

        def seen():
            return state(project, "YB-9.2-no-open-opposition")

        assert seen() == "met"
        oppose(opinion, text="理由不足。", **world.qian.acts(LATER))
        assert seen() == "unmet"
        answer_opinion(opinion, text="已补充。", **world.zhang.acts(LATER))
        assert seen() == "unmet"
        agree(opinion, **world.qian.acts(LATER))
        assert seen() == "met"

    def test_opinions_are_given_only_while_the_review_runs(self, world):
        project = steps.submit(world)
        opinion = steps.opinion_of(project, "发改委")
        assert state(opinion, "YB-9.2-review-open") == "met"

        perform(steps.review_of(project), "close", **world.zhao.acts(LATER))

        shown = dict(steps.verdict(steps.fresh(opinion), "YB-9.2-review-open").compared)
        assert shown == {"会审状态": "已结束"}
        with pytest.raises(TransitionRefused, match="会审不在进行中"):
            agree(opinion, **world.qian.acts(LATER))

    @pytest.mark.parametrize(("step", "expected"), [(-1, "met"), (0, "met"), (1, "unmet")])
    def test_the_proposal_stays_within_the_request(self, world, step, expected):
        review = steps.review_of(steps.submit(world))

        seen = state(review, "YB-9.2-proposed-within-request", proposed_fen=186_000_000 + step)

        assert seen == expected


class TestStatedReasons:
    """What binds others must be written down."""

    @pytest.mark.parametrize(
        ("condition", "due_stage", "expected"),
        [
            ("验收前交证明", "evaluation", "met"),
            (" ", "evaluation", "unmet"),
            ("条件", "", "unmet"),
        ],
    )
    def test_a_condition_says_what_and_when(self, world, condition, due_stage, expected):
        opinion = steps.opinion_of(steps.submit(world), "经信委")
        data = {"condition": condition, "due_stage": due_stage}

        assert state(opinion, "YB-9.2-condition-stated", **data) == expected
        if expected == "unmet":
            with pytest.raises(TransitionRefused, match="落实环节"):
                agree_on_condition(opinion, **data, **world.sun.acts(LATER))

    @pytest.mark.parametrize(("text", "expected"), [("理由", "met"), ("  ", "unmet")])
    def test_an_opposition_has_a_reason(self, world, text, expected):
        opinion = steps.opinion_of(steps.submit(world), "发改委")

        assert state(opinion, "YB-9.2-opposition-reasoned", text=text) == expected

    def test_a_return_states_at_least_one_objection(self, world):
        review = steps.review_of(steps.submit(world))

        with pytest.raises(TransitionRefused, match="至少写明一条意见"):
            return_project(review, objections=[], **world.zhao.acts(LATER))
        steps.put(Objection(review=review, number=1, text="意见"))
        assert state(review, "YB-9.2-objections-stated") == "met"

    def test_every_objection_is_answered_before_the_next_round(self, world):
        project = steps.submit(world)
        return_project(steps.review_of(project), objections=["一", "二"], **world.zhao.acts(LATER))
        rule_id = "YB-9.2-objections-answered"

        assert steps.verdict(project, rule_id).message == "退回意见（1）、（2）尚未答复"
        for objection in Objection.objects.all():
            answer_objection(objection, text="已改。", **world.zhang.acts(LATER))
        assert state(project, rule_id) == "met"

    @pytest.mark.parametrize("rule_id", ["YB-9.2-answer-stated", "YB-9.2-evidence-stated"])
    @pytest.mark.parametrize(("text", "expected"), [("内容", "met"), (" ", "unmet")])
    def test_an_answer_and_a_proof_have_content(self, world, rule_id, text, expected):
        review = steps.review_of(steps.submit(world))
        objection = steps.put(Objection(review=review, number=1, text="意见"))
        field = "text" if "answer" in rule_id else "evidence"

        assert state(objection, rule_id, **{field: text}) == expected


class TestDecision:
    """《渝北办法》第九条第（二）项: reviewed, then decided on the record, then replied to."""

    @pytest.mark.parametrize(("day", "expected"), [(19, "unmet"), (20, "met"), (21, "met")])
    def test_it_follows_the_review(self, world, day, expected):
        decision = steps.prepared(world, steps.conclude(world), decided_on=date(2025, 11, day))

        assert state(decision, "YB-9.2-decision-after-review") == expected

    def test_a_project_without_a_concluded_review_is_named(self, world):
        project = steps.submit(world)

        verdict = steps.verdict(steps.prepared(world, project), "YB-9.2-decision-after-review")

        assert dict(verdict.compared)[str(project)] == "尚未形成审核意见"

    def test_it_lists_a_project(self, world):
        assert state(steps.prepared(world), "YB-9.2-decision-after-review") == "unmet"

    @pytest.mark.parametrize("missing", [{"meeting": ""}, {"number": ""}, {"file": None}])
    def test_it_has_meeting_number_and_file(self, world, missing):
        decision = steps.prepared(world, steps.conclude(world), **missing)

        assert len(steps.verdict(decision, "YB-9.2-decision-evidenced").compared) == 1

    def test_complete_it_keeps_both_rules_and_its_file(self, world):
        decision = steps.decide(world, steps.conclude(world))

        assert state(decision, "YB-9.2-decision-evidenced") == "met"
        assert Attachment.objects.get().subject == f"budgeting.decision:{decision.pk}"


class TestReply:
    """《渝北办法》第九条第（二）项: no reply before, above or without the decision."""

    def test_a_draft_decision_is_no_decision(self, world):
        project = steps.conclude(world)
        decision = steps.prepared(world, project)
        assert state(project, "YB-9.2-decision-recorded") == "unmet"

        perform(decision, "record", **world.secretary.acts(steps.DECIDED))

        assert state(project, "YB-9.2-decision-recorded") == "met"

    def test_a_decision_of_an_earlier_round_does_not_count(self, world):
        project = steps.conclude(world)
        steps.decide(world, project)
        line = DecisionLine.objects.get()

        steps.edit(line, round_number=0)

        assert state(project, "YB-9.2-decision-recorded") == "unmet"

    @pytest.mark.parametrize(("step", "expected"), [(-1, "met"), (0, "met"), (1, "unmet")])
    def test_the_amount_is_at_most_what_was_decided(self, world, step, expected):
        project = steps.conclude(world)
        steps.decide(world, project, fen=180_000_000)

        seen = state(project, "YB-9.2-approved-as-decided", approved_fen=180_000_000 + step)

        assert seen == expected

    def test_the_lowest_of_several_decisions_counts(self, world):
        project = steps.conclude(world)
        steps.decide(world, project, fen=180_000_000)
        steps.decide(world, project, fen=170_000_000, body="常委会", by=world.party_secretary)

        rule_id = "YB-9.2-approved-as-decided"
        assert state(project, rule_id, approved_fen=170_000_001) == "unmet"

    @pytest.mark.parametrize(("outcome", "expected"), [("approve", "unmet"), ("reject", "met")])
    def test_a_rejection_needs_its_decision(self, world, outcome, expected):
        project = steps.conclude(world)
        steps.decide(world, project, outcome=outcome)

        assert state(project, "YB-9.2-rejection-decided") == expected

    def test_a_reply_lists_a_project(self, world):
        project = steps.conclude(world)
        reply = steps.draft_reply(world, project)
        assert state(reply, "YB-9.2-reply-has-lines") == "met"

        remove(ReplyLine.objects.get())

        assert state(reply, "YB-9.2-reply-has-lines") == "unmet"


class TestOffBudget:
    """《渝北办法》第十一条: 100 万元 to the standing, 2000 万元 to the party committee.

    How a request goes its route: test_off_budget.py; here what the reply asks.
    """

    ROUTE = "YB-11-off-budget-route"

    def case(self, world, fen, **changes):
        return steps.conclude(
            world,
            estimate=[world.estimate(fen)],
            funds=[world.fund(fen)],
            **{"is_off_budget": True, **changes},
        )

    @pytest.mark.parametrize(
        ("fen", "missing"),
        [
            (STANDING - 1, ["区财政局"]),
            (STANDING, ["区政府常务会议"]),
            (STANDING + 1, ["区政府常务会议"]),
            (PARTY - 1, ["区政府常务会议"]),
            (PARTY, ["区政府常务会议", "区委常委会议"]),
            (PARTY + 1, ["区政府常务会议", "区委常委会议"]),
        ],
    )
    def test_the_amount_decides_who_must_decide(self, world, fen, missing):
        compared = steps.verdict(self.case(world, fen), self.ROUTE).compared

        assert [name for name, _ in compared[1:]] == missing

    def test_both_bodies_are_needed_and_enough_above_the_second_limit(self, world):
        project = self.case(world, PARTY)
        request = OffBudgetRequest.objects.get(project=project)
        choose_route(request, **world.zhao.acts(steps.DECIDED))
        steps.decide(world, project)
        assert state(project, self.ROUTE) == "unmet"

        steps.decide(world, project, body="常委会", by=world.party_secretary)

        assert state(project, self.ROUTE) == "met"

    def test_projects_of_one_item_are_added_up(self, world):
        project = self.case(world, 60_000_000)
        steps.file(world, estimate=[world.estimate(40_000_000)], is_off_budget=True)

        compared = dict(steps.verdict(project, self.ROUTE).compared)
        assert compared["区政府常务会议"] == "未审定"

    def test_a_budgeted_project_takes_no_such_route(self, world):
        project = self.case(world, PARTY, is_off_budget=False)

        assert state(project, self.ROUTE) == "met"
        assert state(project, "YB-11-supplement-number") == "met"


class TestCeiling:
    """《渝北办法》第十二条: within the ceiling of each source of funds."""

    RULE = "YB-12-within-ceiling"

    def ceiling(self, world, fen):
        set_ceiling(
            world.purchasers["文旅委"],
            year=2026,
            fund=world.funds["部门预算"],
            amount_fen=fen,
            number="示财预〔2025〕13号",
            **world.zhao.acts(),
        )

    @pytest.mark.parametrize(("step", "expected"), [(-1, "unmet"), (0, "met"), (1, "met")])
    def test_the_reply_stays_within_what_is_available(self, world, step, expected):
        self.ceiling(world, 186_000_000 + step)

        assert state(steps.file(world), self.RULE, approved_fen=186_000_000) == expected

    def test_what_others_were_given_is_no_longer_available(self, world):
        steps.reply(world)
        self.ceiling(world, 186_000_000 + 100)
        project = steps.file(world)

        assert state(project, self.RULE, approved_fen=100) == "met"
        assert state(project, self.RULE, approved_fen=101) == "unmet"

    def test_a_year_without_a_ceiling_is_refused(self, world):
        project = steps.edit(steps.file(world), year=2027)

        compared = dict(steps.verdict(Project.objects.get(pk=project.pk), self.RULE).compared)

        assert compared["部门预算·可用"] == "未下达控制数"

    def test_the_decided_amount_is_asked_before_the_form_is_filled(self, world):
        project = steps.conclude(world)
        steps.decide(world, project, fen=180_000_000)
        self.ceiling(world, 180_000_000)

        assert state(project, self.RULE) == "met"

    def test_conclusion_and_request_are_asked_before_any_decision(self, world):
        project = steps.submit(world)
        steps.agree_all(world, project)
        conclude_review(
            steps.review_of(project), proposed_fen=1, summary="x", **world.zhao.acts(LATER)
        )
        self.ceiling(world, 185_999_999)

        assert state(project, self.RULE) == "unmet"
