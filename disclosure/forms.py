"""公开各页的表单；字段名就是动作的参数名。"""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms

from disclosure.models import DutyStatus
from projects.models import Purchaser


class PublicationForm(forms.Form):
    """在哪里、何日公开的。"""

    medium = forms.CharField(
        label="公开媒体",
        max_length=100,
        help_text="如：区政府网站、重庆市政府采购网。",
        error_messages={"required": "请填写公开媒体。"},
    )
    address = forms.URLField(
        label="公开网址",
        max_length=300,
        assume_scheme="https",
        help_text="公开页面的完整网址，以 https:// 或 http:// 开头。",
        widget=forms.URLInput({"autocomplete": "off"}),
        error_messages={"required": "请填写公开网址。", "invalid": "请填写完整的网址。"},
    )
    published_on = forms.DateField(
        label="公开日",
        input_formats=["%Y-%m-%d"],
        widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
        error_messages={
            "required": "请填写公开日。",
            "invalid": "请按“年-月-日”填写，如 2026-02-10。",
        },
    )


def publication_form(today: date) -> type[PublicationForm]:
    """表单类，公开日不得晚于今日。"""

    class UntilToday(PublicationForm):
        def clean_published_on(self) -> date:
            day: date = self.cleaned_data["published_on"]
            if day > today:
                raise forms.ValidationError(f"公开日不能晚于今日（{today.isoformat()}）。")
            return day

    return UntilToday


class DutyFilter(forms.Form):
    status = forms.ChoiceField(
        label="状态", required=False, choices=[("", "全部"), *DutyStatus.choices]
    )
    purchaser = forms.ModelChoiceField(
        label="购买主体", required=False, queryset=Purchaser.objects.none(), empty_label="全部"
    )

    def __init__(self, *args: Any, purchasers: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["purchaser"]
        field.queryset = purchasers
