"""承接主体：登记、审查六项条件、取消资格。"""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms

from core.attachments.upload import ALLOWED
from procurement.forms.common import DatedForm, day, line, paragraph
from procurement.models import Condition, ProviderKind

YES_OR_NO = [("yes", "具备"), ("no", "不具备")]


class ProviderForm(forms.Form):
    """登记一个承接主体；代码的校验在服务里。"""

    name = line("名称", 120, help_text="与登记证照一致的全称。")
    kind = forms.ChoiceField(
        label="类别",
        choices=[("", "请选择"), *ProviderKind.choices],
        error_messages={"required": "请选择类别。"},
    )
    credit_code = line("统一社会信用代码", 18, help_text="18 位数字或大写字母。")
    code_note = line(
        "代码校验说明", 200, required=False, help_text="校验位不符而确有此代码的，写明核对的依据。"
    )
    registered_with = line("登记机关", 100)
    address = line("地址", 200, required=False)

    def clean_credit_code(self) -> str:
        return str(self.cleaned_data["credit_code"]).upper()


class ReviewForm(forms.Form):
    """一项条件的审查结论。"""

    condition = forms.TypedChoiceField(
        label="条件",
        choices=[("", "请选择"), *Condition.choices],
        coerce=int,
        error_messages={"required": "请选择条件。"},
    )
    is_met = forms.TypedChoiceField(
        label="结论",
        choices=YES_OR_NO,
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
        error_messages={"required": "请选择结论。"},
    )
    evidence = paragraph("证据", help_text="写明证照、报告的名称和编号，或者查询的网站和结果。")
    valid_from = day("有效期自")
    valid_until = day("有效期至", required=False, help_text="长期有效的不填。")
    file = forms.FileField(
        label="证据文件",
        required=False,
        help_text=f"可不附；{ALLOWED}，不超过 20 MB。",
        error_messages={"empty": "上传的文件是空的。"},
    )


class DebarForm(DatedForm):
    """取消资格：依已经作出的处罚决定。"""

    past: ClassVar[tuple[str, ...]] = ("decided_on",)
    authority = line("处罚机关", 100)
    decision_number = line("处罚决定文号", 80)
    decided_on = day("处罚日期")
    grounds = paragraph("事由")
    since = day("取消资格自")
    until = day("取消资格至", help_text="含当日；期满自动恢复。")

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        since, until = data.get("since"), data.get("until")
        if since and until and until < since:
            self.add_error("until", "终止日不能早于起始日。")
        return data
