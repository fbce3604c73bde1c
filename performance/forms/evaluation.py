"""综合评估各办理页的表单。"""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms

from budgeting.forms import day_field, text_field
from contracts.forms.fields import past_day_field, short, words, workdays_field
from contracts.models import Contract, Grade
from performance.forms.fields import AspectFields, count_field
from performance.models import Party


class OpinionForm(AspectFields):
    """一方的评估意见。"""

    party = forms.ChoiceField(
        label="评估方",
        choices=[("", "请选择"), *Party.choices],
        error_messages={"required": "请选择评估方。"},
    )
    organisation = short("单位名称")
    given_on = past_day_field("出具日")
    field_order = ("party", "organisation", "given_on")


class SurveyForm(forms.Form):
    """服务对象意见：问卷的份数和意见。"""

    asked = count_field("发放问卷（份）")
    answered = count_field("收回问卷（份）")
    satisfied = count_field("表示满意（份）")
    users_opinion = text_field("服务对象意见", help_text="问卷和访谈反映的主要意见。")


class LinkForm(forms.Form):
    """发给第三方的链接。"""

    organisation = short("第三方专业机构")
    expires_on = day_field("有效期至", "过了这一天链接打不开。")


class ReasonForm(forms.Form):
    reason = words("理由")


class AnswerForm(AspectFields):
    """第三方凭链接所填。"""


class ConclusionForm(forms.Form):
    """评估结论：等级由得分得出，另定等级的写明理由；不合格的写明整改要求。"""

    grade = forms.ChoiceField(label="考核等级", error_messages={"required": "请选择考核等级。"})
    grade_reason = words(
        "等级与得分不一致的理由", required=False, help_text="等级与得分等级一致的不填。"
    )
    summary = text_field("评估结论")
    demand = words("整改要求", required=False, help_text="评为不合格的写明；其他等级不填。")
    workdays = workdays_field(
        "整改期限（工作日）", required=False, help_text="自责令次日起算；只用于不合格。"
    )


def conclusion_form(contract: Contract) -> type[ConclusionForm]:
    """某份合同的结论表单；等级注明合同约定的支付比例。"""
    percents = contract.grade_percents

    class OfContract(ConclusionForm):
        def __init__(self, *args: Any, **kwargs: Any) -> None:
            super().__init__(*args, **kwargs)
            field: Any = self.fields["grade"]
            field.choices = [("", "请选择"), *_choices(percents)]

    return OfContract


def _choices(percents: dict[str, str]) -> list[tuple[str, str]]:
    return [
        (value, f"{label}（{_paid(percents, value)}）")
        for value, label in Grade.choices
        if value in percents or value == Grade.POOR
    ]


def _paid(percents: dict[str, str], grade: str) -> str:
    return f"支付 {percents[grade]}%" if grade in percents else "合同没有约定比例，责令整改"


class YearForm(forms.Form):
    """自评的年度；`years` 是有资金而没有开始自评的。"""

    years: ClassVar[tuple[int, ...]] = ()
    year = forms.TypedChoiceField(
        label="年度",
        coerce=int,
        help_text="只列出有资金、还没有开始自评的年度。",
        error_messages={"required": "请选择年度。"},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["year"]
        field.choices = [("", "请选择"), *((y, f"{y} 年度") for y in self.years)]


def year_form(years: list[int]) -> type[YearForm]:
    return type("OfferedYearForm", (YearForm,), {"years": tuple(years)})
