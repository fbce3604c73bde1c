"""年终结账、开账的表单。"""

from __future__ import annotations

from typing import Any

from django import forms

from budgeting.forms.rounds import RoundFilter
from core.money import AmountField

STATES = ("有没办完的", "可以结账", "已结账")


class YearEndFilter(RoundFilter):
    """年度、购买主体、资金来源、情况。"""

    state = forms.ChoiceField(
        label="情况",
        required=False,
        choices=[("", "全部"), *((word, word) for word in STATES)],
    )


class CloseForm(forms.Form):
    """结账：勾选哪些项；年末收回的文号。"""

    chosen = forms.TypedMultipleChoiceField(
        label="办理哪些", coerce=int, error_messages={"required": "请至少勾选一项。"}
    )
    number = forms.CharField(
        label="文号",
        max_length=80,
        help_text="年终结账的文号；拟订年末收回时用它。",
        error_messages={"required": "请填写文号。"},
    )

    def __init__(self, *args: Any, offered: list[int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["chosen"]
        field.choices = [(pk, pk) for pk in offered]
        field.error_messages["invalid_choice"] = "所选的有的已经结账或者不在列，请核对后重新勾选。"


class OpenForm(forms.Form):
    """开账的一行：下一年度这项控制数多少；没有勾选的不办。"""

    include = forms.BooleanField(label="列入", required=False)
    amount_fen = AmountField(label="控制数", required=False, min_fen=0)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        is_blank = data.get("amount_fen") is None and "amount_fen" not in self.errors
        if data.get("include") and is_blank:
            self.add_error("amount_fen", "列入的须填写控制数（元），可以填 0。")
        return data


class OpenNumberForm(forms.Form):
    number = forms.CharField(
        label="下达文号", max_length=80, error_messages={"required": "请填写下达文号。"}
    )
