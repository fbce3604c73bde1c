"""政务云项目的测算明细取自云资源收集的汇总（《平湖办法》第八条第（二）项）。"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from projects.facts.cloud import Collected, closed_collection, collected_lines
from projects.models import (
    CatalogueItem,
    CloudCollection,
    CloudPrice,
    Programme,
    Project,
    Purchaser,
)
from projects.rules import differing_lines
from projects.services.content import EstimateInput


def prices_of(project: Project, estimate: Sequence[EstimateInput]) -> list[CloudPrice | None]:
    """政务云项目的各行取自汇总的哪一种规格；与汇总不符的、不是政务云项目的为空。"""
    if project.programme != Programme.CLOUD:
        return [None] * len(estimate)
    found = closed_collection(project.purchaser, project.year)
    lines = collected_lines(found) if found else []
    return [
        next(
            (
                each.price
                for each in lines
                if each.matches(line.name, line.quantity, line.unit, line.unit_price_fen)
            ),
            None,
        )
        for line in estimate
    ]


def estimate_from(collection: CloudCollection, filed_as: CatalogueItem) -> list[EstimateInput]:
    """汇总变成测算明细：一种规格一行，品目是项目的品目，支出性质是租赁费。"""
    return [
        EstimateInput(
            name=each.price.line_name,
            catalogue_item=filed_as,
            quantity=each.quantity,
            unit=each.price.unit,
            unit_price_fen=each.price.price_fen,
            expense_kind="rental",
        )
        for each in collected_lines(collection)
    ]


def collected_for(purchaser: Purchaser, year: int) -> Collected | None:
    """政务云项目据以测算的收集：这个单位为该年度组织的、已经汇总的一轮；没有的为空。"""
    found = closed_collection(purchaser, year)
    return Collected(found, tuple(collected_lines(found))) if found else None


def not_as_collected(collected: Collected, typed: Sequence[Sequence[Any]]) -> list[str]:
    """测算明细与收集的汇总不同之处，各一句；`typed` 是各行的内容、数量、单位、单价（分）。"""
    lines = tuple((str(n).strip(), quantity, u, fen) for n, quantity, u, fen in typed)
    wrong = differing_lines(collected.expected, lines)
    if not wrong:
        return []
    said = (
        f"政务云项目的测算明细取自 {collected.collection}的汇总，不能另填（平湖第八条第（二）项）；"
        "数量有变的，另起一轮收集。"
    )
    return [said, *(f"{name}：{how}" for name, how in wrong)]
