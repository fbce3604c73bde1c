"""The Atom feed: valid, stable names, by kind and purchaser, paged, 304 when nothing is new."""

from __future__ import annotations

from xml.etree import ElementTree as ET

import pytest
from django.test import Client

from disclosure.public.models import NoticeKind
from tests.disclosure.public.making import DAY, frozen, page

pytestmark = pytest.mark.django_db

FEED = "/public/feed.atom"
ATOM = "{http://www.w3.org/2005/Atom}"


def parsed(path: str = FEED) -> ET.Element:
    return ET.fromstring(page(path))


def titles(feed: ET.Element) -> list[str]:
    return [entry.findtext(f"{ATOM}title") for entry in feed.findall(f"{ATOM}entry")]


def links(element: ET.Element) -> dict[str, str]:
    return {link.get("rel"): link.get("href") for link in element.findall(f"{ATOM}link")}


class TestFeed:
    """RFC 4287: feed and entries have id, title, updated; the feed or each entry an author."""

    def test_has_what_the_standard_asks_for(self):
        notice = frozen()

        feed = parsed()

        entry = feed.find(f"{ATOM}entry")
        for element in (feed, entry):
            for name in ("id", "title", "updated", "author"):
                assert element.find(f"{ATOM}{name}") is not None, name
        assert entry.findtext(f"{ATOM}id") == f"tag:minggou.local,2026:log/notice/{notice.number}"
        assert entry.findtext(f"{ATOM}updated") == "2026-03-04T00:00:00+08:00"
        assert links(entry)["alternate"] == f"http://testserver{notice.get_absolute_url()}"
        assert links(feed)["self"] == f"http://testserver{FEED}"

    def test_names_do_not_change_with_the_host(self, settings):
        frozen()
        first = parsed().find(f"{ATOM}entry/{ATOM}id").text
        settings.SITE = settings.SITE | {"domain": "www.example.gov.cn"}

        entry = parsed().find(f"{ATOM}entry")
        assert entry.findtext(f"{ATOM}id") == first
        assert links(entry)["alternate"].startswith("https://www.example.gov.cn/public/")

    def test_an_empty_one_is_valid_and_does_not_change(self):
        assert page(FEED) == page(FEED)
        assert parsed().findtext(f"{ATOM}updated") == "1970-01-01T00:00:00+00:00"

    def test_what_was_published_last_comes_first_whatever_its_date(self):
        frozen("先发"), frozen("补发", published_on=DAY.replace(year=2025))

        assert titles(parsed()) == ["补发", "先发"]

    def test_by_kind_and_by_purchaser(self):
        frozen("意向"), frozen("结果", kind=NoticeKind.RESULT)
        frozen("别家", purchaser_name="区教育委员会")

        assert titles(parsed(f"{FEED}?kind=result")) == ["结果"]
        assert titles(parsed(f"{FEED}?purchaser=区教育委员会")) == ["别家"]
        assert titles(parsed(f"{FEED}?kind=nonsense")) == []

    def test_older_pages_follow_next(self):
        for number in range(52):
            frozen(f"第{number}份")

        first = parsed()
        second = parsed(links(first)["next"].removeprefix("http://testserver"))

        assert len(titles(first)) == 50
        assert titles(second) == ["第1份", "第0份"]
        assert "next" not in links(second)
        assert "previous" in links(second)

    def test_is_not_sent_again_while_nothing_is_new(self):
        frozen()
        tag = Client().get(FEED).headers["ETag"]
        known = {"If-None-Match": tag}

        assert Client().get(FEED, headers=known).status_code == 304
        frozen()
        assert Client().get(FEED, headers=known).status_code == 200

    def test_markup_in_a_title_is_text(self):
        frozen("<b>&</b>")
        assert titles(parsed()) == ["<b>&</b>"]
