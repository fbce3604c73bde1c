"""配合事项与移交的表单。"""

from __future__ import annotations

from typing import Any

from django import forms

from accounts.models import User
from projects.forms.internal import file_field, text_field
from projects.forms.tiers import day_field, line_field
from projects.models import TaskKind


class PersonField(forms.ModelChoiceField):
    """本单位的一个人；写明任什么岗位由页面给出。"""

    def __init__(self, label: str, people: list[User], **kwargs: Any) -> None:
        messages = {
            "required": f"请选择{label}。",
            "invalid_choice": f"请在列出的人里选择{label}。",
        }
        rows = User.objects.filter(pk__in=[u.pk for u in people]).order_by("pk")
        super().__init__(rows, label=label, error_messages=messages, **kwargs)


class TaskForm(forms.Form):
    kind = forms.ChoiceField(label="种类", choices=TaskKind.choices)
    demand = line_field("要办的事", 300, help_text="写明办什么、办成什么样。")
    section = line_field("科室", 60)
    due_on = day_field("办结期限")

    def __init__(self, data: Any = None, *, people: list[User], **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.fields["doer"] = PersonField("承办人", people)
        self.order_fields(["kind", "demand", "section", "doer", "due_on"])


class FinishForm(forms.Form):
    result = text_field("办理结果")
    file = file_field("凭据", "委托书、合同、证照等：")


class TaskNoteForm(forms.Form):
    note = text_field("理由", help_text="入历史，此后不可更改。")


class HandoverForm(forms.Form):
    """全部交给谁，或者逐件选；逐件没有选的，交给“全部”所选的人。"""

    ends_on = day_field("任职至（不含）", help_text="自这一天起，此岗位不能再办理。")
    reason = line_field("事由", 200, help_text="如：调任区委宣传部。")

    def __init__(
        self, data: Any = None, *, items: list[Any], people: list[User], **kwargs: Any
    ) -> None:
        super().__init__(data, **kwargs)
        self.items = items
        self.fields["everything"] = PersonField(
            "全部交给", people, required=False, empty_label="逐件选择"
        )
        for item in items:
            self.fields[item.key] = PersonField(
                f"{item.kind}：{item.title}",
                people,
                required=False,
                empty_label="同“全部交给”",
            )

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        everything = given.pop("everything", None)
        chosen = {item.key: given.pop(item.key, None) or everything for item in self.items}
        for key, successor in chosen.items():
            if successor is None and key not in self.errors:
                self.add_error(key, "请选择接手的人。")
        return given | {"successors": chosen}
