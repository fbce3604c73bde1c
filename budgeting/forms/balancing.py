"""平衡下达缺口的表单：资金调剂或者核减。"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django import forms
from django.db.models import QuerySet

from budgeting.forms.base import text_field
from budgeting.models import BALANCING, AdjustmentKind, Allocation, Ceiling, available
from core.money import AmountField, format_yuan
from projects.models import Package

WAYS = tuple((str(kind), AdjustmentKind(kind).label) for kind in BALANCING)


class GapField(forms.ModelChoiceField):
    """一条分配，写明所在的一池缺多少、它还有多少预留；`gaps` 是各条的缺口（分）。"""

    def __init__(self, *args: Any, gaps: dict[int, int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.gaps = gaps

    def label_from_instance(self, obj: Any) -> str:
        gap, reserved = format_yuan(self.gaps[obj.pk]), format_yuan(obj.reserved_fen)
        return f"{obj.ceiling.year} 年{obj.ceiling.fund}（缺口 {gap} 元，本项目预留 {reserved} 元）"


class TargetField(forms.ModelChoiceField):
    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.year} 年{obj.fund}（控制数可用 {format_yuan(available(obj))} 元）"


class PackageField(forms.ModelChoiceField):
    def label_from_instance(self, obj: Any) -> str:
        return f"{obj}（预算 {format_yuan(obj.budget_fen)} 元）"


def balancing_form(
    lines: QuerySet[Allocation],
    targets: QuerySet[Ceiling],
    packages: QuerySet[Package],
    gaps: dict[int, int],
) -> type[forms.Form]:
    """一个项目的各条资金和它们的缺口（分），可以改由承担的控制数，可以核减的采购包。"""

    class BalancingForm(forms.Form):
        allocation = GapField(
            label="缺口所在的资金",
            queryset=lines,
            gaps=gaps,
            empty_label="请选择",
            error_messages={"required": "请选择缺口所在的资金。"},
        )
        kind = forms.ChoiceField(
            label="怎样平衡",
            choices=[("", "请选择"), *WAYS],
            help_text="资金调剂：改由另一项资金承担，项目合计不变。核减：预算、控制数和采购包一并减少。",
            error_messages={"required": "请选择资金调剂或者核减。"},
        )
        amount_fen = AmountField(
            label="金额", min_fen=1, help_text="单位：元；不超过缺口，也不超过本项目的预留。"
        )
        target = TargetField(
            label="改由哪项资金承担", queryset=targets, required=False, empty_label="不是资金调剂"
        )
        package = PackageField(
            label="核减哪个采购包",
            queryset=packages,
            required=False,
            empty_label="不是核减",
            help_text="还没有进入采购的包。",
        )
        number = forms.CharField(
            label="文号", max_length=80, error_messages={"required": "请填写文号。"}
        )
        reason = text_field("事由")

        def clean(self) -> dict[str, Any]:
            data = super().clean() or self.cleaned_data
            for name, words in _mistaken(data):
                if name not in self.errors:
                    self.add_error(name, words)
            return data

    return BalancingForm


def _mistaken(data: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """哪一栏与所选的办法不合：`(栏, 说明)`；没有选办法的不问。"""
    asked = (
        ("target", AdjustmentKind.SWITCH, "资金调剂", "改由承担的资金"),
        ("package", AdjustmentKind.CUT, "核减", "采购包"),
    )
    for name, kind, way, what in asked:
        if data.get("kind") == kind and not data.get(name):
            yield name, f"{way}须选择{what}。"
        if data.get("kind") not in (None, "", kind) and data.get(name):
            yield name, f"只有{way}才选择{what}，请改选空白的一项。"
