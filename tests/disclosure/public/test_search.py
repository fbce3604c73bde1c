"""Search: any two characters a notice prints are found, on both databases, and nothing else is."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest
from django.core.management import call_command
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.history import change
from core.history.verify import verify
from disclosure.public.index import (
    SearchTerm,
    SearchText,
    excerpt,
    folded,
    highlighted,
    printed,
    terms,
)
from disclosure.public.models import PublishedNotice
from disclosure.public.selectors import searched, words_of
from disclosure.public.services import fill_public_site, rebuild_search, search_differences
from tests.disclosure.public.making import DAY, frozen, page

pytestmark = pytest.mark.django_db

SEARCH = "/public/search/"
# Chinese, rare characters of extension B, full width, Latin, digits, marks, variants, spaces.
ALPHABET = st.one_of(
    st.sampled_from("采购运维服务平台验收一二三（），。：；、“”％％"),
    st.sampled_from("𠀀𠮷𡃁𪚥葛\U000e0100﨑\u3000ＡｂＺ０９㎡①½ﬁßİçe\u0301ｶﾞ한"),
    st.characters(codec="utf-8", exclude_characters="\x00", exclude_categories=("Cs",)),
)
TEXT = st.text(ALPHABET, min_size=2, max_size=24)


def found(query: str) -> list[PublishedNotice]:
    words = words_of(query)
    return list(searched(words, {})) if words else []


class TestRecall:
    """《政府信息公开条例》第二十四条：公开平台须可检索。Recall is 1.0 by construction."""

    @settings(
        max_examples=60,
        deadline=None,
        suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    )
    @given(title=TEXT, text=TEXT, value=TEXT)
    def test_any_two_characters_of_a_notice_find_it(self, db, title, text, value):
        notice = frozen(title, text=[text], rows=[["备注", value]])

        for part in (title, text, value):
            for at in range(len(part) - 1):
                two = part[at : at + 2]
                if words_of(two):
                    assert notice in found(two), two

    @given(text=TEXT, start=st.integers(0, 23), length=st.integers(1, 24))
    def test_folding_keeps_every_part_a_part(self, text, start, length):
        assert folded(text[start : start + length]) in folded(text)

    def test_every_two_characters_of_every_part_that_is_printed(self):
        notice = frozen(rows=[["成交金额", "1,756,800.00 元"], ["供应商", "示范信息技术有限公司"]])

        for part in printed(notice):
            for at in range(len(part) - 1):
                assert notice in found(part[at : at + 2]), part[at : at + 2]

    @pytest.mark.parametrize(
        ("text", "query"),
        [
            ("龙溪街道𠮷祥社区", "𠮷祥"),
            ("𠀀𪚥", "𠀀𪚥"),
            ("ＡＢＣ平台（二期）", "abc平台(二期)"),
            ("abc平台(二期)", "ＡＢＣ平台（二期）"),
            ("面积 120㎡", "120m2"),
            ("Straße 9", "STRASSE"),
            ("葛\U000e0100飾", "葛飾"),
            ("勘\u200b察", "勘察"),
            ("价格 100% 折扣", "100%"),
            ("文件_终稿", "文件_终"),
            (r"甲\乙\丙", r"甲\乙\丙"),
            ("单字", "字"),
        ],
    )
    def test_rare_wide_and_mixed_writing(self, text, query):
        notice = frozen("公告", text=[text])
        frozen("别的公告")

        assert found(query) == [notice]

    def test_words_are_all_asked_for_in_any_order(self):
        both, _one = frozen("档案数字化", text=["委托保管"]), frozen("档案整理")

        assert found("保管　档案") == [both]


class TestPrecision:
    """The index proposes, the text decides."""

    @pytest.mark.parametrize("text", ["甲乙，乙丙", "乙丙甲乙", "甲乙\n丙"])
    def test_pairs_that_are_there_but_not_together_are_no_hit(self, text):
        frozen("公告", text=[text])

        assert found("甲乙丙") == []

    def test_parts_do_not_run_into_each_other(self):
        frozen("公告", rows=[["采购", "人民"]])

        assert found("购人") == []

    @pytest.mark.parametrize("query", ["运_", "%维", "运%维", "__"])
    def test_signs_of_the_database_mean_themselves(self, query):
        frozen("运维")

        assert found(query) == []

    def test_a_long_word_is_checked_to_its_end(self):
        notice = frozen("公共文化信息服务平台运行维护和安全保障服务")

        assert found("公共文化信息服务平台运行维护和安全保障服务") == [notice]
        assert found("公共文化信息服务平台运行维护和安全保障项目") == []


class TestFreezing:
    """A notice that is frozen is indexed; there is no other way, and no half of it."""

    def test_the_index_is_written_with_the_notice(self):
        notice = frozen()

        assert SearchText.objects.get().notice_id == notice.pk
        held = set(SearchTerm.objects.values_list("term", flat=True))
        assert held == terms(SearchText.objects.get().text)
        assert verify().is_clean

    def test_what_is_rolled_back_leaves_no_trace(self):
        def half() -> None:
            with transaction.atomic():
                frozen()
                raise ZeroDivisionError

        with pytest.raises(ZeroDivisionError):
            half()

        assert not SearchTerm.objects.exists()

    def test_no_notice_is_indexed_twice(self):
        notice = frozen()
        before = SearchTerm.objects.count()
        with change(title="x", act="x", by=None, on=DAY, stream="x") as changes:
            changes.save(notice)  # nothing changed writes nothing

        assert SearchTerm.objects.count() == before


class TestRebuilding:
    """`manage.py rebuild_search` and `verify`."""

    def damaged(self):
        whole, cut, lost = (frozen(f"第{n}份公告") for n in "一二三")
        SearchTerm.objects.filter(notice_id=cut.pk, term="二份").delete()
        SearchText.objects.filter(notice_id=lost.pk).delete()
        SearchTerm.objects.create(term="鬼", notice_id=lost.pk + 100)
        return whole, cut, lost

    def test_what_differs_is_told_by_verify_and_mended_alone(self, capsys):
        _whole, cut, lost = self.damaged()
        differing = [cut.pk, lost.pk, lost.pk + 100]
        assert [s.split()[1] for s in search_differences()] == [str(pk) for pk in differing]
        assert not verify().is_clean

        call_command("rebuild_search")

        assert "重新编入 3 份公告" in capsys.readouterr().out
        assert found("二份") == [cut]
        assert found("第三份公告") == [lost]
        assert verify().is_clean
        assert rebuild_search() == []

    def test_a_database_from_before_the_index_is_filled_after_migrating(self):
        notice = frozen("旧的公告")
        SearchTerm.objects.all().delete()
        SearchText.objects.all().delete()

        fill_public_site()

        assert found("旧的") == [notice]


class TestMarking:
    def test_what_was_found_is_marked_in_the_writing_of_the_notice(self):
        assert highlighted("ＡＢ平台①期", ["b平", "1"]) == [
            ("Ａ", False),
            ("Ｂ平", True),
            ("台", False),
            ("①", True),
            ("期", False),
        ]

    def test_the_excerpt_is_the_first_place_outside_the_title(self):
        notice = frozen("运维公告", text=["前" * 60 + "运维" + "后" * 100])

        parts = excerpt(notice, ["运维"])

        assert ("运维", True) in parts
        assert parts[0] == ("…", False)
        assert parts[-1] == ("…", False)
        assert sum(len(text) for text, _ in parts) < 130

    def test_nothing_outside_the_title_is_no_excerpt(self):
        assert excerpt(frozen("独有之词"), ["独有"]) == []


class TestPage:
    def test_asks_for_a_word_first(self):
        assert "请输入要找的词" in page(SEARCH)
        assert "请输入要找的词" in page(f"{SEARCH}?q=%20%20")

    def test_says_what_to_do_when_nothing_is_found(self):
        text = page(f"{SEARCH}?q=没有")
        assert "没有查到" in text
        assert "换一个更短的词" in text

    def test_marks_and_escapes(self):
        frozen("<b>运维</b>")

        assert "&lt;b&gt;<mark>运维</mark>&lt;/b&gt;" in page(f"{SEARCH}?q=运维")

    @pytest.mark.parametrize("query", ["长" * 41, "长" * 5000, "a%00b"])
    def test_what_cannot_be_searched_is_400_in_chinese(self, query):
        text = page(f"{SEARCH}?q={query}", status=400)
        assert "检索词" in text
        assert "最多 40 个字" in text or "空字符" in text or "null" in text.lower()

    def test_an_unknown_kind_is_400(self):
        page(f"{SEARCH}?q=运维&kind=nonsense", status=400)

    def test_newest_first_by_pages_that_do_not_shift(self):
        for day in range(60):
            frozen(f"第{day}号运维", published_on=DAY + timedelta(days=day))
        first = page(f"{SEARCH}?q=运维")
        (older,) = re.findall(r'href="([^"]+)" rel="next"', first)
        frozen("更新的运维", published_on=date(2027, 1, 1))

        second = page(older.replace("&amp;", "&"))

        names = re.findall(r"第(\d+)号", re.sub(r"</?mark>", "", second))
        assert list(dict.fromkeys(names)) == [str(day) for day in range(9, -1, -1)]

    def test_a_place_that_is_not_ours_is_400(self):
        frozen()
        page(f"{SEARCH}?q=运维&after=xyz", status=400)

    def test_asks_as_much_for_many_as_for_one(self):
        counts = []
        for _ in range(2):
            frozen()
            frozen()
            with CaptureQueriesContext(connection) as queries:
                page(f"{SEARCH}?q=运维")
            counts.append(len(queries))
        assert counts[0] == counts[1] == 1

    def test_as_csv(self):
        frozen()
        assert len(page(f"{SEARCH}?q=运维&export=csv").splitlines()) == 2
