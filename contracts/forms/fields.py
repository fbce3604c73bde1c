"""合同各表共用的栏：文字、日期、数量、比例。"""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms

from budgeting.forms import day_field
from core.calendar.clock import today
from projects.forms.numbers import StrictDecimalField

PLAIN_NUMBER = {"inputmode": "decimal", "autocomplete": "off"}
FACTOR = {**PLAIN_NUMBER, "data-sum-factor": ""}


def words(
    label: str, *, required: bool = True, help_text: str = "", rows: int = 3
) -> forms.CharField:
    return forms.CharField(
        label=label,
        required=required,
        max_length=5000,
        help_text=help_text,
        widget=forms.Textarea({"rows": rows}),
        error_messages={"required": f"请填写{label}。"},
    )


def short(
    label: str, length: int = 120, *, required: bool = True, help_text: str = ""
) -> forms.CharField:
    return forms.CharField(
        label=label,
        required=required,
        max_length=length,
        help_text=help_text,
        error_messages={"required": f"请填写{label}。"},
    )


def tick(label: str, help_text: str = "") -> forms.BooleanField:
    return forms.BooleanField(label=label, required=False, help_text=help_text)


def quantity_field(label: str, *, is_factor: bool = False, **options: Any) -> StrictDecimalField:
    return StrictDecimalField(
        label=label,
        max_digits=10,
        decimal_places=2,
        min_value=0,
        widget=forms.TextInput(FACTOR if is_factor else PLAIN_NUMBER),
        error_messages={"required": f"请填写{label}。"},
        **options,
    )


def percent_field(label: str, **options: Any) -> StrictDecimalField:
    return StrictDecimalField(
        label=label,
        max_digits=5,
        decimal_places=2,
        min_value=0,
        max_value=100,
        widget=forms.TextInput(PLAIN_NUMBER),
        error_messages={"required": f"请填写{label}。"},
        **options,
    )


def workdays_field(label: str, **options: Any) -> forms.IntegerField:
    return forms.IntegerField(
        label=label,
        min_value=1,
        max_value=365,
        widget=forms.TextInput({"inputmode": "numeric", "autocomplete": "off"}),
        error_messages={"required": f"请填写{label}。", "invalid": "请填写整数，如 10。"},
        **options,
    )


def past_day_field(label: str, help_text: str = "") -> forms.DateField:
    """已经发生的事的日期：不能晚于今日。"""
    field = day_field(label, help_text)
    field.validators.append(not_after_today)
    return field


def not_after_today(day: date) -> None:
    now = today()
    if day > now:
        raise forms.ValidationError(f"日期不能晚于今日（{now.isoformat()}）。", code="future")
