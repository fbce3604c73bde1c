"""预算调整的表单：拟订，台账的筛选。"""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import QuerySet

from budgeting.forms.base import offer, text_field
from budgeting.models import BALANCING, AdjustmentKind, AdjustmentStatus, Allocation, unreserved
from core.money import AmountField, format_yuan
from projects.models import Project, Purchaser

# 平衡下达缺口的两种在缺口的页面上拟订（`forms/balancing.py`）。
KINDS = [pair for pair in AdjustmentKind.choices if pair[0] not in BALANCING]


class LineField(forms.ModelChoiceField):
    """一条资金分配，写明批复多少、还有多少可动。"""

    def label_from_instance(self, obj: Any) -> str:
        left = format_yuan(unreserved(obj))
        approved = format_yuan(obj.approved_fen)
        return f"{obj.ceiling.year} 年 {obj.ceiling.fund}（批复 {approved} 元，可用 {left} 元）"


class ReceiverField(forms.ModelChoiceField):
    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.number} {obj.name}"


def adjustment_form(lines: QuerySet[Allocation], receivers: QuerySet[Project]) -> type[forms.Form]:
    """一个项目的预算调整：`lines` 是它自己的资金，`receivers` 是可以调入的其他项目。"""

    class AdjustmentForm(forms.Form):
        kind = forms.ChoiceField(
            label="种类",
            choices=[("", "请选择"), *KINDS],
            error_messages={"required": "请选择种类。"},
        )
        allocation = LineField(
            label="所动的资金",
            queryset=lines,
            empty_label="请选择",
            error_messages={"required": "请选择所动的资金。"},
        )
        amount_fen = AmountField(label="金额", min_fen=1, help_text="单位：元。")
        receiver = ReceiverField(
            label="调入项目",
            queryset=receivers,
            required=False,
            empty_label="不是调剂",
            help_text="只有调剂填写：同一购买主体、同一年度、同一资金的项目。",
        )
        number = forms.CharField(
            label="文号", max_length=80, error_messages={"required": "请填写文号。"}
        )
        reason = text_field("事由")

        def clean(self) -> dict[str, Any]:
            data = super().clean() or self.cleaned_data
            is_transfer = data.get("kind") == AdjustmentKind.TRANSFER
            if is_transfer and not data.get("receiver") and "receiver" not in self.errors:
                self.add_error("receiver", "调剂须选择调入项目。")
            if data.get("kind") and not is_transfer and data.get("receiver"):
                self.add_error("receiver", "只有调剂才有调入项目，请改选“不是调剂”。")
            return data

    return AdjustmentForm


class AdjustmentFilter(forms.Form):
    kind = forms.ChoiceField(
        label="种类", required=False, choices=[("", "全部"), *AdjustmentKind.choices]
    )
    status = forms.ChoiceField(
        label="状态", required=False, choices=[("", "全部"), *AdjustmentStatus.choices]
    )
    allocation__ceiling__year = forms.IntegerField(
        label="年度",
        required=False,
        min_value=2000,
        max_value=2100,
        widget=forms.TextInput({"inputmode": "numeric"}),
    )
    project__purchaser = forms.ModelChoiceField(
        label="购买主体", required=False, queryset=Purchaser.objects.none(), empty_label="全部"
    )

    def __init__(self, *args: Any, purchasers: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, project__purchaser=purchasers)
