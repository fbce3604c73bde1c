"""The dictionaries shipped with the product say what the regulation says, word for word."""

from datetime import date
from pathlib import Path

import pytest

from projects.dictionaries import duties, duty_groups, indicator_templates, template_of
from projects.models import IndicatorLevel, Operator, Programme

TEXT = next(Path("docs/regulations").glob("pinghu*")).read_text("utf-8")
ON = date(2025, 10, 20)


class TestDuties:
    """《平湖办法》第二条: ten of the office, six of the centre."""

    def test_are_ten_and_six(self):
        codes = [code.partition("-")[0] for code in duties()]
        assert (codes.count("office"), codes.count("centre")) == (10, 6)

    @pytest.mark.parametrize("duty", duties().values(), ids=lambda d: d.code)
    def test_stand_in_the_text(self, duty):
        number = duty.short.partition("（")[2].rstrip("）")
        assert f"({number}){duty.text}" in TEXT
        assert all(part in TEXT for part in duty.document.split("、"))

    def test_are_offered_while_in_force(self):
        assert [len(found) for _, found in duty_groups(ON)] == [10, 6]
        assert duty_groups(date(2023, 12, 11)) == []


class TestIndicatorTemplates:
    """《平湖办法》第九条“项目绩效指标”: names, operators and units verbatim; ** stays blank."""

    @pytest.mark.parametrize("template", indicator_templates(), ids=lambda t: t.programme)
    def test_stand_in_the_text_with_blank_values(self, template):
        assert template.programme in Programme.values
        for row in template.rows:
            sign = Operator(row["operator"]).label
            assert f"{row['name']}{sign}**{row['unit']},权重占比**%" in TEXT
            assert row["level"] in IndicatorLevel.values
            assert "value" not in row
            assert "weight" not in row

    def test_no_indicator_of_the_text_is_missing(self):
        named = sum(len(t.rows) for t in indicator_templates())
        assert named == TEXT.count("权重占比**%")

    def test_are_chosen_by_programme_and_day(self):
        assert template_of("cloud", ON).rows[1]["operator"] == "lt"
        assert template_of("cloud", date(2023, 12, 11)) is None
        assert template_of("", ON) is None
