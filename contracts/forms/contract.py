"""合同表：条款各栏，以及标的、节点、付款期次、扣款约定四张明细。"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any, ClassVar

from django import forms

from budgeting.forms import day_field
from contracts.forms.fields import (
    PLAIN_NUMBER,
    percent_field,
    quantity_field,
    short,
    tick,
    words,
    workdays_field,
)
from contracts.models import Grade, InstalmentKind
from core.money import AmountField, MoneyError, multiply
from core.views.rows import Rows, RowsForm, errors_of, is_removed, rows_of
from projects.models import ExpenseKind

Values = dict[str, Any]


class LineForm(forms.Form):
    """标的一行：数量 × 单价，质量标准。"""

    name = short("标的名称")
    quantity = quantity_field("数量", is_factor=True)
    unit = short("单位", 20)
    unit_price_fen = AmountField(label="单价")
    expense_kind = forms.ChoiceField(
        label="支出性质", choices=ExpenseKind.choices, initial=ExpenseKind.SERVICE
    )
    standard = short("质量标准", 300, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit_price_fen"].widget.attrs["data-sum-factor"] = ""

    def clean_quantity(self) -> Decimal:
        quantity: Decimal = self.cleaned_data["quantity"]
        if not quantity:
            raise forms.ValidationError("数量须大于 0。")
        return quantity

    def clean(self) -> Values:
        super().clean()
        quantity = self.cleaned_data.get("quantity")
        price = self.cleaned_data.get("unit_price_fen")
        if quantity is not None and price is not None:
            try:
                multiply(quantity, price)
            except MoneyError as error:
                raise forms.ValidationError(f"这一行的金额：{error}") from error
        return self.cleaned_data


class MilestoneForm(forms.Form):
    """一个履约节点。"""

    title = short("节点")
    due_on = day_field("约定日期")


class InstalmentForm(forms.Form):
    """一期款项：凭什么付，付多少。"""

    kind = forms.ChoiceField(
        label="种类",
        choices=[("", "请选择"), *InstalmentKind.choices],
        error_messages={"required": "请选择种类。"},
    )
    percent = percent_field("比例（%）")
    amount_fen = AmountField(label="金额", min_fen=1)
    milestone = forms.IntegerField(
        label="凭第几个节点",
        required=False,
        min_value=1,
        widget=forms.TextInput({**PLAIN_NUMBER, "size": 4}),
        error_messages={"invalid": "请填写节点的序号，如 1。"},
    )
    condition = short("付款条件", 300)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["amount_fen"].widget.attrs["data-sum-factor"] = ""


class DeductionForm(forms.Form):
    """一项扣款约定：发生一次，扣合同金额的百分之几。"""

    name = short("约定情形", 200)
    percent = percent_field("每次扣款比例（%）")

    def clean_percent(self) -> Decimal:
        percent: Decimal = self.cleaned_data["percent"]
        if not percent:
            raise forms.ValidationError("扣款比例须大于 0。")
        return percent


class DeductionRows(Rows):
    def clean(self) -> None:
        names = [row["name"] for row in self.rows() if "name" in row]
        if twice := sorted({name for name in names if names.count(name) > 1}):
            raise forms.ValidationError(f"“{'、'.join(twice)}”填了不止一行，请合并为一行。")


class ContractForm(RowsForm):
    """合同条款。签订时才必须齐全的，拟订时可以先空着。"""

    number = short("合同编号", 80)
    name = short("合同名称", 200)
    amount_fen = AmountField(label="合同金额", min_fen=1)
    starts_on = day_field("服务开始日")
    ends_on = day_field("服务结束日")
    is_fixed = tick("内容相对固定")
    is_continuous = tick("连续性强")
    has_stable_funds = tick("经费来源稳定")
    has_stable_price = tick("价格变化幅度小")
    place = short("服务地点", 200, required=False)
    scope = words("服务范围", required=False)
    content = words("服务内容", required=False)
    requirements = words("服务要求", required=False)
    payment_terms = words("资金支付方式", required=False)
    liability = words("违约责任", required=False)
    mending_workdays = workdays_field("整改期限（工作日）", initial=10)
    is_signed_by_agent = tick("由受托单位代签")
    authorisation = short("授权委托书", required=False, help_text="写明文号或者日期。")

    tables: ClassVar = {
        "lines": rows_of(LineForm, 100, 3, caption="合同标的", total_label="标的合计"),
        "milestones": rows_of(MilestoneForm, 60, 2, caption="履约节点"),
        "instalments": rows_of(
            InstalmentForm, 24, 3, caption="付款期次", total_label="各期合计", line_totals=False
        ),
        "deduction_terms": rows_of(DeductionForm, 30, 1, formset=DeductionRows, caption="扣款约定"),
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for grade, label in Grade.choices:
            self.fields[f"grade_{grade}"] = percent_field(f"考核“{label}”支付（%）", required=False)

    def clean(self) -> Values:
        super().clean()
        starts, ends = self.cleaned_data.get("starts_on"), self.cleaned_data.get("ends_on")
        if starts and ends and ends < starts:
            self.add_error("ends_on", "服务结束日不能早于服务开始日。")
        if self.cleaned_data.get("is_signed_by_agent") and not self.cleaned_data["authorisation"]:
            self.add_error("authorisation", "由受托单位代签的，须写明授权委托书。")
        self._grades_are_whole()
        return self.cleaned_data

    def _grades_are_whole(self) -> None:
        """四个等级要么都约定，要么都先空着：结算时落在哪一级都要有数。"""
        blank = [f"grade_{g}" for g in Grade.values if self.cleaned_data.get(f"grade_{g}") is None]
        for name in blank if len(blank) < len(Grade.values) else ():
            if name not in self.errors:
                self.add_error(name, "四个考核等级都要约定支付比例。")

    def is_valid(self) -> bool:
        """各栏与各表都通过，且各期所凭的节点确有其事。"""
        return super().is_valid() and self._milestones_exist()

    def _milestones_exist(self) -> bool:
        count = len(self.cleaned_data["milestones"])
        wrong = [
            form
            for form in self.row_sets["instalments"].forms
            if not is_removed(form) and (form.cleaned_data.get("milestone") or 0) > count
        ]
        for form in wrong:
            form.add_error("milestone", f"履约节点只有 {count} 个，没有这个序号。")
        return not wrong

    def grade_percents(self) -> dict[str, str]:
        """填了的各等级；没有约定的不在其中，签订时由规则指出。"""
        found = {grade: self.cleaned_data[f"grade_{grade}"] for grade in Grade.values}
        return {grade: plain(percent) for grade, percent in found.items() if percent is not None}

    def deduction_terms(self) -> list[dict[str, str]]:
        rows = self.cleaned_data["deduction_terms"]
        return [{"name": row["name"], "percent": plain(row["percent"])} for row in rows]

    def said(self) -> Iterator[dict[str, str]]:
        """每处错误：在哪里、是什么、点哪里过去。"""
        yield from errors_of(self)
        for rows in self.row_sets.values():
            yield from rows.said()


class RevisionForm(ContractForm):
    """修改拟订中的合同，须写明理由。"""

    reason = words("修改理由", rows=2)


def plain(percent: Decimal) -> str:
    """97.00 → 97；百分比在合同里的写法。"""
    return f"{percent.normalize():f}"
