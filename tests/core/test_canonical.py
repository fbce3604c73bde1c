import json
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal, localcontext
from enum import IntEnum, StrEnum

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.history.canonical import FORMAT, CanonicalError, canonical_bytes, is_canonical, loads

text = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
plain = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**80), 2**80) | text,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(text, inner, max_size=4),
    max_leaves=12,
)


class Colour(StrEnum):
    RED = "红"


class Rank(IntEnum):
    FIRST = 1


class TestCanonicalBytes:
    @pytest.mark.parametrize(
        ("value", "written"),
        [
            (None, "null"),
            (True, "true"),
            (False, "false"),
            (0, "0"),
            (-7, "-7"),
            (2**64, "18446744073709551616"),
            ("", '""'),
            ("渝北", '"渝北"'),
            ("😀", '"😀"'),
            ('a"b\\c/d', '"a\\"b\\\\c/d"'),
            ("\b\t\n\f\r", '"\\b\\t\\n\\f\\r"'),
            ("\x00\x1f\x7f\u2028", '"\\u0000\\u001f\x7f\u2028"'),
            ([], "[]"),
            ((1, [2]), "[1,[2]]"),
            ({}, "{}"),
            ({"b": 1, "a": {"d": None, "c": []}}, '{"a":{"c":[],"d":null},"b":1}'),
            # By code point: UTF-16 order would put the emoji (U+1F600) before U+FF5E.
            ({"😀": 1, "～": 2, "é": 3, "Z": 4}, '{"Z":4,"é":3,"～":2,"😀":1}'),
            (Decimal("1.50"), '"1.50"'),
            (Decimal("-0.05"), '"-0.05"'),
            (Decimal("0.000"), '"0.000"'),
            (Decimal("0E-8"), '"0.00000000"'),
            (Decimal("1E+3"), '"1E+3"'),
            (Decimal("100"), '"100"'),
            (date(2026, 1, 30), '"2026-01-30"'),
            (date(26, 1, 3), '"0026-01-03"'),
            (datetime(2026, 1, 30, 1, 2, 3, tzinfo=UTC), '"2026-01-30T01:02:03.000000Z"'),
            (
                datetime(2026, 1, 30, 8, 0, 0, 5, tzinfo=timezone(timedelta(hours=8))),
                '"2026-01-30T00:00:00.000005Z"',
            ),
            (Colour.RED, '"红"'),
            (Rank.FIRST, "1"),
            ({Colour.RED: Rank.FIRST}, '{"红":1}'),
        ],
    )
    def test_has_one_spelling(self, value, written):
        assert canonical_bytes(value) == written.encode()

    def test_does_not_normalise_text(self):
        composed, decomposed = "\u00e9", "e\u0301"

        assert canonical_bytes(composed) != canonical_bytes(decomposed)
        assert loads(canonical_bytes(decomposed)) == decomposed

    def test_does_not_hang_on_the_decimal_context(self):
        with localcontext(prec=2, capitals=0):
            assert canonical_bytes(Decimal("123456.789")) == b'"123456.789"'
            assert canonical_bytes(Decimal("1E+3")) == b'"1E+3"'

    @pytest.mark.parametrize("value", [1.0, b"a", {1}, object(), {1: 2}, {None: 1}, [float("nan")]])
    def test_refuses_what_the_format_has_no_place_for(self, value):
        with pytest.raises(TypeError, match=r"^\$"):
            canonical_bytes(value)

    @pytest.mark.parametrize(
        "value",
        [
            "\ud800",
            "\ud83d\ude00",
            {"\udfff": 1},
            Decimal("NaN"),
            Decimal("-Infinity"),
            Decimal("1E+1000000"),
            Decimal("1E-1000000"),
            datetime(2026, 1, 30),  # noqa: DTZ001
        ],
    )
    def test_refuses_what_has_no_spelling(self, value):
        with pytest.raises(CanonicalError, match=r"^\$"):
            canonical_bytes(value)

    def test_refuses_lazy_text(self):
        from django.utils.translation import gettext_lazy

        with pytest.raises(TypeError):
            canonical_bytes(gettext_lazy("项目"))

    def test_names_the_place(self):
        with pytest.raises(TypeError, match=r"\$\.lines\[1\]\.price: float"):
            canonical_bytes({"lines": [{}, {"price": 0.1}]})

    def test_refuses_endless_nesting(self):
        endless = []
        endless.append(endless)
        with pytest.raises(CanonicalError, match="levels deep"):
            canonical_bytes(endless)

    @given(plain)
    def test_is_read_back_the_same(self, value):
        data = canonical_bytes(value)

        assert loads(data) == value
        assert json.loads(data) == value
        assert is_canonical(data)

    @given(st.dictionaries(text, plain, max_size=5))
    def test_does_not_hang_on_the_order_of_keys(self, value):
        backwards = dict(reversed(list(value.items())))

        assert canonical_bytes(value) == canonical_bytes(backwards)

    @given(plain, plain)
    def test_tells_different_values_apart(self, one, other):
        def spell(value):
            return json.dumps(value, sort_keys=True)

        assert (canonical_bytes(one) == canonical_bytes(other)) == (spell(one) == spell(other))

    @given(st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**9), max_value=10**9))
    def test_keeps_value_and_exponent_of_decimals(self, value):
        if abs(value.as_tuple().exponent) <= 64:
            read = Decimal(loads(canonical_bytes(value)))
            assert read.as_tuple() == value.as_tuple()


class TestLoads:
    @pytest.mark.parametrize(
        "data",
        [
            b'{"a":1,"a":1}',
            b'[{"b":{"a":1,"\\u0061":2}}]',
            b"1.0",
            b"1e5",
            b"NaN",
            b"-Infinity",
            b'"\xff"',
            b"\xef\xbb\xbf1",
            b'"\\ud800"',
            b"",
            b"{",
            b"1 2",
            b"'a'",
            b"[" * 100_000,
            b"[" * 70 + b"]" * 70,
        ],
    )
    def test_refuses_what_the_format_cannot_hold(self, data):
        with pytest.raises(CanonicalError):
            loads(data)
        assert not is_canonical(data)

    @pytest.mark.parametrize(
        "data", [b' {"a":1}', b'{"a": 1}', b'{"b":1,"a":2}', b"-0", b'"\\u0061"', b'"\\/"', b"1\n"]
    )
    def test_reads_another_spelling_but_does_not_call_it_canonical(self, data):
        loads(data)
        assert not is_canonical(data)


def test_the_reference_page_is_true():
    """Every example of the page is what the code writes; the page names the format."""
    from django.conf import settings

    page = (settings.BASE_DIR / "docs/reference/canonical-bytes.md").read_text(encoding="utf-8")
    examples = page.split("```text\n")[1].split("```")[0].splitlines()

    assert FORMAT in page
    assert len(examples) >= 5
    assert all(is_canonical(line.encode()) for line in examples)
