"""What follows the contract: acceptance, evaluation, termination; and corrections."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal

import pytest

from contracts.models import Acceptance, AcceptanceStatus
from disclosure.documents.wording import section
from disclosure.models import NoticeKind
from disclosure.ocds.encoding import decoded
from disclosure.ocds.merge import compiled_release
from disclosure.ocds.releases import release_for
from performance.models import Evaluation
from tests import steps
from tests.disclosure.cases import ANNOUNCED, PUBLISHED, Purchase
from tests.ocds.cases import content_of, frozen, worded
from tests.ocds.official import faults

DAY = date(2027, 5, 20)
SUPPLIER = section("合同主体", rows=[("供应商（乙方）", "示范信息技术有限公司")])
ENDED = section("项目终止的原因", "拒不整改，按合同约定终止。")


@pytest.fixture
def purchase(world):
    return Purchase(world)


def released(purchase, kind, subject, *sections, on=DAY, supersedes=""):
    notice = worded(purchase, kind, "公告", list(sections), on, supersedes)
    return release_for(notice, subject)


def corrected(purchase, release, *items, on=DAY):
    rows = [(place, f"原为“{old}”，现更正为“{new}”。") for place, old, new in items]
    sections = section("更正信息", rows=[*rows, ("更正理由", "录入有误")])
    return released(purchase, "correction", None, sections, on=on, supersedes=release.release_id)


class TestAfterTheContract:
    """Implementation: what the purchaser found, without the names of those who looked."""

    def test_an_acceptance_is_a_milestone_that_was_met(self, purchase):
        contract = purchase.contract()
        acceptance = steps.put(
            Acceptance(
                contract=contract, held_on=date(2027, 5, 10), members="张敏、刘洋",
                status=AcceptanceStatus.PASSED,
            )
        )  # fmt: skip
        release = released(
            purchase, "acceptance", acceptance, SUPPLIER,
            section("验收日期", "2027年5月10日"), section("验收组成员", "张敏、刘洋"),
            section("验收意见", "符合约定。"),
        )  # fmt: skip

        (told,) = content_of(release)["contracts"]
        (milestone,) = told["implementation"]["milestones"]
        assert (release.tag, told["id"]) == ("implementation", "SFWL-2026-031")
        assert (milestone["status"], milestone["dateMet"], milestone["description"]) == (
            "met", "2027-05-10T00:00:00+08:00", "符合约定。",
        )  # fmt: skip
        assert "张敏" not in release.content

    def test_an_evaluation_tells_its_grade(self, purchase):
        evaluation = steps.put(
            Evaluation(contract=purchase.contract(), opened_on=DAY, concluded_on=DAY, grade="good")
        )
        release = released(
            purchase, "evaluation", evaluation, SUPPLIER,
            section("评估结果", rows=[("考核等级", "良好")]),
            section("评估结论日期", "2027年5月20日"),
        )  # fmt: skip

        (milestone,) = content_of(release)["contracts"][0]["implementation"]["milestones"]
        assert (milestone["type"], milestone["description"]) == ("assessment", "良好")
        assert milestone["dateMet"] == "2027-05-20T00:00:00+08:00"

    def test_a_terminated_contract(self, purchase):
        contract = purchase.contract()
        frozen(purchase, NoticeKind.CONTRACT, contract, ANNOUNCED)

        release = released(purchase, "termination", contract, SUPPLIER, ENDED)

        (told,) = content_of(release)["contracts"]
        assert (release.tag, told["status"]) == ("contractTermination", "terminated")
        assert told["documents"][0]["description"] == "拒不整改，按合同约定终止。"

    @pytest.mark.parametrize(
        ("is_announced", "tag"), [(True, "tenderCancellation"), (False, "planning")]
    )
    def test_a_package_that_is_no_longer_bought(self, purchase, is_announced, tag):
        tender = purchase.tender()
        if is_announced:
            frozen(purchase, NoticeKind.TENDER_CONSULTATION, tender, PUBLISHED)

        release = released(purchase, "termination", purchase.package, ENDED)

        assert release.tag == tag
        assert content_of(release).get("tender", {}).get("status") == (
            "cancelled" if is_announced else None
        )

    def test_the_requirements_come_first_and_the_intention_updates_them(self, purchase):
        notice = worded(
            purchase, "requirements", "公告",
            [section("购买预算", rows=[("预算金额", "1,800,000.00 元")])], date(2026, 1, 30),
        )  # fmt: skip
        first = release_for(notice, purchase.project)
        steps.put(first)

        second = frozen(purchase, NoticeKind.INTENTION, purchase.intention(), date(2026, 2, 2))

        assert (first.tag, second.tag) == ("planning", "planningUpdate")
        assert content_of(first)["planning"]["budget"]["amount"]["amount"] == Decimal("1800000.00")


class TestCorrection:
    """A correction changes the fields it names, and no other."""

    @pytest.fixture
    def contract(self, purchase):
        return frozen(purchase, NoticeKind.CONTRACT, purchase.contract(), ANNOUNCED)

    def after(self, release, correction):
        return compiled_release([content_of(release), decoded(correction.content)])

    @pytest.mark.parametrize(
        ("new", "amount"), [("1,756,000.00 元", "1756000.00"), ("一百七十五万元", "1756800.00")]
    )
    def test_an_amount_that_is_one(self, purchase, contract, new, amount):
        correction = corrected(purchase, contract, ("合同金额", "1,756,800.00 元", new))

        found = self.after(contract, correction)["contracts"][0]
        assert found["value"] == {"amount": Decimal(amount), "currency": "CNY"}
        assert found["dateSigned"] == "2026-04-10T00:00:00+08:00"

    def test_a_period(self, purchase, contract):
        old, new = "2026年5月1日至2027年4月30日", "2026年6月1日至2027年5月31日"
        correction = corrected(purchase, contract, ("履约期限", old, new))

        assert self.after(contract, correction)["contracts"][0]["period"] == {
            "startDate": "2026-06-01T00:00:00+08:00",
            "endDate": "2027-05-31T23:59:59+08:00",
        }

    def test_a_name_wherever_it_stands(self, purchase, contract):
        new = "示范信息技术股份有限公司"
        correction = corrected(purchase, contract, ("供应商", "示范信息技术有限公司", new))

        found = self.after(contract, correction)
        assert found["parties"][1]["name"] == new
        assert found["awards"][0]["suppliers"][0]["name"] == new
        assert found["parties"][1]["roles"] == ["supplier", "tenderer"]

    def test_says_what_it_amends_and_why(self, purchase, contract):
        correction = corrected(purchase, contract, ("服务要求", "两小时到场", "一小时到场"))

        (amendment,) = self.after(contract, correction)["contracts"][0]["amendments"]
        assert (correction.tag, correction.ocid) == ("contractUpdate", contract.ocid)
        assert (amendment["amendsReleaseID"], amendment["rationale"]) == (
            contract.release_id, "录入有误",
        )  # fmt: skip
        assert amendment["description"] == "服务要求：原为“两小时到场”，现更正为“一小时到场”。"

    def test_it_does_not_undo_what_came_later(self, purchase):
        contract = purchase.contract()
        tender = frozen(purchase, NoticeKind.TENDER_CONSULTATION, contract.award.tender, PUBLISHED)
        later = frozen(purchase, NoticeKind.CONTRACT, contract, ANNOUNCED)

        correction = corrected(purchase, tender, ("截止时间", "2026年3月16日", "2026年3月17日"))

        found = compiled_release([content_of(each) for each in (tender, later, correction)])
        assert found["tender"]["tenderPeriod"]["endDate"] == "2026-03-17T23:59:59+08:00"
        assert found["tender"]["status"] == "complete"

    @pytest.mark.parametrize("new", ["2026年13月1日", "另行通知"])
    def test_what_is_no_day_leaves_the_field(self, purchase, contract, new):
        correction = corrected(purchase, contract, ("合同签订日期", "2026年4月10日", new))

        signed = self.after(contract, correction)["contracts"][0]["dateSigned"]
        assert signed == "2026-04-10T00:00:00+08:00"

    def test_of_a_plan(self, purchase):
        plan = frozen(purchase, NoticeKind.INTENTION, purchase.intention(), date(2026, 2, 2))

        correction = corrected(purchase, plan, ("预算金额（万元）", "180.00", "170.00"))

        assert correction.tag == "planningUpdate"
        budget = self.after(plan, correction)["planning"]["budget"]
        assert budget["amount"]["amount"] == Decimal("1700000.00")
        assert json.loads(correction.content)["planning"]["documents"][0]["documentType"] == (
            "plannedProcurementNotice"
        )


@pytest.mark.ocds
def test_all_of_them_pass_the_official_schema(purchase):
    contract = purchase.contract()
    rows = {"contract": contract, "held_on": DAY, "members": "张敏"}
    acceptance = steps.put(Acceptance(**rows, status=AcceptanceStatus.FAILED))
    evaluation = steps.put(Evaluation(contract=contract, opened_on=DAY, grade="good"))
    plan = frozen(purchase, NoticeKind.INTENTION, purchase.intention(), date(2026, 2, 2))
    signed = frozen(purchase, NoticeKind.CONTRACT, contract, ANNOUNCED)

    releases = [
        released(purchase, "requirements", purchase.project, section("服务要求", "运维。")),
        released(purchase, "acceptance", acceptance, SUPPLIER),
        released(purchase, "evaluation", evaluation, SUPPLIER),
        released(purchase, "termination", contract, SUPPLIER, ENDED),
        released(purchase, "termination", purchase.package, ENDED),
        corrected(purchase, plan, ("预算金额（万元）", "180.00", "170.00")),
        corrected(purchase, signed, ("签订日期", "2026年4月10日", "2026年4月9日")),
    ]

    assert [faults(json.loads(release.content)) for release in releases] == [[]] * len(releases)
