"""公开各页的表单；字段名就是动作的参数名。"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

from django import forms

from budgeting.forms import day_field
from contracts.forms.fields import not_after_today, past_day_field, words
from contracts.forms.fixed import FixedRow, fixed_rows, shown
from core.views.rows import RowsForm, rows_of
from disclosure.models import DraftStatus, DutyKind, DutyStatus, Ground, NoticeDraft, NoticeKind
from disclosure.models.text import Field, fields_of
from projects.models import Purchaser

MOST_CORRECTIONS = 20


class PlacedField:
    """固定行的表里的一栏：行号即它在公告里的次序。"""

    def __init__(self, position: int, field: Field) -> None:
        self.pk, self.field = position, field


class FieldRow(FixedRow):
    """公告的一栏：公开，或者依法不予公开。"""

    place = shown("栏目")
    value = shown("将要公开的内容")
    ground = forms.ChoiceField(
        label="不予公开的理由", required=False, choices=[("", "公开"), *Ground.choices]
    )

    def shown_of(self, row: PlacedField) -> dict[str, Any]:
        return {"place": row.field.place, "value": row.field.value}


class PrepareForm(RowsForm):
    """在哪里、何日公开，哪些栏不予公开。"""

    medium = forms.CharField(
        label="公告媒体",
        max_length=100,
        help_text="省级以上财政部门指定的媒体，或者区政府网站。",
        error_messages={"required": "请填写公告媒体。"},
    )
    address = forms.URLField(
        label="公告网址",
        max_length=300,
        assume_scheme="https",
        help_text="公告页面的完整网址，以 https:// 或 http:// 开头。",
        widget=forms.URLInput({"autocomplete": "off"}),
        error_messages={"required": "请填写公告网址。", "invalid": "请填写完整的网址。"},
    )
    tables: ClassVar = {"withheld": fixed_rows(FieldRow, caption="逐栏核对")}


def prepare_form(draft: NoticeDraft) -> type[PrepareForm]:
    """某份公告稿的表单；公告日期已随事项登记的不再问。"""
    placed = [PlacedField(n, field) for n, field in enumerate(fields_of(draft.sections))]

    class OfDraft(PrepareForm):
        row_options: ClassVar = {"rows": placed}
        if not draft.is_dated:
            published_on = day_field("公告日期", "在上述媒体公开的那一日。")

        def is_valid(self) -> bool:
            """不予公开的各栏以记号列出。"""
            if not super().is_valid():
                return False
            rows = self.cleaned_data["withheld"]
            self.cleaned_data["withheld"] = {
                placed[row["line"]].field.key: row["ground"] for row in rows if row["ground"]
            }
            return True

    if not draft.is_dated:
        field: Any = OfDraft.base_fields["published_on"]
        field.validators = [*field.validators, not_after_today]
    return OfDraft


def prepare_initial(draft: NoticeDraft) -> dict[str, Any]:
    """已经登记的媒体、网址、日期，已经选定不予公开的栏。"""
    grounds = [{"ground": draft.withheld.get(f.key, "")} for f in fields_of(draft.sections)]
    return {
        "medium": draft.medium,
        "address": draft.address,
        "published_on": draft.published_on,
        "withheld": grounds,
    }


class ReturnForm(forms.Form):
    reason = forms.CharField(
        label="退回理由",
        max_length=500,
        widget=forms.Textarea({"rows": 3}),
        error_messages={"required": "请填写退回理由。"},
    )


class DiscardForm(forms.Form):
    note = words("作废的理由")


class CorrectionRow(forms.Form):
    """更正一栏。"""

    field = forms.ChoiceField(label="更正哪一栏", error_messages={"required": "请选择。"})
    after = forms.CharField(
        label="更正为",
        max_length=2000,
        widget=forms.Textarea({"rows": 2}),
        error_messages={"required": "请填写更正后的内容。"},
    )

    def __init__(self, *args: Any, choices: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        chosen: Any = self.fields["field"]
        chosen.choices = [("", "请选择"), *choices]


class CorrectionForm(RowsForm):
    """更正公告：哪一栏由什么改为什么，为什么。"""

    reason = words("更正理由")
    tables: ClassVar = {"items": rows_of(CorrectionRow, MOST_CORRECTIONS, 2, caption="更正内容")}


def correction_form(draft: NoticeDraft) -> type[CorrectionForm]:
    """某份公告的更正表单，各栏连同原来的内容可选。"""
    fields = fields_of(draft.shown_sections())
    named = [(field.key, f"{field.place}：{field.value[:40]}") for field in fields]

    class OfNotice(CorrectionForm):
        row_options: ClassVar = {"choices": named}

    return OfNotice


# --- 筛选 ----------------------------------------------------------------------------------------


class ByPurchaser(forms.Form):
    purchaser = forms.ModelChoiceField(
        label="购买主体", required=False, queryset=Purchaser.objects.none(), empty_label="全部"
    )

    def __init__(self, *args: Any, purchasers: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["purchaser"]
        field.queryset = purchasers


class DutyFilter(ByPurchaser):
    status = forms.ChoiceField(
        label="状态",
        required=False,
        choices=[("", "全部"), *DutyStatus.choices, ("overdue", "逾期未公开")],
    )
    kind = forms.ChoiceField(
        label="公开事项",
        required=False,
        choices=[("", "全部"), *DutyKind.choices, ("catalogue", "指导性目录")],
    )
    field_order = ("status", "kind", "purchaser")


class DraftFilter(ByPurchaser):
    scope = forms.ChoiceField(
        label="范围",
        required=False,
        choices=[("mine", "待我办理"), ("", "尚未发布"), *DraftStatus.choices],
    )
    kind = forms.ChoiceField(
        label="公告种类", required=False, choices=[("", "全部"), *NoticeKind.choices]
    )
    field_order = ("scope", "kind", "purchaser")


class SendCatalogueForm(forms.Form):
    """目录在哪里、哪一日公布；公布日不晚于今日。"""

    medium = PrepareForm.base_fields["medium"]
    address = PrepareForm.base_fields["address"]
    published_on = past_day_field("公布日")
