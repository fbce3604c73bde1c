"""The site as a whole: front page, caches, large type, robots, and what it says of itself."""

from __future__ import annotations

import re
from datetime import date

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from disclosure.public.models import NoticeKind
from tests.disclosure.public.making import frozen, page

pytestmark = pytest.mark.django_db

HOME = "/public/"
PATHS = [
    HOME,
    *(
        f"{HOME}{name}/"
        for name in ("notices", "projects", "catalogues", "search", "feeds", "verify")
    ),
]
FILLED = {
    "name": "示范区政府购买服务公开",
    "domain": "www.example.gov.cn",
    "code": "5001120001",
    "organiser": "示范区财政局",
    "record": "示ICP备00000001号",
    "police_record": "示公网安备 1 号",
    "faults": "https://zfwzgl.www.gov.cn/",
}


def metas(text: str) -> dict[str, str]:
    return dict(re.findall(r'<meta name="(\w+)" content="([^"]*)">', text))


class TestHome:
    def test_the_root_leads_there(self):
        response = Client().get("/")
        assert (response.status_code, response.headers["Location"]) == (302, HOME)

    def test_tells_what_is_new_and_how_many_there_are(self):
        frozen("新的意向"), frozen("结果", kind=NoticeKind.RESULT)

        text = page(HOME)

        assert "新的意向" in text
        assert "/public/notices/?kind=result&amp;year=2026" in text
        for column in ("公告", "项目", "目录", "检索", "法规", "数据", "核验"):
            assert f">{column}</a>" in text

    def test_is_calm_when_there_is_nothing(self):
        assert "还没有公告" in page(HOME)

    def test_asks_as_much_for_many_as_for_one(self):
        counts = []
        for _ in range(2):
            frozen()
            with CaptureQueriesContext(connection) as queries:
                page(HOME)
            counts.append(len(queries))
        assert counts[0] == counts[1] == 2


class TestCaches:
    @pytest.mark.parametrize("path", [*PATHS, "/regulations/", "/robots.txt"])
    def test_a_public_page_may_be_kept_and_is_not_sent_twice(self, path):
        frozen()
        response = Client().get(path)
        assert response.headers["Cache-Control"] == "public, max-age=0, s-maxage=10"
        known = {"If-None-Match": response.headers["ETag"]}
        assert Client().get(path, headers=known).status_code == 304

    def test_a_frozen_file_is_kept_for_a_day(self):
        response = Client().get(f"{frozen().get_absolute_url()}data/")
        assert response.headers["Cache-Control"] == "public, max-age=86400"

    def test_who_carries_a_session_gets_what_no_cache_keeps(self, settings):
        client = Client()
        client.cookies[settings.SESSION_COOKIE_NAME] = "somebody"
        assert client.get(HOME).headers["Cache-Control"] == "no-store"

    def test_a_page_of_a_list_has_the_same_bytes_each_time(self):
        for _ in range(51):
            frozen()
        assert 'rel="next"' in page("/public/notices/")
        assert page("/public/notices/") == page("/public/notices/")

    def test_a_mistake_is_not_kept(self):
        response = Client().get(f"/public/search/?q={'长' * 41}")
        assert "public" not in response.headers.get("Cache-Control", "")


class TestLargeType:
    """适老大字版：a plain link, remembered by a cookie, no script."""

    def test_is_chosen_by_a_link_and_remembered(self):
        client = Client()
        answer = client.get("/public/notices/?kind=result&type=large")

        assert answer.headers["Location"] == "/public/notices/?kind=result"
        assert answer.headers["Cache-Control"] == "no-store"
        text = client.get("/regulations/").content.decode()
        assert 'data-type="large"' in text
        assert 'href="?type=normal"' in text

    def test_is_left_again(self):
        client = Client()
        client.get("/public/?type=large")
        client.get("/public/?type=normal")
        assert "data-type=" not in client.get(HOME).content.decode()

    def test_leads_to_no_other_site(self):
        answer = Client().get("/?type=large", PATH_INFO="//evil.example/")
        assert answer.headers["Location"].startswith("/%2Fevil.example/")

    def test_pages_with_and_without_are_told_apart_by_caches(self):
        assert "Cookie" in Client().get(HOME).headers["Vary"]


class TestWhatItSaysOfItself:
    """RULEBOOK 7：SiteName … Url；空着的不出现，不代填。"""

    def test_what_the_office_has_not_filled_in_is_left_out(self):
        text = page(frozen().get_absolute_url())

        assert not {"SiteName", "SiteDomain", "SiteIDCode"} & metas(text).keys()
        assert "主办单位" not in text

    def test_what_it_has_filled_in_is_said(self, settings):
        settings.SITE = FILLED
        notice = frozen()

        text = page(notice.get_absolute_url())

        found = metas(text)
        assert found["SiteName"] == FILLED["name"]
        assert found["SiteDomain"] == "www.example.gov.cn"
        assert found["SiteIDCode"] == FILLED["code"]
        assert found["ColumnName"] == "公告"
        assert found["ArticleTitle"] == notice.title
        assert found["PubDate"] == "2026-03-04"
        assert found["ContentSource"] == notice.purchaser_name
        assert found["Url"] == f"https://www.example.gov.cn{notice.get_absolute_url()}"
        for name in ("organiser", "code", "record", "police_record", "faults"):
            assert FILLED[name] in text


class TestNotFound:
    def test_offers_the_search(self):
        text = page("/public/nothing/", status=404)
        assert 'action="/public/search/"' in text
        assert "没有这一页" in text

    def test_elsewhere_nothing_is_offered(self):
        assert "/public/search/" not in page("/nothing/", status=404)


class TestForEngines:
    def test_robots_may_read_what_is_public(self):
        lines = page("/robots.txt").splitlines()
        assert {"Disallow: /", "Allow: /public/", "Allow: /regulations/"} <= set(lines)
        assert lines[-1] == "Sitemap: http://testserver/public/sitemap.xml"

    def test_the_map_names_every_notice_once(self):
        notices = [frozen(), frozen(published_on=date(2025, 1, 2))]
        parts = re.findall(r"<loc>http://testserver([^<]+)</loc>", page("/public/sitemap.xml"))
        addresses = [a for part in parts for a in re.findall(r"<loc>([^<]+)</loc>", page(part))]

        for notice in notices:
            assert addresses.count(f"http://testserver{notice.get_absolute_url()}") == 1
        assert f"http://testserver{HOME}" in addresses


class TestNotice:
    def test_one_that_stands_says_so(self):
        assert "现行" in page(frozen().get_absolute_url())

    @pytest.mark.parametrize(
        ("kind", "word"),
        [("contract", "已被更正"), ("failed", "已终止"), ("termination", "已终止")],
    )
    def test_what_corrects_or_ends_it_is_linked_both_ways(self, kind, word):
        first = frozen(kind=NoticeKind.CONTRACT)
        second = frozen("后来的公告", kind=kind, supersedes=first.number)

        before, after = page(first.get_absolute_url()), page(second.get_absolute_url())

        assert word in before
        assert f'href="{second.get_absolute_url()}"' in before
        assert f'href="{first.get_absolute_url()}"' in after

    def test_leads_to_the_story_and_the_other_notices_of_the_project(self):
        other, notice = frozen(), frozen("本公告")

        text = page(notice.get_absolute_url())

        assert 'href="/public/projects/SF-2026-0001/"' in text
        assert other.get_absolute_url() in text
