"""政务云项目的测算明细取自云资源收集的汇总（《平湖办法》第八条第（二）项）。"""

from __future__ import annotations

from collections.abc import Sequence

from projects.facts.cloud import closed_collection, collected_lines
from projects.models import CatalogueItem, CloudCollection, CloudPrice, Programme, Project
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
