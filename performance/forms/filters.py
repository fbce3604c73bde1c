"""资金使用绩效的筛选条件；不认得的值当作没有填。"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms


class FundFilter(forms.Form):
    """哪一年度；`years` 是有已签署自评的各年度。"""

    year = forms.TypedChoiceField(label="年度", required=False, coerce=int, empty_value=None)

    def __init__(self, data: Any, *, years: Iterable[int]) -> None:
        super().__init__(data)
        field: Any = self.fields["year"]
        field.choices = [("", "全部"), *((y, f"{y} 年") for y in years)]
        self.is_valid()

    def chosen(self) -> int | None:
        found: int | None = self.cleaned_data.get("year")
        return found
