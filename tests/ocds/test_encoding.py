"""One spelling, exact numbers, and a merge that follows the standard's rules."""

from __future__ import annotations

import json
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from disclosure.ocds.encoding import around, decoded, encoded
from disclosure.ocds.merge import compiled_release

TEXTS = st.text(st.characters(codec="utf-8"), max_size=20)
AMOUNTS = st.integers(0, 999_999_999_999_999).map(lambda fen: Decimal(fen).scaleb(-2))
VALUES = st.recursive(
    TEXTS | AMOUNTS | st.booleans() | st.integers(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=12,
)


class TestEncoding:
    """Strangers' programs read a release and check its digest: both need one spelling."""

    def test_is_sorted_compact_and_exact(self):
        value = {"b": [Decimal("1756800.00"), True, 3], "a": "“引号”\n"}

        assert encoded(value) == '{"a":"“引号”\\n","b":[1756800.00,true,3]}'

    @given(VALUES)
    def test_reads_back_as_it_was(self, value):
        assert decoded(encoded(value)) == value
        assert encoded(decoded(encoded(value))) == encoded(value)

    @given(AMOUNTS)
    def test_an_amount_has_exactly_two_decimals(self, amount):
        whole, _, part = encoded(amount).partition(".")

        assert (whole.isdecimal(), len(part)) == (True, 2)

    @pytest.mark.parametrize("value", [1.5, None, {"a": None}, Decimal("NaN"), b"x", {1, 2}])
    def test_what_has_no_place_is_refused(self, value):
        with pytest.raises(TypeError):
            encoded(value)

    @given(st.dictionaries(TEXTS.filter(lambda t: t != "list"), VALUES, max_size=4), st.data())
    def test_piece_by_piece_is_the_same_as_whole(self, fields, data):
        members = data.draw(st.lists(st.dictionaries(TEXTS, VALUES, max_size=2), max_size=3))

        pieces = around(fields, "list", (encoded(member) for member in members))

        assert "".join(pieces) == encoded(fields | {"list": members})


class TestCompiledRelease:
    """Merging, OCDS 1.1: by id where there is one, else whole lists; the later prevails."""

    def test_later_facts_are_added_and_prevail(self):
        first = {
            "ocid": "o", "id": "1", "date": "2026-03-01T00:00:00+08:00", "tag": ["tender"],
            "tender": {
                "id": "t", "status": "active", "items": [{"id": "1", "description": "运维"}],
            },
            "parties": [{"id": "a", "roles": ["buyer"]}],
        }  # fmt: skip
        second = {
            "ocid": "o", "id": "2", "date": "2026-03-02T00:00:00+08:00", "tag": ["award"],
            "tender": {"id": "t", "status": "complete", "items": [{"id": "2"}]},
            "parties": [{"id": "a", "roles": ["procuringEntity"]}, {"id": "b"}],
        }  # fmt: skip

        assert compiled_release([second, first]) == {
            "ocid": "o", "id": "o-2026-03-02T00:00:00+08:00", "tag": ["compiled"],
            "date": "2026-03-02T00:00:00+08:00",
            "tender": {
                "id": "t", "status": "complete",
                "items": [{"id": "1", "description": "运维"}, {"id": "2"}],
            },
            "parties": [{"id": "a", "roles": ["procuringEntity"]}, {"id": "b"}],
        }  # fmt: skip

    def test_the_releases_stay_as_they_were(self):
        release = {
            "ocid": "o", "id": "1", "date": "2026-03-01T00:00:00+08:00", "tag": ["tender"],
            "tender": {"id": "t", "items": [{"id": "1", "unit": {"name": "月"}}]},
        }  # fmt: skip
        later = release | {"date": "2026-03-02T00:00:00+08:00", "tender": {"id": "u"}}
        before = json.dumps([release, later])

        compiled_release([release, later])["tender"]["items"][0]["unit"]["name"] = "年"

        assert json.dumps([release, later]) == before
