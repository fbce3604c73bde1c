"""名录和清单的筛选，以及期限核对所填的日期。"""

from __future__ import annotations

from django import forms

from procurement.forms.common import day
from procurement.models import ProviderKind, TenderStatus
from projects.models import ProcurementMethod


class TenderFilter(forms.Form):
    status = forms.ChoiceField(
        label="状态", required=False, choices=[("", "全部"), *TenderStatus.choices]
    )
    method = forms.ChoiceField(
        label="采购方式", required=False, choices=[("", "全部"), *ProcurementMethod.choices]
    )


class ProviderFilter(forms.Form):
    name = forms.CharField(label="名称或代码", required=False, max_length=100)
    kind = forms.ChoiceField(
        label="类别", required=False, choices=[("", "全部"), *ProviderKind.choices]
    )
    debarred = forms.BooleanField(label="只看在取消资格期内的", required=False)


class ScheduleForm(forms.Form):
    published_on = day("发布日")
    response_deadline = day("响应截止日", required=False)
