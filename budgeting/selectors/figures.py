"""台账上的一个数和它的来历：点开的是构成它的申报、控制数或分录。"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse

from budgeting.models import Allocation, unreserved
from budgeting.selectors.ledger import FIGURES

FILED, CEILING = "filed", "ceiling"
TITLES = {FILED: "申报", CEILING: "控制数"} | {name: title for name, (title, _) in FIGURES.items()}
PLACES = {FILED: "budgeting:ledger_filed", CEILING: "budgeting:ledger_granted"}


@dataclass(frozen=True)
class Cell:
    """一个数（分）和它的来历。"""

    fen: int
    url: str
    title: str


def figure_url(name: str, query: dict[str, Any]) -> str:
    """一个数打开的那一页。"""
    if place := PLACES.get(name):
        return f"{reverse(place)}?{urlencode(query)}"
    return f"{reverse('budgeting:ledger_entries')}?{urlencode({'figure': name} | query)}"


def cells(
    sums: Callable[[str], int], names: Iterable[str], query: dict[str, Any]
) -> tuple[Cell, ...]:
    """一行的各数；`sums` 给出 `approved_fen` 之类的数（分）。"""
    return tuple(Cell(sums(f"{name}_fen"), figure_url(name, query), TITLES[name]) for name in names)


def line_cells(line: Allocation) -> tuple[Cell, ...]:
    """一条资金分配的各数。"""

    def fen(name: str) -> int:
        return unreserved(line) if name == "unreserved_fen" else int(getattr(line, name))

    return cells(fen, FIGURES, {"line": line.pk})
