"""Every condition of a filing, seen kept and broken; amounts stand at their limits."""

from dataclasses import replace
from decimal import Decimal

import pytest

from core.history import change
from core.rules import RULES
from core.rules.models import Parameter
from projects.declarations import EXCLUSIONS, NEGATIVE_LIST
from projects.models import (
    DIRECT_NATURES,
    EXCLUDED_NATURES,
    CatalogueItem,
    InternalSignature,
    PlanLine,
    PurchaserNature,
    ServiceCatalogue,
)
from projects.models.project import FILING_RULES
from projects.services import sign
from tests import steps
from tests.programme import TOTAL_FEN, programme
from tests.world import DAY


def state(project, rule_id, **data):
    return steps.verdict(project, rule_id, **data).state


@pytest.fixture
def case(world):
    """Files a complete 特定目标类 case, with changes."""
    return lambda **changes: steps.file(world, **programme(world, **changes))


class TestCompleteFiling:
    """《渝北办法》第九条第（一）项、《平湖办法》第二条: a complete filing keeps them all."""

    def test_every_rule_is_kept_once_it_is_signed(self, world, case):
        project = case()
        steps.sign_all(world, project)

        verdicts = steps.answer(project, *FILING_RULES).verdicts

        assert {v.rule: v.state for v in verdicts} == dict.fromkeys(FILING_RULES, "met")

    def test_every_verdict_cites_an_article_that_exists(self, case):
        for verdict in steps.answer(case(), *FILING_RULES).verdicts:
            assert verdict.article.exists()


BLANKS = {
    "YB-9.1-basis-stated": {"basis": " "},
    "YB-14-need-described": {"need": ""},
    "PH-2-basis-in-duties": {"duty": " "},
    "PH-2.5-pre-review": {"pre_review": ""},
    "PH-11-feasibility": {"feasibility": ""},
    "PH-15-leading-group-decided": {"leading_group_minutes": ""},
    "YB-14-targets-complete": {"indicators": ()},
    "PH-9-weights-hundred": {"indicators": ()},
    "PH-8-estimate-adds-up": {"estimate": ()},
    "YB-12-funds-add-up": {"funds": ()},
}


class TestBlanks:
    """What the article asks for must be written, not left blank."""

    @pytest.mark.parametrize(("rule_id", "blank"), BLANKS.items(), ids=BLANKS)
    def test_a_blank_is_refused_with_its_article(self, case, rule_id, blank):
        verdict = steps.verdict(case(**blank), rule_id)

        assert verdict.state == "unmet"
        assert verdict.article in RULES[rule_id].cites
        assert verdict.message


class TestDeclarations:
    """《渝北办法》第七条: five exclusions; 财政部令第102号第十条: six of the negative list."""

    @pytest.mark.parametrize("question", EXCLUSIONS)
    def test_one_exclusion_answered_yes_is_refused(self, case, question):
        project = case(exclusions=dict.fromkeys(EXCLUSIONS, False) | {question: True})

        verdict = steps.verdict(project, "YB-7-exclusions")

        assert (verdict.state, dict(verdict.compared)) == ("unmet", {EXCLUSIONS[question]: "是"})

    @pytest.mark.parametrize("question", NEGATIVE_LIST)
    def test_one_entry_of_the_negative_list_is_refused(self, case, question):
        project = case(negative_list=dict.fromkeys(NEGATIVE_LIST, False) | {question: True})

        assert state(project, "YB-7-negative-list") == "unmet"

    @pytest.mark.parametrize(
        ("rule_id", "field", "answers"),
        [
            ("YB-7-exclusions", "exclusions", EXCLUSIONS),
            ("YB-7-negative-list", "negative_list", NEGATIVE_LIST),
        ],
    )
    def test_a_question_left_open_is_refused(self, case, rule_id, field, answers):
        project = case(**{field: dict.fromkeys(list(answers)[1:], False)})

        assert dict(steps.verdict(project, rule_id).compared) == {
            next(iter(answers.values())): "未答"
        }


class TestCatalogue:
    """《渝北办法》第七条、第八条: the five categories, in the catalogue in force."""

    @pytest.mark.parametrize(
        ("category", "expected"), [(0, "unmet"), (1, "met"), (5, "met"), (6, "unmet")]
    )
    def test_the_category_is_one_of_five(self, world, case, category, expected):
        project = case(catalogue_item=steps.edit(world.item(), category=category))

        assert state(project, "YB-7-catalogue-category") == expected

    def test_a_line_outside_the_categories_is_named(self, world, case):
        steps.edit(world.item("C16100000"), category=0)

        assert dict(steps.verdict(case(), "YB-7-catalogue-category").compared) == {
            "第 3 行": "C16100000"
        }

    def test_no_item_is_refused(self, case):
        for rule_id in ("YB-7-catalogue-category", "YB-8-item-in-force"):
            assert steps.verdict(case(catalogue_item=None), rule_id).compared[0][1] == "未选"

    def test_a_catalogue_that_ended_is_refused_from_its_last_day(self, case):
        project = case()
        catalogue = ServiceCatalogue.objects.get()
        steps.edit(catalogue, until=DAY.replace(day=21))

        assert state(project, "YB-8-item-in-force") == "met"
        assert state(project, "YB-8-item-in-force", on=DAY.replace(day=21)) == "unmet"

    def test_an_item_of_another_catalogue_in_a_line_is_refused(self, world, case):
        old = steps.put(
            ServiceCatalogue(jurisdiction=world.jurisdiction, title="旧目录", since=DAY, until=DAY)
        )
        item = steps.put(CatalogueItem(catalogue=old, code="C16999900", name="旧", category=1))
        line = replace(world.estimate(TOTAL_FEN), catalogue_item=item)

        assert dict(steps.verdict(case(estimate=[line]), "YB-8-item-in-force").compared) == {
            "第 1 行": "C16999900"
        }


class TestPurchaser:
    """《渝北办法》第五条: who may purchase, who may by analogy, who may not."""

    @pytest.mark.parametrize("nature", PurchaserNature.values)
    def test_every_nature_has_its_answer(self, world, case, nature):
        steps.edit(world.purchasers["文旅委"], nature=nature, has_administrative_staffing=False)

        expected = "met" if nature in DIRECT_NATURES else "unmet"
        assert state(case(), "YB-5-purchaser-eligible") == expected

    @pytest.mark.parametrize(
        ("staffed", "funded", "expected"),
        [(True, True, "met"), (True, False, "unmet"), (False, True, "unmet")],
    )
    def test_an_organisation_by_analogy_needs_both(self, world, case, staffed, funded, expected):
        steps.edit(
            world.purchasers["文旅委"],
            nature="party_organ",
            has_administrative_staffing=staffed,
            is_funded_by_treasury=funded,
        )

        assert state(case(), "YB-5-purchaser-eligible") == expected

    @pytest.mark.parametrize("nature", EXCLUDED_NATURES)
    def test_the_excluded_are_not_saved_by_staffing(self, world, case, nature):
        steps.edit(world.purchasers["文旅委"], nature=nature)

        assert state(case(), "YB-5-purchaser-eligible") == "unmet"


class TestSuitability:
    """《渝北办法》第四条第（一）项: for the market, and within society's ability."""

    @pytest.mark.parametrize("field", ["is_market_suitable", "is_provider_capable"])
    def test_either_no_is_refused(self, case, field):
        assert (
            len(steps.verdict(case(**{field: False}), "YB-4.1-suitable-for-market").compared) == 1
        )


class TestAnnualPlan:
    """《渝北办法》第九条第（一）项: on the unit's own plan of the same year."""

    RULE = "YB-9.1-on-annual-plan"

    def test_no_plan_line_is_refused(self, case):
        project = case()
        with change(title="x", act="x", by=None, on=DAY, stream="x") as changes:
            changes.delete(PlanLine.objects.get(project=project))

        assert dict(steps.verdict(project, self.RULE).compared)["计划年度"] == "未列入"

    def test_the_plan_of_another_unit_is_refused(self, world, case):
        project = case()
        steps.edit(PlanLine.objects.get(project=project), plan=world.plans["教委"])

        assert state(project, self.RULE) == "unmet"

    def test_the_plan_of_another_year_is_refused(self, world, case):
        project = case()
        steps.edit(world.plans["文旅委"], year=2027)

        assert dict(steps.verdict(project, self.RULE).compared) == {
            "项目年度": "2026",
            "计划年度": "2027",
        }


class TestAmounts:
    """《平湖办法》第八条、第六条，《渝北办法》第十二条: the figures agree to the 分."""

    @pytest.mark.parametrize(("step", "expected"), [(-1, "unmet"), (0, "met"), (1, "unmet")])
    def test_a_line_is_quantity_times_price(self, case, step, expected):
        project = case()
        line = project.estimate_lines.first()
        steps.edit(line, amount_fen=line.amount_fen + step)

        assert state(project, "PH-8-estimate-adds-up") == expected

    def test_a_total_that_is_not_the_sum_is_named(self, case):
        project = steps.edit(case(), total_fen=TOTAL_FEN + 1)

        compared = dict(steps.verdict(project, "PH-8-estimate-adds-up").compared)

        assert compared == {"明细合计": "1,860,000.00", "项目总额": "1,860,000.01"}

    @pytest.mark.parametrize(("step", "expected"), [(-1, "unmet"), (0, "met"), (1, "unmet")])
    def test_the_funds_make_the_amount_asked_for(self, world, case, step, expected):
        project = case(funds=[world.fund(TOTAL_FEN + step, "本级财政管理资金")])

        assert state(project, "YB-12-funds-add-up") == expected

    def test_two_funds_may_share_it(self, world, case):
        parts = [world.fund(TOTAL_FEN - 1, "本级财政管理资金"), world.fund(1)]

        assert state(case(funds=parts), "YB-12-funds-add-up") == "met"

    def test_a_fund_of_another_kind_is_refused(self, world, case):
        verdict = steps.verdict(case(funds=[world.fund(TOTAL_FEN)]), "PH-6-fund-kinds")

        assert (verdict.state, verdict.compared[0][0]) == ("unmet", "部门预算")

    @pytest.mark.parametrize("kind", ["personnel", "bonus", "allowance", "welfare"])
    def test_a_prohibited_expense_is_refused(self, world, case, kind):
        line = replace(world.estimate(TOTAL_FEN), expense_kind=kind)

        assert state(case(estimate=[line]), "PH-14-no-prohibited-expenditure") == "unmet"

    @pytest.mark.parametrize("kind", ["service", "rental", "maintenance", "consulting", "transfer"])
    def test_any_other_expense_is_not(self, world, case, kind):
        line = replace(world.estimate(TOTAL_FEN), expense_kind=kind)

        assert state(case(estimate=[line]), "PH-14-no-prohibited-expenditure") == "met"


class TestSubsidy:
    """《渝北办法》第四条第（三）项: 补贴金额控制在项目总额的 20% 以内."""

    @pytest.mark.parametrize(
        ("total_fen", "subsidy_fen", "expected"),
        [
            (TOTAL_FEN, 37_199_999, "met"),
            (TOTAL_FEN, 37_200_000, "met"),
            (TOTAL_FEN, 37_200_001, "unmet"),
            (100_000_004, 20_000_000, "met"),
            (100_000_004, 20_000_001, "unmet"),
            (TOTAL_FEN, 0, "met"),
        ],
    )
    def test_the_limit_is_twenty_per_cent_inclusive(
        self, world, case, total_fen, subsidy_fen, expected
    ):
        project = case(estimate=[world.estimate(total_fen)], subsidy_fen=subsidy_fen)

        assert state(project, "YB-4.3-subsidy-limit") == expected

    @pytest.mark.parametrize(
        ("changes", "expected"),
        [
            ({}, "met"),
            ({"subsidy_fen": 1}, "unmet"),
            ({"is_partly_commercial": True}, "unmet"),
            ({"is_partly_commercial": True, "commercial_income": "广告"}, "met"),
            (
                {
                    "is_partly_commercial": True,
                    "commercial_income": "广告",
                    "is_full_purchase": True,
                },
                "unmet",
            ),
        ],
    )
    def test_it_goes_with_commerce_and_not_with_full_purchase(self, case, changes, expected):
        assert state(case(**changes), "YB-4.3-subsidy-needs-commerce") == expected

    @pytest.mark.parametrize(
        ("group", "evidence", "expected"),
        [
            ("", "", "unmet"),
            ("残疾人", "", "unmet"),
            ("", "证明", "unmet"),
            ("残疾人", "证明", "met"),
        ],
    )
    def test_full_purchase_names_the_group_and_the_evidence(self, case, group, evidence, expected):
        project = case(
            is_full_purchase=True, vulnerable_group=group, full_purchase_evidence=evidence
        )

        assert state(project, "YB-4.3-full-purchase-evidence") == expected


class TestTargets:
    """《渝北办法》第十四条、《平湖办法》第九条: indicators with values, weights of a hundred."""

    def indicators(self, world, *weights, **changes):
        levels = ["output", "satisfaction"] + ["benefit"] * 8
        return [
            world.indicator(w, level, **changes) for w, level in zip(weights, levels, strict=False)
        ]

    @pytest.mark.parametrize(
        ("weights", "expected"),
        [
            (("50", "49.99"), "unmet"),
            (("50", "50"), "met"),
            (("50", "50", "0.01"), "unmet"),
            (("33.33", "33.33", "33.34"), "met"),
        ],
    )
    def test_the_weights_make_exactly_a_hundred(self, world, case, weights, expected):
        project = case(indicators=self.indicators(world, *weights))

        assert state(project, "PH-9-weights-hundred") == expected

    @pytest.mark.parametrize("missing", [{"value": None}, {"unit": ""}])
    def test_an_indicator_without_value_or_unit_is_incomplete(self, world, case, missing):
        project = case(indicators=self.indicators(world, "50", "50", **missing))

        assert state(project, "YB-14-targets-complete") == "unmet"

    @pytest.mark.parametrize("level", ["output", "satisfaction"])
    def test_output_and_satisfaction_are_both_needed(self, world, case, level):
        project = case(indicators=[world.indicator("100", level)])

        assert len(steps.verdict(project, "YB-14-targets-complete").compared) == 1

    def test_a_target_of_zero_is_a_value(self, world, case):
        project = case(indicators=self.indicators(world, "50", "50", value=Decimal(0)))

        assert state(project, "YB-14-targets-complete") == "met"


class TestPreReview:
    """《平湖办法》第二条: 电子政务类 needs the data office's opinion, others do not."""

    @pytest.mark.parametrize(
        ("kind", "expected"),
        [
            ("information", "unmet"),
            ("cloud", "unmet"),
            ("smart_city", "unmet"),
            ("township_subsidy", "met"),
        ],
    )
    def test_it_is_asked_of_electronic_government_only(self, case, kind, expected):
        assert state(case(programme=kind, pre_review=""), "PH-2.5-pre-review") == expected


class TestSigning:
    """《平湖办法》第十一条、第十五条，《渝北办法》第十八条: the chain, in order, by others."""

    def test_an_unsigned_chain_is_refused_by_name(self, case):
        verdict = steps.verdict(case(), "PH-11-internal-chain-signed")

        assert verdict.mended_by == "归口科室负责人、分管领导、领导小组秘书"

    def test_the_leading_group_must_have_signed(self, world, case):
        project = case()
        assert state(project, "PH-15-leading-group-decided") == "unmet"
        steps.sign_all(world, project)
        assert state(project, "PH-15-leading-group-decided") == "met"

    def test_a_later_step_waits_for_the_earlier(self, world, case):
        first, second = InternalSignature.objects.filter(project=case())[:2]

        assert state(second, "PH-11-signed-in-order") == "unmet"
        sign(first, **world.li.acts())
        assert state(second, "PH-11-signed-in-order") == "met"

    def test_the_officer_does_not_sign_the_own_case(self, world, case):
        step = InternalSignature.objects.filter(project=case()).first()

        rule_id = "YB-18-signer-not-officer"
        assert state(step, rule_id, by=world.zhang.user) == "unmet"
        assert state(step, rule_id, by=world.li.user) == "met"


class TestSplitting:
    """《渝北办法》第十一条: projects of one item that together cross 100 万元 are pointed out."""

    @pytest.mark.parametrize(
        ("own_fen", "other_fen", "expected"),
        [
            (40_000_000, 59_999_999, "met"),
            (40_000_000, 60_000_000, "warn"),
            (40_000_000, 60_000_001, "warn"),
            (99_999_999, 1, "warn"),
            (100_000_000, 60_000_000, "met"),
        ],
    )
    def test_it_warns_where_only_the_sum_crosses(self, world, own_fen, other_fen, expected):
        project = steps.file(world, estimate=[world.estimate(own_fen)])
        steps.file(world, estimate=[world.estimate(other_fen)])

        assert state(project, "YB-11-no-splitting") == expected

    def test_another_item_does_not_count(self, world):
        project = steps.file(world, estimate=[world.estimate(40_000_000)])
        steps.file(
            world, estimate=[world.estimate(90_000_000)], catalogue_item=world.item("C16100000")
        )

        assert state(project, "YB-11-no-splitting") == "met"

    def test_the_warning_does_not_stop_the_filing(self, world):
        steps.file(world, estimate=[world.estimate(60_000_000)], funds=[world.fund(60_000_000)])

        project = steps.submit(
            world, estimate=[world.estimate(40_000_000)], funds=[world.fund(40_000_000)]
        )

        assert project.stage == "budget"

    def test_the_threshold_is_a_dated_value(self, world):
        steps.edit(Parameter.objects.get(key="YB-11-standing-committee-fen"), value=1)

        assert state(steps.file(world), "YB-11-no-splitting") == "met"
