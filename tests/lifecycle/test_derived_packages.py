"""Six packages of one project: some fail, some are tendered a third time, one is given up.

Derived from two real notices with a service in place of the goods; `cases/derived_packages.toml`
says what was kept, what was changed and why, and what was invented.
"""

from decimal import Decimal
from pathlib import Path

import pytest

from budgeting.models import Ceiling
from budgeting.services import available, set_ceiling
from contracts.models import Contract
from contracts.services import (
    ContractTerms,
    InstalmentInput,
    LineInput,
    draft_contract,
    sign_contract,
)
from core.calendar.arithmetic import ONE_DAY
from core.history.reading import acts_of
from core.money import allocate, format_yuan
from core.transitions import NotOffered, TransitionRefused
from disclosure.models import NoticeDraft, NoticeKind
from procurement.models import Award, Bid, Tender
from procurement.services import cancel_package, fail_tender, invalidate_bid, publish_tender
from projects.models import Package, Project, Stage
from projects.services import EstimateInput, divide_packages
from tests import purchase
from tests.lifecycle import walking
from tests.lifecycle.reading import case, faults
from tests.steps import fresh
from tests.world import deliver_all

CASE = case("derived_packages")
PRINTED, CHANGED, INVENTED = CASE.figures, CASE.changed, CASE.invented
BUDGETS = dict(enumerate((row["value"] for row in PRINTED["packages"]), 1))
CEILINGS = dict(enumerate((row["value"] for row in PRINTED["ceilings"]), 1))
FIRST, SECOND, THIRD = sorted({bid["attempt"] for bid in INVENTED["bids"]})
WON = {bid["package"]: bid for bid in INVENTED["bids"] if bid.get("won")}
AT_ONCE = [position for position, bid in WON.items() if bid["attempt"] == FIRST]
RETRIED = [position for position, bid in WON.items() if bid["attempt"] == THIRD]
GIVEN_UP = INVENTED["cancelled"]
TIMES = "零一二三"


def bids_of(position, attempt):
    return [b for b in INVENTED["bids"] if (b["package"], b["attempt"]) == (position, attempt)]


def package(project, position):
    return Package.objects.get(project=project, position=position)


def tender_of(project, position, attempt):
    return Tender.objects.get(package=package(project, position), attempt=attempt)


# --- the steps --------------------------------------------------------------------------------


def approved(world):
    """Filed as a service, with a ceiling that holds the six packages, and replied to."""
    set_ceiling(
        world.purchasers[CHANGED["purchaser"]],
        year=PRINTED["published_on"].year,
        fund=world.funds["部门预算"],
        amount_fen=PRINTED["total_fen"],
        number=INVENTED["ceiling_number"],
        **world.zhao.acts(INVENTED["budget_days"]["filed"]),
    )
    item = world.item(CHANGED["item_code"])
    lines = [
        EstimateInput(
            f"{row['name']} {CHANGED['subject']}", item, Decimal(1), INVENTED["unit"], fen
        )
        for row, fen in zip(PRINTED["packages"], BUDGETS.values(), strict=True)
    ]
    return walking.replied(
        world,
        INVENTED["budget_days"],
        name=CHANGED["project_name"],
        service_nature="duty",
        proposed_method="open",
        catalogue_item=item,
        estimate=lines,
        funds=[world.fund(PRINTED["total_fen"])],
    )


def divide(world, project, less=0):
    """The six packages as printed; the first may be some 分 less."""
    listed = [{"name": row["name"], "budget_fen": row["value"]} for row in PRINTED["packages"]]
    listed[0]["budget_fen"] -= less
    divide_packages(project, packages=listed, **world.zhang.acts(INVENTED["divided_on"]))


def publish(world, project, position, days, *, attempt, start_on):
    """Prepared by the purchaser, published by the trading centre."""
    tender = walking.start(
        world,
        package(project, position),
        start_on,
        method="open",
        number=f"SF-GK-{position}-{attempt}",
        ceiling_price_fen=CEILINGS[position],
        price_weight=INVENTED["price_weight"],
    )
    publish_tender(
        tender,
        offered_from=days["offered_from"],
        offered_until=days["offered_until"],
        response_deadline=days["deadline"],
        medium="政府采购网",
        address=f"https://www.example.gov.cn/zb/{position}-{attempt}.html",
        **world.zhou.acts(days["published"]),
    )


def open_bids(world, project, position, attempt):
    tender = tender_of(project, position, attempt)
    given = bids_of(position, attempt)
    bids = walking.open_with(tender, given, tender.response_deadline, world.zhou)
    for bid, row in zip(bids, given, strict=True):
        if row.get("invalid"):
            invalidate_bid(bid, reason=row["invalid"], **world.zhou.acts(tender.response_deadline))


def fail(world, project, position, attempt):
    tender = tender_of(project, position, attempt)
    fail_tender(
        tender,
        ground="too_few",
        reason="有效投标人不足法定家数。",
        **world.zhou.acts(tender.response_deadline),
    )
    deliver_all()


def award(world, project, position, attempt, days):
    return walking.award(
        world,
        tender_of(project, position, attempt),
        {row["name"]: row["score"] for row in bids_of(position, attempt)},
        days,
        by=world.zhou,
        committee=INVENTED["committee"],
        number=f"示中标〔2026〕{position}号",
    )


def contract(world, project, position, on):
    """Drafted and signed on one day, for the term the notice prints."""
    awarded = Award.objects.get(package=package(project, position))
    fen = awarded.amount_fen
    percents = INVENTED["instalment_percents"]
    first, second = allocate(fen, percents)
    terms = ContractTerms(
        number=f"SF-HT-2026-P{position}",
        name=f"{CHANGED['project_name']} {position} 包合同",
        amount_fen=fen,
        starts_on=on,
        ends_on=on + PRINTED["term_days"] * ONE_DAY,
        place="各站点",
        scope=CHANGED["subject"],
        content="平台和站点软件的巡检、升级和故障处理",
        requirements="数据传输率达标",
        payment_terms="分两期支付",
        liability="按约定扣款",
        grade_percents=purchase.GRADES,
        lines=[LineInput(CHANGED["subject"], Decimal(1), INVENTED["unit"], fen)],
        instalments=[
            InstalmentInput("advance", Decimal(percents[0]), first, "备案后"),
            InstalmentInput("final", Decimal(percents[1]), second, "验收合格并结算后"),
        ],
    )
    drafted = draft_contract(awarded, terms=terms, **world.zhang.acts(on))
    purchase.sign_chain(world, drafted, on)
    sign_contract(fresh(drafted), signed_on=on, **world.zhang.acts(on))
    deliver_all()


# --- the story, step by step ------------------------------------------------------------------


def story(world):
    """Yields (what was just done, the project); the tests stop where they want."""
    project = approved(world)
    divide(world, project)
    yield "divided", project
    for bidder in INVENTED["bidders"]:
        walking.register(world, bidder, INVENTED["intention_on"])
    purchase.prepare(world, project, on=INVENTED["intention_on"])
    yield from first_attempts(world, project)
    yield from second_attempts(world, project)
    yield from third_attempts(world, project)


def first_attempts(world, project):
    days = {
        "published": PRINTED["published_on"],
        "offered_from": PRINTED["offered_from"],
        "offered_until": PRINTED["offered_until"],
        "deadline": PRINTED["deadline"],
    }
    for position in BUDGETS:
        publish(world, project, position, days, attempt=FIRST, start_on=INVENTED["intention_on"])
    yield "first published", project
    for position in BUDGETS:
        open_bids(world, project, position, FIRST)
    yield "first opened", project
    for position in BUDGETS:
        if position not in AT_ONCE:
            fail(world, project, position, FIRST)
    yield "first failed", project
    for position in AT_ONCE:
        award(world, project, position, FIRST, INVENTED["first_award_days"])
    yield "first awarded", project
    note = "站点另有安排，不再采购。"
    on = INVENTED["cancelled_on"]
    cancel_package(package(project, GIVEN_UP), note=note, **world.wang.acts(on))
    yield "given up", project


def second_attempts(world, project):
    given = INVENTED["second_days"]
    days = {**given, "offered_from": given["published"]}
    for position in RETRIED:
        publish(world, project, position, days, attempt=SECOND, start_on=INVENTED["cancelled_on"])
    yield "second published", project
    for position, on in INVENTED["early_contracts"].items():
        contract(world, project, int(position), on)
        yield f"signed {position}", project
    for position in RETRIED:
        open_bids(world, project, position, SECOND)
        fail(world, project, position, SECOND)
    yield "second failed", project


def third_attempts(world, project):
    first = CHANGED["third_published_on"]
    last = first + PRINTED["response_days"] * ONE_DAY
    days = {"published": first, "offered_from": first, "offered_until": last, "deadline": last}
    for position in RETRIED:
        publish(world, project, position, days, attempt=THIRD, start_on=first)
    yield "third published", project
    for position in RETRIED:
        open_bids(world, project, position, THIRD)
        award(world, project, position, THIRD, INVENTED["third_award_days"])
        yield f"awarded {position}", project
    for position, on in INVENTED["late_contracts"].items():
        contract(world, project, int(position), on)
        yield f"signed {position}", project
    done = Contract.objects.get(package=package(project, AT_ONCE[0]))
    purchase.accept(world, done, INVENTED["accepted_on"], "1")
    yield "accepted", project


def run(world, until):
    """The story up to and with one step; returns the project as it then stands."""
    project = next(found for step, found in story(world) if step == until)
    return fresh(project)


def expected():
    """Stage and money after each step, worked out from the case alone."""
    reserved, committed, released = PRINTED["total_fen"], 0, 0
    early, late = INVENTED["early_contracts"], INVENTED["late_contracts"]
    last_award, last_signed = f"awarded {RETRIED[-1]}", f"signed {list(late)[-1]}"
    steps = [
        *("divided", "first published", "first opened", "first failed", "first awarded"),
        *("given up", "second published", *(f"signed {p}" for p in early), "second failed"),
        *("third published", *(f"awarded {p}" for p in RETRIED), *(f"signed {p}" for p in late)),
        "accepted",
    ]
    stage = Stage.PROCUREMENT
    for step in steps:
        if step == "given up":
            reserved, released = reserved - BUDGETS[GIVEN_UP], released + BUDGETS[GIVEN_UP]
        if step.startswith("signed"):
            position = int(step.split()[-1])
            price = WON[position]["price_fen"]
            reserved -= BUDGETS[position]
            committed += price
            released += BUDGETS[position] - price
        stage = {last_award: Stage.CONTRACT, last_signed: Stage.IMPLEMENTATION}.get(step, stage)
        yield step, stage, reserved, committed, released


def as_it_stands(step, project):
    found = walking.buckets(project)
    stage = Project.objects.get(pk=project.pk).stage
    return step, stage, found["reserved"], found["committed"], found["released"]


# --- what must be true ------------------------------------------------------------------------


class TestTheCase:
    """Kept, changed and invented are told apart, and the story reads nothing else."""

    def test_the_test_and_its_case_agree(self):
        assert faults(CASE, Path(__file__).read_text("utf-8")) == []

    def test_the_six_make_the_total_and_each_winner_has_one(self):
        winners = [bid["name"] for bid in WON.values()]

        assert sum(BUDGETS.values()) == PRINTED["total_fen"]
        assert CEILINGS == BUDGETS
        assert len(set(winners)) == len(winners), PRINTED["one_package_each"]
        assert f"{TIMES[THIRD]}次" == PRINTED["third"]


class TestThePackages:
    """《渝北办法》第十条: the packages add up to the reply, and stay as they are once begun."""

    def test_one_fen_less_is_refused(self, world):
        project = approved(world)

        with pytest.raises(TransitionRefused, match="第十条") as refused:
            divide(world, project, less=1)

        (verdict,) = refused.value.refusals
        assert verdict.rule == "YB-10-packages-add-up"
        assert dict(verdict.compared)["相差"] == format_yuan(-1)
        assert package(project, 1).budget_fen == PRINTED["total_fen"]

    def test_they_are_not_divided_again_between_attempts(self, world):
        project = run(world, "first failed")

        with pytest.raises(TransitionRefused) as refused:
            divide(world, project)

        assert [v.rule for v in refused.value.refusals] == ["YB-10-packages-untouched"]


class TestTheAttempts:
    """《渝北办法》第九条第（三）项: too few bids fail the tender; every attempt stays on file."""

    def test_too_few_bids_are_not_evaluated(self, world):
        project = run(world, "first opened")
        position = RETRIED[0]

        with pytest.raises(TransitionRefused) as refused:
            walking.award(
                world,
                tender_of(project, position, FIRST),
                {bid["name"]: 1 for bid in bids_of(position, FIRST)},
                INVENTED["first_award_days"],
                by=world.zhou,
                committee=INVENTED["committee"],
                number="",
            )

        assert [v.rule for v in refused.value.refusals] == ["YB-9.3-enough-bids"]

    def test_a_package_being_tendered_is_neither_tendered_again_nor_given_up(self, world):
        project = run(world, "second published")
        on = INVENTED["second_days"]["published"]
        busy = package(project, RETRIED[0])

        with pytest.raises(TransitionRefused) as refused:
            walking.start(
                world,
                busy,
                on,
                method="open",
                number="再次",
                ceiling_price_fen=busy.budget_fen,
                price_weight=INVENTED["price_weight"],
            )

        with pytest.raises(NotOffered):
            cancel_package(busy, note="不再采购。", **world.wang.acts(on))

        assert [v.rule for v in refused.value.refusals] == ["YB-9.3-package-waiting"]
        assert Tender.objects.filter(package=busy).count() == SECOND

    def test_the_third_succeeds_and_the_first_two_are_told(self, world):
        project = run(world, f"awarded {RETRIED[-1]}")

        for position in RETRIED:
            tenders = Tender.objects.filter(package=package(project, position)).order_by("attempt")
            assert [t.status for t in tenders] == ["failed", "failed", "decided"]
            assert [t.failure_ground for t in tenders] == ["too_few", "too_few", ""]
            third = tenders.last()
            days = (third.response_deadline - third.published_on).days
            assert days == PRINTED["response_days"]
            assert third.offered_until == third.response_deadline, PRINTED["offered_to_the_end"]
            assert third.mode.get_method_display() == PRINTED["method"]
        assert fresh(project).agency == world.organisations[CHANGED["organiser"]]

    def test_every_failure_is_in_the_history_and_announced(self, world):
        project = run(world, f"awarded {RETRIED[-1]}")
        failed = Tender.objects.filter(status="failed").count()
        acts = acts_of(project.stream())

        assert failed == len(BUDGETS) - len(AT_ONCE) + len(RETRIED)
        assert acts.count("procurement.tender.fail") == failed
        assert acts.count("procurement.tender.decide") == len(WON)
        assert NoticeDraft.objects.filter(kind=NoticeKind.FAILED).count() == failed
        invalid = {b["name"] for b in INVENTED["bids"] if b.get("invalid")}
        assert {str(bid.provider) for bid in Bid.objects.filter(status="invalid")} == invalid
        for position, bid in WON.items():
            won = Award.objects.get(package=package(project, position))
            assert (str(won.provider), won.amount_fen) == (bid["name"], bid["price_fen"])


class TestTheStory:
    """《渝北办法》第九、十二条: the project stands where its slowest package stands."""

    def test_stage_and_money_after_every_step(self, world):
        found = [as_it_stands(step, project) for step, project in story(world)]

        assert found == list(expected())
        project = Project.objects.get()
        ceiling = Ceiling.objects.get(allocations__project=project)
        assert available(ceiling) == walking.buckets(project)["released"]
        statuses = dict(project.packages.values_list("position", "status"))
        assert statuses == {
            **dict.fromkeys(BUDGETS, "contracted"),
            AT_ONCE[0]: "accepted",
            GIVEN_UP: "cancelled",
        }
        assert walking.differences() == []
