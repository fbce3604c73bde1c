"""补助各办理页的表单；字段名就是动作的参数名，金额清洗后为分。"""

from __future__ import annotations

from typing import ClassVar

from django import forms

from contracts.forms.fields import past_day_field, short, tick, words
from core.money import AmountField
from core.views.rows import Rows, RowsForm, rows_of
from projects.models import ExpenseKind

YUAN = "单位：元。"


class ShareForm(forms.Form):
    """分给一个中心的补助。"""

    recipient = short("便民服务中心", 80)
    amount_fen = AmountField(label="分配金额", min_fen=1)


class Shares(Rows):
    def clean(self) -> None:
        if any(self.errors):
            return
        names = [row["recipient"].strip() for row in self.rows()]
        twice = sorted({name for name in names if names.count(name) > 1})
        if twice:
            raise forms.ValidationError(f"{'、'.join(twice)}填了不止一行，请合并为一行。")


class AllotForm(RowsForm):
    tables: ClassVar = {"shares": rows_of(ShareForm, 40, 8, formset=Shares, caption="补助分配")}


class ReleaseForm(forms.Form):
    amount_fen = AmountField(label="本次拨付", min_fen=1, help_text=YUAN)
    voucher = short("国库支付凭证号", 80)


class SpendingLineForm(forms.Form):
    """一行支出。"""

    item = short("支出事项")
    expense_kind = forms.ChoiceField(
        label="支出性质",
        choices=[("", "请选择"), *ExpenseKind.choices],
        error_messages={"required": "请选择支出性质。"},
    )
    amount_fen = AmountField(label="金额", min_fen=1)
    voucher = short("凭证号", 80)


class SpendingLines(Rows):
    def clean(self) -> None:
        if not any(self.errors) and not self.rows():
            raise forms.ValidationError("请至少列一行支出。")


class ReportForm(RowsForm):
    tables: ClassVar = {
        "lines": rows_of(SpendingLineForm, 60, 3, formset=SpendingLines, caption="支出明细")
    }
    period = short("所属期间", 60, help_text="如：2026 年第 1 季度。")


class SendBackForm(forms.Form):
    reason = words("退回理由", help_text="写明哪一行不符、如何改正。")


class ReturnForm(forms.Form):
    amount_fen = AmountField(label="退回金额", min_fen=1, help_text=YUAN)
    returned_on = past_day_field("退回日", "款项退到国库的日期。")
    reason = words("缘由")


class SettleForm(forms.Form):
    gives_up_rest = tick("未拨付的部分不再拨付，退还控制数", "全部拨付了的，不必勾选。")
