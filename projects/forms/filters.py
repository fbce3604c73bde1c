"""台账的筛选条件；不认得的值当作没有填。"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.db.models import Q

from accounts.models import User
from projects.models import Programme, Purchaser, Stage


class ProjectFilter(forms.Form):
    """项目台账：阶段、年度、购买主体、特定目标类、名称或编号。"""

    q = forms.CharField(label="名称或编号", required=False, max_length=100)
    stage = forms.ChoiceField(label="阶段", required=False)
    year = forms.ChoiceField(label="年度", required=False)
    purchaser = forms.ModelChoiceField(
        Purchaser.objects.none(), label="购买主体", required=False, empty_label="全部"
    )
    programme = forms.ChoiceField(label="特定目标类", required=False)

    def __init__(self, data: Mapping[str, Any], *, user: User, years: Iterable[int]) -> None:
        super().__init__(data)
        programmes = [(key, label) for key, label in Programme.choices if key]
        self._choices("stage", Stage.choices)
        self._choices("year", [(str(year), f"{year} 年") for year in years])
        self._choices("programme", [("none", "不属特定目标类"), *programmes])
        own: Any = self.fields["purchaser"]
        own.queryset = Purchaser.objects.visible_to(user).select_related("organisation")

    def _choices(self, name: str, choices: Iterable[tuple[str, str]]) -> None:
        field: Any = self.fields[name]
        field.choices = [("", "全部"), *choices]

    def condition(self, *, without: str = "") -> Q:
        """筛选条件；`without` 略去的一项用于统计该项各值的数目。"""
        self.is_valid()
        given = {k: v for k, v in self.cleaned_data.items() if v and k != without}
        wanted = Q()
        if text := given.pop("q", ""):
            wanted &= Q(name__icontains=text) | Q(number__icontains=text)
        if given.get("programme") == "none":
            given["programme"] = ""
        return wanted & Q(**given)

    def is_narrowed(self) -> bool:
        return bool(self.is_bound and any(self.data.get(name) for name in self.fields))
