"""《渝北办法》第十六条: whatever is announced is announced as data too, once and for good."""

from __future__ import annotations

import json
import os
import re
from datetime import date

import pytest
from django.db import DatabaseError, transaction

from accounts.recording import UnrecordedWriteError
from core.history.reading import acts_of
from core.history.verify import verify
from disclosure.models import NoticeKind, PublishedNotice, PublishedRelease
from disclosure.ocds.printed import Printed
from disclosure.ocds.releases import BUILDERS, release_for
from procurement.models import FailureGround
from tests import steps
from tests.architecture.source import PROJECT
from tests.core import tampering
from tests.disclosure.cases import ANNOUNCED, NOTIFIED, PUBLISHED, Purchase
from tests.ocds.cases import content_of, failed_tender, frozen, whole_story, written
from tests.ocds.official import every_field

GOLDEN = PROJECT / "tests/golden/releases"
# Codes, identifiers and addresses are not words of a notice.
NOT_WORDS = {
    "ocid", "id", "date", "tag", "initiationType", "language", "roles", "scheme", "identifier",
    "relationship", "status", "procurementMethod", "procurementMethodDetails", "type", "awardID",
    "mainProcurementCategory", "documentType", "url", "format", "datePublished", "currency",
    "projectID", "amount", "quantity",
}  # fmt: skip


@pytest.fixture
def purchase(world):
    return Purchase(world)


def anonymous(release: PublishedRelease) -> str:
    """The release as the golden file keeps it: organisations by what they are, not by their row."""
    text = re.sub(r'"SF-ORG-\d+"', '"SF-ORG-1"', release.content)
    content = json.loads(text, parse_float=lambda number: f"#{number}#")
    pretty = json.dumps(content, ensure_ascii=False, indent=1)
    return re.sub(r'"#([0-9.]+)#"', r"\1", pretty) + "\n"


class TestMapping:
    """One kind, one small builder; what it makes of walk A is the golden one."""

    def test_every_kind_of_notice_has_its_builder(self):
        assert set(NoticeKind) <= set(BUILDERS)

    def test_is_the_golden_one(self, purchase):
        wrong = []
        for kind, release in whole_story(purchase).items():
            file, text = GOLDEN / f"{kind}.json", anonymous(release)
            if os.environ.get("ACCEPT_GOLDEN"):
                file.parent.mkdir(exist_ok=True)
                file.write_text(text, "utf-8")
            if text != file.read_text("utf-8"):
                wrong.append(kind)
        assert wrong == []

    def test_amounts_are_the_exact_yuan(self, purchase):
        release = frozen(purchase, NoticeKind.CONTRACT, purchase.contract(), ANNOUNCED)

        assert '"amount":1756800.00,"currency":"CNY"' in release.content
        assert '"amount":124400.00' in release.content

    @pytest.mark.parametrize(
        ("ground", "tag", "status"),
        [
            (FailureGround.TOO_FEW, "tenderUpdate", "unsuccessful"),
            (FailureGround.OVER_BUDGET, "tenderUpdate", "unsuccessful"),
            (FailureGround.UNLAWFUL, "tenderCancellation", "cancelled"),
            (FailureGround.GRAVE_CHANGE, "tenderCancellation", "cancelled"),
        ],
    )
    def test_a_tender_that_came_to_nothing(self, purchase, ground, tag, status):
        failed = failed_tender(purchase, ground)
        release = frozen(purchase, NoticeKind.FAILED, failed, PUBLISHED)

        assert (release.tag, content_of(release)["tender"]["status"]) == (tag, status)

    def test_a_centralised_purchase_is_run_by_its_agency(self, purchase):
        agency = purchase.world.organisations["信息中心"]
        steps.edit(purchase.project, agency=agency)
        purchase.package.refresh_from_db()
        tender = purchase.tender("open", mode=purchase.mode("open", "centralised"))

        content = content_of(
            frozen(purchase, NoticeKind.TENDER_OPEN, steps.fresh(tender), PUBLISHED)
        )

        roles = {party["name"]: party["roles"] for party in content["parties"]}
        assert roles == {"区文化和旅游发展委员会": ["buyer"], agency.name: ["procuringEntity"]}
        assert content["tender"]["procuringEntity"]["name"] == agency.name

    def test_a_contract_whose_award_was_not_announced_brings_it(self, purchase):
        content = content_of(frozen(purchase, NoticeKind.CONTRACT, purchase.contract(), ANNOUNCED))

        (award,), (contract,) = content["awards"], content["contracts"]
        assert contract["awardID"] == award["id"]
        assert award["suppliers"][0]["name"] == "示范信息技术有限公司"


class TestProcesses:
    """One ocid for the plan, one for each attempt of each package; each names its origin."""

    def test_each_attempt_is_a_process_of_its_own(self, purchase):
        story = whole_story(purchase)

        start = f"ocds-000000-{purchase.project.number}"
        assert [story[kind].ocid for kind in story] == [
            start,
            f"{start}-1-1",
            f"{start}-1-1",
            f"{start}-1-2",
            f"{start}-1-2",
            f"{start}-1-2",
        ]
        related = content_of(story[NoticeKind.CONTRACT])["relatedProcesses"]
        assert [(r["relationship"], r["identifier"]) for r in related] == [
            (["planning"], start),
            (["unsuccessfulProcess"], f"{start}-1-1"),
        ]

    def test_a_plan_that_was_never_published_is_not_referred_to(self, purchase):
        release = frozen(purchase, NoticeKind.TENDER_CONSULTATION, purchase.tender(), PUBLISHED)

        assert "relatedProcesses" not in content_of(release)

    def test_releases_of_one_day_still_have_an_order(self, purchase):
        contract = purchase.contract()
        first = frozen(purchase, NoticeKind.CONTRACT, contract, ANNOUNCED)
        second = frozen(purchase, NoticeKind.RESULT, contract.award, ANNOUNCED)
        early = frozen(purchase, NoticeKind.TENDER_CONSULTATION, contract.award.tender, PUBLISHED)

        assert [content_of(r)["date"] for r in (first, second, early)] == [
            "2026-04-13T00:00:00+08:00",
            "2026-04-13T00:00:01+08:00",
            "2026-04-13T00:00:02+08:00",
        ]


class TestWhatIsPublished:
    """A release says nothing its notice does not say."""

    def test_every_word_stands_in_the_notice(self, purchase):
        wrong = []
        for release in whole_story(purchase).values():
            notice = PublishedNotice.objects.get(number=release.release_id)
            printed = Printed(notice)
            wrong += [
                (path, value)
                for path, value in every_field(content_of(release))
                if isinstance(value, str)
                and path[-1] not in NOT_WORDS
                and "classification" not in path
                and not path[-1].endswith("Date")
                and path[-1] not in ("dateSigned", "unit")
                and printed.text(value) is None
                and printed.section("项目终止的原因") != value
                and printed.section("申请人的资格要求") != value
                and path != ("planning", "milestones", "title")
            ]
        assert wrong == []

    def test_it_names_no_one_of_the_staff_and_no_expert(self, purchase):
        text = "".join(release.content for release in whole_story(purchase).values())

        names = [a.user.full_name for a in purchase.world.actors.values()]
        assert [name for name in [*names, "专家甲", "专家乙"] if name in text] == []

    def test_what_is_masked_in_the_notice_is_left_out(self, purchase):
        contract = purchase.contract()
        notice = written(purchase, NoticeKind.CONTRACT, contract, ANNOUNCED)
        for words in ("示范区科技路 8 号", "1,756,800.00", "2027年4月30日", "呼叫服务", "12 月"):
            notice.fields = json.loads(
                json.dumps(notice.fields, ensure_ascii=False).replace(words, "■■")
            )

        release = release_for(notice, contract)

        found = json.loads(release.content)["contracts"][0]
        assert "value" not in found
        assert list(found["period"]) == ["startDate"]
        assert [list(item) for item in found["items"]][1] == ["classification", "id"]
        assert "科技路" not in release.content
        assert "quantity" not in release.content

    def test_a_number_within_a_larger_one_is_not_printed(self, purchase):
        tender = purchase.tender()
        printed = Printed(written(purchase, NoticeKind.TENDER_CONSULTATION, tender, PUBLISHED))

        assert printed.money(180_000_000)["amount"] == 1_800_000
        assert printed.money(80_000_000) is None
        assert printed.begins(date(2026, 3, 6)) is None


class TestFrozen:
    """A release is made with its notice, in one transaction, and stays as it is."""

    def test_each_notice_has_exactly_one(self, purchase):
        tender = purchase.tender()
        for _ in range(2):
            frozen(purchase, NoticeKind.TENDER_CONSULTATION, tender, PUBLISHED)

        notices = PublishedNotice.objects.values_list("number", flat=True)
        assert list(PublishedRelease.objects.values_list("release_id", flat=True)) == list(notices)
        assert acts_of(purchase.project.stream()).count("disclosure.publish_notice") == 1

    def test_a_notice_without_a_release_is_not_published(self, purchase, monkeypatch):
        tender = purchase.tender()
        monkeypatch.delitem(BUILDERS, NoticeKind.TENDER_CONSULTATION)

        with pytest.raises(KeyError):
            frozen(purchase, NoticeKind.TENDER_CONSULTATION, tender, PUBLISHED)
        assert not PublishedNotice.objects.exists()

    @pytest.mark.parametrize("statement", ["UPDATE {} SET content = 'x'", "DELETE FROM {}"])
    def test_the_database_refuses(self, purchase, statement):
        frozen(purchase, NoticeKind.TENDER_CONSULTATION, purchase.tender(), PUBLISHED)

        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            tampering.run(statement.format(tampering.table(PublishedRelease)))

    def test_the_program_refuses_outside_the_log(self, purchase):
        found = frozen(purchase, NoticeKind.TENDER_CONSULTATION, purchase.tender(), PUBLISHED)

        with pytest.raises(UnrecordedWriteError):
            found.save()

    def test_a_later_edit_of_the_tender_leaves_it(self, purchase):
        tender = purchase.tender()
        found = frozen(purchase, NoticeKind.TENDER_CONSULTATION, tender, PUBLISHED)
        steps.edit(tender, number="改过的编号")

        again = frozen(purchase, NoticeKind.TENDER_CONSULTATION, steps.fresh(tender), PUBLISHED)

        assert (again.pk, again.content) == (found.pk, found.content)

    def test_verify_reports_a_changed_one(self, purchase):
        found = frozen(purchase, NoticeKind.RESULT, purchase.award(), NOTIFIED)
        assert verify().is_clean
        assert found.is_intact
        tampering.unlock()
        tampering.run(
            f"UPDATE {tampering.table(PublishedRelease)} SET content = %s WHERE id = %s",
            found.content.replace("1756800.00", "1756800.01"),
            found.pk,
        )
        tampering.relock()

        assert any("content" in line for line in verify().differences)
        assert not steps.fresh(found).is_intact
