"""预算各页的表单；字段名就是动作的参数名，金额清洗后为分。"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms

from accounts.models import Organisation
from budgeting.models import DecisionOutcome
from core.attachments.upload import ALLOWED
from core.money import AmountField
from projects.models import SEVEN_STAGES, FundSource, Purchaser, Stage

LONG = {"rows": 4}
WRITE_A_DAY = "请按“年-月-日”填写，如 2026-01-26。"
DUE_STAGES = [(s.value, s.label) for s in SEVEN_STAGES if s not in (Stage.FILING, Stage.BUDGET)]


def offer(form: forms.Form, **querysets: Any) -> None:
    """各选择字段可选的行。"""
    for name, queryset in querysets.items():
        field: Any = form.fields[name]
        field.queryset = queryset


def text_field(label: str, *, required: bool = True, help_text: str = "") -> forms.CharField:
    return forms.CharField(
        label=label,
        required=required,
        max_length=2000,
        help_text=help_text,
        widget=forms.Textarea(LONG),
        error_messages={"required": f"请填写{label}。"},
    )


def proposal_field(*, required: bool = False) -> AmountField:
    return AmountField(
        label="建议金额",
        required=required,
        min_fen=1,
        help_text="单位：元。" + ("" if required else "不填表示按申请金额。"),
    )


def day_field(label: str, help_text: str = "") -> forms.DateField:
    return forms.DateField(
        label=label,
        help_text=help_text,
        input_formats=["%Y-%m-%d"],
        widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
        error_messages={"required": f"请填写{label}。", "invalid": WRITE_A_DAY},
    )


class LinesField(forms.CharField):
    """一行一条；清洗后为去掉空行的列表。"""

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        return [line.strip() for line in text.splitlines() if line.strip()]


# --- 会审 ----------------------------------------------------------------------------------------


class AgreeForm(forms.Form):
    text = text_field("意见", required=False)
    proposed_fen = proposal_field()


class ConditionForm(forms.Form):
    condition = text_field("条件", help_text="写明要做到什么、交什么凭据；会立为待落实的事项。")
    due_stage = forms.ChoiceField(
        label="须在此环节前落实",
        choices=[("", "请选择"), *DUE_STAGES],
        error_messages={"required": "请选择须在哪个环节前落实。"},
    )
    text = text_field("意见", required=False)
    proposed_fen = proposal_field()


class ReasonForm(forms.Form):
    text = text_field("异议理由")


class AnswerForm(forms.Form):
    text = text_field("答复")


class ConcludeForm(forms.Form):
    proposed_fen = proposal_field(required=True)
    summary = text_field("审核意见")


class ReturnForm(forms.Form):
    objections = LinesField(
        label="退回意见",
        max_length=4000,
        widget=forms.Textarea({"rows": 6}),
        help_text="一行一条，系统按顺序编号；购买主体须逐条答复后才能再次提交。",
        error_messages={"required": "请至少写明一条退回意见。"},
    )


class EvidenceForm(forms.Form):
    evidence = text_field("落实凭据", help_text="写明文件名称、文号、日期，或在何处可以核对。")


class NoteForm(forms.Form):
    note = text_field("理由")


# --- 审定与批复 ----------------------------------------------------------------------------------


class DecisionForm(forms.Form):
    """一次会议的审定；`bodies` 是本辖区的审定机构，`today` 用来挡住未来的日期。"""

    body = forms.ModelChoiceField(
        label="审定机构",
        queryset=Organisation.objects.none(),
        empty_label="请选择",
        error_messages={"required": "请选择审定机构。"},
    )
    meeting = forms.CharField(
        label="会议",
        max_length=120,
        help_text="如：第 12 次常务会议。",
        error_messages={"required": "请填写会议名称。"},
    )
    decided_on = day_field("审定日期")
    number = forms.CharField(
        label="文号",
        max_length=80,
        help_text="会议纪要或通知的文号。",
        error_messages={"required": "请填写文号。"},
    )
    file = forms.FileField(
        label="会议文件",
        help_text=f"会议纪要或通知，{ALLOWED}，不超过 20 MB。",
        error_messages={"required": "请上传会议文件。", "empty": "上传的文件是空的。"},
    )

    def __init__(self, *args: Any, bodies: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, body=bodies)
        self.today = today

    def clean_decided_on(self) -> date:
        day: date = self.cleaned_data["decided_on"]
        if day > self.today:
            raise forms.ValidationError(f"审定日期不能晚于今日（{self.today.isoformat()}）。")
        return day


class DecisionLineForm(forms.Form):
    """一个待审定项目；勾选才列入。"""

    include = forms.BooleanField(label="列入", required=False)
    outcome = forms.ChoiceField(
        label="结论",
        choices=DecisionOutcome.choices,
        required=False,
        initial=DecisionOutcome.APPROVE,
    )
    approved_fen = AmountField(label="审定金额", required=False)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if not data.get("include"):
            return {"include": False}
        if data.get("outcome") == DecisionOutcome.REJECT:
            data["approved_fen"] = 0
        elif "approved_fen" not in self.errors and not data.get("approved_fen"):
            self.add_error("approved_fen", "同意的项目须填写审定金额（元）。")
        return data


class ReplyLineForm(forms.Form):
    """批复中的一个项目；勾选才列入。"""

    include = forms.BooleanField(label="列入", required=False)
    approved_fen = AmountField(label="批复金额", required=False)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if not data.get("include"):
            return {"include": False}
        if "approved_fen" not in self.errors and not data.get("approved_fen"):
            self.add_error("approved_fen", "列入的项目须填写批复金额（元）。")
        return data


class GroupForm(forms.Form):
    """批复的对象：哪个购买主体、哪个年度。"""

    group = forms.ChoiceField(label="购买主体和年度", required=False)

    def __init__(self, *args: Any, groups: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["group"]
        field.choices = [("", "请选择"), *groups]


# --- 控制数 --------------------------------------------------------------------------------------


class CeilingForm(forms.Form):
    purchaser = forms.ModelChoiceField(
        label="购买主体",
        queryset=Purchaser.objects.none(),
        empty_label="请选择",
        error_messages={"required": "请选择购买主体。"},
    )
    year = forms.IntegerField(
        label="年度",
        min_value=2000,
        max_value=2100,
        widget=forms.TextInput({"inputmode": "numeric", "autocomplete": "off"}),
        error_messages={"required": "请填写年度。", "invalid": "请填写四位年份，如 2026。"},
    )
    fund = forms.ModelChoiceField(
        label="资金来源",
        queryset=FundSource.objects.none(),
        empty_label="请选择",
        error_messages={"required": "请选择资金来源。"},
    )
    amount_fen = AmountField(label="控制数", help_text="单位：元；上年结转的另计，不填在内。")
    number = forms.CharField(
        label="下达文号", max_length=80, error_messages={"required": "请填写下达文号。"}
    )

    def __init__(self, *args: Any, purchasers: Any, funds: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, purchaser=purchasers, fund=funds)


class AdjustForm(forms.Form):
    """调整一项已下达的控制数。"""

    amount_fen = CeilingForm.base_fields["amount_fen"]
    number = CeilingForm.base_fields["number"]


# --- 筛选 ----------------------------------------------------------------------------------------


class CeilingFilter(forms.Form):
    year = forms.IntegerField(
        label="年度", required=False, widget=forms.TextInput({"inputmode": "numeric"})
    )
    purchaser = forms.ModelChoiceField(
        label="购买主体", required=False, queryset=Purchaser.objects.none(), empty_label="全部"
    )

    def __init__(self, *args: Any, purchasers: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, purchaser=purchasers)
