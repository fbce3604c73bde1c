"""The public pages: read by anyone, checked by anyone, and without a name of the staff."""

from __future__ import annotations

import hashlib
import re
from datetime import date, timedelta

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from core.history.verify import verify
from disclosure import handlers
from disclosure.facts.deadlines import due_on
from disclosure.models import DutyKind, NoticeDraft, NoticeKind, PublishedNotice
from procurement.models import FailureGround
from procurement.services import fail_tender
from tests import purchase as walk
from tests.budgeting.steps import Desk
from tests.core import tampering
from tests.disclosure.cases import (
    ADDRESS,
    MEDIUM,
    PUBLISHED,
    Purchase,
    event,
    publish_notice,
    reviewed,
)
from tests.world import deliver_all

LIST = "/public/notices/"


@pytest.fixture
def purchase(world):
    return Purchase(world)


def published(purchase, *, on=PUBLISHED, address=ADDRESS, medium=MEDIUM):
    return publish_notice(
        NoticeKind.TENDER_CONSULTATION,
        purchase.tender(),
        purchase.project,
        published_on=on,
        medium=medium,
        address=address,
        **purchase.world.zhang.acts(on),
    )


def text(path: str, status: int = 200) -> str:
    response = Client().get(path)
    assert response.status_code == status
    return response.getvalue().decode()


class TestNotice:
    """One notice, in the printed order, with what it takes to check it."""

    def test_opens_without_sign_in_and_names_no_one_of_the_staff(self, purchase):
        page = text(published(purchase).get_absolute_url())

        names = [a.user.full_name for a in purchase.world.actors.values()]
        assert [name for name in names if name in page] == []
        headings = re.findall(r"<h2>([一二三四五六七八九十]、[^<]+)</h2>", page)
        assert headings[0] == "一、项目基本情况"
        assert headings[-1] == "六、凡对本次采购提出询问，请按以下方式联系"

    def test_its_data_file_has_the_printed_digest(self, purchase):
        found = published(purchase)

        page = text(found.get_absolute_url())
        data = Client().get(f"{found.get_absolute_url()}data/")

        assert hashlib.sha256(data.content).hexdigest() in page
        assert "SF-N-2026-0001.json" in data.headers["Content-Disposition"]

    def test_a_changed_one_says_so(self, purchase):
        found = published(purchase)
        assert "请勿采信" not in text(found.get_absolute_url())
        tampering.unlock()
        tampering.run(f"UPDATE {tampering.table(PublishedNotice)} SET title = %s", "x")
        tampering.relock()

        assert "请勿采信" in text(found.get_absolute_url())

    def test_the_designated_medium_prevails_and_is_linked(self, purchase):
        page = text(published(purchase).get_absolute_url())

        assert f'href="{ADDRESS}"' in page
        assert "以该媒体发布的为准" in page

    def test_what_is_no_address_is_not_linked(self, purchase):
        page = text(published(purchase, address="javascript:alert(1)").get_absolute_url())

        assert "javascript" not in page
        assert MEDIUM in page

    def test_no_medium_is_not_invented(self, purchase):
        page = text(published(purchase, medium="", address="").get_absolute_url())

        assert "公告媒体" not in page

    def test_an_unknown_number_is_not_found(self, db):
        text("/public/notices/SF-N-2026-9999/", status=404)
        text("/public/notices/SF-N-2026-9999/data/", status=404)

    @pytest.mark.parametrize("path", [LIST, "notice", "data"])
    def test_nothing_can_be_sent(self, purchase, path):
        url = published(purchase).get_absolute_url()
        url = {LIST: LIST, "notice": url, "data": f"{url}data/"}[path]

        assert Client().post(url).status_code == 405


class TestList:
    """Newest first, by kind, year, purchaser and jurisdiction, as a table and as CSV."""

    def test_is_empty_at_first(self, db):
        assert "没有符合条件的公告" in text(LIST)

    def test_the_newest_stands_first(self, purchase):
        older = published(purchase)
        newer = published(purchase, on=PUBLISHED + timedelta(days=30))

        page = text(LIST)

        assert page.index(newer.number) < page.index(older.number)

    @pytest.mark.parametrize(
        ("query", "is_found"),
        [
            ("kind=tender_consultation", True),
            ("kind=result", False),
            ("year=2026", True),
            ("year=2025", True),  # no such year is offered: the filter says so and does nothing
            ("purchaser=区文化和旅游发展委员会", True),
            ("jurisdiction=sf", True),
            ("kind=tender_consultation&year=2026&jurisdiction=sf", True),
            ("sort=-published_on", True),
        ],
    )
    def test_filters(self, purchase, query, is_found):
        found = published(purchase)

        assert (found.get_absolute_url() in text(f"{LIST}?{query}")) == is_found

    def test_pages_by_place(self, purchase):
        for day in range(51):
            published(purchase, on=PUBLISHED + timedelta(days=day))

        page = text(LIST)
        (older,) = re.findall(r'href="([^"]+)" rel="next"', page)
        behind = text(older.replace("&amp;", "&"))

        assert "SF-N-2026-0001" not in page
        assert "SF-N-2026-0001" in behind

    def test_as_csv(self, purchase):
        found = published(purchase)

        lines = text(f"{LIST}?export=csv").splitlines()

        assert len(lines) == 2
        assert found.sha256 in lines[1]

    def test_asks_as_much_for_many_as_for_one(self, purchase):
        counts = []
        for day in range(2):
            published(purchase, on=PUBLISHED + timedelta(days=day))
            with CaptureQueriesContext(connection) as queries:
                text(LIST)
            counts.append(len(queries))
        assert counts[0] == counts[1]


class TestCaseTab:
    """The case shows what was published of it, with the way to the public page."""

    def test_lists_the_notices_of_this_case_only(self, purchase):
        mine = published(purchase)
        other = published(Purchase(purchase.world, name="另一个项目"))

        with time_machine.travel(date(2026, 3, 5)):
            page = Desk(purchase.world.zhang).get(f"/disclosure/projects/{purchase.project.pk}/")

        assert mine.get_absolute_url() in page
        assert other.number not in page

    def test_names_the_contract_to_be_announced(self, purchase):
        contract = purchase.contract()
        handlers.announce_contract(event("contracts.contract.conclude", contract))

        with time_machine.travel(date(2026, 4, 11)):
            officer = Desk(purchase.world.zhang)
            page = officer.get(f"/disclosure/projects/{purchase.project.pk}/")
            assert f"合同公告（{contract}）" in page
            assert "2026-04-14" in officer.get("/disclosure/duties/")
            assert "2026-04-14" in officer.get("/desk/")


class TestThroughTheServices:
    """Walk A from the intention to the contract: each announcement arrives as a notice."""

    def test_each_step_is_published_once_and_in_its_order(self, world):
        contract = walk.signed(world)
        duty = NoticeDraft.objects.get(kind=NoticeKind.CONTRACT).duty
        assert (duty.kind, due_on(duty)) == (DutyKind.CONTRACT_NOTICE, date(2026, 4, 14))
        for draft in NoticeDraft.objects.with_case().order_by("pk"):
            reviewed(world, draft, date(2026, 4, 13))
        deliver_all()

        found = list(PublishedNotice.objects.order_by("pk"))
        assert contract.case().number in found[-1].project_number
        assert [notice.kind for notice in found] == [
            NoticeKind.REQUIREMENTS,
            NoticeKind.INTENTION,
            NoticeKind.TENDER_CONSULTATION,
            NoticeKind.RESULT,
            NoticeKind.CONTRACT,
        ]
        pages = "".join(text(notice.get_absolute_url()) for notice in found)
        names = [a.user.full_name for a in world.actors.values()]
        assert [name for name in names if name in pages] == []
        assert pages.count("1,756,800.00 元") == 2
        assert verify().is_clean

    def test_a_failure_is_published(self, world):
        tender = walk.opened(world)
        fail_tender(
            tender,
            ground=FailureGround.TOO_FEW,
            reason="截止时只收到两家的响应文件。",
            **world.zhang.acts(walk.DEADLINE),
        )
        deliver_all()
        draft = NoticeDraft.objects.with_case().get(kind=NoticeKind.FAILED)
        reviewed(world, draft, walk.DEADLINE)

        assert "采购失败（终止）公告" in text(f"{LIST}?kind=failed")
