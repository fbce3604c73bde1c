"""《个人信息保护法》第二十五条: no number of a person is published; nothing else is touched."""

from __future__ import annotations

import random
import re
import time
from datetime import date

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from core.money import format_wanyuan, format_yuan
from disclosure.masking import ACCOUNT, EMAIL, IDENTITY, LANDLINE, MOBILE, dwellings, find, mask
from procurement.credit_code import check_digit
from tests.disclosure import numbers

ZERO = "\u200b"
SIGNS = ("", " ", "-", "－", "—", "　", ZERO, " - ", "\u00a0")
seeds = st.integers(0, 10**9).map(random.Random)
days = st.dates(date(1900, 1, 1), date(2099, 12, 31))
sizes = st.lists(st.integers(2, 8), max_size=8).map(tuple)


def digits(text: str) -> str:
    return re.sub(r"\D", "", text)


class TestOneRule:
    """手机留前 3 后 4，证件留前 6 后 4，账号留后 4: whatever the dress, the same mask."""

    @pytest.mark.parametrize(
        ("text", "kind", "shown"),
        [
            ("13812345678", MOBILE, "138****5678"),
            ("138 1234 5678", MOBILE, "138****5678"),
            ("138-1234-5678", MOBILE, "138****5678"),
            ("138.1234.5678", MOBILE, "138****5678"),
            ("+86 138 1234 5678", MOBILE, "138****5678"),
            ("8613812345678", MOBILE, "138****5678"),
            ("１３８１２３４５６７８", MOBILE, "138****5678"),
            ("①③⑧1234⑤678", MOBILE, "138****5678"),
            (ZERO.join("13812345678"), MOBILE, "138****5678"),
            ("1 3 8 1 2 3 4 5 6 7 8", MOBILE, "138****5678"),
            ("51021219900101123X", IDENTITY, "510212********123X"),
            ("510212 19900101 123 x", IDENTITY, "510212********123X"),
            ("510212 1990-01-01 1234", IDENTITY, "510212********1234"),
            ("510212900101123", IDENTITY, "510212*****1123"),
            ("6222021234567890123", ACCOUNT, "****0123"),
            ("6222 0212 3456 7890 123", ACCOUNT, "****0123"),
            ("6222.0212.3456.7890", ACCOUNT, "****7890"),
            ("3100-0266-09-0012345", ACCOUNT, "****2345"),
            ("123456789012", ACCOUNT, "****9012"),
            ("02367821234", LANDLINE, "023-****1234"),
            ("023-67821234", LANDLINE, "023-****1234"),
            ("(023) 6782 1234", LANDLINE, "023-****1234"),
            ("（0571）88881234", LANDLINE, "0571-****1234"),
            ("0571-8888 1234", LANDLINE, "0571-****1234"),
            ("zhang.san@126.com", EMAIL, "z***@126.com"),
        ],
    )
    def test_a_number_looks_the_same_in_every_dress(self, text, kind, shown):
        masked, found = mask(f"联系{text}，请查收。")

        assert masked == f"联系{shown}，请查收。"
        assert [each.kind for each in found] == [kind]

    @pytest.mark.parametrize(
        ("text", "shown"),
        [
            ("电话：6782 1234", "电话：****1234"),
            ("账号：31 0502 0104 0012 345", "账号：****2345"),
            ("身份证510212199001011234手机13812345678", "身份证510212********1234手机138****5678"),
            ("138 1234 5678 139-8765-4321", "138****5678 139****4321"),
            ("2026-03-05 13812345678", "2026-03-05 138****5678"),
        ],
    )
    def test_neighbours_and_words_help(self, text, shown):
        assert mask(text)[0] == shown

    @given(seeds, st.sampled_from(SIGNS), st.integers(3, 8))
    def test_no_dress_in_even_groups_hides_it(self, rng, sign, size):
        for make in (numbers.identity, numbers.mobile, numbers.account):
            number = make(rng)
            dress = numbers.grouped(number, (size,) * 6, sign)
            assert number[:-1] not in digits(mask(f"甲{dress}乙")[0])

    @given(seeds, sizes, st.sampled_from(["", " ", "-", ZERO]))
    def test_identities_and_phones_are_found_in_any_groups(self, rng, sizes, sign):
        for make in (numbers.identity, numbers.mobile):
            dress = numbers.grouped(make(rng), sizes, sign)
            assert mask(dress)[0] in {mask(make_plain(dress))[0]}

    @given(st.text("0123456789xX -—.()@，账号电话甲a*", max_size=60))
    @example("****1380 1234567")
    @example("510212********1234 023-****1234")
    def test_masking_again_changes_nothing(self, text):
        masked, _ = mask(text)
        assert mask(masked) == (masked, [])

    @given(st.text(max_size=80))
    def test_any_text_can_be_read(self, text):
        masked, found = mask(text)
        assert (masked == text) == (not found) or found

    def test_a_long_text_is_read_quickly(self):
        start = time.perf_counter()
        mask("1 - 2 - 3 4 5 6 7 8 9 0 " * 400)
        mask("9" * 10_000)
        assert time.perf_counter() - start < 5


def make_plain(dress: str) -> str:
    return re.sub(r"[^0-9Xx]", "", dress)


class TestUntouched:
    """Amounts, numbers of papers, credit codes, dates and names stay as they are."""

    @pytest.mark.parametrize(
        "text",
        [
            "预算 1,756,800.00 元，最高限价 186000000.00 元",
            "三项单价 95000 35000 25000 元",
            "2024 2025 2026 三年",
            "2026-03-05 2026-03-12",
            "2026-05-01至2027-04-30",
            "20260501-20270430",
            "2026年3月5日 09:30",
            "SF-HT-2026-0315-0001",
            "示成〔2026〕7号、示府阅〔2026〕2号",
            "CQS26A00123、2024BFFFZ01583、HRC-ZBDL-2026-00170",
            "秦明、柳岸、段虹",
            "系统可用率 99.5%，7×24 小时",
            "服务热线 12345、400-810-8888",
            "192.168.100.200",
            "https://www.ccgp.gov.cn/detail/1083740000000000123",
            "",
        ],
    )
    def test_stays(self, text):
        assert mask(text) == (text, [])

    @given(st.integers(0, 10**12))
    def test_amounts_stay(self, fen):
        text = f"金额 {format_yuan(fen)} 元（{format_wanyuan(fen)} 万元）"
        assert mask(text)[0] == text

    @given(days, days, st.sampled_from(["%Y-%m-%d", "%Y年%m月%d日", "%Y/%m/%d"]))
    def test_dates_stay(self, first, last, form):
        for text in (f"{first:{form}}至{last:{form}}", f"{first:{form}} {last:{form}}"):
            assert mask(text)[0] == text

    @given(st.text("0123456789ABCDEFGHJKLMNPQRTUWXY", min_size=12, max_size=12))
    def test_credit_codes_stay(self, body):
        first = f"91500{body}"
        code = first + check_digit(first)
        assert mask(f"代码 {code}。")[0] == f"代码 {code}。"

    @given(
        st.sampled_from(["SF", "SB", "CQ"]),
        st.sampled_from(["C", "HT", "CS", "T", "M"]),
        st.integers(2020, 2035),
        st.integers(0, 99_999),
    )
    def test_numbers_of_papers_stay(self, place, kind, year, serial):
        text = f"编号 {place}-{kind}-{year}-{serial:04d} 的公告"
        assert mask(text)[0] == text

    @pytest.mark.parametrize(
        "number", ["310000000251112151504-00300331", "N5101122024000045", "采2026000000000012号"]
    )
    def test_the_numbers_of_its_own_papers_stay(self, number):
        assert mask(f"项目编号 {number}", keep=[number])[0] == f"项目编号 {number}"

    @pytest.mark.parametrize(
        "number", ["13812345678", "51021219900101123X", "6222021234567890123", "HT-13812345678"]
    )
    def test_a_personal_number_is_no_number_of_a_paper(self, number):
        assert find(f"编号 {number}", keep=[number])

    @pytest.mark.parametrize(
        "address", ["https://x.cn/13812345678.htm", "https://x.cn/?c=6222021234567890123"]
    )
    def test_an_address_that_holds_one_is_found(self, address):
        assert find(address)


class TestDwellings:
    """An address is only pointed at: a company's is written the same way."""

    def test_a_home_is_pointed_at(self):
        assert dwellings("住龙溪街道阳光花园 3 幢 2 单元 501 室。") != []

    @pytest.mark.parametrize("text", ["示范区科技路 8 号", "示范区创新大道 1 号 3 楼"])
    def test_an_office_is_not(self, text):
        assert dwellings(text) == []
