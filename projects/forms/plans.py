"""年度计划的表单：报送时的部门预算，计划与报送的筛选。"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q

from accounts.models import User
from core.money import AmountField
from core.views.rows import Rows, RowsForm, rows_of
from projects.models import CatalogueItem, FundSource, Purchaser, Stage

MOST_BUDGET_ROWS = 100


class BudgetRowForm(forms.Form):
    """部门预算的一行：哪项资金、哪个品目、多少钱。"""

    fund = forms.ChoiceField(
        label="资金来源",
        error_messages={
            "required": "请选择资金来源。",
            "invalid_choice": "所选资金来源不在本辖区之列，请重新选择。",
        },
    )
    item = forms.ChoiceField(
        label="品目",
        error_messages={
            "required": "请选择品目。",
            "invalid_choice": "所选品目不在现行指导性目录中，请重新选择。",
        },
    )
    amount_fen = AmountField(label="金额（元）", min_fen=1)

    def __init__(
        self,
        *args: Any,
        funds: Sequence[FundSource],
        items: Sequence[CatalogueItem],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["amount_fen"].widget.attrs["data-sum-factor"] = ""
        self.known: dict[str, dict[str, Any]] = {
            "fund": {str(f.pk): f for f in funds},
            "item": {str(i.pk): i for i in items},
        }
        for name, known in self.known.items():
            field: Any = self.fields[name]
            field.choices = [("", "请选择"), *((key, str(row)) for key, row in known.items())]

    def clean_fund(self) -> FundSource:
        found: Any = self.known["fund"][self.cleaned_data["fund"]]
        return found

    def clean_item(self) -> CatalogueItem:
        found: Any = self.known["item"][self.cleaned_data["item"]]
        return found


class OfBudget(Rows):
    """同一资金、同一品目只列一行。"""

    def clean(self) -> None:
        named = [(r["fund"], r["item"]) for r in self.rows() if "fund" in r and "item" in r]
        twice = {f"{fund}、{item}" for fund, item in named if named.count((fund, item)) > 1}
        if twice:
            raise ValidationError(f"{'；'.join(sorted(twice))}填了不止一行，请合并为一行。")


class PlanSubmissionForm(RowsForm):
    """报送：部门预算的各行，和差异的说明。"""

    tables = {  # noqa: RUF012 (declared so by RowsForm)
        "budget": rows_of(
            BudgetRowForm,
            MOST_BUDGET_ROWS,
            3,
            formset=OfBudget,
            caption="部门预算安排",
            line_totals=False,
        )
    }
    note = forms.CharField(
        label="差异说明",
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="计划与部门预算有差异的，说明原因；随报送存档。",
    )


def plan_submission_form(
    funds: Sequence[FundSource], items: Sequence[CatalogueItem]
) -> type[PlanSubmissionForm]:
    offered = {"row_options": {"funds": funds, "items": items}}
    return type("OfferedPlanSubmissionForm", (PlanSubmissionForm,), offered)


class PlanFilter(forms.Form):
    """计划与报送的筛选：年度、购买主体；不认得的值当作没有填。"""

    year = forms.ChoiceField(label="年度", required=False)
    purchaser = forms.ModelChoiceField(
        Purchaser.objects.none(), label="购买主体", required=False, empty_label="全部"
    )

    def __init__(self, data: Mapping[str, Any], *, user: User, years: Iterable[int]) -> None:
        super().__init__(data)
        year: Any = self.fields["year"]
        year.choices = [("", "全部"), *((str(y), f"{y} 年") for y in years)]
        own: Any = self.fields["purchaser"]
        own.queryset = Purchaser.objects.visible_to(user).select_related("organisation")

    def condition(self, prefix: str = "") -> Q:
        """筛选条件；`prefix` 是到计划的路径，如 `plan__`。"""
        self.is_valid()
        return Q(**{f"{prefix}{k}": v for k, v in self.cleaned_data.items() if v})

    def is_narrowed(self) -> bool:
        return any(self.data.get(name) for name in self.fields)


class LineFilter(forms.Form):
    """一份计划里的项目：名称或编号、阶段。"""

    q = forms.CharField(label="名称或编号", required=False, max_length=100)
    stage = forms.ChoiceField(label="阶段", required=False, widget=forms.HiddenInput)

    def __init__(self, data: Mapping[str, Any]) -> None:
        super().__init__(data)
        stage: Any = self.fields["stage"]
        stage.choices = [("", "全部"), *Stage.choices]

    def condition(self, *, without: str = "") -> Q:
        self.is_valid()
        given = {k: v for k, v in self.cleaned_data.items() if v and k != without}
        wanted = Q()
        if text := given.get("q"):
            wanted &= Q(project__name__icontains=text) | Q(project__number__icontains=text)
        return wanted & Q(project__stage=given["stage"]) if "stage" in given else wanted

    def is_narrowed(self) -> bool:
        return any(self.data.get(name) for name in self.fields)
