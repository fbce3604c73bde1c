"""The open data pages: anybody downloads, anybody checks, nobody signs in."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from disclosure.models import NoticeKind, PublishedRelease
from disclosure.public.releases import month_named, months
from tests.disclosure.cases import NOTIFIED, PUBLISHED, Purchase
from tests.ocds.cases import frozen, whole_story

INDEX = "/public/data/"


@pytest.fixture
def purchase(world):
    return Purchase(world)


def got(path: str, status: int = 200) -> bytes:
    response = Client().get(path)
    assert response.status_code == status, path
    return response.getvalue()


class TestIndex:
    """What there is, how large, with which digest, under which terms."""

    def test_is_empty_at_first(self, db):
        assert "还没有数据" in got(INDEX).decode()

    def test_lists_every_month_with_the_digest_and_size_of_its_file(self, purchase):
        whole_story(purchase)
        page = got(INDEX).decode()

        assert [month.name for month in months()] == ["sf-2026-04", "sf-2026-03", "sf-2026-02"]
        for month in months():
            data = got(month.url)
            assert hashlib.sha256(data).hexdigest() in page
            assert (len(data), month.count) == (month.size, len(json.loads(data)["releases"]))

    def test_every_file_it_names_is_there(self, purchase):
        whole_story(purchase)

        links = re.findall(r'href="(/public/[^"]+\.json)"', got(INDEX).decode())

        assert len(set(links)) == 3 + 6 + 2
        for link in set(links):
            assert json.loads(got(link))

    def test_the_digest_follows_a_new_release(self, purchase):
        award = purchase.award()
        frozen(purchase, NoticeKind.TENDER_CONSULTATION, award.tender, PUBLISHED)
        before = months()[0].sha256

        frozen(purchase, NoticeKind.RESULT, award, NOTIFIED)

        assert months()[0].sha256 == hashlib.sha256(got(months()[0].url)).hexdigest() != before

    def test_as_csv_with_every_digest(self, purchase):
        story = whole_story(purchase)

        rows = list(csv.DictReader(io.StringIO(got(f"{INDEX}?export=csv").decode("utf-8-sig"))))

        assert {row["SHA-256"] for row in rows} == {release.sha256 for release in story.values()}

    @pytest.mark.parametrize(
        ("prefix", "words"), [("ocds-000000", "还没有向 OCDS 登记"), ("ocds-abc123", "ocds-abc123")]
    )
    def test_says_whether_the_prefix_is_registered(self, db, settings, prefix, words):
        settings.OCID_PREFIX = prefix

        page = got(INDEX).decode()
        assert words in page
        assert ("还没有向 OCDS 登记" in page) == (prefix == "ocds-000000")

    def test_names_the_licence_only_where_one_was_chosen(self, purchase, settings):
        frozen(purchase, NoticeKind.TENDER_CONSULTATION, purchase.tender(), PUBLISHED)
        number = purchase.project.number
        path = f"/public/projects/{number}/ocds/releases.json"
        assert "没有另外选定许可协议" in got(INDEX).decode()
        assert "license" not in json.loads(got(path))

        settings.DATA_LICENSE = "https://example.org/licence"

        assert 'href="https://example.org/licence"' in got(INDEX).decode()
        assert json.loads(got(path))["license"] == "https://example.org/licence"

    def test_asks_as_much_for_many_as_for_one(self, purchase):
        counts = []
        for _ in range(2):
            frozen(purchase, NoticeKind.TENDER_CONSULTATION, purchase.tender(), PUBLISHED)
            got(INDEX)
            with CaptureQueriesContext(connection) as queries:
                got(INDEX)
            counts.append(len(queries))
        assert counts[0] == counts[1]


class TestFiles:
    """Releases byte by byte as they were frozen; packages that hold them unchanged."""

    def test_a_release_has_the_listed_digest(self, purchase):
        release = frozen(purchase, NoticeKind.RESULT, purchase.award(), NOTIFIED)

        data = got(f"/public/data/releases/{release.release_id}.json")

        assert hashlib.sha256(data).hexdigest() == release.sha256
        assert (data.decode(), len(data)) == (release.content, release.size)

    def test_a_month_is_of_beijing_time(self, purchase):
        whole_story(purchase)

        package = json.loads(got("/public/data/sf-2026-02.json"))

        assert {r["date"][:7] for r in package["releases"]} == {"2026-02"}
        assert package["publishedDate"] == "2026-02-25T00:00:00+08:00"
        assert package["uri"] == "http://testserver/public/data/sf-2026-02.json"
        assert package["publisher"] == {"name": purchase.project.jurisdiction().name}

    def test_a_large_month_is_never_held_whole(self, purchase):
        whole_story(purchase)

        response = Client().get("/public/data/sf-2026-02.json")

        assert response.streaming
        pieces = list(response.streaming_content)
        assert int(response.headers["Content-Length"]) == sum(map(len, pieces))
        assert (
            len(pieces) == PublishedRelease.objects.filter(date__lt="2026-03-01T00:00Z").count() + 2
        )

    def test_a_record_package_holds_every_process_of_its_project(self, purchase):
        whole_story(purchase)
        other = Purchase(purchase.world, name="另一个项目")
        frozen(other, NoticeKind.TENDER_CONSULTATION, other.tender(), PUBLISHED)
        number = purchase.project.number

        response = Client().get(f"/public/projects/{number}/ocds/record.json")

        records = json.loads(response.content)["records"]
        assert [record["ocid"].removeprefix("ocds-000000-") for record in records] == [
            number, f"{number}-1-1", f"{number}-1-2",
        ]  # fmt: skip
        assert f"{number}-record.json" in response.headers["Content-Disposition"]

    def test_the_notice_leads_to_its_data(self, purchase):
        release = frozen(purchase, NoticeKind.RESULT, purchase.award(), NOTIFIED)

        page = got(f"/public/notices/{release.release_id}/").decode()

        assert f"/public/data/releases/{release.release_id}.json" in page

    @pytest.mark.parametrize(
        "path",
        [
            "data/releases/SF-N-2026-9999.json",
            "data/sf-2026-01.json",
            "data/sf-2026-13.json",
            "data/sf-0000-01.json",
            "data/sf-9999-12.json",
            "data/nonsense.json",
            "projects/SF-2026-9999/ocds/record.json",
            "projects/SF-2026-9999/ocds/releases.json",
        ],
    )
    def test_what_is_not_published_is_not_found(self, db, path):
        got(f"/public/{path}", status=404)

    def test_the_name_of_a_month_is_read_strictly(self, purchase):
        frozen(purchase, NoticeKind.TENDER_CONSULTATION, purchase.tender(), PUBLISHED)

        assert month_named("sf-2026-03").count == 1
        assert month_named("sf-2026-3") is None
        assert month_named("sf-２０２６-03") is None
