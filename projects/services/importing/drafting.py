"""四张表的各行合成一份份申报：同一序号的归到一起，合不成的指出在哪一格。"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from core.money import MoneyError, format_yuan, multiply
from core.rules.parameters import parameters_in_force
from projects.declarations import EXCLUSIONS, NEGATIVE_LIST
from projects.documents import (
    ESTIMATE,
    FUNDS,
    INDICATORS,
    PROJECTS,
    Cells,
    Column,
    Line,
    Problem,
    Table,
    cells_of,
)
from projects.documents.cells import OWN
from projects.facts.cloud import Collected
from projects.forms import said_of_funds, said_of_total
from projects.models import AnnualPlan, CatalogueItem, Programme
from projects.services.cloud_filing import collected_for, not_as_collected
from projects.services.content import EstimateInput, Filing, FundInput, IndicatorInput

PARTS = (ESTIMATE, FUNDS, INDICATORS)
HUNDREDTH = "单元格若是百分比格式，请改为常规格式，填 40 而不是 40%。"


@dataclass(frozen=True)
class Terms:
    """核对时所照的：有效的品目、金额上限（分）、权重合计、已汇总的云资源收集。"""

    in_force: frozenset[int]
    limit_fen: int | None
    weights: Decimal | None
    collected: Collected | None = None

    @classmethod
    def on(cls, plan: AnnualPlan, day: date, in_force: frozenset[int]) -> Terms:
        values = dict(parameters_in_force(plan.purchaser.organisation.jurisdiction, day))
        weights = values.get("PH-9-weights-total")
        total = None if weights is None else Decimal(str(weights))
        collected = collected_for(plan.purchaser, plan.year)
        return cls(in_force, values.get("unit-warning-fen"), total, collected)


@dataclass
class Draft:
    """“项目”表的一行和它的明细。`lines` 是明细所在的行，供指出错处。"""

    line: Line
    filing: Filing
    total_fen: int
    lines: Mapping[str, list[Line]]
    given: frozenset[str]
    refused: tuple[str, ...] = ()

    def text(self, name: str) -> str:
        return str(self.line.values.get(name) or "")

    def cells(self) -> Cells:
        f = self.filing
        return cells_of(f, self.total_fen, f.estimate, f.funds, f.indicators)


@dataclass
class Drafts:
    found: list[Draft] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


def drafts_of(tables: Mapping[str, Table]) -> Drafts:
    """能合成的各份申报，和合不成的原因。"""
    own = tables[PROJECTS.name]
    drafts = Drafts()
    first: dict[str, int] = {}
    for line in own.lines:
        serial = line.values.get("serial")
        if serial in first:
            said = f"序号“{serial}”与第 {first[serial] + 1} 行重复。"
            drafts.problems.append(own.problem(line.row, "serial", said))
        elif serial:
            first[serial] = line.row
    grouped = {form.name: _grouped(tables[form.name], first, drafts.problems) for form in PARTS}
    seen: set[str] = set()
    for line in own.lines:
        serial = line.values.get("serial", "")
        if serial in seen:
            continue
        seen.add(serial)
        lines = {name: of.get(serial, []) for name, of in grouped.items()}
        draft = _draft(own, line, tables, lines, drafts.problems)
        if draft is not None:
            drafts.found.append(draft)
    return drafts


def _grouped(
    table: Table, serials: Mapping[str, int], problems: list[Problem]
) -> dict[str, list[Line]]:
    """一张明细表按序号归拢。"""
    found: dict[str, list[Line]] = {}
    for line in table.lines:
        serial = line.values.get("serial")
        if not serial:
            continue
        if serial not in serials:
            said = f"“项目”表中没有序号“{serial}”。"
            problems.append(table.problem(line.row, "serial", said))
            continue
        found.setdefault(serial, []).append(line)
        if len(found[serial]) == table.form.most + 1:
            said = f"一个项目至多 {table.form.most} 行，从这一行起多了。"
            problems.append(table.problem(line.row, "serial", said))
    return found


def _draft(
    own: Table,
    line: Line,
    tables: Mapping[str, Table],
    lines: Mapping[str, list[Line]],
    problems: list[Problem],
) -> Draft | None:
    """一份申报；自己或明细有读不出的格，就不再合成。"""
    said = list(_said_of_lines(tables, lines))
    problems += said
    is_whole = _is_whole(own, line) and all(
        _is_whole(tables[name], part) for name, parts in lines.items() for part in parts
    )
    if said or not is_whole:
        return None
    values = line.values
    return Draft(
        line=line,
        filing=_filing(values, lines),
        total_fen=values["total"],
        lines=lines,
        given=frozenset(own.placed),
        refused=tuple(text for key, text in EXCLUSIONS.items() if values[f"exclusion_{key}"]),
    )


def _is_whole(table: Table, line: Line) -> bool:
    needed = {c.name for c in table.form.columns if c.needed}
    return set(table.placed) | needed <= set(line.values)


def _said_of_lines(
    tables: Mapping[str, Table], lines: Mapping[str, list[Line]]
) -> Iterator[Problem]:
    """数量须大于 0、金额不过大、同一资金来源只列一行。"""
    for line in lines[ESTIMATE.name]:
        quantity, price = (line.values.get(n) for n in ("quantity", "unit_price"))
        if quantity is not None and quantity <= 0:
            yield tables[ESTIMATE.name].problem(line.row, "quantity", "数量须大于 0。")
        elif quantity is not None and price is not None:
            try:
                multiply(quantity, price)
            except MoneyError as error:
                yield tables[ESTIMATE.name].problem(line.row, "unit_price", f"这一行的{error}")
    named: dict[Any, int] = {}
    for line in lines[FUNDS.name]:
        fund = line.values.get("fund")
        if fund in named:
            said = f"“{fund}”与第 {named[fund] + 1} 行重复，请合并为一行。"
            yield tables[FUNDS.name].problem(line.row, "fund", said)
        elif fund is not None:
            named[fund] = line.row


def _filing(values: Mapping[str, Any], lines: Mapping[str, list[Line]]) -> Filing:
    plain: dict[str, Any] = {
        c.name: _value(c, values)
        for c in OWN
        if c.kind != "money" and not c.name.startswith(("exclusion_", "negative_"))
    }
    negative = {key: values.get(f"negative_{key}") for key in NEGATIVE_LIST}
    return Filing(
        **plain,
        exclusions={key: bool(values[f"exclusion_{key}"]) for key in EXCLUSIONS},
        negative_list={key: answer for key, answer in negative.items() if answer is not None},
        subsidy_fen=values.get("subsidy") or 0,
        estimate=[_estimate(line.values) for line in lines[ESTIMATE.name]],
        funds=[FundInput(line.values["fund"], line.values["amount"]) for line in lines[FUNDS.name]],
        indicators=[_indicator(line.values) for line in lines[INDICATORS.name]],
    )


def _value(column: Column, values: Mapping[str, Any]) -> object:
    """一格的值；空着的日期是没有，其余的是空字。"""
    value = values.get(column.name)
    if column.kind == "flag":
        return bool(value)
    return value or (None if column.kind == "date" else "")


def _estimate(values: Mapping[str, Any]) -> EstimateInput:
    return EstimateInput(
        name=values["name"],
        catalogue_item=values["catalogue_item"],
        quantity=values["quantity"],
        unit=values["unit"],
        unit_price_fen=values["unit_price"],
        expense_kind=values["expense_kind"],
    )


def _indicator(values: Mapping[str, Any]) -> IndicatorInput:
    return IndicatorInput(
        level=values["level"],
        name=values["name"],
        operator=values["operator"],
        value=values.get("value"),
        unit=values.get("unit") or "",
        weight=values["weight"],
        sublevel=values.get("sublevel") or "",
    )


# --- 要写入的才问的 -------------------------------------------------------------------------------


def said_of(draft: Draft, tables: Mapping[str, Table], terms: Terms) -> Iterator[Problem]:
    """金额、资金、权重、品目是否有效。没有变动的不问：它可能是在页面上填了一半的。"""
    own, filing = tables[PROJECTS.name], draft.filing
    row = draft.line.row
    counted = filing.total_fen() if filing.estimate else None
    if said := said_of_total(draft.total_fen, counted, terms.limit_fen):
        yield own.problem(row, "total", said)
    elif filing.funds:
        yield from _said_of_funds(draft, tables)
    if terms.collected is not None and filing.programme == Programme.CLOUD:
        typed = [(e.name, e.quantity, e.unit, e.unit_price_fen) for e in filing.estimate]
        if wrong := not_as_collected(terms.collected, typed):
            yield own.problem(row, "programme", "；".join(wrong).replace("。；", "："))
    weights = sum((i.weight for i in filing.indicators), Decimal(0))
    if filing.indicators and terms.weights is not None and weights != terms.weights:
        hint = HUNDREDTH if weights * 100 == terms.weights else ""
        said = f"这个项目的权重合计为 {weights.normalize():f}，须为 {terms.weights.normalize():f}。"
        last = draft.lines[INDICATORS.name][-1].row
        yield tables[INDICATORS.name].problem(last, "weight", said + hint)
    places = [(own, draft.line, filing.catalogue_item)]
    places += [
        (tables[ESTIMATE.name], line, line.values["catalogue_item"])
        for line in draft.lines[ESTIMATE.name]
    ]
    for table, line, item in places:
        if item.pk not in terms.in_force:
            yield table.problem(line.row, "catalogue_item", _out_of_force(item))


def _said_of_funds(draft: Draft, tables: Mapping[str, Table]) -> Iterator[Problem]:
    filing = draft.filing
    funds = sum(f.amount_fen for f in filing.funds)
    wanted = filing.subsidy_fen if filing.is_partly_commercial else draft.total_fen
    said = said_of_funds(funds, wanted)
    if not said and funds != wanted:
        said = (
            f"这个项目的资金合计 {format_yuan(funds)} 元，"
            f"与申请的财政资金 {format_yuan(wanted)} 元不等（渝北第十二条）。"
        )
    if said:
        last = draft.lines[FUNDS.name][-1].row
        yield tables[FUNDS.name].problem(last, "amount", said)


def _out_of_force(item: CatalogueItem) -> str:
    return f"品目 {item} 不在现行指导性目录中，请换为现行的品目。"
