"""公开站点的筛选和检索。"""

from __future__ import annotations

from typing import Any

from django import forms

from disclosure.public import selectors
from disclosure.public.models import NoticeKind

LONGEST_QUERY = 40
ALL = [("", "全部")]


class ProjectFilter(forms.Form):
    year = forms.TypedChoiceField(label="年份", required=False, coerce=int, empty_value=None)
    purchaser = forms.ChoiceField(label="购买主体", required=False)
    jurisdiction = forms.ChoiceField(label="辖区", required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._offer("year", [(year, f"{year} 年") for year in selectors.years()])
        self._offer("purchaser", [(name, name) for name in selectors.purchasers()])
        self._offer("jurisdiction", selectors.jurisdictions())

    def wanted(self) -> dict[str, Any]:
        """全部看得懂的条件；有一项看不懂的，一项也不用，表单里说明。"""
        return self.cleaned_data if self.is_bound and self.is_valid() else {}

    def _offer(self, name: str, choices: list[Any]) -> None:
        field: Any = self.fields[name]
        field.choices = [*ALL, *choices]


class NoticeFilter(ProjectFilter):
    kind = forms.ChoiceField(label="公告种类", required=False, choices=[*ALL, *NoticeKind.choices])
    field_order = ("kind", "year", "purchaser", "jurisdiction")


class CatalogueFilter(forms.Form):
    jurisdiction = forms.ChoiceField(label="辖区", required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["jurisdiction"]
        field.choices = [*ALL, *selectors.catalogue_jurisdictions()]

    def wanted(self) -> dict[str, Any]:
        return self.cleaned_data if self.is_bound and self.is_valid() else {}


class SearchForm(forms.Form):
    q = forms.CharField(
        label="检索词",
        max_length=LONGEST_QUERY,
        strip=True,
        required=False,
        error_messages={
            "max_length": f"检索词最多 {LONGEST_QUERY} 个字，现有 %(show_value)d 个，请缩短。"
        },
    )
    kind = forms.ChoiceField(label="公告种类", required=False, choices=[*ALL, *NoticeKind.choices])
