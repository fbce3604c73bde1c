"""What the year's budget does not hold: routed by the sum, decided in turn, funded by a number."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import IntegrityError, transaction

import budgeting.services.decision as decision_service
from budgeting.facts import same_item_projects
from budgeting.models import OffBudgetRequest, Route
from budgeting.rules import route_of
from budgeting.services import (
    choose_route,
    issue_reply,
    raise_route,
    record_decision,
    record_funding,
    reject_project,
    return_project,
    set_ceiling,
)
from core.history.reading import acts_of
from core.history.verify import verify
from core.rules import Parameters
from core.rules.models import Parameter
from core.transitions import (
    NotOffered,
    NotPermitted,
    RequestKeyMismatch,
    StaleAct,
    TransitionRefused,
)
from projects.models import Stage
from projects.services import upgrade_cases, withdraw_project
from tests import steps
from tests.budgeting.steps import Desk
from tests.contracts.scenes import fail, in_state, rules_of
from tests.core import tampering
from tests.steps import CONCLUDED, DECIDED, REPLIED, fresh
from tests.world import deliver_all

pytestmark = pytest.mark.django_db

STANDING, PARTY = 100_000_000, 2_000_000_000
ROUTED = date(2026, 1, 20)
LIMITS = {
    "YB-11-below-limit-route": "finance",
    "YB-11-standing-committee-fen": STANDING,
    "YB-11-party-committee-fen": PARTY,
}
SECRETARIES = {"常务会": "secretary", "常委会": "party_secretary", "财政局": "zhao"}


def reviewed(world, fen, **changes):
    values = {"estimate": [world.estimate(fen)], "funds": [world.fund(fen)], "is_off_budget": True}
    return steps.conclude(world, **(values | changes))


def request_of(project) -> OffBudgetRequest:
    row = fresh(project)
    return OffBudgetRequest.objects.get(project=row, round_number=row.round_number)


def route(world, project, **shown):
    return choose_route(request_of(project), **world.zhao.acts(ROUTED), **shown)


def routed(world, fen, **changes):
    project = reviewed(world, fen, **changes)
    route(world, project)
    return project


def decide(world, body, *projects, **changes):
    return steps.decide(
        world, *projects, body=body, by=getattr(world, SECRETARIES[body]), **changes
    )


def fund(world, project, fen, number="示财追〔2026〕1号", **shown):
    values = {
        "funding_kind": "supplement",
        "funding_number": number,
        "funding_fen": fen,
        "funding_on": REPLIED,
    }
    return record_funding(request_of(project), **values, **world.zhao.acts(REPLIED), **shown)


def where(project) -> tuple[str, str, str]:
    """Status, route, and whose turn it is."""
    row = request_of(project)
    return row.status, row.route, row.body.short_name if row.body else ""


class TestTheRoute:
    """《渝北办法》第十一条: 100 万元（含）起常务会议，2000 万元（含）起再报常委会."""

    @pytest.mark.parametrize(
        ("fen", "expected", "body"),
        [
            (STANDING - 1, Route.FINANCE, "财政局"),
            (STANDING, Route.STANDING, "常务会"),
            (STANDING + 1, Route.STANDING, "常务会"),
            (PARTY - 1, Route.STANDING, "常务会"),
            (PARTY, Route.BOTH, "常务会"),
            (PARTY + 1, Route.BOTH, "常务会"),
        ],
    )
    def test_the_amount_chooses_to_the_cent(self, world, fen, expected, body):
        assert where(routed(world, fen)) == ("deciding", expected, body)

    @pytest.mark.parametrize("less", [1, 0])
    def test_two_of_one_item_are_added_up_first(self, world, less):
        """60 万 alone is the bureau's; with another 40 万 of the item it is the committee's."""
        project = reviewed(world, 60_000_000)
        reviewed(world, 40_000_000 - less, name="同品目的另一个")
        route(world, project)

        expected = (Route.FINANCE, "财政局") if less else (Route.STANDING, "常务会")
        assert where(project)[1:] == expected
        assert request_of(project).same_item_fen == STANDING - less

    def test_what_is_another_item_year_purchaser_or_gone_does_not_count(self, world):
        project = reviewed(world, 60_000_000)
        other = world.estimate(60_000_000, code="C16100000")
        steps.file(world, estimate=[other], catalogue_item=other.catalogue_item, is_off_budget=True)
        steps.file(world, estimate=[world.estimate(60_000_000)])
        gone = steps.file(world, estimate=[world.estimate(60_000_000)], is_off_budget=True)
        withdraw_project(gone, note="不办了", **world.zhang.acts())

        assert list(same_item_projects(project)) == [project]

    def test_what_the_regulation_leaves_open_is_a_parameter(self):
        day = date(2026, 1, 1)
        assert route_of(1, Parameters(LIMITS, day)) == Route.FINANCE
        strict = LIMITS | {"YB-11-below-limit-route": "standing"}
        assert route_of(1, Parameters(strict, day)) == Route.STANDING

    def test_it_is_chosen_after_the_review_by_finance(self, world):
        project = steps.submit(world, is_off_budget=True)
        assert where(project) == ("opened", "", "")

        with pytest.raises(TransitionRefused, match="审核意见之后") as refused:
            route(world, project)
        assert rules_of(refused) == {"YB-11-after-review"}

    @pytest.mark.parametrize("name", ["zhang", "qian", "secretary", "wu", "chen"])
    def test_nobody_else_chooses_it(self, world, name):
        project = reviewed(world, STANDING)
        with pytest.raises(NotPermitted):
            choose_route(request_of(project), **getattr(world, name).acts(ROUTED))

    def test_a_district_without_the_body_says_so(self, world):
        """Nobody is passed over because nobody is there."""
        project = reviewed(world, PARTY)
        sql = f"UPDATE {tampering.table(mandate())} SET code = 'x' WHERE code = 'party_committee'"
        tampering.run(sql)

        with pytest.raises(TransitionRefused, match="没有登记区委常委会议") as refused:
            route(world, project)
        assert rules_of(refused) == {"YB-11-route-has-bodies"}

    def test_a_budgeted_project_has_no_request(self, world):
        assert not OffBudgetRequest.objects.filter(project=steps.submit(world)).exists()

    def test_a_stale_page_and_a_second_click(self, world):
        from core.transitions import shown_digest

        project = reviewed(world, 60_000_000)
        shown = shown_digest(request_of(project))
        reviewed(world, 40_000_000, name="同品目的另一个")
        with pytest.raises(StaleAct):
            route(world, project, shown=shown)

        assert not route(world, project, key="k").is_repeat
        assert route(world, project, key="k").is_repeat
        assert acts_of(project.stream()).count("budgeting.offbudgetrequest.choose_route") == 1


def mandate():
    from accounts.models import Mandate

    return Mandate


class TestTheSumGrows:
    """第十一条: a request filed later may lift those before it to a higher body."""

    @pytest.fixture
    def first(self, world):
        project = routed(world, 60_000_000)
        decide(world, "财政局", project)
        fund(world, project, 60_000_000)
        return project

    def test_the_reply_waits_and_the_request_goes_up(self, world, first):
        reviewed(world, 40_000_000, name="同品目的另一个")
        with pytest.raises(TransitionRefused, match="尚缺区政府常务会议的审定") as refused:
            reply(world, first)
        assert "YB-11-off-budget-route" in rules_of(refused)

        raise_route(request_of(first), **world.zhao.acts(REPLIED))
        assert where(first) == ("deciding", Route.STANDING, "常务会")
        decide(world, "常务会", first)
        assert where(first)[0] == "approved"

    def test_it_does_not_go_up_for_nothing(self, world, first):
        with pytest.raises(TransitionRefused, match="不必改报") as refused:
            raise_route(request_of(first), **world.zhao.acts(REPLIED))
        assert rules_of(refused) == {"YB-11-route-raised"}

    def test_who_has_passed_it_is_not_asked_again(self, world):
        project = routed(world, PARTY - 1)
        decide(world, "常务会", project)
        reviewed(world, 1, name="同品目的另一个")
        raise_route(request_of(project), **world.zhao.acts(DECIDED))

        assert where(project) == ("deciding", Route.BOTH, "常委会")


class TestTheBodies:
    """第十一条: 常务会议审议之后再报常委会；每一级由其秘书登记，前一级不通过即告终结."""

    def test_both_in_order(self, world):
        project = routed(world, PARTY)
        decide(world, "常务会", project)
        assert where(project) == ("deciding", Route.BOTH, "常委会")

        decide(world, "常委会", project)
        assert where(project) == ("approved", Route.BOTH, "")

    def test_the_second_does_not_decide_before_the_first(self, world):
        project = routed(world, PARTY)
        with pytest.raises(TransitionRefused, match="还没有轮到区委常委会议") as refused:
            decide(world, "常委会", project)

        assert rules_of(refused) == {"YB-11-decided-in-turn"}
        assert where(project) == ("deciding", Route.BOTH, "常务会")

    def test_nor_is_its_meeting_before_that_of_the_first(self, world):
        project = routed(world, PARTY)
        decide(world, "常务会", project)
        with pytest.raises(TransitionRefused, match="还没有轮到") as refused:
            decide(world, "常委会", project, decided_on=date(2026, 1, 25))
        assert refused.value.refusals[0].compared == ((str(project), "前一级 2026-01-26 才通过"),)

    def test_refused_by_the_first_it_ends(self, world):
        project = routed(world, PARTY)
        decide(world, "常务会", project, outcome="reject")
        assert where(project)[0] == "refused"

        with pytest.raises(TransitionRefused) as refused:
            decide(world, "常委会", project)
        assert rules_of(refused) == {"YB-11-decided-in-turn"}
        reject_project(fresh(project), note="未获同意", **world.zhao.acts(REPLIED))
        assert (fresh(project).stage, where(project)[0]) == (Stage.REJECTED, "refused")

    def test_refused_by_the_second_it_ends_as_well(self, world):
        project = routed(world, PARTY)
        decide(world, "常务会", project)
        decide(world, "常委会", project, outcome="reject")

        assert where(project)[0] == "refused"
        with pytest.raises(NotOffered):
            fund(world, project, PARTY)

    @pytest.mark.parametrize(("fen", "body"), [(STANDING, "财政局"), (STANDING - 1, "常务会")])
    def test_only_the_body_of_the_route_decides(self, world, fen, body):
        project = routed(world, fen)
        with pytest.raises(TransitionRefused) as refused:
            decide(world, body, project)
        assert rules_of(refused) == {"YB-11-decided-in-turn"}

    def test_nobody_decides_before_the_route_is_chosen(self, world):
        project = reviewed(world, STANDING)
        with pytest.raises(TransitionRefused, match="还没有轮到"):
            decide(world, "常务会", project)

    def test_a_body_corrects_itself_and_a_corrected_refusal_ends_it(self, world):
        project = routed(world, STANDING)
        decide(world, "常务会", project)
        decide(world, "常务会", project, fen=90_000_000, number="示府阅〔2026〕3号")
        assert where(project)[0] == "approved"

        decide(world, "常务会", project, outcome="reject", number="示府阅〔2026〕4号")
        assert where(project)[0] == "refused"

    @pytest.mark.parametrize("name", ["party_secretary", "zhao", "zhang", "wu"])
    def test_its_own_secretary_records_it(self, world, name):
        decision = steps.prepared(world, routed(world, STANDING))
        with pytest.raises(NotPermitted):
            record_decision(decision, **getattr(world, name).acts(DECIDED))

    def test_the_case_tells_which_meeting_moved_it(self, world):
        project = routed(world, STANDING)
        decide(world, "常务会", project)

        last = acts_of(project.stream())[-1]
        assert last == "budgeting.offbudgetrequest.grant"
        assert verify().differences == []

    def test_a_failing_step_leaves_nothing(self, world, monkeypatch):
        project = routed(world, STANDING)
        decision = steps.prepared(world, project)
        monkeypatch.setattr(decision_service, "follow_decision", fail)
        with pytest.raises(RuntimeError):
            record_decision(decision, **world.secretary.acts(DECIDED))

        assert (fresh(decision).status, where(project)[0]) == ("draft", "deciding")


class TestTheMoney:
    """《预算法》第十三条: 会议通过不等于有预算；没有追加（调剂）文号的不得批复."""

    @pytest.fixture
    def project(self, world):
        project = routed(world, STANDING)
        decide(world, "常务会", project)
        return project

    def test_without_the_number_there_is_no_reply(self, world, project):
        with pytest.raises(TransitionRefused, match=r"第十一条：未列预算的项目没有登记") as refused:
            reply(world, project)

        assert rules_of(refused) == {"YB-11-supplement-number"}
        assert fresh(project).stage == Stage.BUDGET

    @pytest.mark.parametrize(("less", "passes"), [(1, False), (0, True), (-1, True)])
    def test_it_covers_the_reply_to_the_cent(self, world, project, less, passes):
        fund(world, project, STANDING - less)
        if passes:
            reply(world, project)
            assert (fresh(project).stage, where(project)[0]) == (Stage.PROCUREMENT, "funded")
            assert verify().differences == []
            return
        with pytest.raises(TransitionRefused, match="超过追加（调剂）的金额") as refused:
            reply(world, project)
        assert rules_of(refused) == {"YB-11-supplement-covers"}

    @pytest.mark.parametrize(("number", "fen"), [("", 1), ("  ", 1), ("号", 0)])
    def test_number_and_amount_are_both_stated(self, world, project, number, fen):
        with pytest.raises(TransitionRefused) as refused:
            fund(world, project, fen, number)
        assert rules_of(refused) == {"YB-11-funding-stated"}

    def test_the_database_holds_it_too(self, project):
        with pytest.raises(IntegrityError), transaction.atomic():
            in_state(request_of(project), "funded")

    @pytest.mark.parametrize("name", ["zhang", "secretary", "qian", "wu"])
    def test_finance_records_it(self, world, project, name):
        values = {"funding_kind": "transfer", "funding_number": "1号", "funding_on": REPLIED}
        with pytest.raises(NotPermitted):
            record_funding(
                request_of(project),
                funding_fen=1,
                **values,
                **getattr(world, name).acts(REPLIED),
            )

    def test_it_is_corrected_until_the_reply_and_not_after(self, world, project):
        fund(world, project, 1)
        fund(world, project, STANDING, "示财追〔2026〕2号")
        reply(world, project)
        with pytest.raises(TransitionRefused) as refused:
            fund(world, project, 1)

        assert rules_of(refused) == {"YB-11-after-review"}
        assert request_of(project).funding_number == "示财追〔2026〕2号"

    def test_one_click_one_effect(self, world, project):
        assert not fund(world, project, STANDING, key="k").is_repeat
        assert fund(world, project, STANDING, key="k").is_repeat
        with pytest.raises(RequestKeyMismatch):
            fund(world, project, 1, key="k")


class TestEnds:
    """A round that ends takes its request with it."""

    def test_returned_for_correction_a_new_round_has_a_new_one(self, world):
        project = routed(world, STANDING)
        old = request_of(project)
        review = steps.review_of(project)
        return_project(review, objections=["请说明"], **world.zhao.acts(ROUTED))

        assert fresh(old).status == "closed"

    def test_withdrawn(self, world):
        project = routed(world, STANDING)
        withdraw_project(fresh(project), note="不办了", **world.zhang.acts(ROUTED))
        deliver_all()

        assert where(project)[0] == "closed"

    def test_a_case_of_an_earlier_version_gets_its_request(self, world):
        project = reviewed(world, STANDING)
        tampering.run(f"DELETE FROM {tampering.table(OffBudgetRequest)}")

        assert upgrade_cases(on=ROUTED) == 1
        assert upgrade_cases(on=ROUTED) == 0
        assert where(project) == ("opened", "", "")

    def test_the_limits_are_those_of_the_filing(self, world):
        """Parameters of the day of the filing bind, also when they change before the route."""
        project = reviewed(world, STANDING)
        limit = Parameter.objects.get(key="YB-11-standing-committee-fen")
        steps.edit(limit, until=CONCLUDED)
        new = {"unit": limit.unit, "article": limit.article, "value": STANDING * 2}
        steps.put(Parameter(key=limit.key, since=CONCLUDED, **new))
        route(world, project)

        assert where(project)[1] == Route.STANDING


def reply(world, project):
    purchaser = world.purchasers["文旅委"]
    if project.total_fen > 300_000_000:
        set_ceiling(
            purchaser,
            year=2026,
            fund=world.funds["部门预算"],
            amount_fen=project.total_fen,
            number="示财预〔2026〕1号",
            **world.zhao.acts(REPLIED),
        )
    issue_reply(steps.draft_reply(world, project), **world.zhao.acts(REPLIED))


def test_the_page_of_the_reply_says_beforehand_what_its_projects_lack(world):
    """What the act would refuse stands in the list before the button is pressed."""
    project = routed(world, STANDING)
    decide(world, "常务会", project)
    reply = steps.draft_reply(world, project, fen=STANDING)

    page = Desk(world.zhao).get(f"/budget/replies/{reply.pk}/issue/")

    assert f"{project}：追加（调剂）文号" in page
    assert "未列预算的项目没有登记预算追加（调剂）文号" in page


def test_a_reply_does_not_offer_ticked_what_waits_for_its_budget(world):
    """Decided, but without the number of a supplementary budget: listed, left to be ticked."""
    project = routed(world, STANDING)
    decide(world, "常务会", project)
    address = f"/budget/replies/new/?group={project.purchaser_id}-{project.year}"

    def ticked():
        field = f'name="project-{project.pk}-include"'
        page = Desk(world.zhao).get(address)
        return "checked" in page[page.index(field) : page.index(">", page.index(field))]

    assert not ticked()
    fund(world, project, STANDING)
    assert ticked()
