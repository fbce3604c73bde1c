"""填报之前的五项排除声明。"""

from __future__ import annotations

from typing import Any

from django import forms

from projects.declarations import EXCLUSIONS, STOPS_AT_ONCE

YES_NO = (("no", "否"), ("yes", "是"))
INLINE = {"class": "options-inline"}


class ExclusionForm(forms.Form):
    """五项逐一回答是或否，没有默认值。"""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for key, text in EXCLUSIONS.items():
            self.fields[key] = forms.ChoiceField(
                label=f"本项目是否{text}？",
                choices=YES_NO,
                widget=forms.RadioSelect(INLINE),
                error_messages={"required": "请选择“是”或“否”。"},
            )

    def answered_yes(self) -> list[str]:
        """回答“是”的各项，不论其他项答了没有。"""
        return [key for key in EXCLUSIONS if self.data.get(key) == "yes"]

    def is_classified(self) -> bool:
        """涉及国家安全或保密：立即停止，不再读其他各项。"""
        return any(key in STOPS_AT_ONCE for key in self.answered_yes())
