"""签订、备案、补充合同、结转、终止各办理页的表单；字段名就是动作的参数名。"""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms

from contracts.forms.fields import past_day_field, short, words
from core.money import AmountField


class SigningForm(forms.Form):
    signed_on = past_day_field("签订日", "双方签字盖章的日期；备案和公告的期限自此起算。")


class AcceptFilingForm(forms.Form):
    number = short("备案号", 80)


class ReasonForm(forms.Form):
    reason = words("退回理由", help_text="写明须更正之处，购买主体据此更正后重新报送。")


class NoteForm(forms.Form):
    note = words("理由", help_text="理由入历史，此后不可更改。")


class SupplementForm(forms.Form):
    number = short("补充合同编号", 80)
    amount_fen = AmountField(label="追加金额", help_text="单位：元。只改条款、不追加金额的，填 0。")
    reason = words("事由和内容")


class YearForm(forms.Form):
    """结转哪一年；`years` 是还有未付的各年度。"""

    years: ClassVar[tuple[int, ...]] = ()
    year = forms.TypedChoiceField(
        label="结转年度",
        coerce=int,
        help_text="该年度未付的承诺转入下一年度。",
        error_messages={"required": "请选择年度。"},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["year"]
        field.choices = [("", "请选择"), *((y, f"{y} 年") for y in self.years)]


def year_form(years: list[int]) -> type[YearForm]:
    return type("OfferedYearForm", (YearForm,), {"years": tuple(years)})
