"""签批链的表单：逐条退回、答复、纸质签署、领导小组的名单和会议。"""

from __future__ import annotations

from typing import Any

from django import forms

from accounts.models import User
from core.attachments.upload import ALLOWED
from projects.forms.tiers import day_field, line_field
from projects.models import AttendanceState, GroupMember, MeetingConclusion


def text_field(label: str, *, help_text: str = "", required: bool = True) -> forms.CharField:
    return forms.CharField(
        label=label,
        max_length=2000,
        required=required,
        help_text=help_text,
        widget=forms.Textarea({"rows": 4}),
        error_messages={"required": f"请填写{label}。"},
    )


def file_field(label: str, help_text: str = "") -> forms.FileField:
    return forms.FileField(
        label=label,
        help_text=f"{help_text}{ALLOWED}，不超过 20 MB。",
        error_messages={
            "required": f"请选择{label}。",
            "missing": f"请选择{label}。",
            "empty": "文件是空的，请重新选择。",
            "invalid": f"没有收到{label}，请重新选择。",
        },
    )


class PointsForm(forms.Form):
    """退回意见，一行一条；清洗后为各条。"""

    points = text_field(
        "退回意见", help_text="一行一条，系统按顺序编号；经办人须逐条答复后才能再送签。"
    )

    def clean_points(self) -> list[str]:
        lines = [line.strip() for line in self.cleaned_data["points"].splitlines()]
        return [line for line in lines if line]


class AnswerForm(forms.Form):
    text = text_field("答复", help_text="写明改了什么，或者为什么不改。")


class DenyForm(forms.Form):
    note = text_field("否认的理由", help_text="入历史；这一步随即重新待签。")


class PaperForm(forms.Form):
    """纸质签署：谁、哪天、扫描件。"""

    signer = forms.ModelChoiceField(
        User.objects.none(),
        label="签署人",
        empty_label="请选择",
        error_messages={"required": "请选择签署人。", "invalid_choice": "请选择任这一岗位的人。"},
    )
    signed_on = day_field("签署日", help_text="纸上写明的日期。")
    file = file_field("扫描件", "签字页的扫描件或照片：")
    comment = line_field("纸上的意见", 300, required=False)


def paper_form(holders: Any) -> type[PaperForm]:
    """签署人只在任这一岗位的人里选。"""

    class Chosen(PaperForm):
        def __init__(self, *args: Any, **kwargs: Any) -> None:
            super().__init__(*args, **kwargs)
            field: Any = self.fields["signer"]
            field.queryset = holders

    return Chosen


class MemberForm(forms.Form):
    name = line_field("姓名", 60)
    title = line_field("职务", 60, help_text="分管负责人、相关科室、中心负责人（平湖第十五条）。")
    user = forms.ModelChoiceField(
        User.objects.none(),
        label="账号",
        required=False,
        empty_label="没有账号",
        help_text="有账号的请选上：系统据此核对应当回避的人。",
    )
    since = day_field("自", help_text="不能早于今天。")

    def __init__(self, data: Any = None, *, colleagues: Any, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        field: Any = self.fields["user"]
        field.queryset = colleagues


class EndMemberForm(forms.Form):
    until = day_field("退出日", help_text="自这一天起不再是成员；此前的会议不变。")
    reason = line_field("理由", 200)


class MeetingForm(forms.Form):
    """一次会议；各成员的情形由 `meeting_form` 加上。"""

    held_on = day_field("会议日期")
    number = line_field("纪要文号", 120)
    conclusion = forms.ChoiceField(
        label="结论",
        choices=MeetingConclusion.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "请选择结论。"},
    )
    opinion = text_field("意见", required=False, help_text="不同意的，一行一条，经办人须逐条答复。")
    file = file_field("会议纪要", "盖章的纪要：")

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if given.get("conclusion") == MeetingConclusion.RETURN and not given.get("opinion"):
            self.add_error("opinion", "不同意的，请写明意见。")
        names = [name for name in given if name.startswith("member_")]
        given["attendance"] = {int(n.removeprefix("member_")): given.pop(n) for n in names}
        return given


def meeting_form(members: list[GroupMember]) -> type[MeetingForm]:
    """为名单上的每个人加一栏：到会、缺席还是回避。"""
    fields = {
        f"member_{member.pk}": forms.ChoiceField(
            label=str(member),
            choices=AttendanceState.choices,
            widget=forms.RadioSelect,
            error_messages={"required": f"请选择{member.name}的情形。"},
        )
        for member in members
    }
    made: type[MeetingForm] = type("ChosenMeetingForm", (MeetingForm,), fields)
    return made
