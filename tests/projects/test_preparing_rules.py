"""What a filing is prepared with: planning, open data, pilots, study, papers, weight."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from config.demo.papers import paper
from core.transitions import TransitionRefused
from projects.models import FormWeight, Project
from projects.rules import weight_of
from projects.services import conclude_pilot, register_status
from tests import steps
from tests.programme import programme
from tests.world import DAY, build_world

PARAMETERS = {
    "YB-4.3-small-filing-fen": 30_000_000,
    "YB-4.3-key-filing-fen": 1_000_000_000,
    "YB-4.3-key-programmes": ["smart_city"],
}


def state(project, rule_id, **data):
    return steps.verdict(project, rule_id, **data).state


@pytest.fixture
def plain(world):
    """Files a case without programme, with changes."""
    return lambda **changes: steps.file(world, **changes)


@pytest.fixture
def case(world):
    """Files a complete 特定目标类 case, with changes."""
    return lambda **changes: steps.file(world, **programme(world, **changes))


class TestWeight:
    """《渝北办法》第四条第（三）项: amount and programme decide how much is asked."""

    @pytest.mark.parametrize(
        ("total_fen", "kind", "expected"),
        [
            (29_999_999, "", FormWeight.SMALL),
            (30_000_000, "", FormWeight.NORMAL),
            (29_999_999, "cloud", FormWeight.NORMAL),
            (999_999_999, "", FormWeight.NORMAL),
            (1_000_000_000, "", FormWeight.KEY),
            (1, "smart_city", FormWeight.KEY),
        ],
    )
    def test_stands_at_its_limits(self, total_fen, kind, expected):
        assert weight_of(total_fen, kind, PARAMETERS) == expected

    @pytest.mark.parametrize(
        ("price_fen", "expected"),
        [(29_999_999, "met"), (30_000_000, "unmet")],
    )
    def test_a_small_filing_is_asked_for_neither_planning_nor_data(
        self, world, plain, price_fen, expected
    ):
        project = plain(estimate=[world.estimate(price_fen)], planning_item="", open_data="")

        assert state(project, "YB-4.4-planned") == expected
        assert state(project, "YB-4.4-open-data-stated") == expected

    @pytest.mark.parametrize(
        ("price_fen", "expected"), [(999_999_999, "met"), (1_000_000_000, "unmet")]
    )
    def test_a_key_filing_is_studied_and_carries_its_papers(
        self, world, plain, price_fen, expected
    ):
        project = plain(estimate=[world.estimate(price_fen)], feasibility="", papers={})

        for rule in ("YB-4.3-key-studied", "YB-4.3-study-attached", "PH-8-calculation-attached"):
            assert state(project, rule) == expected

    def test_a_key_filing_with_all_of_it_is_kept(self, world, case):
        papers = {"calculation": paper("测算表"), "study": paper("可研报告")}
        project = case(estimate=[world.estimate(1_000_000_000)], papers=papers)

        for rule in ("YB-4.3-key-studied", "YB-4.3-study-attached", "PH-8-calculation-attached"):
            assert state(project, rule) == "met"


class TestPlanning:
    """《渝北办法》第四条第（四）项: an item of the plan, or none and why."""

    @pytest.mark.parametrize(
        ("item", "reason", "expected"),
        [
            ("规划三", "", "met"),
            ("", "应急", "met"),
            ("", " ", "unmet"),
            ("规划三", "应急", "unmet"),
        ],
    )
    def test_exactly_one_is_stated(self, plain, item, reason, expected):
        project = plain(planning_item=item, planning_none_reason=reason)

        assert state(project, "YB-4.4-planned") == expected

    @pytest.mark.parametrize(
        ("answer", "content", "expected"),
        [
            ("none", "", "met"),
            ("demand", "客流", "met"),
            ("demand", " ", "unmet"),
            ("", "", "unmet"),
        ],
    )
    def test_a_demand_for_open_data_names_it(self, plain, answer, content, expected):
        project = plain(open_data=answer, open_data_content=content)

        assert state(project, "YB-4.4-open-data-stated") == expected

    @pytest.mark.parametrize(
        ("is_transfer", "item", "expected"),
        [(False, "", "met"), (True, "档案托管", "met"), (True, " ", "unmet")],
    )
    def test_a_transferred_function_is_named(self, plain, is_transfer, item, expected):
        project = plain(is_function_transfer=is_transfer, transfer_item=item)

        assert state(project, "YB-4.3-transfer-named") == expected


class TestPilot:
    """《渝北办法》第四条第（二）项: a pilot ends and is concluded before it is extended."""

    @pytest.mark.parametrize(
        ("until", "expected"),
        [(None, "unmet"), (DAY, "unmet"), (DAY + timedelta(1), "met")],
    )
    def test_has_an_end_after_its_filing(self, plain, until, expected):
        assert state(plain(is_pilot=True, pilot_until=until), "YB-4.2-pilot-dated") == expected

    def test_no_pilot_needs_no_end(self, plain):
        assert state(plain(), "YB-4.2-pilot-dated") == "met"

    @pytest.mark.parametrize(
        ("until", "outcome", "expected"),
        [
            (DAY, "extend", "met"),
            (DAY, "amend", "met"),
            (DAY, "stop", "unmet"),
            (DAY, "", "unmet"),
            (DAY + timedelta(1), "extend", "unmet"),
        ],
    )
    def test_is_extended_when_it_ended_well(self, plain, until, outcome, expected):
        pilot = steps.edit(
            plain(is_pilot=True, pilot_until=until),
            pilot_outcome=outcome,
            pilot_concluded_on=DAY if outcome else None,
        )
        extension = plain(pilot_of=pilot.number)

        assert state(extension, "YB-4.2-extension-after-pilot") == expected

    @pytest.mark.parametrize("number", ["SF-2026-9999", "SF-2026-0001"])
    def test_what_is_no_pilot_is_not_extended(self, plain, number):
        plain()

        assert state(plain(pilot_of=number), "YB-4.2-extension-after-pilot") == "unmet"

    def test_a_pilot_of_another_district_is_not_ours(self, plain):
        other = build_world("sx", prefix="sx")
        theirs = steps.file(other, is_pilot=True, pilot_until=DAY)
        steps.edit(theirs, pilot_outcome="extend", pilot_concluded_on=DAY)

        assert state(plain(pilot_of=theirs.number), "YB-4.2-extension-after-pilot") == "unmet"


class TestConcludingAPilot:
    """A conclusion is written once, when the pilot is over, and the case does not close without."""

    UNTIL = date(2026, 3, 31)

    @pytest.fixture
    def pilot(self, world):
        steps.reply(world, is_pilot=True, pilot_until=self.UNTIL)
        return Project.objects.latest("pk")

    def conclude(self, world, project, on):
        words = {"outcome": "extend", "conclusion": "可以推广"}
        return conclude_pilot(project, **words, **world.zhang.acts(on))

    def test_is_refused_before_its_end(self, world, pilot):
        with pytest.raises(TransitionRefused, match="试点还没有到期"):
            self.conclude(world, pilot, self.UNTIL - timedelta(1))

    def test_is_recorded_on_the_last_day_and_once(self, world, pilot):
        self.conclude(world, pilot, self.UNTIL)

        row = steps.fresh(pilot)
        assert (row.pilot_outcome, row.pilot_concluded_on) == ("extend", self.UNTIL)
        assert row.stage == pilot.stage
        with pytest.raises(TransitionRefused, match="试点结论已经登记"):
            self.conclude(world, pilot, self.UNTIL)

    def test_is_refused_of_what_is_no_pilot(self, world):
        steps.reply(world)
        with pytest.raises(TransitionRefused, match="不是试点项目"):
            self.conclude(world, Project.objects.latest("pk"), self.UNTIL)

    @pytest.mark.parametrize(("concluded", "expected"), [(None, "unmet"), (DAY, "met")])
    def test_is_asked_before_the_case_closes(self, plain, concluded, expected):
        project = plain(is_pilot=True, pilot_until=DAY)
        steps.edit(project, pilot_concluded_on=concluded)

        assert state(project, "YB-4.2-pilot-not-left-open") == expected


class TestStudy:
    """《平湖办法》第十一条: who studied it, when, with what conclusion."""

    @pytest.mark.parametrize(
        ("changes", "expected"),
        [
            ({}, "met"),
            ({"feasibility_verdict": "amended"}, "met"),
            ({"feasibility_verdict": "refused"}, "unmet"),
            ({"feasibility_section": " "}, "unmet"),
            ({"feasibility_on": None}, "unmet"),
            ({"feasibility_on": DAY}, "met"),
            ({"feasibility_on": DAY + timedelta(1)}, "unmet"),
            ({"feasibility_verdict": ""}, "unmet"),
        ],
    )
    def test_is_complete_and_favourable(self, case, changes, expected):
        assert state(case(**changes), "PH-11-feasibility") == expected


class TestPreReview:
    """《平湖办法》第二条: the data office's opinion, also on other departments' new systems."""

    RULES = ("PH-2.5-pre-review", "PH-2.5-opinion-attached")

    @pytest.mark.parametrize(
        ("changes", "expected"),
        [
            ({"pre_review_verdict": "refused"}, "unmet"),
            ({"pre_review_on": None}, "unmet"),
            ({"pre_review_on": DAY + timedelta(1)}, "unmet"),
            ({"pre_review_verdict": "amended"}, "met"),
        ],
    )
    def test_is_dated_and_favourable(self, case, changes, expected):
        assert state(case(**changes), self.RULES[0]) == expected

    @pytest.mark.parametrize(
        ("code", "expected"), [("C16010300", "unmet"), ("C16020300", "unmet"), ("C16070300", "met")]
    )
    def test_is_asked_of_a_new_system_outside_the_programmes(self, world, plain, code, expected):
        project = plain(catalogue_item=world.item(code))

        assert [state(project, rule) for rule in self.RULES] == [expected] * 2

    def test_is_not_asked_where_the_regulation_is_not_adopted(self, db):
        world = build_world("sb", adopts=("YB",))
        project = steps.file(world, catalogue_item=world.item("C16010300"))

        assert steps.answer(project, *self.RULES).verdicts == ()

    def test_is_kept_with_the_opinion_attached(self, case):
        assert [state(case(), rule) for rule in self.RULES] == ["met"] * 2


class TestEstimateMethod:
    """《平湖办法》第八条: whole systems, the grant named; eight townships, each once."""

    @pytest.mark.parametrize(
        ("kind", "quantity", "grant", "expected"),
        [
            ("information", "2", "示财预〔2025〕1号", "met"),
            ("information", "2", " ", "unmet"),
            ("smart_city", "1.5", "示财预〔2025〕1号", "unmet"),
            ("cloud", "1.5", "", "met"),
        ],
    )
    def test_systems_are_counted_and_the_grant_named(
        self, world, case, kind, quantity, grant, expected
    ):
        line = world.estimate(100_00, quantity)
        project = case(programme=kind, estimate=[line], grant_number=grant)

        assert state(project, "PH-8.1-grant-stated") == expected

    @pytest.mark.parametrize(
        ("names", "quantity", "expected"),
        [
            (["补助"], "8", "met"),
            (["补助"], "7", "unmet"),
            (["补助"], "9", "unmet"),
            (list("甲乙丙丁戊己庚辛"), "1", "met"),
            (list("甲乙丙丁戊己庚庚"), "1", "unmet"),
        ],
    )
    def test_eight_townships_each_once(self, world, case, names, quantity, expected):
        from dataclasses import replace

        lines = [replace(world.estimate(100_00, quantity), name=name) for name in names]
        project = case(programme="township_subsidy", kind="subsidy", estimate=lines)

        assert state(project, "PH-7.4-townships-counted") == expected

    def test_other_projects_count_no_townships(self, plain):
        assert plain().estimate_lines.first().quantity == Decimal(12)


class TestPapers:
    """Attached where a rule asks; the latest of each kind counts."""

    def test_full_purchase_brings_its_evidence(self, plain):
        told = {"is_full_purchase": True, "vulnerable_group": "残疾人"}
        without = plain(**told)
        with_it = plain(**told, papers={"evidence": paper("名册")})

        assert state(without, "YB-4.3-evidence-attached") == "unmet"
        assert state(with_it, "YB-4.3-evidence-attached") == "met"
        assert state(plain(), "YB-4.3-evidence-attached") == "met"

    def test_a_programme_brings_its_calculation(self, case):
        assert state(case(papers={}), "PH-8-calculation-attached") == "unmet"
        assert state(case(), "PH-8-calculation-attached") == "met"


class TestPurchaserStanding:
    """《渝北办法》第五条: what counts is the standing on the day of the filing."""

    RULE = "YB-5-purchaser-eligible"

    def register(self, world, **values):
        said = {
            "since": DAY, "nature": "party_organ", "staffing": "administrative",
            "funding": "treasury", "basis": "示编〔2025〕1号",
        } | values  # fmt: skip
        return register_status(world.purchasers["文旅委"], **said, **world.zhao.acts())

    @pytest.mark.parametrize(
        ("staffing", "funding", "expected"),
        [
            ("administrative", "treasury", "met"),
            ("referenced", "treasury", "unmet"),
            ("institution", "treasury", "unmet"),
            ("administrative", "partly", "unmet"),
            ("administrative", "own", "unmet"),
        ],
    )
    def test_by_analogy_needs_staffing_and_treasury(
        self, world, plain, staffing, funding, expected
    ):
        self.register(world, staffing=staffing, funding=funding)

        assert state(plain(), self.RULE) == expected

    def test_counts_from_its_first_day(self, world, plain):
        self.register(world, nature="public_welfare_one")
        project = plain()

        assert state(project, self.RULE, on=DAY - timedelta(1)) == "met"
        assert state(project, self.RULE, on=DAY) == "unmet"

    def test_the_day_of_the_first_submission_binds(self, world, plain):
        project = steps.edit(plain(), first_filed_on=DAY - timedelta(1))
        self.register(world, nature="public_welfare_one")

        assert state(project, self.RULE, on=DAY + timedelta(30)) == "met"

    def test_an_institution_is_allowed_with_a_hint(self, world, plain):
        self.register(world, nature="administrative_institution", staffing="referenced")
        project = plain()

        assert state(project, self.RULE) == "met"
        assert state(project, "YB-5-institution-checked") == "warn"


class TestSplittingForTender:
    """《渝北办法》第十条: dividing is not splitting; what together needs a tender is shown."""

    RULE = "YB-10-not-split-for-tender"

    @pytest.mark.parametrize(
        ("own_fen", "other_fen", "method", "expected"),
        [
            (200_000_000, 199_999_999, "consultation", "met"),
            (200_000_000, 200_000_000, "consultation", "warn"),
            (200_000_000, 200_000_000, "open", "met"),
            (400_000_000, 1, "consultation", "met"),
        ],
    )
    def test_warns_where_only_the_sum_crosses(
        self, world, plain, own_fen, other_fen, method, expected
    ):
        project = plain(estimate=[world.estimate(own_fen)], proposed_method=method)
        plain(estimate=[world.estimate(other_fen)])

        assert state(project, self.RULE) == expected

    def test_lists_the_others_with_their_days_and_the_reason(self, world, plain):
        other = steps.edit(
            plain(name="第一期", estimate=[world.estimate(200_000_000)]), first_filed_on=DAY
        )
        project = plain(
            estimate=[world.estimate(200_000_000)], splitting_reason="承接要求不同，不宜合并。"
        )

        shown = dict(steps.verdict(project, self.RULE).compared)

        assert shown[f"{other.number} 第一期"] == "2,000,000.00（2025-10-20 提交）"
        assert shown["分开填报的理由"] == "承接要求不同，不宜合并。"
