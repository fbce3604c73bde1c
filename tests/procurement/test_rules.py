"""Conditions of starting a tender and publishing its documents: each kept and broken."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from accounts.models import Mandate
from core.history import change
from core.transitions import TransitionRefused
from procurement.models import Mode
from procurement.services import (
    open_tender,
    record_preparation,
    register_intention,
    start_own_purchase,
)
from projects.models import Indicator, Package, Project
from tests import purchase, steps
from tests.procurement import scenes
from tests.procurement.scenes import OPEN_LIMIT, OWN_LIMIT
from tests.purchase import DEADLINE, INTENDED, PUBLISHED
from tests.steps import edit, fresh, put

pytestmark = pytest.mark.django_db
SELECTION = "第九条第（三）项"
PREPARED = {
    "survey": "走访",
    "surveyed_on": INTENDED,
    "third_party": "咨询中心",
    "third_party_opinion": "合理",
    "assessment_standard": "按月考核",
}


def state(subject, rule_id, on=PUBLISHED, **data):
    return steps.verdict(subject, rule_id, on=on, **data).state


def remove(row):
    with change(title="x", act="x", by=None, on=INTENDED, stream="x") as changes:
        changes.delete(row)


def a_subsidy(world, **changes):
    """A subsidy under way, put there without its own walk."""
    values = {"programme": "township_subsidy", "stage": "implementation"} | changes
    return put(
        Project(
            number="SF-2026-9999",
            name="镇街道便民服务中心补助",
            year=2026,
            service_nature="duty",
            kind="subsidy",
            purchaser=world.purchasers["文旅委"],
            officer=world.zhang.user,
            **values,
        )
    )


class TestSubsidies:
    """《平湖办法》第七条第（四）项: a subsidy is a transfer; nothing is tendered."""

    @pytest.mark.parametrize(
        ("programme", "article"), [("township_subsidy", "第七条第（四）项"), ("", "第十条")]
    )
    def test_a_subsidy_starts_no_tender(self, world, programme, article):
        project = a_subsidy(world, programme=programme)
        package = put(Package(project=project, position=1, name="包", budget_fen=100))

        with pytest.raises(TransitionRefused, match=article) as refused:
            purchase.tender(world, project, package=package)

        assert refused.value.refusals[0].rule == "PH-7.4-subsidy-not-tendered"

    def test_a_purchase_is_none(self, world):
        assert state(steps.file(world), "PH-7.4-subsidy-not-tendered") == "met"


class TestWaitingPackages:
    """第九条第（三）项: one tender at a time for a package of this project."""

    def test_a_package_with_a_tender_in_preparation_is_not_waiting(self, world):
        project = scenes.ready(world)
        package = purchase.package_of(project)
        assert state(project, "YB-9.3-package-waiting", package=package) == "met"

        purchase.tender(world, project)

        with pytest.raises(TransitionRefused, match=SELECTION):
            purchase.tender(world, project)

    def test_a_package_of_another_project_is_not_waiting(self, world):
        project, other = steps.file(world), a_subsidy(world)
        theirs = put(Package(project=other, position=1, name="包", budget_fen=100))

        assert state(project, "YB-9.3-package-waiting", package=theirs) == "unmet"

    @pytest.mark.parametrize("status", ["procuring", "awarded", "contracted", "cancelled"])
    def test_a_package_elsewhere_is_not_waiting(self, world, status):
        project = steps.file(world)
        put(Package(project=project, position=1, name="包", budget_fen=100, status=status))

        assert state(project, "YB-9.3-package-waiting") == "unmet"


class TestModes:
    """第九条第（三）项: the table of modes, and the amounts that decide among them."""

    def test_a_mode_is_in_force_until_its_last_day_excluded(self, world):
        project, mode = steps.file(world), purchase.mode(world)
        edit(mode, until=PUBLISHED)

        days = [scenes.day(PUBLISHED, step) for step in (-1, 0, 1)]
        states = [state(project, "YB-9.3-mode-in-force", on=on, mode=mode) for on in days]

        assert states == ["met", "unmet", "unmet"]

    def test_a_mode_of_the_future_or_of_another_district_is_not_in_force(self, world):
        mode = purchase.mode(world)
        later = put(
            Mode(
                jurisdiction=world.jurisdiction,
                method="negotiation",
                form="decentralised",
                since=scenes.day(PUBLISHED, 1),
            )
        )
        project = steps.file(world)

        assert state(project, "YB-9.3-mode-in-force", mode=later) == "unmet"
        assert state(project, "YB-9.3-mode-in-force", mode=None) == "unmet"
        assert state(project, "YB-9.3-mode-in-force", mode=mode) == "met"

    def test_a_centralised_mode_needs_a_trading_centre(self, world):
        remove(Mandate.objects.get(kind="trading_centre"))

        with pytest.raises(TransitionRefused, match="本辖区没有设置集中采购机构"):
            scenes.centralised(world)

    @pytest.mark.parametrize(
        ("method", "approval", "limit", "expected"),
        [
            ("consultation", "", OPEN_LIMIT, ["met", "unmet", "unmet"]),
            ("consultation", "示财采批〔2026〕1号", OPEN_LIMIT, ["met", "met", "met"]),
            ("consultation", "  ", OPEN_LIMIT, ["met", "unmet", "unmet"]),
            ("open", "", OPEN_LIMIT, ["met", "met", "met"]),
            ("own", "", OWN_LIMIT, ["met", "unmet", "unmet"]),
            ("own", "示财采批〔2026〕1号", OWN_LIMIT, ["met", "unmet", "unmet"]),
        ],
    )
    def test_a_cent_decides_the_mode(self, world, method, approval, limit, expected):
        project, found = steps.file(world), []
        data = {"mode": purchase.mode(world, method), "mode_approval": approval}
        for step in (-1, 0, 1):
            edit(project, approved_fen=limit + step)
            found.append(state(project, "YB-9.3-mode-fits-amount", **data))

        assert found == expected

    def test_the_amount_is_the_whole_project_s_whatever_the_package(self, world):
        project = scenes.ready(world, scenes.of_amount(world, OPEN_LIMIT))
        project = scenes.divided(world, project, OPEN_LIMIT - 100, 100)

        with pytest.raises(TransitionRefused, match=SELECTION) as refused:
            purchase.tender(world, project, package=purchase.package_of(project, 2))
        assert "4,000,000.00" in dict(refused.value.refusals[0].compared).values()

        row = purchase.tender(world, project, mode_approval="示财采批〔2026〕1号")
        purchase.publish(world, row)
        assert fresh(row).status == "published"

    def test_only_an_own_purchase_starts_without_announcement(self, world):
        with pytest.raises(TransitionRefused, match=SELECTION) as refused:
            start_own_purchase(scenes.preparing(world), **world.zhang.acts(PUBLISHED))

        assert [v.rule for v in refused.value.refusals] == ["YB-9.3-own-mode"]


class TestIntention:
    """第九条第（三）项、财库〔2020〕10号: thirty days from the intention, or a stated exemption."""

    def test_thirty_days_must_have_passed(self, world):
        row = scenes.preparing(world)

        days = [date(2026, 3, 3), date(2026, 3, 4), date(2026, 3, 5)]
        assert [state(row, "YB-9.3-intention-thirty-days", on=on) for on in days] == [
            "unmet",
            "met",
            "met",
        ]

    def test_the_vector_of_the_rule_book_holds(self, world):
        project = purchase.replied(world)
        purchase.prepare(world, project, on=date(2026, 1, 30))
        row = purchase.tender(world, fresh(project))

        assert state(row, "YB-9.3-intention-thirty-days", on=date(2026, 2, 28)) == "unmet"
        assert state(row, "YB-9.3-intention-thirty-days", on=date(2026, 3, 1)) == "met"

    def test_an_exemption_with_a_reason_stands_for_it(self, world):
        project = purchase.replied(world)
        register_intention(
            project, published_on=None, exemption="不可预见的应急抢修", **world.zhang.acts(INTENDED)
        )
        row = purchase.tender(world, project)

        assert state(row, "YB-9.3-intention-thirty-days", on=INTENDED) == "met"

    def test_without_either_nothing_is_published(self, world):
        row = purchase.tender(world, purchase.replied(world))

        verdict = steps.verdict(row, "YB-9.3-intention-thirty-days", on=PUBLISHED)

        assert (verdict.state, dict(verdict.compared)["采购意向"]) == ("unmet", "未登记")

    def test_an_own_purchase_waits_for_none(self, world):
        row = scenes.own(world)

        assert state(row, "YB-9.3-intention-thirty-days", on=INTENDED) == "met"

    def test_neither_day_nor_reason_is_refused(self, world):
        with pytest.raises(TransitionRefused, match="第九条第（二）项：既没有公开日期"):
            register_intention(
                purchase.replied(world),
                published_on=None,
                exemption="  ",
                **world.zhang.acts(INTENDED),
            )

    def test_the_day_is_not_after_today(self, world):
        project = purchase.replied(world)

        days = [scenes.day(INTENDED, step) for step in (-1, 0, 1)]
        states = [
            state(project, "YB-9.2-exemption-reasoned", on=INTENDED, published_on=on) for on in days
        ]

        assert states == ["met", "met", "unmet"]

    def test_it_is_registered_once(self, world):
        project = scenes.ready(world)

        with pytest.raises(TransitionRefused, match="第九条第（二）项") as refused:
            register_intention(project, published_on=INTENDED, **world.zhang.acts(PUBLISHED))

        assert [v.rule for v in refused.value.refusals] == ["YB-9.2-intention-once"]


class TestPreconditions:
    """《渝北办法》第十四条: need, third party, targets and standard before anything is bought."""

    def test_each_of_the_four_is_asked(self, world):
        row, found = scenes.preparing(world), {}
        blanks = {
            "survey": " ",
            "surveyed_on": None,
            "third_party": "",
            "third_party_opinion": " ",
            "assessment_standard": "",
        }
        for name, blank in blanks.items():
            record_preparation(
                row.case(), **(PREPARED | {name: blank}), **world.zhang.acts(INTENDED)
            )
            found[name] = steps.verdict(row, "YB-14-preconditions-met", on=PUBLISHED).compared

        assert {name: shown for name, ((shown, _),) in found.items()} == {
            "survey": "需求调查",
            "surveyed_on": "需求调查",
            "third_party": "第三方意见",
            "third_party_opinion": "第三方意见",
            "assessment_standard": "考核标准",
        }

    def test_without_them_nothing_is_published(self, world):
        row = scenes.preparing(world)
        record_preparation(row.case(), **(PREPARED | {"survey": ""}), **world.zhang.acts(INTENDED))

        with pytest.raises(TransitionRefused, match="第十四条：购买的前置条件尚缺需求调查"):
            purchase.publish(world, row)

    def test_targets_are_asked_too(self, world):
        row = scenes.preparing(world)
        for indicator in Indicator.objects.filter(project=row.case()):
            remove(indicator)

        shown = steps.verdict(row, "YB-14-preconditions-met", on=PUBLISHED).compared

        assert shown == (("绩效目标", "缺"),)

    def test_nothing_registered_lacks_three(self, world):
        row = purchase.tender(world, purchase.replied(world))

        assert len(steps.verdict(row, "YB-14-preconditions-met", on=PUBLISHED).compared) == 3


class TestPrices:
    """《渝北办法》第十二条、财库〔2014〕214号: the limit within the budget, the weight in range."""

    def test_a_cent_above_the_budget_is_refused(self, world):
        row, found = scenes.preparing(world), []
        for step in (-1, 0, 1):
            edit(row, ceiling_price_fen=purchase.APPROVED + step)
            found.append(state(fresh(row), "YB-12-ceiling-price"))

        assert found == ["met", "met", "unmet"]
        with pytest.raises(TransitionRefused, match="第十二条：最高限价超过采购包预算"):
            purchase.publish(world, row)

    @pytest.mark.parametrize(
        ("method", "weights", "expected"),
        [
            ("consultation", ("9.99", "10", "30", "30.01"), ["unmet", "met", "met", "unmet"]),
            ("open", ("9.99", "10", "30.01", "100"), ["unmet", "met", "met", "met"]),
        ],
    )
    def test_the_weight_of_the_price_is_in_range(self, world, method, weights, expected):
        row = purchase.tender(world, purchase.replied(world), method=method)
        found = []
        for weight in weights:
            edit(row, price_weight=Decimal(weight))
            found.append(state(fresh(row), "YB-9.3-price-weight"))

        assert found == expected

    def test_a_weight_out_of_range_stops_the_publication(self, world):
        row = scenes.preparing(world, price_weight=Decimal("30.01"))

        with pytest.raises(TransitionRefused, match=SELECTION) as refused:
            purchase.publish(world, row)

        assert dict(refused.value.refusals[0].compared)["允许"] == "10%—30%"


class TestPeriods:
    """政府采购法第三十五条等: time to respond, and working days to get the documents."""

    @pytest.mark.parametrize(
        ("method", "earliest"), [("consultation", date(2026, 3, 15)), ("open", date(2026, 3, 25))]
    )
    def test_a_day_too_few_to_respond_is_refused(self, world, method, earliest):
        row = purchase.tender(world, purchase.replied(world), method=method)

        days = [scenes.day(earliest, step) for step in (-1, 0, 1)]
        states = [state(row, "YB-9.3-response-period", response_deadline=on) for on in days]

        assert states == ["unmet", "met", "met"]

    def test_a_missing_deadline_is_refused(self, world):
        row = purchase.tender(world, purchase.replied(world))

        shown = dict(steps.verdict(row, "YB-9.3-response-period", on=PUBLISHED).compared)

        assert (shown["响应截止"], shown["相隔"]) == ("未填", "0 日")

    def test_five_working_days_within_the_response_period(self, world):
        row = purchase.tender(world, purchase.replied(world))
        expected = {
            (PUBLISHED, date(2026, 3, 10)): "unmet",
            (PUBLISHED, date(2026, 3, 11)): "met",
            (PUBLISHED, date(2026, 3, 12)): "met",
            (date(2026, 3, 4), date(2026, 3, 11)): "unmet",
            (PUBLISHED, DEADLINE): "met",
            (PUBLISHED, scenes.day(DEADLINE, 1)): "unmet",
            (date(2026, 3, 12), PUBLISHED): "unmet",
            (None, None): "unmet",
        }

        def seen(first, last):
            data = {"offered_from": first, "offered_until": last, "response_deadline": DEADLINE}
            return state(row, "YB-9.3-offer-period", **data)

        assert {days: seen(*days) for days in expected} == expected

    def test_too_short_an_offer_stops_the_publication(self, world):
        row = scenes.preparing(world)

        with pytest.raises(TransitionRefused, match=SELECTION) as refused:
            purchase.publish(world, row, offered_until=date(2026, 3, 10))

        assert dict(refused.value.refusals[0].compared)["工作日"] == "4 个"


class TestEveryObstacle:
    """第九条第（三）项: all of them at once, each with its article."""

    def test_a_bare_tender_is_told_everything_that_is_missing(self, world):
        project = purchase.replied(world)
        row = open_tender(
            project,
            package=purchase.package_of(project),
            mode=purchase.mode(world),
            number="1",
            ceiling_price_fen=purchase.APPROVED + 1,
            price_weight=Decimal(50),
            **world.zhang.acts(INTENDED),
        )
        edit(project, approved_fen=OPEN_LIMIT)

        with pytest.raises(TransitionRefused) as refused:
            purchase.publish(
                world, row, offered_until=date(2026, 3, 6), response_deadline=date(2026, 3, 9)
            )

        assert {v.rule for v in refused.value.refusals} == {
            "YB-9.3-mode-fits-amount",
            "YB-10-packages-add-up",
            "YB-14-preconditions-met",
            "YB-9.3-intention-thirty-days",
            "YB-12-ceiling-price",
            "YB-9.3-price-weight",
            "YB-9.3-response-period",
            "YB-9.3-offer-period",
        }
