"""控制数编报的表单：一页一个购买主体一个年度，每项资金一格；没有填的不办。"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from django import forms

from budgeting.forms.base import offer, text_field
from core.money import AmountField, format_yuan
from projects.models import FundSource, Purchaser

if TYPE_CHECKING:
    from budgeting.selectors.rounds import Statement, StatementLine


def fund_field(pk: int) -> str:
    return f"fund_{pk}"


def statement_form(statement: Statement, *, up: bool) -> type[forms.Form]:
    """轮到的一轮；`figures()` 给出填了的 `[(资金来源, 分)]`。"""
    fields: dict[str, Any] = {}
    for line in statement.lines:
        fields[fund_field(line.fund.pk)] = AmountField(
            label=str(line.fund),
            required=False,
            min_fen=0,
            initial=line.suggested_fen,
            help_text=_hint(line),
        )
    if not up:
        fields["number"] = forms.CharField(
            label="下达文号", max_length=80, error_messages={"required": "请填写下达文号。"}
        )
    fields["note"] = text_field("说明", required=False)
    return type("StatementForm", (_Statement,), {"statement": statement, **fields})


def _hint(line: StatementLine) -> str:
    parts = [f"已填报 {line.filed_count} 个项目，合计 {format_yuan(line.filed_fen)} 元"]
    parts += [f"{label} {format_yuan(fen)} 元" for label, fen in line.before]
    if line.floor_fen:
        parts.append(f"已分配 {format_yuan(line.floor_fen)} 元，不得低于此数")
    return "；".join(parts) + "。"


class _Statement(forms.Form):
    statement: Statement

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if not self.errors and not self.figures():
            raise forms.ValidationError("请至少填写一项资金的金额（元）；没有的可以填 0。")
        return data

    def figures(self) -> list[tuple[FundSource, int]]:
        asked = [(line.fund, fund_field(line.fund.pk)) for line in self.statement.lines]
        given = [(fund, self.cleaned_data.get(name)) for fund, name in asked]
        return [(fund, fen) for fund, fen in given if fen is not None]


def year_field(label: str = "年度") -> forms.TypedChoiceField:
    return forms.TypedChoiceField(label=label, required=False, coerce=int, empty_value=None)


class RoundFilter(forms.Form):
    """对照表的筛选：年度总有一个，默认最近的一年。"""

    year = year_field()
    purchaser = forms.ModelChoiceField(
        Purchaser.objects.none(), label="购买主体", required=False, empty_label="全部"
    )
    fund = forms.ModelChoiceField(
        FundSource.objects.none(), label="资金来源", required=False, empty_label="全部"
    )

    def __init__(self, data: Any, *, years: Iterable[int], purchasers: Any, funds: Any) -> None:
        super().__init__(data)
        field: Any = self.fields["year"]
        field.choices = [(year, f"{year} 年") for year in years]
        offer(self, purchaser=purchasers, fund=funds)
        self.is_valid()

    def given(self, name: str) -> Any:
        """填了且认得的值，没有的为 None。"""
        return self.cleaned_data.get(name) or None


class TryForm(RoundFilter):
    """试算控制数：一律打几折，或者指定一个数；不写入任何东西。"""

    ORDERS = (
        ("filed", "申报先后"),
        ("small", "金额由小到大"),
        ("large", "金额由大到小"),
        ("score", "评价得分由高到低"),
    )
    percent = forms.IntegerField(
        label="按现行控制数的百分之",
        required=False,
        min_value=0,
        max_value=300,
        widget=forms.TextInput({"inputmode": "numeric", "autocomplete": "off"}),
        help_text="如 90 表示一律压减一成；不填为 100。",
        error_messages={"invalid": "请填写 0 至 300 的整数。"},
    )
    amount_fen = AmountField(
        label="或者试一个数",
        required=False,
        min_fen=0,
        help_text="单位：元，不含上年结转；须同时选定购买主体和资金来源。",
    )
    order = forms.ChoiceField(label="先后", required=False, choices=ORDERS)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        is_single = data.get("purchaser") and data.get("fund")
        if data.get("amount_fen") is not None and not is_single:
            self.add_error("amount_fen", "试一个数须同时选定购买主体和资金来源。")
        return data
