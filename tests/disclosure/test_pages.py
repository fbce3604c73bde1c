"""The pages of duties and notice drafts."""

from __future__ import annotations

import html
from datetime import date

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core.calendar.models import CalendarYear
from disclosure.models import DisclosureDuty, NoticeDraft, NoticeKind, PublishedNotice
from tests import steps
from tests.budgeting.steps import Desk
from tests.disclosure.cases import (
    ADDRESS,
    ANNOUNCED,
    MEDIUM,
    SIGNED,
    Purchase,
    corrected,
    drafted,
    reviewed,
    sent,
)

pytestmark = pytest.mark.django_db

PLACE = {"medium": MEDIUM, "address": ADDRESS, "published_on": "2026-04-13"}


@pytest.fixture
def draft(world):
    purchase = Purchase(world)
    contract = purchase.contract(place="区文化馆 13812345678，阳光花园 3 幢 2 单元 501 室")
    return drafted(purchase, NoticeKind.CONTRACT, contract, opened_on=SIGNED)


def rows(draft: NoticeDraft, **grounds: str) -> dict[str, str]:
    """The fixed table of the form, as the browser sends it."""
    from disclosure.models import fields_of

    fields = fields_of(draft.sections)
    sent_ = {"withheld-TOTAL_FORMS": str(len(fields)), "withheld-INITIAL_FORMS": "0"}
    for n, field in enumerate(fields):
        sent_[f"withheld-{n}-line"] = str(n)
        label = field.place.rpartition("·")[2]
        sent_[f"withheld-{n}-ground"] = grounds.get(label, "")
    return sent_


def act(draft: NoticeDraft, name: str) -> str:
    return f"/disclosure/drafts/{draft.pk}/{name}/"


class TestTheWay:
    """From the officer's desk over the reviewer's to the public site, in the browser's words."""

    def test_prepared_sent_approved_and_public(self, world, draft):
        with time_machine.travel(ANNOUNCED):
            officer, head = Desk(world.zhang), Desk(world.li)
            assert "处理合同公告" in officer.get("/desk/")
            officer.post(act(draft, "prepare"), **PLACE, **rows(draft, 服务要求="security"))
            page = html.unescape(officer.get(draft.get_absolute_url()))
            assert '<mark class="masked">138****5678</mark>' in page
            assert "手机号码已遮盖" in page
            assert "依法不予公开：公开后可能危及" in page
            assert "像是住址" in page
            assert "13812345678" not in page
            officer.post(act(draft, "send"))
            assert "审查合同公告" in officer.get("/desk/")
            assert "审查合同公告" in head.get("/desk/")
            assert "七乘二十四" not in head.get(act(draft, "approve"))
            head.post(act(draft, "approve"))
            found = PublishedNotice.objects.get()
            assert found.number in head.get(f"/disclosure/projects/{draft.project_id}/")
            assert "138****5678" in head.get(found.get_absolute_url())

    def test_returned_with_a_reason_that_the_officer_reads(self, world, draft):
        waiting = sent(world, draft, ANNOUNCED)
        with time_machine.travel(ANNOUNCED):
            head = Desk(world.li)
            head.post(act(waiting, "return"), status=422, reason="")
            head.post(act(waiting, "return"), reason="写明合同期限")
            assert "重新处理合同公告" in Desk(world.zhang).get("/desk/")
            assert "审查退回：写明合同期限" in Desk(world.zhang).get(draft.get_absolute_url())

    def test_corrected(self, world, draft):
        published = reviewed(world, draft, ANNOUNCED)
        from disclosure.models import fields_of

        key = next(f.key for f in fields_of(published.sections) if f.place.endswith("履约期限"))
        form = {
            "reason": "期限写错",
            "items-TOTAL_FORMS": "1",
            "items-INITIAL_FORMS": "0",
            "items-0-field": key,
            "items-0-after": "2026年5月1日至2027年3月31日",
        }
        with time_machine.travel(date(2026, 4, 15)):
            officer = Desk(world.zhang)
            assert "合同主要信息·履约期限：2026年5月1日" in officer.get(act(published, "correct"))
            officer.post(act(published, "correct"), **form)
            made = NoticeDraft.objects.get(kind=NoticeKind.CORRECTION)
            assert published.notice_number in officer.get(made.get_absolute_url())
            officer.post(act(made, "discard"), note="写错了")

    def test_the_old_notice_s_draft_names_its_correction(self, world, draft):
        published = reviewed(world, draft, ANNOUNCED)
        later = reviewed(world, corrected(world, published, "采购方式", "公开招标"), ANNOUNCED)
        with time_machine.travel(ANNOUNCED):
            desk = Desk(world.wu)
            assert later.notice_number in desk.get(published.get_absolute_url())
            assert published.notice_number in desk.get(later.get_absolute_url())
            assert later.notice_number in desk.get(f"/disclosure/projects/{draft.project_id}/")

    @pytest.mark.parametrize(
        "wrong",
        [
            {"published_on": "2026-04-14"},
            {"address": "javascript:alert(1)"},
            {"medium": ""},
            {"withheld-0-ground": "because"},
            {"withheld-0-line": "9"},
        ],
    )
    def test_bad_input_is_said_at_the_field(self, world, draft, wrong):
        with time_machine.travel(ANNOUNCED):
            form = PLACE | rows(draft) | wrong
            Desk(world.zhang).post(act(draft, "prepare"), status=422, **form)
        assert steps.fresh(draft).medium == ""


class TestWorklist:
    """Due dates from the calendar, what is overdue, who holds it."""

    @pytest.fixture(autouse=True)
    def _duties(self, world, draft):
        sent(world, draft, ANNOUNCED)
        purchase = Purchase(world, name="第二个项目")
        drafted(purchase, NoticeKind.INTENTION, purchase.intention(), date(2026, 2, 2))

    @pytest.mark.parametrize(
        ("query", "said", "unsaid"),
        [
            ("", ("2026-04-14", "法律未定", "文旅委归口科室负责人", "文旅委经办人"), ()),
            ("?status=overdue", ("待公开，逾期 2 日",), ("第二个项目",)),
            ("?kind=intention", ("第二个项目",), ("逾期",)),
            ("?status=fulfilled", ("没有符合条件",), ("2026-04-14",)),
        ],
    )
    def test_filters(self, world, query, said, unsaid):
        with time_machine.travel(date(2026, 4, 16)):
            page = Desk(world.zhang).get(f"/disclosure/duties/{query}")
        body = page[page.index("<tbody>") :] if "<tbody>" in page else page
        assert [words for words in said if words not in body] == []
        assert [words for words in unsaid if words in body] == []

    def test_unknown_calendar_is_said(self, world):
        CalendarYear.objects.all()._raw_delete("default")
        with time_machine.travel(date(2026, 4, 16)):
            assert "暂无法确定" in Desk(world.zhang).get("/disclosure/duties/")

    @pytest.mark.parametrize(
        ("name", "query", "count"),
        [
            ("zhang", "scope=mine", 1),
            ("li", "scope=mine", 1),
            ("wu", "scope=mine", 0),
            ("wu", "", 2),
            ("zhang", "scope=published", 0),
            ("zhang", "kind=intention", 1),
            ("chen", "", 0),
        ],
    )
    def test_drafts_by_desk(self, world, name, query, count):
        with time_machine.travel(date(2026, 4, 16)):
            lines = Desk(getattr(world, name)).get(f"/disclosure/drafts/?{query}&export=csv")
        assert len(lines.splitlines()) == count + 1


def test_others_neither_see_nor_act(world, draft):
    with time_machine.travel(ANNOUNCED):
        stranger = Desk(world.chen).client
        for path in (draft.get_absolute_url(), act(draft, "send"), act(draft, "approve")):
            assert stranger.get(path).status_code == 404
        Desk(world.wang).post(act(draft, "prepare"), status=403, **PLACE, **rows(draft))


def test_queries_do_not_grow_with_rows(world):
    counts = []
    with time_machine.travel(date(2026, 2, 3)):
        for name in ("第一项", "第二项"):
            purchase = Purchase(world, name=name)
            drafted(purchase, NoticeKind.REQUIREMENTS, purchase.project)
            officer = Desk(world.zhang)
            for path in ("/disclosure/duties/", "/disclosure/drafts/", "/desk/"):
                officer.get(path)
                with CaptureQueriesContext(connection) as queries:
                    officer.get(path)
                counts.append(len(queries))
    assert counts[:3] == counts[3:]
    assert DisclosureDuty.objects.count() == 2
