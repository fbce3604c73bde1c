from decimal import Decimal
from fractions import Fraction

import cn2an
import pytest
from django import forms
from hypothesis import given
from hypothesis import strategies as st

from core.money import (
    MAX_FEN,
    AmountField,
    MoneyError,
    allocate,
    capital,
    format_wanyuan,
    format_yuan,
    is_capital,
    is_unit_mistake,
    multiply,
    parse_amount,
)

amounts = st.one_of(
    st.integers(0, MAX_FEN),
    st.integers(0, 10**9),
    # Zeros are where capitals go wrong, so half of the digits are zero.
    st.lists(st.sampled_from("0000123456789"), min_size=1, max_size=15).map(
        lambda digits: int("".join(digits))
    ),
)


class TestParseAmount:
    @pytest.mark.parametrize(
        ("text", "fen"),
        [
            ("0", 0),
            ("0.01", 1),
            ("0.5", 50),
            ("1860000", 186_000_000),
            ("1860000.00", 186_000_000),
            ("1,860,000.00", 186_000_000),
            ("999", 99_900),
            ("9,999,999,999,999.99", MAX_FEN),
        ],
    )
    def test_reads_yuan(self, text, fen):
        assert parse_amount(text) == fen

    @pytest.mark.parametrize(
        ("text", "fen"),
        [
            ("186", 186_000_000),
            ("186.00", 186_000_000),
            ("0.000001", 1),
            ("1,234.56", 1_234_560_000),
            ("999,999,999.999999", MAX_FEN),
        ],
    )
    def test_reads_wanyuan(self, text, fen):
        assert parse_amount(text, "万元") == fen

    @pytest.mark.parametrize(
        "text",
        [
            "1E+5",
            "1e5",
            "1_000",
            "１２３",
            "１２３.４５",
            "٣",
            "\U0001d7cf\U0001d7d0",
            "²",
            "1，000",
            "1。5",
            "1.005",
            ".5",
            "5.",
            "007",
            "01",
            "1,00",
            "1000,000",
            "1,0000",
            ",100",
            "1,,000",
            "0,100",
            "1.000,00",
            "1 000",
            " 1",
            "1 ",
            "1\n",
            "1\u200b",
            "+1",
            "--1",
            "−1",
            "NaN",
            "Infinity",
            "0x10",
            "¥1",
            "1元",
            "壹",
            "1.2.3",
            "-",
            "1-",
        ],
    )
    def test_refuses_what_is_not_a_plain_amount(self, text):
        with pytest.raises(MoneyError, match="半角阿拉伯数字"):
            parse_amount(text, allow_negative=True)

    @pytest.mark.parametrize("text", ["", " ", "\u3000"])
    def test_asks_for_an_amount_when_there_is_none(self, text):
        with pytest.raises(MoneyError, match=r"请填写金额（元）。"):
            parse_amount(text)

    def test_takes_a_minus_only_when_asked_to(self):
        assert parse_amount("-1,000.5", allow_negative=True) == -100_050
        with pytest.raises(MoneyError, match="不能为负数"):
            parse_amount("-1")

    @pytest.mark.parametrize(
        ("text", "unit"),
        [
            ("10000000000000", "元"),
            ("10,000,000,000,000.00", "元"),
            ("1000000000", "万元"),
            ("9" * 100_000, "元"),
        ],
    )
    def test_refuses_more_than_the_system_holds(self, text, unit):
        with pytest.raises(MoneyError, match="金额过大"):
            parse_amount(text, unit)

    def test_says_how_many_decimals_the_unit_allows(self):
        with pytest.raises(MoneyError, match="至多 2 位小数"):
            parse_amount("0.001", "元")
        with pytest.raises(MoneyError, match="至多 6 位小数"):
            parse_amount("0.0000001", "万元")

    @given(st.integers(-MAX_FEN, MAX_FEN))
    def test_reads_back_what_it_shows(self, fen):
        assert parse_amount(format_yuan(fen), "元", allow_negative=True) == fen
        assert parse_amount(format_wanyuan(fen), "万元", allow_negative=True) == fen

    @given(st.text(max_size=12))
    def test_refuses_or_agrees_with_exact_decimals(self, text):
        try:
            fen = parse_amount(text, allow_negative=True)
        except MoneyError:
            return
        assert text.isascii()
        assert Decimal(text.replace(",", "")) * 100 == fen


class TestFormats:
    @pytest.mark.parametrize(
        ("fen", "yuan", "wanyuan"),
        [
            (186_000_000, "1,860,000.00", "186.00"),
            (0, "0.00", "0.00"),
            (1, "0.01", "0.000001"),
            (175_680_01, "175,680.01", "17.568001"),
            (1_756_800_00, "1,756,800.00", "175.68"),
            (-5, "-0.05", "-0.000005"),
            (MAX_FEN, "9,999,999,999,999.99", "999,999,999.999999"),
        ],
    )
    def test_are_exact(self, fen, yuan, wanyuan):
        assert format_yuan(fen) == yuan
        assert format_wanyuan(fen) == wanyuan


class TestCapital:
    @pytest.mark.parametrize(
        ("yuan", "text"),
        [
            ("1860000", "壹佰捌拾陆万元整"),
            ("2327640", "贰佰叁拾贰万柒仟陆佰肆拾元整"),
            ("1025826.73", "壹佰零贰万伍仟捌佰贰拾陆元柒角叁分"),
            ("1692800", "壹佰陆拾玖万贰仟捌佰元整"),
            ("1801216", "壹佰捌拾万壹仟贰佰壹拾陆元整"),
            ("16409.02", "壹万陆仟肆佰零玖元零贰分"),
            ("325.04", "叁佰贰拾伍元零肆分"),
            ("1409.50", "壹仟肆佰零玖元伍角"),
            ("6007.14", "陆仟零柒元壹角肆分"),
            ("1680.32", "壹仟陆佰捌拾元叁角贰分"),
            ("107000.53", "壹拾万柒仟元伍角叁分"),
            ("0", "零元整"),
            ("0.5", "伍角"),
            ("0.05", "伍分"),
            ("10", "壹拾元整"),
            ("1000500", "壹佰万零伍佰元整"),
            ("100001000", "壹亿零壹仟元整"),
            ("1000001", "壹佰万零壹元整"),
            ("1000000000000", "壹万亿元整"),
            (
                "9999999999999.99",
                "玖万玖仟玖佰玖拾玖亿玖仟玖佰玖拾玖万玖仟玖佰玖拾玖元玖角玖分",
            ),
        ],
    )
    def test_follows_the_rules_of_writing(self, yuan, text):
        assert capital(parse_amount(yuan)) == "人民币" + text

    @pytest.mark.parametrize(
        ("yuan", "text"),
        [
            ("107000.53", "壹拾万柒仟元零伍角叁分"),
            ("107000.53", "壹拾万零柒仟元伍角叁分"),
            ("1680.32", "壹仟陆佰捌拾元零叁角贰分"),
            ("1860000", "人民币壹佰捌拾陆万圆正"),
            ("1409.50", "壹仟肆佰零玖元伍角整"),
            ("0.05", "零元零伍分"),
        ],
    )
    def test_accepts_the_other_lawful_form(self, yuan, text):
        assert is_capital(text, parse_amount(yuan))

    @pytest.mark.parametrize(
        ("yuan", "text"),
        [
            ("1860000", "壹佰捌拾陆元整"),
            ("1860000", "壹佰捌拾陆万"),
            ("16409.02", "壹万陆仟肆佰零玖元贰分"),
            ("6007.14", "陆仟柒元壹角肆分"),
            ("325.04", "叁佰贰拾伍元零肆分整"),
        ],
    )
    def test_does_not_accept_another_amount_or_a_missing_zero(self, yuan, text):
        assert not is_capital(text, parse_amount(yuan))

    @pytest.mark.parametrize("fen", [-1, MAX_FEN + 1])
    def test_refuses_what_cannot_be_written(self, fen):
        with pytest.raises(MoneyError, match="大写金额"):
            capital(fen)

    @given(amounts)
    def test_agrees_with_an_independent_writer(self, fen):
        oracle = cn2an.an2cn(f"{fen // 100}.{fen % 100:02d}", "rmb")

        assert is_capital(oracle, fen)
        assert capital(fen).replace("零", "") in {f"人民币{oracle}".replace("零", ""), "人民币元整"}

    @given(amounts)
    def test_accepts_its_own_writing_and_not_that_of_a_neighbour(self, fen):
        assert is_capital(capital(fen), fen)
        assert not is_capital(capital(fen), fen + 1 if fen < MAX_FEN else fen - 1)
        assert "零零" not in capital(fen)

    def test_no_two_amounts_share_a_writing(self):
        written = {capital(fen) for fen in range(200_000)}

        assert len(written) == 200_000


class TestAllocate:
    def test_gives_the_cents_left_over_to_the_largest_remainders(self):
        assert allocate(100, [1, 1, 1]) == [34, 33, 33]
        assert allocate(100, [1, 2, 3]) == [17, 33, 50]
        assert allocate(1_756_800_00, [30, 40, 30]) == [527_040_00, 702_720_00, 527_040_00]
        assert allocate(10, [Decimal("33.33"), Decimal("66.67")]) == [3, 7]
        assert allocate(5, [0, 1, 0]) == [0, 5, 0]

    @pytest.mark.parametrize("weights", [[], [0, 0], [1, -1], [3, -1]])
    def test_refuses_weights_that_share_nothing(self, weights):
        with pytest.raises(MoneyError, match="分摊比例"):
            allocate(100, weights)

    @given(
        st.integers(-MAX_FEN, MAX_FEN),
        st.lists(st.integers(0, 10**6), min_size=1, max_size=12).filter(any),
    )
    def test_loses_nothing_and_stays_within_one_cent(self, total, weights):
        shares = allocate(total, weights)

        assert sum(shares) == total
        for share, weight in zip(shares, weights, strict=True):
            assert abs(share - Fraction(total * weight, sum(weights))) < 1


class TestMultiply:
    @pytest.mark.parametrize(
        ("quantity", "price", "fen"),
        [
            ("12", 95_000_00, 1_140_000_00),
            ("0.5", 1, 1),
            ("1.5", 1, 2),
            ("2.5", 1, 3),
            ("0.49", 1, 0),
            ("-0.5", 1, -1),
            ("0.3333", 100, 33),
            ("0", 5, 0),
        ],
    )
    def test_rounds_halves_up(self, quantity, price, fen):
        assert multiply(Decimal(quantity), price) == fen

    @pytest.mark.parametrize("quantity", ["NaN", "Infinity", "sNaN", "1E+999999", "1E-999999"])
    def test_refuses_quantities_that_are_no_quantity(self, quantity):
        with pytest.raises(MoneyError, match="数量"):
            multiply(Decimal(quantity), 100)

    def test_refuses_a_product_the_system_cannot_hold(self):
        with pytest.raises(MoneyError, match="金额过大"):
            multiply(Decimal(2), MAX_FEN)

    @given(st.decimals(-(10**6), 10**6, places=6), st.integers(0, 10**8))
    def test_is_the_nearest_cent(self, quantity, price):
        exact = Fraction(quantity) * price

        assert abs(multiply(quantity, price) - exact) <= Fraction(1, 2)


class TestIsUnitMistake:
    def test_sees_yuan_typed_as_wanyuan_both_ways(self):
        typed, meant = parse_amount("1860000", "万元"), parse_amount("1860000", "元")

        assert is_unit_mistake(typed, meant)
        assert is_unit_mistake(meant, typed)

    @pytest.mark.parametrize(("first", "second"), [(0, 0), (0, 5), (5, 5), (1, 1_000), (1, 10_001)])
    def test_sees_nothing_else(self, first, second):
        assert not is_unit_mistake(first, second)


class BudgetForm(forms.Form):
    amount = AmountField(label="预算金额", unit="万元", min_fen=1, max_fen=200_000_000)
    note = AmountField(label="备注金额", required=False)


class TestAmountField:
    def test_cleans_to_cents(self):
        form = BudgetForm({"amount": " 186.5 ", "note": ""})

        assert form.is_valid()
        assert form.cleaned_data == {"amount": 186_500_000, "note": None}

    @pytest.mark.parametrize(
        ("typed", "message"),
        [
            ("", "请填写预算金额（万元）。"),
            ("1E+2", "预算金额：金额（万元）只能填写半角阿拉伯数字"),
            ("１８６", "预算金额：金额（万元）只能填写半角阿拉伯数字"),
            ("-1", "预算金额：金额不能为负数。"),
            ("0", "预算金额不能小于 0.000001 万元。"),
            ("200.000001", "预算金额不能大于 200.00 万元。"),
            ("1860000000", "预算金额：金额过大，最多为 999,999,999.999999 万元"),
        ],
    )
    def test_says_which_field_and_what_is_allowed(self, typed, message):
        form = BudgetForm({"amount": typed})

        assert not form.is_valid()
        assert form.errors["amount"][0].startswith(message)

    def test_keeps_what_was_typed_when_it_failed(self):
        assert 'value="1E+2"' in str(BudgetForm({"amount": "1E+2"})["amount"])

    def test_shows_cents_from_the_database_in_its_unit(self):
        html = str(BudgetForm(initial={"amount": 186_000_000})["amount"])

        assert 'value="186.00"' in html
        assert 'inputmode="decimal"' in html
        assert 'type="text"' in html

    def test_knows_that_nothing_changed(self):
        form = BudgetForm({"amount": "186.00"}, initial={"amount": 186_000_000})

        assert form.changed_data == []

    def test_takes_the_initial_cents_when_disabled(self):
        form = BudgetForm({"amount": "999"}, initial={"amount": 186_000_000})
        form.fields["amount"].disabled = True

        assert form.is_valid()
        assert form.cleaned_data["amount"] == 186_000_000
