"""付款各办理页的表单：申请、核对、退回、拨付。"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

from django import forms

from contracts.forms.fields import quantity_field, short, words
from contracts.forms.fixed import FixedRow, fixed_rows, shown
from contracts.models import Instalment
from core.money import AmountField, format_yuan
from core.views.rows import RowsForm

Values = dict[str, Any]


class PayLineForm(FixedRow):
    """申请的一行标的；`row` 另带 `accepted` 与 `paid`（已验收、已申请的数量）。"""

    name = shown("标的")
    contracted = shown("合同数量")
    accepted = shown("已验数量")
    paid = shown("已付数量")
    quantity = quantity_field("本次数量")
    amount_fen = AmountField(label="本次金额", required=False)
    note = short("说明", 200, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["amount_fen"].widget.attrs["data-sum-factor"] = ""

    def shown_of(self, row: Any) -> Values:
        return {
            "name": row.name,
            "contracted": f"{row.quantity} {row.unit}",
            "accepted": row.accepted,
            "paid": row.paid,
        }

    def clean(self) -> Values:
        super().clean()
        if self.cleaned_data.get("quantity") and not self.cleaned_data.get("amount_fen"):
            self.add_error("amount_fen", "有数量的一行，须填写金额（元）。")
        return self.cleaned_data


class RequestForm(RowsForm):
    """付款申请；`instalments` 是还没有付、也没有在途申请的各期。"""

    instalments: ClassVar[tuple[Instalment, ...]] = ()
    tables: ClassVar = {
        "lines": fixed_rows(PayLineForm, caption="付款明细", total_label="本次申请合计")
    }
    instalment = forms.TypedChoiceField(
        label="期次", error_messages={"required": "请选择申请哪一期。"}
    )
    invoice = short("发票号", 80, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["instalment"]
        field.choices = [
            ("", "请选择"),
            *((i.pk, f"{i}　{format_yuan(i.amount_fen)} 元") for i in self.instalments),
        ]
        field.coerce = {str(i.pk): i for i in self.instalments}.__getitem__

    def is_valid(self) -> bool:
        """没有金额的行不列入；至少要有一行。"""
        if not super().is_valid():
            return False
        self.cleaned_data["lines"] = [r for r in self.cleaned_data["lines"] if r.get("amount_fen")]
        if not self.cleaned_data["lines"]:
            self.add_error(None, "付款明细至少要有一行写明金额。")
        return not self.errors


def request_form(lines: Sequence[Any], instalments: Sequence[Instalment]) -> type[RequestForm]:
    offered = {"row_options": {"rows": lines}, "instalments": tuple(instalments)}
    return type("OfferedRequestForm", (RequestForm,), offered)


class CheckLineForm(FixedRow):
    """核对的一行：合同、清单、进度都对得上，才勾选。"""

    name = shown("标的")
    quantity = shown("数量")
    amount = shown("金额（元）")
    note = shown("说明")
    is_checked = forms.BooleanField(label="已核对", required=False)

    def shown_of(self, row: Any) -> Values:
        return {
            "name": row.line.name,
            "quantity": f"{row.quantity} {row.line.unit}",
            "amount": format_yuan(row.amount_fen),
            "note": row.note or "—",
        }


class VerifyForm(RowsForm):
    """分管领导逐行核对。"""

    tables: ClassVar = {"lines": fixed_rows(CheckLineForm, caption="逐行核对")}

    def is_valid(self) -> bool:
        """`checked` 是勾选了的各行。"""
        if not super().is_valid():
            return False
        rows = self.cleaned_data.pop("lines")
        self.cleaned_data["checked"] = [row["line"] for row in rows if row["is_checked"]]
        return True


def verify_form(lines: Sequence[Any]) -> type[VerifyForm]:
    return type("OfferedVerifyForm", (VerifyForm,), {"row_options": {"rows": lines}})


class ReturnForm(forms.Form):
    reason = words("退回理由", help_text="写明不符之处，经办人据此更正后重新申请。")


class ReleaseForm(forms.Form):
    voucher = short("国库支付凭证号", 80, help_text="国库集中支付系统出具的凭证号。")
