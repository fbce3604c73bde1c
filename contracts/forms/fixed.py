"""固定行的表：合同有几行就有几行，一行不能多也不能少。"""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.html import format_html

from core.views.rows import Rows, rows_of

Values = dict[str, Any]
CHANGED = "明细已有变化，没有办理。请重新打开本页核对。"


class ShownText(forms.Widget):
    """只给人看的一格，不随表单提交。"""

    def render(self, name: str, value: Any, attrs: Any = None, **_options: Any) -> Any:  # type: ignore[override]
        return format_html('<output id="{}">{}</output>', (attrs or {}).get("id", name), value)


def shown(label: str) -> forms.Field:
    """一栏说明；值由行的对象给出。"""
    return forms.Field(label=label, required=False, disabled=True, widget=ShownText)


def is_shown(form: forms.Form, name: str) -> bool:
    return form.fields[name].disabled


class FixedRows(Rows):
    """`row_options["rows"]` 是各行的对象，依次对应每一行。"""

    def total_form_count(self) -> int:
        return len(self.form_kwargs["rows"])

    def get_form_kwargs(self, index: int | None) -> Values:
        return {"row": None if index is None else self.form_kwargs["rows"][index]}

    def rows(self) -> list[Values]:
        """每一行所填的；只给人看的各栏不在其中。"""
        return [
            {name: value for name, value in form.cleaned_data.items() if not is_shown(form, name)}
            for form in self.forms
        ]


class FixedRow(forms.Form):
    """固定的一行；`line` 随表单来回，所见的行已经变化的不收。"""

    line = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, row: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.empty_permitted = False
        self.row = row
        if row is not None:
            self.initial = {"line": row.pk, **(self.initial or {}), **self.shown_of(row)}

    def shown_of(self, row: Any) -> Values:
        """只给人看的各栏的值。"""
        raise NotImplementedError(f"{type(self).__name__}.shown_of({row})")

    def clean(self) -> Values:
        super().clean()
        if self.cleaned_data.get("line") != self.row.pk:
            raise forms.ValidationError(CHANGED, code="changed")
        return self.cleaned_data


def fixed_rows(form: type[FixedRow], *, caption: str, total_label: str = "") -> type[Rows]:
    """由 `form` 组成的一张固定行的表。"""
    return rows_of(
        form,
        1000,
        0,
        formset=FixedRows,
        caption=caption,
        total_label=total_label,
        line_totals=False,
        is_fixed=True,
    )
