"""评估各表共用的栏。"""

from __future__ import annotations

from typing import Any

from django import forms

from budgeting.forms import text_field
from contracts.forms.fields import PLAIN_NUMBER, percent_field
from performance.models import ASPECTS
from projects.forms.numbers import StrictDecimalField

FILE_HELP = "PDF、PNG、JPG、DOCX、XLSX，不超过 20 MB。"


class AspectFields(forms.Form):
    """四个方面，各有意见和 0 至 100 的评分。"""

    achievement = text_field(ASPECTS["achievement"])
    achievement_score = percent_field("绩效目标实现程度评分", help_text="0 至 100。")
    fund_use = text_field(ASPECTS["fund_use"])
    fund_use_score = percent_field("资金使用效果评分", help_text="0 至 100。")
    quality = text_field(ASPECTS["quality"])
    quality_score = percent_field("服务质量评分", help_text="0 至 100。")
    satisfaction = text_field(ASPECTS["satisfaction"])
    satisfaction_score = percent_field("公众满意度评分", help_text="0 至 100。")


def value_field(label: str, *, required: bool = True) -> StrictDecimalField:
    return StrictDecimalField(
        label=label,
        required=required,
        max_digits=12,
        decimal_places=2,
        widget=forms.TextInput(PLAIN_NUMBER),
        error_messages={"required": f"请填写{label}。"},
    )


def count_field(label: str) -> forms.IntegerField:
    return forms.IntegerField(
        label=label,
        min_value=0,
        max_value=10_000_000,
        widget=forms.TextInput({"inputmode": "numeric", "autocomplete": "off"}),
        error_messages={"required": f"请填写{label}。", "invalid": "请填写整数，如 80。"},
    )


def cell(label: str, *, required: bool) -> forms.CharField:
    """表格里的一格文字。"""
    return forms.CharField(
        label=label,
        required=required,
        max_length=1000,
        widget=forms.Textarea({"rows": 2}),
        error_messages={"required": f"请填写{label}。"},
    )


def leave_out(form: forms.Form, *names: str) -> None:
    """这一行不填的几栏：不显示输入框，也不收。"""
    for name in names:
        field: Any = form.fields[name]
        field.disabled, field.required = True, False
