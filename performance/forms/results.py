"""指标完成情况：每项指标一行。"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms

from contracts.forms.fields import percent_field, words
from contracts.forms.fixed import FixedRow, fixed_rows, shown
from core.views.rows import RowsForm
from performance.forms.fields import FILE_HELP, cell, leave_out, value_field
from performance.models import Band

Values = dict[str, Any]


class ResultRow(FixedRow):
    """一项定量指标；`row` 是 `ResultLine`。"""

    name = shown("指标")
    target = shown("目标值")
    points = shown("分值")
    actual = value_field("完成值")
    evidence = cell("依据", required=True)
    deviation = cell("偏差原因及改进措施", required=False)
    changed = value_field("改后的分", required=False)
    reason = cell("改分理由", required=False)

    def shown_of(self, row: Any) -> Values:
        return {"name": row.name, "target": row.target, "points": row.points}


class MixedRow(ResultRow):
    """有定性指标的：定性的填档次和比例，定量的填完成值。"""

    band = forms.ChoiceField(label="定性档次", required=False)
    percent = percent_field("得分比例（%）", required=False)
    field_order = ("line", "name", "target", "points", "actual", "band", "percent")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["band"]
        field.choices = [("", "不适用"), *Band.choices]
        if self.row is not None and self.row.is_quality:
            leave_out(self, "actual")
        else:
            leave_out(self, "band", "percent")


class ResultsForm(RowsForm):
    """综合评估的指标完成情况，连同证明材料。"""

    file = forms.FileField(label="证明材料", required=False, help_text=FILE_HELP)


class SelfEvaluationForm(RowsForm):
    """年度自评：总体目标、资金的说明、各项指标。"""

    completion = words("年度总体目标实际完成情况")
    rate_reason = words("预算执行率偏低的说明", required=False)
    adjustment_reason = words("年中追加、调减的说明", required=False)


def with_results(form: type[RowsForm], lines: Sequence[Any]) -> type[RowsForm]:
    """附上一张指标表；有定性指标的，多两栏。"""
    row = MixedRow if any(line.is_quality for line in lines) else ResultRow
    tables = {"results": fixed_rows(row, caption="逐项指标")}
    offered = {"row_options": {"rows": lines}, "tables": tables}
    return type(f"Offered{form.__name__}", (form,), offered)
