"""Every release and package of the demonstration passes the official schema and the merge."""

from __future__ import annotations

import json
from datetime import datetime

import pytest

from config.demo.load import FIRST_DAY
from core.history.verify import verify
from disclosure.models import PublishedNotice, PublishedRelease
from disclosure.ocds.encoding import decoded
from disclosure.public.releases import months, project_package, project_record
from tests.ocds.cases import content_of
from tests.ocds.official import RECORDS, RELEASES, faults, official_merge, problems

pytestmark = pytest.mark.ocds


@pytest.mark.usefixtures("demonstration", "db")
class TestTheDemonstration:
    """All that a visitor of the demonstration can download."""

    def test_every_notice_has_its_one_release(self):
        numbers = PublishedNotice.objects.order_by("number").values_list("number", flat=True)
        released = PublishedRelease.objects.order_by("release_id")

        assert list(numbers) == list(released.values_list("release_id", flat=True)) != []
        assert verify().is_clean

    def test_every_release_is_faultless(self):
        found = {
            release.release_id: faults(json.loads(release.content))
            for release in PublishedRelease.objects.all()
        }

        assert {number: wrong for number, wrong in found.items() if wrong} == {}

    def test_identity_and_time_are_in_order(self):
        rows = [(r, content_of(r)) for r in PublishedRelease.objects.order_by("ocid", "date")]

        assert len({(c["ocid"], c["id"]) for _, c in rows}) == len(rows)
        for row, content in rows:
            assert (row.ocid, row.release_id, [row.tag]) == (
                content["ocid"], content["id"], content["tag"],
            )  # fmt: skip
            assert row.date == datetime.fromisoformat(content["date"])
            assert content["date"][:10] <= FIRST_DAY.isoformat()

    def test_every_package_is_valid_and_every_record_is_ocdsmerges(self):
        numbers = PublishedRelease.objects.values_list("project_number", flat=True)
        for number in sorted(set(numbers)):
            assert problems(RELEASES, json.loads(project_package(number))) == []
            package = project_record(number)
            assert problems(RECORDS, json.loads(package)) == []
            for record in decoded(package)["records"]:
                assert record["compiledRelease"] == official_merge(record["releases"])
        for month in months():
            assert problems(RELEASES, json.loads("".join(month.pieces()))) == []
