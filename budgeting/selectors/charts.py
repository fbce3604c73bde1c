"""台账的图：只算位置，由 `components/bars.html` 画成 SVG；每张图都有一张写明各数的表。

横向用百分比，纵向用字号（em），因此随页面宽窄、字号大小伸缩，不必脚本。
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from budgeting.facts.execution import FundUse
from core.money import format_yuan

Row = TypeVar("Row")
# 各段自左至右的次序；每一段另有自己的花纹，不只靠颜色分辨。
PARTS = (
    ("paid", "已付"),
    ("committed", "承诺"),
    ("reserved", "预留"),
    ("unreserved", "未动用"),
    ("carried", "已结转"),
    ("released", "已释放"),
)
NOTHING = "0.00%"
LABEL_EM, THIN_EM, BAR_EM, GAP_EM = 1.5, 0.5, 1.1, 1.0


@dataclass(frozen=True)
class Box:
    """一段：种类、提示、左边和宽（百分比）、上边和高（em）。"""

    tone: str
    hint: str
    x: str
    width: str
    y: str
    height: str


@dataclass(frozen=True)
class BarRow:
    """一行：名称、右侧的数、字的基线、各段。"""

    label: str
    value: str
    baseline: str
    boxes: tuple[Box, ...]


@dataclass(frozen=True)
class Chart:
    """一张图；`keys` 是图例，`said` 是读屏听到的全部内容。"""

    id: str
    title: str
    note: str
    said: str
    height: str
    keys: tuple[tuple[str, str], ...]
    rows: tuple[BarRow, ...]


def waterfall(rows: Sequence[Row], name: Callable[[Row], str]) -> Chart | None:
    """资金去向：每行上面一条细线是申报，下面一条是批复，分为互不重叠的各段；同一比例尺。

    `rows` 的各数为 `sum_…_fen`（分）；`name` 给出一行的名称。一行也没有的为 None。
    """
    most = max((max(_fen(r, "filed"), _fen(r, "approved")) for r in rows), default=0)
    if not most:
        return None
    step = LABEL_EM + THIN_EM + 0.2 + BAR_EM + GAP_EM
    drawn = [_flow(r, name(r), i * step, most) for i, r in enumerate(rows)]
    said = "；".join(_said(r, name(r)) for r in rows)
    keys = (("filed", "申报"), *PARTS)
    note = "细线为申报，粗条为批复；同一比例尺"
    return Chart("flow", "资金去向", note, f"{said}。", _em(len(rows) * step), keys, tuple(drawn))


def _fen(row: object, name: str) -> int:
    return int(getattr(row, f"sum_{name}_fen"))


def _flow(row: object, label: str, top: float, most: int) -> BarRow:
    filed_y, bar_y = top + LABEL_EM, top + LABEL_EM + THIN_EM + 0.2
    boxes = [_box("filed", "申报", 0, _fen(row, "filed"), most, filed_y, THIN_EM)]
    left = 0
    for tone, title in PARTS:
        fen = _fen(row, tone)
        boxes.append(_box(tone, title, left, fen, most, bar_y, BAR_EM))
        left += fen
    value = f"批复 {format_yuan(_fen(row, 'approved'))}"
    return BarRow(label, value, _em(top + 1), tuple(b for b in boxes if b.width != NOTHING))


def _said(row: object, label: str) -> str:
    parts = [("申报", _fen(row, "filed")), ("批复", _fen(row, "approved"))]
    parts += [(title, _fen(row, tone)) for tone, title in PARTS]
    told = "，".join(f"{title} {format_yuan(fen)} 元" for title, fen in parts)
    return f"{label}：{told}"


def execution(funds: Iterable[tuple[str, FundUse]]) -> Chart | None:
    """各资金来源的执行率：全年执行数占全年预算数；没有预算的不画。"""
    rows = [(name, use) for name, use in funds if use.rate is not None]
    if not rows:
        return None
    step = LABEL_EM + BAR_EM + GAP_EM
    drawn = [_rate(name, use, i * step) for i, (name, use) in enumerate(rows)]
    said = "；".join(
        f"{name}：全年预算 {format_yuan(use.budget_fen)} 元，"
        f"执行 {format_yuan(use.executed_fen)} 元，执行率 {use.rate}%"
        for name, use in rows
    )
    keys = (("paid", "全年执行数"), ("unreserved", "全年预算数"))
    height = _em(len(rows) * step)
    return Chart("rate", "预算执行率", "执行数 ÷ 预算数", f"{said}。", height, keys, tuple(drawn))


def _rate(name: str, use: FundUse, top: float) -> BarRow:
    y, budget = top + LABEL_EM, use.budget_fen
    whole = _box("unreserved", "全年预算数", 0, budget, budget, y, BAR_EM)
    done = _box("paid", "全年执行数", 0, use.executed_fen, budget, y, BAR_EM)
    boxes = tuple(box for box in (whole, done) if box.width != NOTHING)
    return BarRow(name, f"{use.rate}%", _em(top + 1), boxes)


def _box(tone: str, title: str, left: int, fen: int, most: int, y: float, height: float) -> Box:
    hint = f"{title} {format_yuan(fen)} 元"
    return Box(tone, hint, _percent(left, most), _percent(fen, most), _em(y), _em(height))


def _percent(fen: int, most: int) -> str:
    return f"{min(fen, most) * 10_000 // most / 100:.2f}%"


def _em(value: float) -> str:
    return f"{value:.2f}em"
