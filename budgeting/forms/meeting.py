"""印制上会材料的表单。"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms

from accounts.models import Organisation
from budgeting.forms.base import day_field, offer
from budgeting.models import BudgetReview
from core.money import format_yuan


class MeetingForm(forms.Form):
    """哪个机构、哪次会议、哪些项目。"""

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
    meets_on = day_field("会议日期")
    reviews = forms.MultipleChoiceField(
        label="列入的项目",
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": "请至少勾选一个项目。",
            "invalid_choice": "所选项目中有的情况已经变化，不再列在下面。请核对后重新勾选。",
        },
    )

    def __init__(
        self, *args: Any, bodies: Any, reviews: Sequence[BudgetReview], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        offer(self, body=bodies)
        field: Any = self.fields["reviews"]
        field.choices = [(str(r.pk), _line(r)) for r in reviews]
        field.initial = [str(r.pk) for r in reviews]


def _line(review: BudgetReview) -> str:
    project = review.project
    amount = format_yuan(review.proposed_fen or project.requested_fen)
    owner = project.purchaser.organisation.short_name
    return f"{project.number}　{project.name}（{owner}，建议 {amount} 元）"
