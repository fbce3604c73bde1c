"""计划工作簿的表单：上传一个文件；从上年的项目里挑选。"""

from __future__ import annotations

from typing import Any

from django import forms

from core.money import format_yuan
from projects.models import Project


class WorkbookForm(forms.Form):
    """上传工作簿。"""

    file = forms.FileField(
        label="工作簿（.xlsx）",
        help_text="至多 20 MB。先核对、再预览，您确认之前不改动任何项目。",
        widget=forms.ClearableFileInput({"accept": ".xlsx"}),
        error_messages={
            "required": "请选择工作簿文件。",
            "empty": "文件是空的，没有保存。请选择填好的工作簿。",
        },
    )


class LastYear(forms.ModelMultipleChoiceField):
    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.number}　{obj.name}　{format_yuan(obj.total_fen)} 元　{obj.state_label}"


class LastYearForm(forms.Form):
    """上年计划中要延续的项目。"""

    projects = LastYear(
        Project.objects.none(),
        label="要延续的上年项目",
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": "请至少勾选一个项目。",
            "invalid_choice": "所选项目不在上年计划之列，请重新勾选。",
            "invalid_pk_value": "所选项目不在上年计划之列，请重新勾选。",
        },
    )

    def __init__(self, *args: Any, projects: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        chosen: Any = self.fields["projects"]
        chosen.queryset = projects
