"""台账的筛选条件；不认得的值当作没有填。"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms

from accounts.models import User
from budgeting.forms import offer
from contracts.models import ContractStatus, RectificationStatus
from projects.models import Purchaser


class LedgerFilter(forms.Form):
    """各台账共用：购买主体，名称或编号。"""

    q = forms.CharField(label="名称、编号或承接主体", required=False, max_length=100)
    purchaser = forms.ModelChoiceField(
        Purchaser.objects.none(), label="购买主体", required=False, empty_label="全部"
    )

    def __init__(self, data: Any, *, user: User) -> None:
        super().__init__(data)
        offer(self, purchaser=Purchaser.objects.visible_to(user).select_related("organisation"))
        self.is_valid()

    def given(self, name: str) -> Any:
        """填了且认得的值；否则为 None。"""
        return self.cleaned_data.get(name) or None

    def is_narrowed(self) -> bool:
        return any(self.data.get(name) for name in self.fields)


class ContractFilter(LedgerFilter):
    status = forms.ChoiceField(
        label="状态", required=False, choices=[("", "全部"), *ContractStatus.choices]
    )


class PaymentFilter(LedgerFilter):
    q = forms.CharField(label="名称、编号、承接主体或凭证号", required=False, max_length=100)
    since = forms.DateField(
        label="支付日自", required=False, widget=forms.DateInput({"type": "date"})
    )
    until = forms.DateField(
        label="支付日至", required=False, widget=forms.DateInput({"type": "date"})
    )


class RectificationFilter(LedgerFilter):
    status = forms.ChoiceField(
        label="状态", required=False, choices=[("", "全部"), *RectificationStatus.choices]
    )


class CarryOverFilter(LedgerFilter):
    """结转清单：哪一年度；`years` 是有合同份额的各年度。"""

    year = forms.TypedChoiceField(label="年度", required=False, coerce=int, empty_value=None)

    def __init__(self, data: Any, *, user: User, years: Iterable[int]) -> None:
        self.years = list(years)
        super().__init__(data, user=user)

    def full_clean(self) -> None:
        field: Any = self.fields["year"]
        field.choices = [(y, f"{y} 年") for y in self.years]
        super().full_clean()
