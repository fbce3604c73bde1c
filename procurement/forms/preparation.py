"""采购之前：划分采购包、采购准备、采购意向、启动采购。"""

from __future__ import annotations

from decimal import Decimal
from typing import Any, ClassVar

from django import forms

from budgeting.forms import offer
from core.money import AmountField, AmountInput, format_yuan
from core.views.rows import Rows, RowsForm, rows_of
from procurement.forms.common import (
    DatedForm,
    address_field,
    amount_field,
    day,
    line,
    paragraph,
    percent_field,
)
from procurement.models import Mode
from projects.models import Package

MOST_PACKAGES = 20
MONTH = r"20\d{2}-(0[1-9]|1[0-2])"
WEIGHT = Decimal(10)


class PackageForm(forms.Form):
    """一个采购包。"""

    name = line("包名", 200)
    budget_fen = AmountField(
        label="预算（元）", min_fen=1, widget=AmountInput({"data-sum-factor": ""})
    )


class DivideForm(RowsForm):
    """各采购包；合计须等于批复金额，由规则判断。"""

    tables: ClassVar[dict[str, type[Rows]]] = {
        "packages": rows_of(
            PackageForm,
            MOST_PACKAGES,
            2,
            caption="采购包",
            total_label="各包预算合计",
            line_totals=False,
        )
    }


class PreparationForm(DatedForm):
    """第十四条所列的前置条件；可以分次登记，缺的在页面上标明。"""

    past = ("surveyed_on",)
    survey = paragraph("需求调查", required=False, help_text="调查了谁、怎样调查、得到什么结论。")
    surveyed_on = day("调查日期", required=False)
    third_party = line("第三方", 120, required=False, help_text="提出意见的专家或者机构。")
    third_party_opinion = paragraph("第三方意见", required=False)
    assessment_standard = paragraph(
        "考核标准", required=False, help_text="按绩效目标细化，写明扣分和付款的依据。"
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if not self.errors and not any(data.values()):
            raise forms.ValidationError("请至少填写一项。")
        return data


class IntentionForm(DatedForm):
    """公开的日期和网址，或者豁免的理由，二者填其一。"""

    past = ("published_on",)
    parts: ClassVar[tuple[str, ...]] = ("published_on", "medium", "address", "expected_month")
    published_on = day("公开日期", required=False, help_text="期限自此起算，登记后不能改。")
    medium = line("公开媒体", 100, required=False, help_text="如：中国政府采购网。")
    address = address_field("公开网址", required=False)
    expected_month = forms.RegexField(
        MONTH,
        label="预计采购时间",
        required=False,
        max_length=7,
        help_text="年和月，如 2026-03。",
        widget=forms.TextInput({"autocomplete": "off"}),
        error_messages={"invalid": "请按“年-月”填写，如 2026-03。"},
    )
    exemption = paragraph(
        "豁免理由",
        300,
        required=False,
        help_text="不公开意向的，写明理由（不可预见的急需等）；填了理由，上面四项不填。",
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        filled = [name for name in self.parts if data.get(name)]
        if data.get("exemption") and filled:
            self.add_error("exemption", "公开和豁免只填一种，请核对。")
        elif filled:
            for name in self.parts:
                if not data.get(name) and name not in self.errors:
                    self.add_error(name, f"请填写{self.fields[name].label}。")
        return data


class PackageField(forms.ModelChoiceField):
    def label_from_instance(self, obj: Package) -> str:
        return f"{obj}（预算 {format_yuan(obj.budget_fen)} 元）"


class TenderForm(forms.Form):
    """采购安排；发布之前可以修改。"""

    number = line("采购编号", 80)
    ceiling_price_fen = amount_field("最高限价")
    price_weight = percent_field("价格权重（%）", "全看价格的填 100，不评技术。")
    mode_approval = line(
        "改用其他方式的批准文号",
        120,
        required=False,
        help_text="达到公开招标数额标准而改用其他方式的，须先经批准。",
    )


class OpenTenderForm(TenderForm):
    """启动采购；`is_bare` 时（补助）各项可以不填，由规则说明为什么不能办。"""

    packages: ClassVar[Any] = Package.objects.none()
    modes: ClassVar[Any] = Mode.objects.none()
    is_bare: ClassVar[bool] = False
    package = PackageField(
        label="采购包",
        queryset=Package.objects.none(),
        empty_label="请选择",
        error_messages={"required": "请选择采购包。"},
    )
    mode = forms.ModelChoiceField(
        label="采购方式",
        queryset=Mode.objects.none(),
        empty_label="请选择",
        error_messages={"required": "请选择采购方式。"},
    )
    field_order = ("package", "mode")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, package=self.packages, mode=self.modes)
        for field in self.fields.values():
            field.required = field.required and not self.is_bare
