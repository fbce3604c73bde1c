"""A real purchase: 磋商, 分散采购, a contract to the year's end, from filing to second payment.

The figures are the notice's, the requirements' and the contract form's; what they leave open is
invented, and `cases/consultation_2026.toml` says which is which.
"""

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

import pytest
from django.db.models import Sum

from budgeting.models import LedgerEntry
from contracts.facts.money import due_fen, paid_fen, payable_fen
from contracts.models import ContractSlice, Payment, Settlement
from contracts.selectors.ledgers import contract_ledger, payment_ledger
from contracts.services import (
    ContractTerms,
    InstalmentInput,
    LineInput,
    answer_rectification,
    carry_over,
    close_rectification,
    draft_contract,
    fail_acceptance,
    order_mending,
    prepare_acceptance,
    record_incident,
    sign_contract,
)
from core.calendar.arithmetic import ONE_DAY, CalendarUnknown, Workdays
from core.calendar.data_loader import read_year, shipped_years
from core.calendar.loading import load_year, workdays
from core.documents.models import Document
from core.money import allocate
from core.transitions import TransitionRefused
from procurement.facts.schedule import periods
from procurement.services import publish_tender
from projects.models import Stage
from tests import evaluated as judged
from tests import purchase
from tests.lifecycle import walking
from tests.lifecycle.reading import CASES, case, faults
from tests.steps import fresh
from tests.world import deliver_all

CASE = case("consultation_2026")
PRINTED, INVENTED = CASE.figures, CASE.invented
DEDUCTIONS = {row["name"]: row["value"] for row in PRINTED["deductions"]}
GRADES = {
    "excellent": PRINTED["good_percent"],
    "good": PRINTED["good_percent"],
    "fair": PRINTED["fair_percent"],
}
NEXT_YEAR = INVENTED["second_paid_on"].year


def percent_of(fen, percent):
    """Half up to the 分, worked out here and not by what is tested."""
    return int((Decimal(fen) * percent / 100).quantize(Decimal(1), ROUND_HALF_UP))


def refused_by(refused):
    return [v.rule for v in refused.value.refusals]


# --- the walk ---------------------------------------------------------------------------------


def approved(world):
    item = world.item(INVENTED["item_code"])
    line = world.estimate(PRINTED["total_fen"], str(PRINTED["quantity"]), item.code)
    project = walking.replied(
        world,
        INVENTED["budget_days"],
        name=PRINTED["project_name"],
        service_nature="duty",
        catalogue_item=item,
        estimate=[line],
        funds=[world.fund(PRINTED["year_fen"])],
    )
    for bidder in INVENTED["bidders"]:
        walking.register(world, bidder, INVENTED["intention_on"])
    purchase.prepare(world, project, on=INVENTED["intention_on"])
    return fresh(project)


def prepared(world):
    """The tender before its documents go out."""
    return walking.start(
        world,
        purchase.package_of(approved(world)),
        INVENTED["intention_on"],
        method="consultation",
        number=PRINTED["project_number"],
        ceiling_price_fen=PRINTED["ceiling_price_fen"],
        price_weight=INVENTED["price_weight"],
    )


def publish(world, tender, **changes):
    values = {
        "offered_from": PRINTED["offered_from"],
        "offered_until": PRINTED["offered_until"],
        "response_deadline": PRINTED["deadline"],
        "medium": "上海政府采购网",
        "address": "https://www.example.gov.cn/cs/1.html",
    } | changes
    publish_tender(tender, **values, **world.zhang.acts(PRINTED["published_on"]))
    return fresh(tender)


def awarded(world):
    tender = publish(world, prepared(world))
    walking.open_with(tender, INVENTED["bidders"], PRINTED["opened_on"], world.zhang)
    return walking.award(
        world,
        tender,
        {bidder["name"]: bidder["score"] for bidder in INVENTED["bidders"]},
        INVENTED["award_days"],
        by=world.zhang,
        committee=INVENTED["committee"],
        number=INVENTED["award_number"],
    )


def terms(award):
    fen = award.amount_fen
    percents = (PRINTED["advance_percent"], PRINTED["final_percent"])
    first, second = allocate(fen, percents)
    return ContractTerms(
        number=INVENTED["contract_number"],
        name=f"{PRINTED['project_name']}合同",
        amount_fen=fen,
        starts_on=INVENTED["signed_on"],
        ends_on=PRINTED["ends_on"],
        place=PRINTED["place"],
        scope=PRINTED["project_name"],
        content="软件系统、硬件设备和办公保障的运维",
        requirements=PRINTED["subcontracting"],
        payment_terms=PRINTED["instalment_terms"],
        liability="按附表扣除项目运维费用",
        grade_percents={grade: str(percent) for grade, percent in GRADES.items()},
        deduction_terms=[{"name": n, "percent": str(p)} for n, p in DEDUCTIONS.items()],
        mending_workdays=PRINTED["mending_workdays"],
        lines=[LineInput("运维服务", Decimal(PRINTED["quantity"]), INVENTED["unit"], fen)],
        instalments=[
            InstalmentInput("advance", Decimal(percents[0]), first, PRINTED["advance_condition"]),
            InstalmentInput("final", Decimal(percents[1]), second, PRINTED["final_condition"]),
        ],
    )


def signed(world):
    award = awarded(world)
    drafted = draft_contract(award, terms=terms(award), **world.zhang.acts(INVENTED["drafted_on"]))
    purchase.sign_chain(world, drafted, INVENTED["drafted_on"])
    sign_contract(
        fresh(drafted), signed_on=INVENTED["signed_on"], **world.zhang.acts(INVENTED["signed_on"])
    )
    deliver_all()
    return fresh(drafted)


def paid_once(world):
    contract = purchase.filed(world, signed(world), on=INVENTED["contract_filed_on"])
    purchase.paid(world, contract, 1, INVENTED["first_paid_on"])
    for incident in INVENTED["incidents"]:
        record_incident(
            contract,
            term=incident["row"],
            occurred_on=incident["on"],
            note="已核实。",
            **world.zhang.acts(incident["on"]),
        )
    return fresh(contract)


def load_next_year():
    load_year(NEXT_YEAR, by=None, on=PRINTED["ends_on"], path=CASES / f"{NEXT_YEAR}.toml")


def fail_first(world, contract):
    """The first acceptance fails; the provider is ordered to mend."""
    on = INVENTED["failed_on"]
    line = contract.lines.get().pk
    held = prepare_acceptance(
        contract,
        milestone=None,
        held_on=on,
        members="张某、李某",
        items=[{"line": line, "quantity": PRINTED["quantity"], "is_met": False, "note": "缺记录"}],
        **world.zhang.acts(on),
    )
    fail_acceptance(held, conclusion="运维记录不全。", **world.li.acts(on))
    return order_mending(
        fresh(contract),
        demand="补齐运维记录。",
        workdays=contract.mending_workdays,
        **world.zhang.acts(on),
    )


def accepted(world):
    load_next_year()
    contract = paid_once(world)
    order, on = fail_first(world, contract), INVENTED["mended_on"]
    answer_rectification(order, reply="已补齐。", replied_on=on, **world.zhang.acts(on))
    close_rectification(fresh(order), check_note="复查合格。", **world.li.acts(on))
    purchase.accept(world, contract, INVENTED["accepted_on"], str(PRINTED["quantity"]))
    return fresh(contract)


def evaluated(world, grade=INVENTED["grade"]):
    contract, on = accepted(world), INVENTED["evaluated_on"]
    judged.evaluate(world, contract, grade, on)
    return fresh(contract)


def paid_twice(world):
    contract = evaluated(world)
    year = PRINTED["ends_on"].year
    carry_over(contract, year=year, **world.zhao.acts(INVENTED["carried_on"]))
    pay_rest(world, contract, INVENTED["second_paid_on"])
    return fresh(contract)


def pay_rest(world, contract, on):
    return purchase.paid(world, contract, 2, on, str(PRINTED["quantity"]))


@dataclass(frozen=True)
class Due:
    """What the contract comes to, worked out from the case alone."""

    contract: int
    advance: int
    final: int
    payable: int


def due():
    """70 % at first; then 97 %, less each incident's per cent, less what was paid."""
    (fen,) = (b["price_fen"] for b in INVENTED["bidders"] if b["name"] == INVENTED["winner"])
    percents = [DEDUCTIONS[incident["row"]] for incident in INVENTED["incidents"]]
    payable = percent_of(fen, GRADES[INVENTED["grade"]])
    payable -= sum(percent_of(fen, percent) for percent in percents)
    advance = percent_of(fen, PRINTED["advance_percent"])
    return Due(fen, advance, payable - advance, payable)


# --- what must be true ------------------------------------------------------------------------


class TestTheCase:
    """Nothing is asserted that the case does not hold, and nothing invented passes for printed."""

    def test_the_test_and_its_case_agree(self):
        assert faults(CASE, Path(__file__).read_text("utf-8")) == []

    def test_the_amount_is_printed_alike_in_both_documents(self):
        assert (
            PRINTED["budget_fen"]
            == PRINTED["package_fen"]
            == PRINTED["needs_ceiling_fen"]
            == PRINTED["ceiling_price_fen"]
        )

    def test_the_percentages_and_deductions_hold_together(self):
        assert PRINTED["advance_percent"] + PRINTED["final_percent"] == 100
        assert min(DEDUCTIONS.values()) == PRINTED["least_deduction_percent"]
        assert max(DEDUCTIONS.values()) == PRINTED["most_deduction_percent"]


class TestTheNotice:
    """《渝北办法》第九条第（三）项; 财库〔2014〕214号第十条."""

    calendar = Workdays.of(row for path in shipped_years().values() for row in read_year(path))

    def test_the_days_are_those_the_calendar_counts(self):
        days = (PRINTED["deadline"] - PRINTED["published_on"]).days
        offer = self.calendar.count_workdays(
            PRINTED["offered_from"], PRINTED["offered_until"], include_first=True
        )
        notice = self.calendar.add_workdays(PRINTED["published_on"], PRINTED["notice_workdays"])

        assert days == PRINTED["response_days"] >= PRINTED["least_response_days"]
        assert offer == PRINTED["offer_workdays"] >= PRINTED["least_offer_workdays"]
        assert notice.day == PRINTED["notice_ends_on"]

    def test_it_goes_out_as_printed(self, world):
        tender = publish(world, prepared(world))

        project = tender.case()
        found = {
            p.title: p.deadline.day for p in periods(tender, tender.method, tender.published_on)
        }
        assert found["公告期限届满"] == PRINTED["notice_ends_on"]
        assert found["响应截止不得早于"] <= tender.response_deadline == PRINTED["deadline"]
        assert tender.mode.get_method_display() == PRINTED["method"]
        assert tender.mode.get_form_display() == PRINTED["form"]
        assert (project.stage, project.approved_fen) == (
            Stage.PROCUREMENT,
            PRINTED["budget_fen"],
        )

    def test_a_day_too_short_is_refused(self, world):
        least = PRINTED["least_response_days"]
        early = PRINTED["published_on"] + (least - 1) * ONE_DAY
        tender = prepared(world)

        with pytest.raises(TransitionRefused, match=r"第九条第（三）项") as refused:
            publish(world, tender, response_deadline=early)

        assert refused_by(refused) == ["YB-9.3-response-period"]
        assert fresh(tender).published_on is None


class TestTheContract:
    """《渝北办法》第九条第（四）项: the terms of the form, kept whole."""

    def test_it_holds_the_instalments_the_grades_and_the_whole_table(self, world):
        contract = signed(world)

        assert [i.amount_fen for i in contract.instalments.all()] == [
            due().advance,
            due().contract - due().advance,
        ]
        held = {t["name"]: Decimal(t["percent"]) for t in contract.deduction_terms}
        assert held == DEDUCTIONS
        assert contract.mending_workdays == PRINTED["mending_workdays"]
        context = Document.objects.get(kind="contracts.contract").context
        assert context["amount_fen"] == due().contract
        assert len(context["deductions"]) == len(DEDUCTIONS)

    def test_signing_commits_the_price_and_releases_the_rest(self, world):
        contract = signed(world)

        assert str(contract.award.provider) == INVENTED["winner"]
        found = walking.buckets(contract.case())
        assert found["committed"] == contract.amount_fen == due().contract
        assert found["released"] == PRINTED["budget_fen"] - due().contract
        assert found["reserved"] == 0

    def test_the_first_payment_waits_for_the_filing(self, world):
        contract = signed(world)

        with pytest.raises(TransitionRefused, match=r"第九条第（四）项") as refused:
            purchase.request(world, contract, 1, INVENTED["invoiced_on"])

        assert refused_by(refused) == ["YB-9.4-filed-before-payment"]
        assert not Payment.objects.exists()

    def test_the_first_payment_is_seventy_per_cent_within_ten_working_days(self, world):
        contract = paid_once(world)

        last = workdays().add_workdays(INVENTED["invoiced_on"], PRINTED["pay_workdays"]).day
        payment = Payment.objects.get(contract=contract)
        assert payment.amount_fen == due().advance
        assert payment.paid_on <= last
        assert contract.case().stage == Stage.IMPLEMENTATION


class TestTheYearEnds:
    """《渝北办法》第十二、十四、十九条: acceptance and the rest fall in the next year."""

    def test_without_its_calendar_nothing_is_said_of_the_next_year(self, world):
        with pytest.raises(CalendarUnknown, match=f"{NEXT_YEAR} 年工作日历尚未载入"):
            workdays().add_workdays(INVENTED["summary_report_on"], PRINTED["acceptance_workdays"])

    def test_a_failed_acceptance_is_mended_within_ten_working_days(self, world):
        contract = accepted(world)

        reported, order = INVENTED["summary_report_on"], contract.rectifications.get()
        calendar = workdays()
        last = calendar.add_workdays(reported, PRINTED["acceptance_workdays"]).day
        mended = calendar.add_workdays(order.ordered_on, PRINTED["mending_workdays"]).day
        first, second = contract.acceptances.all()
        assert first.held_on <= last
        assert order.replied_on <= mended
        assert (first.status, second.status) == ("failed", "passed")

    def test_without_the_carry_over_the_rest_is_refused(self, world):
        contract = evaluated(world)

        with pytest.raises(TransitionRefused, match="须先办理结转") as refused:
            pay_rest(world, contract, INVENTED["carried_on"])

        assert refused_by(refused) == ["YB-12-year-or-carried"]
        assert paid_fen(contract) == due().advance

    def test_the_grade_and_the_incidents_make_what_is_payable(self, world):
        contract = evaluated(world)

        settlement = Settlement.objects.get(contract=contract)
        assert settlement.percent == PRINTED["fair_percent"]
        assert settlement.assessed_fen - settlement.deducted_fen == due().payable
        assert payable_fen(contract) == settlement.payable_fen == due().payable
        assert due_fen(contract.instalments.get(kind="final")) == due().final

    def test_a_failure_is_to_be_mended_before_anything_is_settled(self, world):
        contract = evaluated(world, grade="poor")

        assert not Settlement.objects.exists()
        assert contract.rectifications.latest("pk").status == "ordered"


class TestTheBooks:
    """《渝北办法》第十三条: the ledger, the contract, the payments and the papers say one sum."""

    def test_they_agree_to_the_fen(self, world):
        contract = paid_twice(world)
        payments = Payment.objects.filter(contract=contract).order_by("pk")
        papers = Document.objects.filter(kind="contracts.payment").order_by("pk")
        entries = LedgerEntry.objects.filter(allocation__project=contract.case(), kind="pay")
        user = world.zhang.user

        each = [due().advance, due().final]
        assert [p.amount_fen for p in payments] == each
        assert [paper.context["amount_fen"] for paper in papers] == each
        assert [entry.amount_fen for entry in entries] == each
        total = sum(each)
        assert total == due().payable == payable_fen(contract)
        assert contract_ledger(user).get(pk=contract.pk).paid_fen == total
        assert contract_ledger(user).get(pk=contract.pk).unpaid_fen == 0
        assert payment_ledger(user).aggregate(n=Sum("amount_fen"))["n"] == total
        assert ContractSlice.objects.aggregate(n=Sum("paid_fen"))["n"] == total
        assert papers.last().context["paid_fen"] == papers.last().context["payable_fen"] == total

    def test_nothing_is_left_in_either_year(self, world):
        contract = paid_twice(world)
        project = contract.case()
        rest = due().contract - due().advance

        assert (contract.status, project.stage) == ("completed", Stage.DISCLOSURE)
        assert walking.buckets(project, PRINTED["ends_on"].year) == {
            "reserved": 0,
            "committed": 0,
            "paid": due().advance,
            "released": PRINTED["budget_fen"] - due().contract,
            "carried": rest,
        }
        assert walking.buckets(project, NEXT_YEAR) == {
            "reserved": 0,
            "committed": 0,
            "paid": due().final,
            "released": rest - due().final,
            "carried": 0,
        }
        assert walking.differences() == []
