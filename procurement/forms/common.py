"""采购各表单共用的字段，以及把本页的选项交给表单的办法。"""

from __future__ import annotations

from datetime import date
from typing import Any, ClassVar, TypeVar, cast

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator

from budgeting.forms import day_field
from core.money import AmountField

F = TypeVar("F", bound=forms.BaseForm)
FIRST_DAY, LAST_DAY = date(2000, 1, 1), date(2100, 12, 31)
OUT_OF_RANGE = "日期须在 2000 年至 2100 年之间，请核对。"


def with_options(form: type[F], **options: Any) -> type[F]:
    """同一张表单，带上本页的选项：今日、可选的行。"""
    made: Any = type(form.__name__, (form,), {"__module__": form.__module__, **options})
    return cast("type[F]", made)


def day(label: str, *, required: bool = True, help_text: str = "") -> forms.DateField:
    """一个日期，年份须在常理之内。"""
    field = day_field(label, help_text)
    field.required = required
    field.validators += [
        MinValueValidator(FIRST_DAY, OUT_OF_RANGE),
        MaxValueValidator(LAST_DAY, OUT_OF_RANGE),
    ]
    return field


def line(
    label: str, most: int, *, required: bool = True, help_text: str = "", **attrs: str
) -> forms.CharField:
    """一行文字。"""
    return forms.CharField(
        label=label,
        max_length=most,
        required=required,
        help_text=help_text,
        widget=forms.TextInput({"autocomplete": "off", **attrs}),
        error_messages={"required": f"请填写{label}。"},
    )


def paragraph(
    label: str, most: int = 2000, *, required: bool = True, help_text: str = ""
) -> forms.CharField:
    """一段文字。"""
    return forms.CharField(
        label=label,
        max_length=most,
        required=required,
        help_text=help_text,
        widget=forms.Textarea({"rows": 3}),
        error_messages={"required": f"请填写{label}。"},
    )


def medium_field() -> forms.CharField:
    return line("公告媒体", 100, help_text="如：中国政府采购网、重庆市政府采购网。")


def address_field(label: str = "公告网址", *, required: bool = True) -> forms.URLField:
    return forms.URLField(
        label=label,
        max_length=300,
        required=required,
        assume_scheme="https",
        help_text="公告页面的完整网址，以 https:// 或 http:// 开头。",
        widget=forms.URLInput({"autocomplete": "off"}),
        error_messages={"required": f"请填写{label}。", "invalid": "请填写完整的网址。"},
    )


def amount_field(label: str) -> AmountField:
    return AmountField(label=label, min_fen=1, help_text="单位：元。")


def percent_field(label: str, help_text: str = "") -> forms.DecimalField:
    return forms.DecimalField(
        label=label,
        min_value=0,
        max_value=100,
        max_digits=5,
        decimal_places=2,
        help_text=help_text,
        widget=forms.TextInput({"inputmode": "decimal", "autocomplete": "off"}),
        error_messages={
            "required": f"请填写{label}。",
            "invalid": "请填写 0 至 100 之间的数。",
            "min_value": "不能小于 0。",
            "max_value": "不能大于 100。",
        },
    )


class DatedForm(forms.Form):
    """`past` 所列的日期已经发生，不得晚于今日；`today` 由页面给。"""

    today: ClassVar[date] = date.max
    past: ClassVar[tuple[str, ...]] = ()

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        for name in self.past:
            given = data.get(name)
            if given is not None and given > self.today:
                label = self.fields[name].label
                self.add_error(name, f"{label}不能晚于今日（{self.today.isoformat()}）。")
        return data
