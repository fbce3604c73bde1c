"""会审台的筛选和成批办理的表单。"""

from __future__ import annotations

from typing import Any

from django import forms

from budgeting.forms.base import LONG, LinesField, day_field, offer, proposal_field
from core.views.batch import ItemForm
from projects.models import FundSource, Programme, Purchaser

STATES = [
    ("", "在办（会审中、待审定）"),
    ("open", "会审中"),
    ("spoken", "意见已齐，待汇总"),
    ("opposed", "异议待了结"),
    ("concluded", "已形成审核意见，待审定批复"),
    ("returned", "已退回修改"),
    ("closed", "已结束"),
    ("all", "全部"),
]
PROGRAMMES = [
    ("", "全部"),
    *[(p.value or "none", p.label) for p in Programme],
]


class ReviewFilter(forms.Form):
    purchaser = forms.ModelChoiceField(
        label="购买主体", required=False, queryset=Purchaser.objects.none(), empty_label="全部"
    )
    year = forms.IntegerField(
        label="年度",
        required=False,
        min_value=2000,
        max_value=2100,
        widget=forms.TextInput({"inputmode": "numeric"}),
        error_messages={"invalid": "请填写四位年份，如 2026。"},
    )
    fund = forms.ModelChoiceField(
        label="资金来源", required=False, queryset=FundSource.objects.none(), empty_label="全部"
    )
    programme = forms.ChoiceField(label="资金类别", required=False, choices=PROGRAMMES)
    status = forms.ChoiceField(label="状态", required=False, choices=STATES)
    waited = forms.TypedChoiceField(
        label="已等待",
        required=False,
        coerce=int,
        empty_value=None,
        choices=[("", "不限"), *[(n, f"满 {n} 个工作日") for n in (3, 5, 10, 20)]],
    )
    since = day_field("等待自此日起")
    mine = forms.BooleanField(label="只看待本单位出具意见的", required=False)

    def __init__(self, *args: Any, purchasers: Any, funds: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, purchaser=purchasers, fund=funds)
        self.fields["since"].required = False


# --- 成批办理：一件一张小表 ----------------------------------------------------------------------


def _text(label: str, *, required: bool) -> forms.CharField:
    return forms.CharField(
        label=label,
        required=required,
        max_length=2000,
        widget=forms.Textarea({"rows": 2}),
        error_messages={"required": f"请填写{label}。"},
    )


class AgreeItem(ItemForm):
    text = _text("意见", required=False)
    proposed_fen = proposal_field()


class ConcludeItem(ItemForm):
    proposed_fen = proposal_field(required=True)
    summary = _text("审核意见", required=True)


class ReturnItem(ItemForm):
    objections = LinesField(
        label="退回意见（一行一条）",
        max_length=4000,
        widget=forms.Textarea(LONG),
        error_messages={"required": "请至少写明一条退回意见。"},
    )


class PlainItem(ItemForm):
    """只有办与不办。"""
