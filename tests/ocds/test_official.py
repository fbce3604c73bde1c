"""What is published passes the official schema and merges as the standard's program merges."""

from __future__ import annotations

import copy
import json
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from disclosure.models import NoticeKind
from disclosure.ocds.encoding import decoded
from disclosure.ocds.merge import compiled_release
from disclosure.ocds.printed import instant
from disclosure.ocds.releases import release_for
from disclosure.public.releases import months, project_package, project_record
from tests.disclosure.cases import Purchase
from tests.ocds.cases import content_of, whole_story, written
from tests.ocds.official import (
    RECORDS,
    RELEASES,
    faults,
    official_merge,
    problems,
)

pytestmark = pytest.mark.ocds


@pytest.fixture
def purchase(world):
    return Purchase(world)


class TestWalkA:
    """Every kind of notice, on the project that failed once and was bought the second time."""

    @pytest.fixture
    def story(self, purchase):
        return whole_story(purchase)

    def test_each_release_is_faultless(self, story):
        found = {kind: faults(json.loads(release.content)) for kind, release in story.items()}

        assert found == {kind: [] for kind in story}

    def test_the_packages_are_valid(self, story, purchase):
        number = purchase.project.number
        (month, *_) = months()

        assert problems(RELEASES, json.loads(project_package(number))) == []
        assert problems(RECORDS, json.loads(project_record(number))) == []
        assert problems(RELEASES, json.loads("".join(month.pieces()))) == []

    def test_the_records_are_what_ocdsmerge_makes(self, story, purchase):
        records = decoded(project_record(purchase.project.number))["records"]

        assert [len(record["releases"]) for record in records] == [1, 2, 3]
        for record in records:
            assert record["compiledRelease"] == official_merge(record["releases"])
            assert faults(json.loads(json.dumps(record["compiledRelease"], default=float))) == []

    def test_nothing_is_lost_in_a_package(self, story, purchase):
        package = project_package(purchase.project.number)

        assert all(release.content in package for release in story.values())


PLANTED = {
    "a Chinese word in a closed codelist": lambda r: r["contracts"][0].update(status="履行中"),
    "an amount that is text": lambda r: r["contracts"][0]["value"].update(amount="1756800.00"),
    "a currency of our own": lambda r: r["contracts"][0]["value"].update(currency="RMB"),
    "a date without a time": lambda r: r["contracts"][0].update(dateSigned="2026-04-10"),
    "a missing id": lambda r: r["contracts"][0].pop("id"),
    "a tag that does not exist": lambda r: r.update(tag=["合同"]),
    "an address that is none": lambda r: r["contracts"][0]["documents"][0].update(
        url="公告 第一号"
    ),
    "a field of our own": lambda r: r["contracts"][0].update(自定义="x"),
    "a code outside an open codelist": lambda r: r["parties"][0].update(roles=["采购人"]),
    "an empty text": lambda r: r["contracts"][0].update(title=""),
    "a supplier that is no party": lambda r: r["parties"].pop(),
    "a party without the role": lambda r: r["parties"][1].update(roles=["tenderer"]),
    "a contract of no award": lambda r: r["contracts"][0].update(awardID="X"),
    "a period that ends first": lambda r: r["contracts"][0]["period"].update(
        endDate="2026-01-01T00:00:00+08:00"
    ),
    "a document of tomorrow": lambda r: r["contracts"][0]["documents"][0].update(
        datePublished="2026-04-14T00:00:00+08:00"
    ),
}


@pytest.fixture(scope="module")
def sound(district, django_db_blocker):
    """A faultless release to plant faults in."""
    with django_db_blocker.unblock(), transaction.atomic():
        purchase = Purchase(copy.deepcopy(district))
        yield json.loads(whole_story(purchase)[NoticeKind.CONTRACT].content)
        transaction.set_rollback(True)


class TestTheJudges:
    """A check that cannot fail is none: each planted fault is found."""

    @pytest.mark.parametrize("fault", PLANTED)
    def test_finds(self, sound, fault):
        release = copy.deepcopy(sound)
        assert faults(release) == []

        PLANTED[fault](release)

        assert faults(release) != []

    def test_a_package_without_its_publisher(self, sound):
        package = {
            "uri": "https://example.org/1", "version": "1.1", "releases": [sound],
            "publishedDate": "2026-04-14T00:00:00+08:00", "publisher": {"name": "示范区"},
        }  # fmt: skip
        assert problems(RELEASES, package) == []
        for name in ("publisher", "uri", "publishedDate", "releases", "version"):
            assert problems(RELEASES, {k: v for k, v in package.items() if k != name}) != []

    def test_a_record_with_a_bad_compiled_release(self, sound):
        record = {"ocid": sound["ocid"], "releases": [sound], "compiledRelease": sound}
        package = {
            "uri": "https://example.org/1", "version": "1.1", "records": [record],
            "publishedDate": "2026-04-14T00:00:00+08:00", "publisher": {"name": "示范区"},
        }  # fmt: skip
        assert problems(RECORDS, package) == []
        record["compiledRelease"] = {**sound, "tag": "compiled"}
        assert problems(RECORDS, package) != []


# --- Subjects nobody thought of -------------------------------------------------------------------

WORDS = st.text(
    st.characters(codec="utf-8", exclude_categories=["C", "Z"]), min_size=1, max_size=20
)
FEN = st.integers(1, 999_999_999_999_999)
DAYS = st.dates(date(2020, 1, 1), date(2040, 12, 31))
METHODS = st.sampled_from(
    ["open", "invited", "negotiation", "consultation", "single_source", "own"]
)


@st.composite
def facts(draw: Any) -> dict[str, Any]:
    starts = draw(DAYS)
    return {
        "number": draw(WORDS),
        "name": draw(WORDS),
        "fen": draw(FEN),
        "starts": starts,
        "ends": starts + timedelta(days=draw(st.integers(0, 1095))),
        "method": draw(METHODS),
        "failure": draw(
            st.sampled_from(["too_few", "unlawful", "over_budget", "grave_change", ""])
        ),
        "quantity": Decimal(draw(st.integers(1, 9_999_999))).scaleb(-2),
    }


def bent(purchase: Purchase, subjects: dict[str, Any], made: dict[str, Any]) -> None:
    """The rows take made-up values, in memory only."""
    contract = subjects[NoticeKind.CONTRACT]
    award = contract.award
    tender, provider = award.tender, award.provider
    contract.number, contract.name = made["number"], made["name"]
    contract.starts_on, contract.ends_on, contract.signed_on = (
        made["starts"], made["ends"], made["starts"],
    )  # fmt: skip
    contract.amount_fen = award.amount_fen = made["fen"]
    tender.number, tender.ceiling_price_fen = made["number"], made["fen"]
    tender.mode.method, tender.failure_ground = made["method"], made["failure"]
    tender.published_on, tender.response_deadline = made["starts"], made["ends"]
    tender.package.name, tender.package.budget_fen = made["name"], made["fen"]
    provider.name = provider.address = made["name"]
    purchase.project.name, purchase.project.approved_fen = made["name"], made["fen"]


class TestMadeUpSubjects:
    """Any amount, any name, any period of any method: the release is valid and says it exactly."""

    @settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))
    @given(made=facts())
    def test_are_released_without_a_fault(self, made):
        self.check(made)

    @pytest.fixture(autouse=True)
    def rows(self, purchase):
        contract = purchase.contract()
        intention = purchase.intention()
        intention.project = purchase.project
        tender = contract.award.tender
        self.purchase, self.subjects = (
            purchase,
            {
                NoticeKind.INTENTION: intention,
                NoticeKind.TENDER_CONSULTATION: tender,
                NoticeKind.FAILED: tender,
                NoticeKind.RESULT: contract.award,
                NoticeKind.CONTRACT: contract,
            },
        )

    def check(self, made):
        bent(self.purchase, self.subjects, made)
        releases = []
        for day, (kind, subject) in enumerate(self.subjects.items()):
            notice = written(self.purchase, kind, subject, made["starts"] - timedelta(days=9 - day))
            release = release_for(notice, subject)
            assert faults(json.loads(release.content)) == [], (kind, made)
            releases.append(content_of(release))
        amount = Decimal(made["fen"]) / 100
        assert releases[-1]["contracts"][0]["value"]["amount"] == amount
        assert compiled_release(releases[1:]) == official_merge(releases[1:])


# --- The merge, on documents of the standard's shape ----------------------------------------------

IDS = st.sampled_from(["1", "2", "3"])
STAMPS = st.integers(0, 10**6).map(lambda s: instant(date(2026, 1, 1) + timedelta(days=s % 400)))


def objects(**fields: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries({"id": IDS}, optional=fields)


def several(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[list[Any]]:
    return st.lists(inner, min_size=1, max_size=3, unique_by=lambda each: each["id"])


VALUE = st.fixed_dictionaries({"amount": FEN, "currency": st.just("CNY")})
LABELS = several(st.fixed_dictionaries({"id": IDS, "scheme": st.sampled_from("xy")}))
CODES = st.lists(st.sampled_from(["buyer", "payer", "supplier"]), min_size=1, max_size=2)
ITEMS = several(objects(description=WORDS, additionalClassifications=LABELS, quantity=FEN))
MILESTONES = several(objects(title=WORDS, status=st.sampled_from(["met", "scheduled"])))
AMENDMENTS = several(objects(rationale=WORDS))
GENERATED = st.fixed_dictionaries(
    {"ocid": st.just("ocds-000000-1"), "id": WORDS, "date": STAMPS, "tag": st.just(["tender"])},
    optional={
        "language": WORDS,
        "parties": several(objects(name=WORDS, roles=CODES, additionalIdentifiers=LABELS)),
        "tender": objects(title=WORDS, items=ITEMS, amendments=AMENDMENTS, value=VALUE),
        "awards": several(objects(title=WORDS, value=VALUE, items=ITEMS)),
        "contracts": several(
            objects(
                value=VALUE,
                implementation=st.fixed_dictionaries({"milestones": MILESTONES}),
                amendments=AMENDMENTS,
            )
        ),
        "relatedProcesses": several(objects(relationship=CODES, scheme=WORDS)),
    },
)


@settings(max_examples=120, deadline=None)
@given(st.lists(GENERATED, min_size=1, max_size=4))
def test_our_merge_is_the_standards(releases):
    assert compiled_release(copy.deepcopy(releases)) == official_merge(releases)
