"""采购意向清单的表单：上传、筛选、改定。"""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import Q

from core.views.batch import ItemForm
from projects.models import IntentionOutcome


class IntentionListForm(forms.Form):
    file = forms.FileField(
        label="意向清单（.csv）",
        help_text=(
            "第一行是列名：采购单位、采购项目名称、采购需求概况、预算金额(万元)、发布时间、"
            "预计采购时间、拟面向中小企业预留等；一次至多 1000 行。"
            "先判断、再由人确认，确认之前不写入计划。"
        ),
        widget=forms.ClearableFileInput({"accept": ".csv"}),
        error_messages={
            "required": "请选择意向清单文件。",
            "empty": "文件是空的，没有保存。请选择填好的清单。",
        },
    )


class IntentionFilter(forms.Form):
    """不认得的值当作没有填。"""

    q = forms.CharField(label="单位或项目", required=False, max_length=100)
    outcome = forms.ChoiceField(
        label="结论", required=False, choices=[("", "全部"), *IntentionOutcome.choices]
    )
    unit = forms.ChoiceField(label="采购单位", required=False)
    ground = forms.ChoiceField(label="依据或提示", required=False)

    def __init__(self, data: Any, *, units: Any, grounds: Any) -> None:
        super().__init__(data)
        for name, choices in (("unit", [(u, u) for u in units]), ("ground", list(grounds))):
            field: Any = self.fields[name]
            field.choices = [("", "全部"), *choices]

    def condition(self) -> Q:
        self.is_valid()
        given = {k: v for k, v in self.cleaned_data.items() if v}
        wanted = Q()
        if text := given.pop("q", ""):
            wanted |= Q(unit__icontains=text) | Q(name__icontains=text)
        if ground := given.pop("ground", ""):
            wanted &= Q(marks__contains=f" {ground} ")
        return wanted & Q(**given)

    def is_narrowed(self) -> bool:
        return any(self.cleaned_data.values())


class DecideForm(forms.Form):
    outcome = forms.ChoiceField(
        label="定为",
        choices=[("", "请选择"), ("accept", "可入计划"), ("refuse", "不予受理")],
        error_messages={"required": "请选择结论。"},
    )
    reason = forms.CharField(
        label="理由",
        max_length=500,
        widget=forms.Textarea({"rows": 3}),
        help_text="写明核对了什么、依据哪一条；入历史，并印在清单上。",
        error_messages={"required": "请填写理由。"},
    )


class DecideItem(ItemForm):
    """成批复核里的一条；`initial` 里的 judged 是规则的判断，与它不同的须写明理由。"""

    outcome = forms.ChoiceField(
        label="定为",
        choices=[("", "请选择"), ("accept", "可入计划"), ("refuse", "不予受理")],
        error_messages={"required": "请选择结论。"},
    )
    reason = forms.CharField(
        label="理由",
        required=False,
        max_length=500,
        widget=forms.Textarea({"rows": 2}),
        help_text="与判断相同的可以不写。",
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        outcome = data.get("outcome")
        if outcome and outcome != self.initial.get("judged") and not data.get("reason"):
            self.add_error("reason", "与判断不同的，请写明理由。")
        return data
