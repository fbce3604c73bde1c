"""The screening in the browser: upload, filter, decide, confirm, and the clerk's filing."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from core.drafts.models import Draft
from projects.models import IntentionList, ListedIntention
from tests.projects.intentions import (
    HEADER,
    ON,
    cells,
    one,
    opened,
    received,
    register,
    reviewed,
    upload,
)
from tests.projects.test_catalogue_pages import client_of, url

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _today(monkeypatch):
    from core.calendar import clock

    monkeypatch.setattr(clock.timezone, "localdate", lambda: ON)


def send(actor, file, **more):
    return client_of(actor).post(url("intention_lists"), {"file": file, "key": "k1", **more})


class TestUploading:
    def test_shows_what_was_judged(self, world):
        register(world)
        answer = send(world.zhao, reviewed())
        assert answer.url == IntentionList.objects.get().get_absolute_url()
        page = client_of(world.zhao).get(answer.url).content.decode()
        assert "名称所指的是工程" in page
        assert "渝北第九条第（三）项" in page

    def test_takes_what_a_spreadsheet_saves(self, world):
        assert send(world.zhao, upload([cells(one())], encoding="gb18030")).status_code == 302
        assert ListedIntention.objects.get().unit == "山东省水利厅"

    @pytest.mark.parametrize(
        ("file", "status", "words"),
        [
            (SimpleUploadedFile("a.xlsx", b"PK\x03\x04"), 415, "不是 CSV"),
            (SimpleUploadedFile("a.csv", b"\xff\xfe\x00\x01\x81"), 415, "读不出来"),
            (SimpleUploadedFile("a.csv", b"a,b\x00c\n"), 415, "读不出来"),
            (SimpleUploadedFile("a.csv", b""), 422, "文件是空的"),
            (upload([]), 422, "列名之下没有内容"),
        ],
    )
    def test_refuses_what_it_cannot_read(self, world, file, status, words):
        file.seek(0)
        answer = send(world.zhao, file)
        assert answer.status_code == status
        assert words in answer.content.decode()
        assert not IntentionList.objects.exists()

    def test_names_every_wrong_header_at_once(self, world):
        header = tuple(h for h in HEADER if h != "采购单位")
        wrong = (*header[:-1], "备住")
        answer = send(world.zhao, upload([["x"] * 9], header=wrong))
        text = answer.content.decode()
        assert answer.status_code == 422
        assert "缺少“采购单位”一列" in text
        assert "不认得列名“备住”" in text

    def test_more_rows_than_allowed_are_refused_whole(self, world):
        answer = send(world.zhao, upload([cells(one(name=f"运维{n}")) for n in range(1001)]))
        assert answer.status_code == 422
        assert "一次至多 1000 行" in answer.content.decode()

    def test_is_not_for_a_department(self, world):
        assert send(world.zhang, reviewed()).status_code == 403


class TestTheList:
    def test_is_for_finance_and_auditors(self, world):
        here = received(world, upload([cells(one())])).get_absolute_url()
        codes = {n: client_of(getattr(world, n)).get(here).status_code for n in (
            "zhao", "bai", "wu", "qian", "zhang",
        )}  # fmt: skip
        assert codes == {"zhao": 200, "bai": 200, "wu": 200, "qian": 404, "zhang": 404}

    def test_is_filtered_sorted_and_exported(self, world):
        register(world)
        here, client = received(world).get_absolute_url(), client_of(world.zhao)

        def lines(**query):
            return [r.line for r in client.get(here, query).context["listing"].rows]

        assert lines(ground="YB-9.3-intention-month") == [22, 23]
        assert lines(outcome="accept", unit="山东省大数据局", sort="-amount_fen")[0] == 66
        assert lines(q="展览会") == [32, 33, 34]
        assert len(lines(outcome="nonsense")) == 50
        csv = b"".join(client.get(here, {"export": "csv"}).streaming_content).decode()
        assert csv.count("\n") == 71

    def test_a_row_is_decided_with_a_reason(self, world):
        row = received(world, upload([cells(one(name="资料整理"))])).rows.get()
        client, here = client_of(world.zhao), url("intention_decide", row)
        assert client.post(here, {"outcome": "accept"}).status_code == 422
        done = client.post(here, {"outcome": "refuse", "reason": "不是信息服务"})
        assert done.status_code == 302
        row.refresh_from_db()
        assert (row.outcome, row.decided_reason) == ("refuse", "不是信息服务")

    def test_confirming_says_what_is_in_the_way(self, world):
        made = received(world, upload([cells(one(name="资料整理"))]))
        answer = client_of(world.zhao).post(url("intentions_confirm", made))
        assert answer.status_code == 422
        assert "YB-9.1-intentions-decided" in answer.content.decode()


class TestFilingByIntention:
    def test_the_clerk_finds_the_known_fields_filled_in(self, world):
        placed = opened(world)["planned_intention"]
        client = client_of(world.zhang)
        assert "据采购意向填报" in client.get(reverse("core:desk")).content.decode()
        plan = url("plan_intentions", placed.plan)
        assert "据此填报" in client.get(plan).content.decode()

        answer = client.post(url("intention_file", placed))

        assert answer.url == url("declare", placed.plan)
        content = Draft.objects.get(user=world.zhang.user).content
        assert content["name"] == [placed.name]
        assert content["total"] == ["200,000.00"]
        assert content["catalogue_item"] == [str(world.item("C16070000").pk)]

    def test_an_unfinished_draft_is_not_overwritten(self, world):
        placed = opened(world)["planned_intention"]
        client = client_of(world.zhang)
        client.post(url("intention_file", placed))
        assert client.post(url("intention_file", placed)).url == url("plan_intentions", placed.plan)
        assert Draft.objects.count() == 1

    def test_is_for_the_own_unit(self, world):
        placed = opened(world)["planned_intention"]
        assert client_of(world.chen).post(url("intention_file", placed)).status_code == 404
        assert client_of(world.li).post(url("intention_file", placed)).status_code == 403
        assert not Draft.objects.exists()
