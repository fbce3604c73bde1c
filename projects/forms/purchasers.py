"""购买主体的档案：自某日起的性质、编制类型、经费来源；试点的结论。"""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms

from projects.models import Funding, PilotOutcome, PurchaserNature, Staffing


class StatusForm(forms.Form):
    """四样一起登记；依据文号必填。"""

    since = forms.DateField(
        label="自何日起",
        input_formats=["%Y-%m-%d"],
        widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
        help_text="机构改革、编制调整文件写明的日期；申报以首次提交之日的情况为准。",
        error_messages={
            "required": "请填写自何日起。",
            "invalid": "请填写日期，如 2026-03-01。",
        },
    )
    nature = forms.ChoiceField(
        label="单位性质",
        choices=[("", "请选择"), *PurchaserNature.choices],
        help_text="公益一类事业单位不得作为购买主体。",
        error_messages={"required": "请选择单位性质。"},
    )
    staffing = forms.ChoiceField(
        label="编制类型",
        choices=[("", "请选择"), *Staffing.choices],
        help_text="参照执行的单位须为行政编制（渝北第五条）。",
        error_messages={"required": "请选择编制类型。"},
    )
    funding = forms.ChoiceField(
        label="经费来源",
        choices=[("", "请选择"), *Funding.choices],
        help_text="参照执行的单位须由财政负担（渝北第五条）。",
        error_messages={"required": "请选择经费来源。"},
    )
    basis = forms.CharField(
        label="依据文号", max_length=120, error_messages={"required": "请填写依据文号。"}
    )

    def clean_since(self) -> date:
        since: date = self.cleaned_data["since"]
        if since.year < 1949:
            raise forms.ValidationError("日期太早，请核对年份。")
        return since


class PilotForm(forms.Form):
    """试点结论和依据的情况。"""

    outcome = forms.ChoiceField(
        label="试点结论",
        choices=[("", "请选择"), *PilotOutcome.choices],
        error_messages={"required": "请选择试点结论。"},
    )
    conclusion = forms.CharField(
        label="试点情况",
        max_length=2000,
        widget=forms.Textarea({"rows": 4}),
        help_text="做了什么、效果如何、推广要作哪些调整；入历史，此后不可更改。",
        error_messages={"required": "请填写试点情况。"},
    )


def initial_status(standing: Any) -> dict[str, Any]:
    """从现在的情况改起。"""
    return {
        "nature": standing.nature,
        "staffing": standing.staffing,
        "funding": standing.funding,
    }
