"""《渝北办法》第十六条: what was announced is frozen, once, in the printed order of fields."""

from __future__ import annotations

import os
from datetime import date

import pytest
from django.db import DatabaseError, connection, transaction

from accounts.recording import UnrecordedWriteError
from config.docs.moves import all_moves
from core.events.delivery import HANDLERS
from core.history.reading import acts_of
from core.history.verify import verify
from disclosure import handlers
from disclosure.models import NoticeKind, PublishedNotice
from disclosure.services import publish_notice
from procurement.models import FailureGround, TenderStatus
from tests import steps
from tests.architecture.source import PROJECT
from tests.core import tampering
from tests.disclosure.cases import (
    ADDRESS,
    ANNOUNCED,
    MEDIUM,
    NOTIFIED,
    PUBLISHED,
    Purchase,
    event,
    notice,
    printed,
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


SUBJECTS = {
    NoticeKind.INTENTION: lambda p: p.intention(),
    NoticeKind.TENDER_OPEN: lambda p: p.tender("open"),
    NoticeKind.TENDER_CONSULTATION: lambda p: p.intention() and p.tender(),
    NoticeKind.RESULT: lambda p: p.award(),
    NoticeKind.FAILED: failed,
    NoticeKind.CONTRACT: lambda p: p.contract(),
}


class TestFieldOrder:
    """财办库〔2020〕50号: each kind has its fields in the printed order, and none invented."""

    @pytest.mark.parametrize("kind", NoticeKind)
    def test_is_the_golden_one(self, purchase, kind):
        text = printed(published(purchase, kind, SUBJECTS[kind](purchase), ANNOUNCED))

        file = GOLDEN / f"{kind}.txt"
        if os.environ.get("ACCEPT_GOLDEN"):
            file.write_text(text, "utf-8")
        assert text == file.read_text("utf-8")

    @pytest.mark.parametrize("kind", NoticeKind)
    def test_names_no_one_of_the_staff(self, purchase, kind):
        found = published(purchase, kind, SUBJECTS[kind](purchase))

        text = found.sealed().decode()
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
        found = published(purchase, subject=tender)
        steps.edit(tender, number="改过的编号", response_deadline=date(2026, 3, 20))

        again = published(purchase, subject=steps.fresh(tender))

        assert again.pk == found.pk
        assert again.sealed() == found.sealed()

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


class TestHandlers:
    """The stages announce; the notice follows, however often it is told."""

    def test_they_listen_to_moves_there_are(self):
        moves = {machine.act(move) for machine, move in all_moves()}
        heard = {
            name
            for name, consumers in HANDLERS.items()
            if any(consumer.startswith("disclosure.handlers.") for consumer, _ in consumers)
        }
        assert heard <= moves

    def test_an_intention_made_public(self, purchase):
        purchase.intention()
        for _ in range(2):
            handlers.publish_intention(
                event("projects.project.register_intention", purchase.project)
            )

        found = notice(NoticeKind.INTENTION)
        assert found.title == "区文化和旅游发展委员会2026年3月政府采购意向"
        assert found.address == "https://www.example.gov.cn/intention/1"

    def test_an_exempt_one_is_not(self, purchase):
        purchase.intention(published_on=None, exemption="因不可预见的原因急需开展")

        handlers.publish_intention(event("projects.project.register_intention", purchase.project))

        assert not PublishedNotice.objects.exists()

    @pytest.mark.parametrize(
        ("method", "kind"),
        [
            ("open", NoticeKind.TENDER_OPEN),
            ("consultation", NoticeKind.TENDER_CONSULTATION),
            ("single_source", None),
        ],
    )
    def test_a_tender_by_its_method(self, purchase, method, kind):
        tender = purchase.tender(method)
        for _ in range(2):
            handlers.publish_tender_notice(event("procurement.tender.publish", tender))

        kinds = list(PublishedNotice.objects.values_list("kind", flat=True))
        assert kinds == ([kind] if kind else [])

    def test_a_result(self, purchase):
        award = purchase.award()
        for _ in range(2):
            handlers.publish_result(event("procurement.award.notify", award))

        assert notice(NoticeKind.RESULT).published_on == NOTIFIED

    def test_an_own_purchase_that_was_not_announced_has_none(self, purchase):
        award = purchase.award(medium="", address="")

        handlers.publish_result(event("procurement.award.notify", award))

        assert not PublishedNotice.objects.exists()

    def test_a_failure(self, purchase):
        tender = failed(purchase)
        for _ in range(2):
            handlers.publish_failure(event("procurement.tender.fail", tender))

        found = notice(NoticeKind.FAILED)
        assert (found.medium, found.published_on) == ("", tender.ended_on)

    def test_the_failure_of_what_was_never_announced_has_none(self, purchase):
        tender = purchase.tender("own", published_on=None, ended_on=PUBLISHED)

        handlers.publish_failure(event("procurement.tender.fail", tender))

        assert not PublishedNotice.objects.exists()


def test_two_at_once_take_no_number_twice(purchase):
    """The jurisdiction's row is locked while a number is taken."""
    if not connection.features.has_select_for_update:
        pytest.skip("this database locks the whole file")
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as queries:
        published(purchase)
    locked = [q["sql"] for q in queries if "FOR NO KEY UPDATE" in q["sql"]]
    assert any("jurisdiction" in sql for sql in locked)
