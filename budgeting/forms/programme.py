"""专项的表单：设立、定年度预算、拟订结论；项目库的筛选。"""

from __future__ import annotations

from typing import Any

from django import forms

from accounts.models import Organisation
from budgeting.forms.base import CeilingForm, offer, text_field
from budgeting.models import ExitOutcome, FundingProgramme
from core.money import AmountField
from projects.models import Programme, Purchaser

KINDS = [(value, label) for value, label in Programme.choices if value]


def number_field(label: str = "文号") -> forms.CharField:
    return forms.CharField(
        label=label, max_length=80, error_messages={"required": f"请填写{label}。"}
    )


def _year(label: str, help_text: str = "") -> forms.IntegerField:
    return forms.IntegerField(
        label=label,
        min_value=2000,
        max_value=2100,
        help_text=help_text,
        widget=forms.TextInput({"inputmode": "numeric", "autocomplete": "off"}),
        error_messages={"required": f"请填写{label}。", "invalid": "请填写四位年份，如 2026。"},
    )


class ProgrammeForm(forms.Form):
    programme = forms.ChoiceField(
        label="项目资金类别",
        choices=[("", "请选择"), *KINDS],
        error_messages={"required": "请选择项目资金类别。"},
    )
    name = forms.CharField(
        label="专项名称", max_length=100, error_messages={"required": "请填写专项名称。"}
    )
    first_year = _year("起始年度")
    last_year = _year("到期年度", "含这一年；实施期原则上三年。")
    office = forms.ModelChoiceField(
        label="政务数据部门",
        queryset=Organisation.objects.none(),
        empty_label="请选择",
        help_text="到期会同财政部门作三年总评的部门，由它的领导签署结论。",
        error_messages={"required": "请选择政务数据部门。"},
    )
    number = number_field("设立文号")

    def __init__(self, *args: Any, offices: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, office=offices)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        first, last = data.get("first_year"), data.get("last_year")
        if first and last and last < first:
            self.add_error("last_year", f"到期年度不能早于起始年度（{first}）。")
        return data


def budget_form(term: FundingProgramme) -> type[forms.Form]:
    """一个实施期各年度的预算。"""
    years = [(year, f"{year} 年") for year in range(term.first_year, term.last_year + 1)]

    class BudgetForm(forms.Form):
        year = forms.TypedChoiceField(label="年度", choices=years, coerce=int)
        amount_fen = AmountField(label="年度预算", help_text="单位：元；不得低于已批复的合计。")
        number = number_field()

    return BudgetForm


class ConclusionForm(forms.Form):
    outcome = forms.ChoiceField(
        label="结论",
        choices=[("", "请选择"), *ExitOutcome.choices],
        help_text="保留、调整的，另设新的实施期；取消的，不再安排新的资金，同名项目不得再入库。",
        error_messages={"required": "请选择结论。"},
    )
    findings = text_field("评价情况", help_text="三年实施的总体情况、绩效和理由。")
    number = number_field()


class LibraryFilter(forms.Form):
    """项目库的筛选。"""

    state = forms.ChoiceField(label="状态", required=False)
    year = CeilingForm.base_fields["year"]
    purchaser = forms.ModelChoiceField(
        label="购买主体", required=False, queryset=Purchaser.objects.none(), empty_label="全部"
    )
    programme = forms.ChoiceField(label="项目资金类别", required=False)
    q = forms.CharField(label="名称或编号", required=False, max_length=100)

    def __init__(self, data: Any, *, states: Any, purchasers: Any) -> None:
        super().__init__(data)
        choices: dict[str, Any] = {
            "state": [("", "全部"), *states],
            "programme": [
                ("", "全部"),
                *((str(value) or "none", label) for value, label in Programme.choices),
            ],
        }
        for name, offered in choices.items():
            field: Any = self.fields[name]
            field.choices = offered
        self.fields["year"].required = False
        offer(self, purchaser=purchasers)
        self.is_valid()

    def given(self) -> dict[str, Any]:
        return {name: value for name, value in self.cleaned_data.items() if value}
