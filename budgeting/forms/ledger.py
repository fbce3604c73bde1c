"""资金台账的筛选条件；不认得的值当作没有填。"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms

from budgeting.forms import offer
from projects.models import FundSource, Programme, Purchaser

NONE = "none"
BIG = 2**62


class LedgerFilter(forms.Form):
    """年度、购买主体、资金来源、特定目标类；`line` 是一条资金分配，`project` 是一个项目。"""

    year = forms.TypedChoiceField(label="年度", required=False, coerce=int, empty_value=None)
    purchaser = forms.ModelChoiceField(
        Purchaser.objects.none(), label="购买主体", required=False, empty_label="全部"
    )
    fund = forms.ModelChoiceField(
        FundSource.objects.none(), label="资金来源", required=False, empty_label="全部"
    )
    programme = forms.ChoiceField(label="特定目标类", required=False)
    project = forms.IntegerField(
        required=False, min_value=1, max_value=BIG, widget=forms.HiddenInput
    )
    line = forms.IntegerField(required=False, min_value=1, max_value=BIG, widget=forms.HiddenInput)

    def __init__(self, data: Any, *, years: Iterable[int], purchasers: Any, funds: Any) -> None:
        super().__init__(data)
        choices: dict[str, Any] = {
            "year": [(year, f"{year} 年") for year in years],
            "programme": [(str(value) or NONE, label) for value, label in Programme.choices],
        }
        for name, offered in choices.items():
            field: Any = self.fields[name]
            field.choices = [("", "全部"), *offered]
        offer(self, purchaser=purchasers, fund=funds)
        self.is_valid()

    def given(self) -> dict[str, Any]:
        """填了且认得的各项；特定目标类的“不属”为空字。"""
        found = {n: value for n, value in self.cleaned_data.items() if value and n != "figure"}
        if found.get("programme") == NONE:
            found["programme"] = ""
        return found

    def query(self) -> dict[str, str]:
        """各项在网址里的写法，供下钻的链接沿用。"""
        return {name: str(self.data[name]) for name in self.given()}

    def is_narrowed(self) -> bool:
        return bool(self.given())


class FigureFilter(LedgerFilter):
    """一个数的来历：`figure` 是哪个数，筛选时沿用。"""

    figure = forms.CharField(required=False, max_length=20, widget=forms.HiddenInput)
