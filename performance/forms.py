"""综合评估各页的表单；字段名就是动作的参数名。"""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms

from budgeting.forms import day_field, text_field
from contracts.models import Contract, Grade
from core.calendar.clock import today
from performance.models import ASPECTS, Party


class OpinionForm(forms.Form):
    """一方的评估意见。"""

    party = forms.ChoiceField(
        label="评估方",
        choices=[("", "请选择"), *Party.choices],
        error_messages={"required": "请选择评估方。"},
    )
    organisation = forms.CharField(
        label="单位名称", max_length=120, error_messages={"required": "请填写单位名称。"}
    )
    achievement = text_field(ASPECTS["achievement"])
    fund_use = text_field(ASPECTS["fund_use"])
    quality = text_field(ASPECTS["quality"])
    satisfaction = text_field(ASPECTS["satisfaction"])
    grade = forms.ChoiceField(
        label="建议等级",
        choices=[("", "请选择"), *Grade.choices],
        error_messages={"required": "请选择建议等级。"},
    )
    given_on = day_field("出具日")

    def clean_given_on(self) -> date:
        day: date = self.cleaned_data["given_on"]
        if day > today():
            raise forms.ValidationError("出具日不能晚于今日。")
        return day


class ConclusionForm(forms.Form):
    """评估结论：等级只列合同约定了支付比例的。"""

    grade = forms.ChoiceField(
        label="考核等级",
        help_text="各等级的支付比例是合同约定的。",
        error_messages={"required": "请选择考核等级。"},
    )
    users_opinion = text_field("服务对象意见")
    summary = text_field("评估结论")


def conclusion_form(contract: Contract) -> type[ConclusionForm]:
    """某份合同的结论表单。"""
    agreed = [
        (value, f"{label}（支付 {contract.grade_percents[value]}%）")
        for value, label in Grade.choices
        if value in contract.grade_percents
    ]

    class OfContract(ConclusionForm):
        def __init__(self, *args: Any, **kwargs: Any) -> None:
            super().__init__(*args, **kwargs)
            field: Any = self.fields["grade"]
            field.choices = [("", "请选择"), *agreed]

    return OfContract
