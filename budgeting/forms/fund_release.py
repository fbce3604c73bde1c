"""资金下达的表单：登记、冲减、台账的筛选。"""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms

from budgeting.forms.base import CeilingForm, day_field, offer, text_field
from budgeting.forms.rounds import RoundFilter
from core.money import AmountField
from projects.models import FundSource, Purchaser


class ReleaseForm(forms.Form):
    """一份资金下达文件；`today` 用来挡住未来的日期。"""

    fund = forms.ModelChoiceField(
        label="资金来源",
        queryset=FundSource.objects.none(),
        empty_label="请选择",
        error_messages={"required": "请选择资金来源。"},
    )
    year = CeilingForm.base_fields["year"]
    purchaser = forms.ModelChoiceField(
        label="购买主体",
        queryset=Purchaser.objects.none(),
        required=False,
        empty_label="全辖区（没有指明）",
        help_text="指明了购买主体的，该购买主体在这一年度只用指明给它的。",
    )
    amount_fen = AmountField(label="下达金额", min_fen=1, help_text="单位：元。")
    number = forms.CharField(
        label="文号", max_length=80, error_messages={"required": "请填写文号。"}
    )
    released_on = day_field("文件日期")
    issuer = forms.CharField(
        label="下达机关",
        max_length=80,
        help_text="如：市财政局。",
        error_messages={"required": "请填写下达机关。"},
    )
    note = text_field("说明", required=False)

    def __init__(self, *args: Any, purchasers: Any, funds: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, purchaser=purchasers, fund=funds)
        self.today = today

    def clean_released_on(self) -> date:
        day: date = self.cleaned_data["released_on"]
        if day > self.today:
            raise forms.ValidationError(f"文件日期不能晚于今日（{self.today.isoformat()}）。")
        return day


class CorrectionForm(forms.Form):
    note = text_field("冲减的事由")


class ReleaseFilter(RoundFilter):
    """年度、购买主体、资金来源；年度可以不选。"""

    def __init__(self, data: Any, **offered: Any) -> None:
        super().__init__(data, **offered)
        field: Any = self.fields["year"]
        field.choices = [("", "全部"), *field.choices]
        self.full_clean()
