"""办理页上要填的话。"""

from __future__ import annotations

from django import forms


def _words(label: str, *, required: bool, help_text: str = "") -> forms.CharField:
    message = {"required": f"请填写{label}。"}
    widget = forms.Textarea(attrs={"rows": 3})
    return forms.CharField(
        label=label, max_length=500, required=required, widget=widget,
        help_text=help_text, error_messages=message,
    )  # fmt: skip


class CommentForm(forms.Form):
    """签批意见，可不填。"""

    comment = _words("签批意见", required=False, help_text="可以不填；填写的内容随签批入历史。")


class SendBackForm(forms.Form):
    """退回须写明意见。"""

    comment = _words("退回意见", required=True, help_text="写明须修改之处，经办人据此修改。")


class ClosingForm(forms.Form):
    """办结说明，可不填。"""

    note = _words("办结说明", required=False, help_text="可以不填；填写的内容随办结入历史。")


class NoteForm(forms.Form):
    """撤回须写明理由。"""

    note = _words("撤回理由", required=True, help_text="理由入历史，此后不可更改。")
