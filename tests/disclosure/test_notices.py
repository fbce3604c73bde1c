"""《渝北办法》第十六条: what was announced is frozen, once, in the printed order of fields."""

from __future__ import annotations

import os
from datetime import date

import pytest
from django.db import DatabaseError, connection, transaction

from accounts.recording import UnrecordedWriteError
from core.history.reading import acts_of
from core.history.verify import verify
from disclosure.models import NoticeKind, PublishedNotice
from procurement.models import FailureGround, Preparation, TenderStatus
from tests import steps
from tests.architecture.source import PROJECT
from tests.core import tampering
from tests.disclosure.cases import (
    ADDRESS,
    ANNOUNCED,
    MEDIUM,
    PUBLISHED,
    Purchase,
    corrected,
    drafted,
    notice,
    printed,
    publish_notice,
    reviewed,
)

GOLDEN = PROJECT / "tests/golden/notices"


@pytest.fixture
def purchase(world):
    return Purchase(world)


def published(purchase, kind=NoticeKind.TENDER_CONSULTATION, subject=None, on=PUBLISHED):
    return publish_notice(
        kind,
        subject or purchase.tender(),
        purchase.project,
        published_on=on,
        medium=MEDIUM,
        address=ADDRESS,
        **purchase.world.zhang.acts(on),
    )


def failed(purchase):
    return purchase.tender(
        status=TenderStatus.FAILED,
        failure_ground=FailureGround.TOO_FEW,
        failure_note="截止时只收到两家的响应文件。",
        ended_on=date(2026, 3, 16),
    )


def whole_project(purchase):
    steps.edit(purchase.project, reply_number="示财购复〔2026〕1号")
    standard = "按月考核，年度汇总分优秀、良好、一般、不合格。"
    steps.put(
        Preparation(project=purchase.project, assessment_standard=standard, recorded_on=PUBLISHED)
    )
    return steps.fresh(purchase.project)


SUBJECTS = {
    NoticeKind.REQUIREMENTS: whole_project,
    NoticeKind.INTENTION: lambda p: p.intention(),
    NoticeKind.TENDER_OPEN: lambda p: p.tender("open"),
    NoticeKind.TENDER_CONSULTATION: lambda p: p.intention() and p.tender(),
    NoticeKind.RESULT: lambda p: p.award(),
    NoticeKind.FAILED: failed,
    NoticeKind.CONTRACT: lambda p: p.contract(),
    NoticeKind.ACCEPTANCE: lambda p: p.acceptance(),
    NoticeKind.EVALUATION: lambda p: p.evaluation(),
}


def ended(purchase):
    """The contract announced, then terminated."""
    contract = purchase.contract()
    published(purchase, NoticeKind.CONTRACT, contract)
    details = {"reason": "拒不整改，按约定终止。", "ends": [f"contracts.contract:{contract.pk}"]}
    draft = drafted(purchase, NoticeKind.TERMINATION, contract, ANNOUNCED, details=details)
    reviewed(purchase.world, draft, ANNOUNCED)
    return notice(NoticeKind.TERMINATION)


def mended(purchase):
    """The result announced, then corrected."""
    first = drafted(purchase, NoticeKind.RESULT, purchase.award(), PUBLISHED)
    first = reviewed(purchase.world, first)
    draft = corrected(purchase.world, first, "供应商地址", "示范区科技路 9 号")
    reviewed(purchase.world, draft, ANNOUNCED)
    return notice(NoticeKind.CORRECTION)


MADE = {
    kind: (lambda p, kind=kind: published(p, kind, SUBJECTS[kind](p), ANNOUNCED))
    for kind in SUBJECTS
}
MADE |= {NoticeKind.TERMINATION: ended, NoticeKind.CORRECTION: mended}


class TestFieldOrder:
    """财办库〔2020〕50号: each kind has its fields in the printed order, and none invented."""

    @pytest.mark.parametrize("kind", NoticeKind)
    def test_is_the_golden_one(self, purchase, kind):
        text = printed(MADE[kind](purchase))

        file = GOLDEN / f"{kind}.txt"
        if os.environ.get("ACCEPT_GOLDEN"):
            file.write_text(text, "utf-8")
        assert text == file.read_text("utf-8")

    @pytest.mark.parametrize("kind", NoticeKind)
    def test_names_no_one_of_the_staff(self, purchase, kind):
        text = MADE[kind](purchase).sealed().decode()

        assert [
            a.user.full_name for a in purchase.world.actors.values() if a.user.full_name in text
        ] == []

    def test_a_package_of_several_is_named(self, purchase):
        from projects.models import Package

        steps.put(Package(project=purchase.project, position=2, name="呼叫", budget_fen=1))

        assert f"（包 1 {purchase.package.name}）竞争性磋商公告" in published(purchase).title

    def test_the_second_attempt_says_so(self, purchase):
        purchase.tender(status=TenderStatus.FAILED)

        assert published(purchase).title.endswith("竞争性磋商公告（第二次）")

    def test_a_centralised_purchase_names_the_agency_that_runs_it(self, purchase):
        agency = purchase.world.organisations["信息中心"]
        steps.edit(purchase.project, agency=agency)
        purchase.package.refresh_from_db()
        tender = purchase.tender("open", mode=purchase.mode("open", "centralised"))

        text = printed(published(purchase, NoticeKind.TENDER_OPEN, steps.fresh(tender)))

        assert f"集中采购机构：{agency}" in text

    def test_a_day_without_the_parameter_only_leaves_the_period_out(self, purchase):
        text = printed(published(purchase, on=date(2023, 12, 29)))

        assert "公告期限" not in text
        assert "采购人：" in text


class TestLinks:
    """A notice is corrected or ended by another that names it, never edited."""

    def test_a_correction_names_what_it_corrects_and_leaves_it(self, purchase):
        found = mended(purchase)
        first = notice(NoticeKind.RESULT)

        assert found.supersedes == first.number
        assert first.is_intact
        assert "科技路 8 号" in first.sealed().decode()

    def test_a_termination_names_what_it_ends(self, purchase):
        found = ended(purchase)

        assert found.supersedes == notice(NoticeKind.CONTRACT).number


class TestFrozen:
    """A notice is a snapshot: neither the database nor a later edit changes it."""

    def test_it_is_recorded_in_its_case_with_a_number_and_a_digest(self, purchase):
        found = published(purchase)

        assert (found.number, found.is_intact) == ("SF-N-2026-0001", True)
        assert acts_of(purchase.project.stream()).count("disclosure.publish_notice") == 1

    @pytest.mark.parametrize("statement", ["UPDATE {} SET title = 'x'", "DELETE FROM {}"])
    def test_the_database_refuses(self, purchase, statement):
        published(purchase)

        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            tampering.run(statement.format(tampering.table(PublishedNotice)))

    def test_the_program_refuses_outside_the_log(self, purchase):
        found = published(purchase)

        with pytest.raises(UnrecordedWriteError):
            found.save()
        with pytest.raises(UnrecordedWriteError):
            PublishedNotice.objects.update(title="x")

    def test_a_later_edit_of_the_tender_leaves_it(self, purchase):
        tender = purchase.tender()
        before = published(purchase, subject=tender).sealed()
        steps.edit(tender, number="改过的编号", response_deadline=date(2026, 3, 20))

        assert notice(NoticeKind.TENDER_CONSULTATION).sealed() == before

    def test_verify_reports_a_changed_one(self, purchase):
        found = published(purchase)
        assert verify().is_clean
        tampering.unlock()
        tampering.run(
            f"UPDATE {tampering.table(PublishedNotice)} SET title = %s WHERE id = %s", "x", found.pk
        )
        tampering.relock()

        assert any("title" in line for line in verify().differences)
        assert not steps.fresh(found).is_intact

    def test_every_kind_counts_for_itself(self, purchase):
        tender = purchase.tender("open")
        for kind in (NoticeKind.TENDER_OPEN, NoticeKind.FAILED):
            published(purchase, kind, tender)
        second = published(purchase, NoticeKind.TENDER_OPEN, purchase.tender("open"))

        assert second.number == "SF-T-2026-0002"
        assert notice(NoticeKind.FAILED).number == "SF-F-2026-0001"

    def test_two_at_once_take_no_number_twice(self, purchase):
        """The jurisdiction's row is locked while a number is taken."""
        if not connection.features.has_select_for_update:
            pytest.skip("this database locks the whole file")
        from django.test.utils import CaptureQueriesContext

        with CaptureQueriesContext(connection) as queries:
            published(purchase)
        locked = [q["sql"] for q in queries if "FOR NO KEY UPDATE" in q["sql"]]
        assert any("jurisdiction" in sql for sql in locked)
