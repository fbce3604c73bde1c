"""履约各办理页的表单：检查、整改、扣款事件、交付、验收。"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

from django import forms

from contracts.forms.fields import past_day_field, quantity_field, short, words, workdays_field
from contracts.forms.fixed import FixedRow, fixed_rows, shown
from contracts.models import Milestone
from core.views.rows import RowsForm

Values = dict[str, Any]


class InspectionForm(forms.Form):
    inspected_on = past_day_field("检查日")
    finding = words("检查情况", help_text="检查了什么、实际情况如何、与合同约定是否一致。")
    is_deviating = forms.BooleanField(
        label="偏离合同目标",
        required=False,
        help_text="勾选的，请随后办理“责令限期整改”。",
    )


class MendingForm(forms.Form):
    demand = words("整改要求", help_text="写明不符合约定之处和要达到的要求。")
    workdays = workdays_field("期限（工作日）", help_text="自责令次日起算，合同约定的已填入。")


class ReplyForm(forms.Form):
    reply = words("整改回复", help_text="承接主体的书面回复和整改凭据。")
    replied_on = past_day_field("回复日")


class CheckForm(forms.Form):
    check_note = words("复查意见")


class RefusalForm(forms.Form):
    check_note = words("认定理由", help_text="写明期限、催告情况和仍未整改的事实。")


class IncidentForm(forms.Form):
    """扣款事件；`terms` 是合同约定的各种情形。"""

    terms: ClassVar[tuple[tuple[str, str], ...]] = ()
    term = forms.ChoiceField(
        label="约定情形", error_messages={"required": "请选择合同约定的情形。"}
    )
    occurred_on = past_day_field("发生日")
    note = words("情况")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["term"]
        field.choices = [("", "请选择"), *self.terms]


def incident_form(deduction_terms: Sequence[dict[str, str]]) -> type[IncidentForm]:
    terms = tuple(
        (t["name"], f"{t['name']}（扣合同金额的 {t['percent']}%）") for t in deduction_terms
    )
    return type("OfferedIncidentForm", (IncidentForm,), {"terms": terms})


class DeliveryForm(forms.Form):
    delivered_on = past_day_field("交付日")
    delivery_note = words("交付情况", help_text="交付了什么、由谁接收、有哪些交付物。")


# --- 验收 ----------------------------------------------------------------------------------------


class AcceptanceItemForm(FixedRow):
    """验收的一行标的；`row` 另带 `accepted` 与 `left`（已验收、未验收的数量）。"""

    name = shown("标的")
    contracted = shown("合同数量")
    accepted = shown("已验数量")
    left = shown("未验数量")
    quantity = quantity_field("本次数量")
    is_met = forms.BooleanField(label="符合约定", required=False)
    note = short("情况", 300, required=False)

    def shown_of(self, row: Any) -> Values:
        return {
            "name": row.name,
            "contracted": f"{row.quantity} {row.unit}",
            "accepted": row.accepted,
            "left": row.left,
        }

    def clean(self) -> Values:
        super().clean()
        is_stated = self.cleaned_data.get("is_met") or self.cleaned_data.get("note")
        if self.cleaned_data.get("quantity") and not is_stated:
            self.add_error("note", "不符合约定的，请写明情况。")
        return self.cleaned_data


class AcceptanceForm(RowsForm):
    """组织验收：某个节点的，或者全部服务的；逐项记明。"""

    milestones: ClassVar[tuple[Milestone, ...]] = ()
    tables: ClassVar = {"items": fixed_rows(AcceptanceItemForm, caption="逐项验收")}
    milestone = forms.TypedChoiceField(
        label="验收对象",
        required=False,
        empty_value=None,
        help_text="只列出已交付、还没有验收的节点。",
    )
    held_on = past_day_field("验收日")
    members = words("验收组成员", rows=2, help_text="姓名、单位和职务，各人之间用顿号隔开。")
    users_opinion = words(
        "服务对象意见", required=False, help_text="向社会公众提供的服务，须听取服务对象的意见。"
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["milestone"]
        field.choices = [*((m.pk, str(m)) for m in self.milestones), ("", "全部服务")]
        field.coerce = {str(m.pk): m for m in self.milestones}.__getitem__

    def is_valid(self) -> bool:
        """节点验收没有涉及的行不列入；全部验收逐行都列。"""
        if not super().is_valid():
            return False
        if self.cleaned_data["milestone"] is not None:
            items = [row for row in self.cleaned_data["items"] if _is_stated(row)]
            self.cleaned_data["items"] = items
            if not items:
                self.add_error(None, "没有写明验收了哪一项，请至少填写一行。")
        return not self.errors


def _is_stated(row: Values) -> bool:
    return bool(row["quantity"] or row["is_met"] or row["note"])


def acceptance_form(lines: Sequence[Any], milestones: Sequence[Milestone]) -> type[AcceptanceForm]:
    offered = {"row_options": {"rows": lines}, "milestones": tuple(milestones)}
    return type("OfferedAcceptanceForm", (AcceptanceForm,), offered)


class ConclusionForm(forms.Form):
    conclusion = words("验收意见")


class FailureForm(forms.Form):
    conclusion = words("不合格之处", help_text="逐项写明，承接主体据此整改后重新验收。")
