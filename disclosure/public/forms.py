"""公告清单的筛选。"""

from __future__ import annotations

from typing import Any

from django import forms

from disclosure.public.models import NoticeKind


class NoticeFilter(forms.Form):
    kind = forms.ChoiceField(
        label="公告种类", required=False, choices=[("", "全部"), *NoticeKind.choices]
    )
    year = forms.TypedChoiceField(label="年份", required=False, coerce=int, empty_value=None)
    word = forms.CharField(label="标题、购买主体或编号", required=False, max_length=60, strip=True)

    def __init__(self, *args: Any, years: list[int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["year"]
        field.choices = [("", "全部"), *((year, f"{year} 年") for year in years)]
