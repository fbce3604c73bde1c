"""填报表：项目本身的各栏，以及测算、资金、绩效三张明细的行。"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from accounts.models import Jurisdiction
from core.money import AmountField, MoneyError, Unit, multiply
from projects.declarations import NEGATIVE_LIST
from projects.dictionaries import duty_choices, duty_groups
from projects.forms.declaring import INLINE, YES_NO
from projects.forms.numbers import StrictDecimalField
from projects.models import (
    CatalogueItem,
    ExpenseKind,
    FundSource,
    IndicatorLevel,
    OpenData,
    Operator,
    Paper,
    ProcurementMethod,
    Programme,
    ProjectKind,
    ServiceNature,
    StudyVerdict,
)

UNITS: tuple[Unit, Unit] = ("元", "万元")
_FACTOR = {"data-sum-factor": "", "inputmode": "decimal", "autocomplete": "off"}


def unit_of(text: object) -> Unit:
    """金额单位；不认得的当作元。"""
    return "万元" if text == "万元" else "元"


def _text(label: str, rows: int = 3) -> forms.CharField:
    return forms.CharField(
        label=label, required=False, max_length=5000, widget=forms.Textarea(attrs={"rows": rows})
    )


def _short(label: str, length: int = 120) -> forms.CharField:
    return forms.CharField(label=label, required=False, max_length=length)


def _day(label: str) -> forms.DateField:
    return forms.DateField(
        label=label,
        required=False,
        input_formats=["%Y-%m-%d"],
        widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": "请填写日期，如 2026-03-01。"},
    )


def _one_of(label: str, choices: Any, empty: str = "请选择") -> forms.ChoiceField:
    return forms.ChoiceField(label=label, choices=[("", empty), *choices], required=False)


def _tick(label: str) -> forms.BooleanField:
    return forms.BooleanField(label=label, required=False)


class InUnit(forms.Form):
    """金额各栏随所选单位读入；目录条目与资金来源限于本辖区。"""

    def __init__(
        self, *args: Any, unit: Unit = "元", jurisdiction: Jurisdiction, on: date, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            if isinstance(field, AmountField):
                field.unit = unit
                field.widget.attrs["data-unit"] = unit
        if "duty_code" in self.fields:
            duties: Any = self.fields["duty_code"]
            duties.choices = [("", "不在其列，另写职责"), *duty_groups(on)]
        if "catalogue_item" in self.fields:
            items: Any = self.fields["catalogue_item"]
            items.queryset = CatalogueItem.objects.in_force(jurisdiction, on)
        if "fund" in self.fields:
            funds: Any = self.fields["fund"]
            funds.queryset = FundSource.objects.filter(jurisdiction=jurisdiction)


class FilingForm(InUnit):
    """项目各栏。提交会审时才必须的，此处可以先空着。"""

    name = forms.CharField(
        label="项目名称", max_length=200, error_messages={"required": "请填写项目名称。"}
    )
    kind = forms.ChoiceField(label="路径", choices=ProjectKind.choices)
    service_nature = forms.ChoiceField(
        label="服务性质",
        choices=[("", "请选择"), *ServiceNature.choices],
        error_messages={"required": "请选择服务性质。"},
    )
    catalogue_item = forms.ModelChoiceField(
        CatalogueItem.objects.none(),
        label="目录条目",
        empty_label="请选择",
        error_messages={"required": "请选择目录条目。"},
    )
    basis = _text("立项依据")
    need = _text("服务需求")
    planning_item = _short("信息化规划条目", 200)
    planning_none_reason = _short("未列入规划的理由", 300)
    open_data = _one_of("公共信息资源开放需求", OpenData.choices)
    open_data_content = _short("开放的内容", 300)
    is_function_transfer = _tick("承接转移的政府职能")
    transfer_item = _short("职能转移事项", 200)
    is_pilot = _tick("试点项目")
    pilot_until = _day("试点截止日")
    pilot_of = _short("推广的试点项目编号", 40)
    is_market_suitable = _tick("适合采取市场化方式提供")
    is_provider_capable = _tick("社会力量能够承担")
    unit = forms.ChoiceField(
        label="金额单位",
        choices=[(u, u) for u in UNITS],
        initial="元",
        widget=forms.RadioSelect({**INLINE, "data-unit-switch": ""}),
    )
    total = AmountField(label="申请预算总额", min_fen=1)
    is_off_budget = _tick("未列入当年预算")
    is_partly_commercial = _tick("可部分商业化")
    subsidy = AmountField(label="申请补贴", required=False)
    commercial_income = _text("商业化收入说明")
    is_full_purchase = _tick("覆盖弱势群体，全额购买")
    vulnerable_group = _short("弱势群体类别", 60)
    full_purchase_evidence = _text("全额购买佐证")
    programme = forms.ChoiceField(label="特定目标类", choices=Programme.choices, required=False)
    duty_code = _one_of("职责条目", duty_choices(), "不在其列，另写职责")
    duty = _text("对应职责", 2)
    grant_number = _short("资金下达文号")
    feasibility = _text("可行性论证")
    feasibility_section = _short("论证的归口科室和论证人", 100)
    feasibility_on = _day("论证日期")
    feasibility_verdict = _one_of("论证结论", StudyVerdict.choices)
    pre_review = _short("政务数据办预审意见文号")
    pre_review_on = _day("预审日期")
    pre_review_verdict = _one_of("预审结论", StudyVerdict.choices)
    splitting_reason = _short("同类项目分开填报的理由", 500)
    leading_group_minutes = _short("领导小组会议纪要")
    proposed_method = forms.ChoiceField(
        label="拟采用采购方式",
        choices=[("", "尚未确定"), *ProcurementMethod.choices],
        required=False,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for key, text in NEGATIVE_LIST.items():
            self.fields[f"negative_{key}"] = forms.ChoiceField(
                label=text, choices=YES_NO, required=False, widget=forms.RadioSelect(INLINE)
            )
        for kind in Paper:
            self.fields[f"paper_{kind}"] = forms.FileField(
                label=str(kind.label), required=False, max_length=200
            )

    def papers(self) -> dict[str, Any]:
        """这一次上传的附件，按种类；没有再传的不在其中。"""
        return {
            str(kind): upload
            for kind in Paper
            if (upload := self.cleaned_data.get(f"paper_{kind}")) is not None
        }

    def negative_list(self) -> dict[str, bool]:
        """已声明的各项；没有回答的不在其中，提交会审时由规则指出。"""
        answers = {key: self.cleaned_data[f"negative_{key}"] for key in NEGATIVE_LIST}
        return {key: answer == "yes" for key, answer in answers.items() if answer}


class EstimateForm(InUnit):
    """测算一行：数量 × 单价。"""

    name = forms.CharField(label="内容", max_length=120)
    catalogue_item = forms.ModelChoiceField(
        CatalogueItem.objects.none(), label="品目", empty_label="请选择"
    )
    expense_kind = forms.ChoiceField(
        label="支出性质", choices=ExpenseKind.choices, initial=ExpenseKind.SERVICE
    )
    quantity = StrictDecimalField(
        label="数量", max_digits=10, decimal_places=2, min_value=0, widget=forms.TextInput(_FACTOR)
    )
    unit = forms.CharField(label="单位", max_length=20)
    unit_price = AmountField(label="单价")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit_price"].widget.attrs["data-sum-factor"] = ""

    def clean_quantity(self) -> Decimal:
        quantity: Decimal = self.cleaned_data["quantity"]
        if not quantity:
            raise ValidationError("数量须大于 0。")
        return quantity

    def clean(self) -> dict[str, Any]:
        super().clean()
        self.cleaned_data["amount_fen"] = self._amount()
        return self.cleaned_data

    def _amount(self) -> int:
        quantity = self.cleaned_data.get("quantity")
        price = self.cleaned_data.get("unit_price")
        if quantity is None or price is None:
            return 0
        try:
            return multiply(quantity, price)
        except MoneyError as error:
            raise ValidationError(f"这一行的金额：{error}") from error


class FundForm(InUnit):
    """一项资金来源。"""

    fund = forms.ModelChoiceField(FundSource.objects.none(), label="资金来源", empty_label="请选择")
    amount = AmountField(label="金额", min_fen=1)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["amount"].widget.attrs["data-sum-factor"] = ""


class IndicatorForm(InUnit):
    """一项绩效指标。目标值与单位可先空着，提交会审时须齐全。"""

    level = forms.ChoiceField(label="一级指标", choices=[("", "请选择"), *IndicatorLevel.choices])
    sublevel = forms.CharField(label="二级指标", max_length=20, required=False)
    name = forms.CharField(label="指标", max_length=100)
    operator = forms.ChoiceField(label="符号", choices=Operator.choices, initial=Operator.AT_LEAST)
    value = StrictDecimalField(
        label="目标值",
        max_digits=12,
        decimal_places=2,
        required=False,
        widget=forms.TextInput({"inputmode": "decimal"}),
    )
    unit = forms.CharField(label="单位", max_length=20, required=False)
    weight = StrictDecimalField(
        label="权重（%）",
        max_digits=5,
        decimal_places=2,
        min_value=0,
        max_value=100,
        widget=forms.TextInput({"inputmode": "decimal"}),
    )
