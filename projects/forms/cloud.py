"""政务云资源收集的表单：发起、价格表、退回和作废的理由。"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from core.money import AmountField
from core.views.rows import Rows, RowsForm, rows_of
from projects.models import CloudCategory, Purchaser

CODE = re.compile(r"[0-9A-Za-z][0-9A-Za-z._-]{0,19}")
MOST_PRICES = 60


def _day(label: str, help_text: str = "") -> forms.DateField:
    return forms.DateField(
        label=label,
        input_formats=["%Y-%m-%d"],
        widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
        help_text=help_text,
        error_messages={
            "required": f"请填写{label}。",
            "invalid": "请填写日期，如 2026-03-01。",
        },
    )


def _text(label: str, most: int, css: str = "") -> forms.CharField:
    return forms.CharField(
        label=label,
        max_length=most,
        widget=forms.TextInput({"class": css} if css else {}),
        error_messages={"required": f"请填写{label}。"},
    )


class PriceForm(forms.Form):
    """价格表的一行。"""

    code = _text("规格编号", 20)
    category = forms.ChoiceField(
        label="类别",
        choices=[("", "请选择"), *CloudCategory.choices],
        widget=forms.Select({"class": "row-wide"}),
        error_messages={"required": "请选择类别。"},
    )
    specification = _text("规格", 60, "row-wide")
    unit = _text("单位", 20)
    price_fen = AmountField(label="年单价（元）", min_fen=1)
    source = _text("价格来源", 120, "row-wide")
    priced_on = _day("价格日期")

    def clean_code(self) -> str:
        code: str = self.cleaned_data["code"].strip()
        if not CODE.fullmatch(code):
            raise ValidationError("编号用半角字母、数字和 . - _，至多 20 个。")
        return code


class OfPrices(Rows):
    """同一编号只列一行，至少列一行。"""

    def clean(self) -> None:
        named = [row["code"] for row in self.rows() if "code" in row]
        twice = {code for code in named if named.count(code) > 1}
        if twice:
            raise ValidationError(f"规格编号{'、'.join(sorted(twice))}填了不止一行。")
        if not self.kept():
            raise ValidationError("价格表至少列一种规格。")


class UnitField(forms.ModelMultipleChoiceField):
    """要收集的单位；不属市级财政保障部门的注明为什么，选了由规则拒绝。"""

    why_not: dict[int, str]

    def label_from_instance(self, obj: Any) -> str:
        why = self.why_not.get(obj.pk, "")
        return f"{obj}（不属市级财政保障部门：{why}）" if why else str(obj)


class OpenCloudForm(RowsForm):
    """发起一轮收集。"""

    tables = {  # noqa: RUF012 (declared so by RowsForm)
        "prices": rows_of(PriceForm, MOST_PRICES, 3, formset=OfPrices, caption="价格表")
    }
    year = forms.TypedChoiceField(label="年度", coerce=int)
    answers_due_on = _day("填报期限", "过期未报的，汇总时记为逾期未报，不计入。")
    note = forms.CharField(
        label="填报说明",
        required=False,
        max_length=1000,
        widget=forms.Textarea({"rows": 2}),
        help_text="给各单位看的，如数量怎样取、向谁咨询。",
    )
    units = UnitField(
        Purchaser.objects.none(),
        label="要收集的单位",
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "请选定要收集的单位。"},
    )
    on: date

    def clean_answers_due_on(self) -> date:
        due: date = self.cleaned_data["answers_due_on"]
        if due <= self.on:
            raise ValidationError("填报期限须在今日之后。")
        return due


def open_cloud_form(
    candidates: Sequence[Purchaser], why_not: dict[int, str], on: date
) -> type[OpenCloudForm]:
    """`candidates` 是本辖区的单位，`why_not` 是其中不能选的和为什么，`on` 是今日。"""

    class OfferedForm(OpenCloudForm):
        def __init__(self, data: Any = None, files: Any = None, **kwargs: Any) -> None:
            super().__init__(data, files, **kwargs)
            self.on = on
            year: Any = self.fields["year"]
            year.choices = [(y, f"{y} 年") for y in range(on.year, on.year + 3)]
            units: Any = self.fields["units"]
            units.why_not = why_not
            units.queryset = Purchaser.objects.filter(
                pk__in=[p.pk for p in candidates]
            ).select_related("organisation")

    return OfferedForm


def _reason(help_text: str) -> forms.CharField:
    return forms.CharField(
        label="理由",
        max_length=500,
        widget=forms.Textarea({"rows": 3}),
        help_text=help_text,
        error_messages={"required": "请填写理由。"},
    )


class ReturnForm(forms.Form):
    reason = _reason("写明哪一种规格、怎样改；填报人看得见。")


class AbandonForm(forms.Form):
    note = _reason("理由入历史，此后不可更改。")
