"""追加申请的表单：登记追加（调剂）文号，台账的筛选。"""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms

from budgeting.forms.base import day_field, offer
from budgeting.models import FundingKind, OffBudgetStatus, Route
from core.money import AmountField
from projects.models import Purchaser


def funding_form(today: date) -> type[forms.Form]:
    """登记追加（调剂）文号的表单；`today` 用来挡住未来的日期。"""

    class FundingForm(forms.Form):
        funding_kind = forms.ChoiceField(
            label="预算来源",
            choices=[("", "请选择"), *FundingKind.choices],
            error_messages={"required": "请选择预算来源。"},
        )
        funding_number = forms.CharField(
            label="文号",
            max_length=120,
            help_text="预算追加、调剂或者动支的批复文号。",
            error_messages={"required": "请填写文号。"},
        )
        funding_fen = AmountField(
            label="金额", min_fen=1, help_text="单位：元；批复金额不得超过这个数。"
        )
        funding_on = day_field("文件日期")

        def clean_funding_on(self) -> date:
            day: date = self.cleaned_data["funding_on"]
            if day > today:
                raise forms.ValidationError(f"文件日期不能晚于今日（{today.isoformat()}）。")
            return day

    return FundingForm


class OffBudgetFilter(forms.Form):
    status = forms.ChoiceField(
        label="状态", required=False, choices=[("", "全部"), *OffBudgetStatus.choices]
    )
    route = forms.ChoiceField(
        label="审议路径", required=False, choices=[("", "全部"), *Route.choices]
    )
    project__purchaser = forms.ModelChoiceField(
        label="购买主体", required=False, queryset=Purchaser.objects.none(), empty_label="全部"
    )

    def __init__(self, *args: Any, purchasers: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, project__purchaser=purchasers)
