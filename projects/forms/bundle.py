"""一份填报由一张表和三张明细组成：同读、同验、出错时同样留住所填。"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError

from accounts.models import Jurisdiction
from core.money import format_yuan, is_unit_mistake
from core.views.rows import Rows, errors_of, is_removed, rows_of
from projects.forms.filing import EstimateForm, FilingForm, FundForm, IndicatorForm, unit_of
from projects.models import Programme

Values = dict[str, Any]
Differing = Callable[[Sequence[Values]], list[str]]
UNIT_MISTAKE = "疑似把元填成万元，或把万元填成元，没有保存。"


class OfFunds(Rows):
    """同一资金来源只列一行。"""

    def clean(self) -> None:
        named = [row["fund"] for row in self.rows() if "fund" in row]
        twice = {str(fund) for fund in named if named.count(fund) > 1}
        if twice:
            raise ValidationError(f"{'、'.join(sorted(twice))}填了不止一行，请合并为一行。")


EstimateRows = rows_of(EstimateForm, 100, 3)
FundRows = rows_of(FundForm, 20, 1, formset=OfFunds)
IndicatorRows = rows_of(IndicatorForm, 60, 4)
CAPTIONS = {"estimate": "测算明细", "funds": "资金来源", "indicators": "绩效目标"}


class FilingBundle:
    """填报表与三张明细。`data` 是提交的内容，`initial` 是预填的内容。"""

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        files: Any = None,
        *,
        initial: Values | None = None,
        jurisdiction: Jurisdiction,
        on: date,
        limit_fen: int | None = None,
        differing: Differing | None = None,
    ) -> None:
        start = initial or {}
        unit = unit_of((data if data is not None else start).get("unit"))
        options: Values = {"jurisdiction": jurisdiction, "on": on, "unit": unit}
        self.limit_fen, self.unit, self.differing = limit_fen, unit, differing
        self.form = FilingForm(data, files, initial=start, **options)
        self.estimate, self.funds, self.indicators = (
            rows(data, initial=start.get(prefix), prefix=prefix, form_kwargs=options)
            for rows, prefix in zip((EstimateRows, FundRows, IndicatorRows), CAPTIONS, strict=True)
        )

    @property
    def formsets(self) -> tuple[Rows, Rows, Rows]:
        return self.estimate, self.funds, self.indicators

    def is_valid(self) -> bool:
        """全部通过才算通过；金额单位填错的在这里拦下。"""
        parts = [part.is_valid() for part in (self.form, *self.formsets)]
        if parts[1]:
            self._check_total()
            parts.append(self._is_as_collected())
        if parts[1] and parts[2]:
            self._check_funds()
        return all(parts) and not self.form.errors

    def total_fen(self) -> int:
        return sum(row["amount_fen"] for row in self.estimate.rows())

    def _check_total(self) -> None:
        typed = self.form.cleaned_data.get("total")
        is_empty = not self.estimate.rows()
        if said := said_of_total(typed, None if is_empty else self.total_fen(), self.limit_fen):
            self.form.add_error("total", said)

    def _is_as_collected(self) -> bool:
        """政务云项目的测算明细须与当年度收集的汇总逐行相同；没有汇总的，提交时由规则指出。"""
        if self.differing is None or self.form.data.get("programme") != Programme.CLOUD:
            return True
        said = self.differing(self.estimate.rows())
        self.estimate.non_form_errors().extend(said)
        return not said

    def _check_funds(self) -> None:
        funds = sum(row["amount"] for row in self.funds.rows())
        is_partly = self.form.cleaned_data.get("is_partly_commercial")
        wanted = self.form.cleaned_data.get("subsidy") if is_partly else self.total_fen()
        if said := said_of_funds(funds, wanted or 0):
            self.form.add_error("unit", said)

    def errors(self) -> Iterator[dict[str, str]]:
        """每处错误：在哪里、是什么、点哪里过去。"""
        yield from errors_of(self.form)
        for rows in self.formsets:
            caption = CAPTIONS[rows.prefix or ""]
            for said in rows.non_form_errors():
                yield {"label": caption, "error": str(said), "url": ""}
            kept = [form for form in rows.forms if not is_removed(form)]
            for number, form in enumerate(kept, 1):
                yield from errors_of(form, f"{caption}第 {number} 行 ")


def said_of_total(typed: int | None, counted: int | None, limit_fen: int | None) -> str:
    """总额（分）与测算合计（分，没有明细的为空）不符之处；相符的为空。"""
    if counted is None:
        return "测算明细没有填写，无法核对申请预算总额。"
    if typed is not None and is_unit_mistake(typed, counted):
        return UNIT_MISTAKE + _compared(typed, counted)
    if limit_fen is not None and max(typed or 0, counted) > limit_fen:
        return f"{UNIT_MISTAKE}金额超过 {format_yuan(limit_fen)} 元，请核对金额单位。"
    if typed is not None and typed != counted:
        return "申请预算总额与测算明细合计不等，没有保存。" + _compared(typed, counted)
    return ""


def said_of_funds(funds: int, wanted: int) -> str:
    """资金合计与申请的财政资金（分）恰差一万倍的，是单位填错；否则为空。"""
    if not is_unit_mistake(funds, wanted):
        return ""
    said = f"资金来源合计 {format_yuan(funds)} 元，与申请的财政资金相差一万倍。"
    return UNIT_MISTAKE + said


def _compared(typed: int, counted: int) -> str:
    return f"所填总额 {format_yuan(typed)} 元，测算明细合计 {format_yuan(counted)} 元。"


_CELL = re.compile(r"(estimate|funds|indicators)-([0-9]{1,3})-([a-z_]+|DELETE)")


def typed_values(content: Mapping[str, list[str]]) -> Values:
    """草稿所存的各栏，变回可以预填的样子；已删除的行不再出现。"""
    values: Values = {}
    rows: dict[str, dict[int, Values]] = {prefix: {} for prefix in CAPTIONS}
    for name, typed in content.items():
        cell = _CELL.fullmatch(name)
        if cell:
            rows[cell[1]].setdefault(int(cell[2]), {})[cell[3]] = typed[-1] if typed else ""
        else:
            values[name] = typed[-1] if typed else ""
    for prefix, found in rows.items():
        kept = [row for _, row in sorted(found.items()) if not row.pop("DELETE", "")]
        values[prefix] = kept
    return values
