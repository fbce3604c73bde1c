"""审批矩阵的表单：增加一行、停用一行、预览。"""

from __future__ import annotations

from typing import Any

from django import forms

from accounts.models import Jurisdiction
from accounts.roles import Role
from core.money import AmountField
from projects.models import ORDINARY, TIER_ROLES, Programme, ProjectKind, Purchaser, ServiceNature

WRITE_A_DAY = "请按“年-月-日”填写，如 2026-03-02。"
ANY = [("", "不限")]
SCOPES = [(ORDINARY, Programme.NONE.label), *(c for c in Programme.choices if c[0])]


def day_field(label: str, *, required: bool = True, help_text: str = "") -> forms.DateField:
    return forms.DateField(
        label=label,
        required=required,
        help_text=help_text,
        input_formats=["%Y-%m-%d"],
        widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
        error_messages={"required": f"请填写{label}。", "invalid": WRITE_A_DAY},
    )


def line_field(label: str, most: int, *, help_text: str = "", required: bool = True) -> Any:
    return forms.CharField(
        label=label,
        max_length=most,
        required=required,
        help_text=help_text,
        widget=forms.TextInput({"autocomplete": "off"}),
        error_messages={"required": f"请填写{label}。"},
    )


class TierForm(forms.Form):
    """矩阵的一行；岗位清洗为由低到高的次序。"""

    jurisdiction = forms.ModelChoiceField(
        Jurisdiction.objects.none(),
        label="辖区",
        empty_label=None,
        error_messages={"required": "请选择辖区。"},
    )
    title = line_field("名称", 80, help_text="如“百万元以上信息化项目”，送签时印在签批栏上。")
    purchaser = forms.ModelChoiceField(
        Purchaser.objects.none(),
        label="购买主体",
        required=False,
        empty_label="不限，本辖区各单位",
        help_text="只管一个单位的，优先于管各单位的。",
    )
    from_fen = AmountField(label="金额下限（含）", required=False, min_fen=0)
    below_fen = AmountField(
        label="金额上限（不含）", required=False, min_fen=1, help_text="不填为不设上限。"
    )
    service_nature = forms.ChoiceField(
        label="服务对象", required=False, choices=ANY + ServiceNature.choices
    )
    programme = forms.ChoiceField(label="范围", required=False, choices=ANY + SCOPES)
    kind = forms.ChoiceField(label="路径", required=False, choices=ANY + ProjectKind.choices)
    roles = forms.MultipleChoiceField(
        label="签批岗位",
        choices=[(r.value, r.label) for r in TIER_ROLES],
        widget=forms.CheckboxSelectMultiple,
        help_text="由低到高依次签批；只有一名办事人员的镇街，可以只勾分管领导。",
        error_messages={"required": "请至少勾选一级签批岗位。"},
    )
    needs_leading_group = forms.BooleanField(
        label="须经领导小组",
        required=False,
        help_text="特定目标类项目一律须经领导小组，不必勾选。",
    )
    basis = line_field("依据", 200, help_text="定出这一行的文件和文号。")
    since = day_field("自", help_text="从这一天起送签的适用；不能早于今天。")

    def __init__(self, data: Any = None, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        fields: dict[str, Any] = self.fields
        fields["jurisdiction"].queryset = Jurisdiction.objects.exclude(code="system")
        fields["purchaser"].queryset = Purchaser.objects.select_related("organisation")

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        low, high = given.get("from_fen") or 0, given.get("below_fen")
        if high is not None and high <= low:
            self.add_error("below_fen", "金额上限须大于下限。")
        purchaser, jurisdiction = given.get("purchaser"), given.get("jurisdiction")
        if purchaser and jurisdiction and purchaser.organisation.jurisdiction_id != jurisdiction.pk:
            self.add_error("purchaser", "这个单位不在所选的辖区。")
        if self.errors:
            return given
        chosen = set(given["roles"])
        given["roles"] = tuple(str(Role(r)) for r in TIER_ROLES if r in chosen)
        given["from_fen"] = low
        return given


class EndTierForm(forms.Form):
    until = day_field("停用日", help_text="自这一天起不再适用；此前送签的不变。")
    reason = line_field("理由", 300)


class TierPreviewForm(forms.Form):
    """这样一个项目会走哪条签批链。"""

    purchaser = forms.ModelChoiceField(
        Purchaser.objects.none(),
        label="购买主体",
        empty_label="请选择",
        error_messages={"required": "请选择购买主体。", "invalid_choice": "请选择购买主体。"},
    )
    total_fen = AmountField(label="项目总额", min_fen=0)
    service_nature = forms.ChoiceField(label="服务对象", choices=ServiceNature.choices)
    programme = forms.ChoiceField(label="范围", required=False, choices=Programme.choices)
    kind = forms.ChoiceField(label="路径", choices=ProjectKind.choices)

    def __init__(self, data: Any = None, *, purchasers: Any) -> None:
        super().__init__(data)
        field: Any = self.fields["purchaser"]
        field.queryset = purchasers
