"""The reading of cases finds what is planted: a case and its test cannot drift apart unseen."""

from copy import deepcopy
from datetime import date

import pytest

from tests.lifecycle.reading import Case, faults, stands_in

GOOD = {
    "document": {"02": {"title": "公告"}},
    "figure": [
        {
            "name": "budget_fen",
            "value": 180_121_600,
            "unit": "分",
            "document": "02",
            "line": 20,
            "words": "人民币 1,801,216.00 元",
        }
    ],
    "changed": [
        {
            "name": "subject",
            "printed": "2050000",
            "value": "运维",
            "unit": "标的",
            "document": "02",
            "line": 25,
            "words": "2050000 1(项)",
            "reason": "误填",
        }
    ],
    "invented": [{"name": "winner", "value": "甲", "unit": "供应商", "reason": "没有成交结果"}],
}
TEST = 'PRINTED["budget_fen"], CHANGED["subject"], INVENTED["winner"]'


def planted(table, **values):
    content = deepcopy(GOOD)
    content[table][0] |= values
    return Case(content)


class TestFaults:
    """Every way of straying that the docstring of `reading` names."""

    def test_a_case_and_the_test_that_reads_it(self):
        assert faults(Case(GOOD), TEST) == []

    @pytest.mark.parametrize(
        ("table", "values", "said"),
        [
            ("figure", {"value": 180_121_601}, "does not stand in"),
            ("figure", {"words": "很长" * 21}, "does not stand in"),
            ("figure", {"document": "09"}, "unknown document"),
            ("figure", {"line": ""}, "has no line"),
            ("changed", {"value": "2050000"}, "is not changed"),
            ("changed", {"printed": "乙"}, "does not stand in"),
            ("invented", {"reason": ""}, "has no reason"),
            ("invented", {"value": {"price": [180_121_600]}}, "is a figure"),
            ("invented", {"value": "2050000"}, "is a figure"),
        ],
    )
    def test_a_planted_row_is_found(self, table, values, said):
        assert any(said in fault for fault in faults(planted(table, **values), TEST))

    @pytest.mark.parametrize(
        ("written", "said"),
        [
            ('PRINTED["other"]', "figure other is read, and not listed"),
            ("180", "writes 180 itself"),
            ('"1,801,216.00"', "writes '1,801,216.00' itself"),
            ('"2026-01-09"', "writes '2026-01-09' itself"),
        ],
    )
    def test_what_a_test_writes_itself_is_found(self, written, said):
        assert any(said in fault for fault in faults(Case(GOOD), f"{TEST}, {written}"))

    def test_what_nothing_reads_is_found(self):
        assert faults(Case(GOOD), "") == [
            "figure budget_fen is listed, and nothing reads it",
            "change subject is listed, and nothing reads it",
            "invention winner is listed, and nothing reads it",
        ]


@pytest.mark.parametrize(
    ("value", "unit", "words", "expected"),
    [
        (date(2026, 1, 16), "日期", "2026 年 1 月 9 日至 2026 年 1 月 16 日", True),
        (date(2026, 1, 9), "日期", "01-09 发出", True),
        (date(2026, 9, 1), "日期", "2026 年 1 月 9 日", False),
        (6, "工作日", "（6 个工作日≥5）", True),
        (7, "工作日", "（6 个工作日≥5）", False),
    ],
)
def test_the_words_say_the_value(value, unit, words, expected):
    assert stands_in(value, unit, words) is expected
