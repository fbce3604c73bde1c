"""以往评价的得分：后面的评估环节挂上来，本环节只问，不引用它。"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from projects.models import Project


@dataclass(frozen=True)
class LatestScore:
    """最近一次有结论的评价：得分（百分制）、哪一次评价、结论日。"""

    score: Decimal
    title: str
    on: date


Source = Callable[[Sequence[Project]], dict[int, LatestScore]]
SOURCES: list[Source] = []


def add_score_source(source: Source) -> None:
    """挂上一个来源：各项目（主键）以往同一项目最近一次评价；没有评价过的不在其中。"""
    SOURCES.append(source)


def latest_scores(projects: Sequence[Project]) -> dict[int, LatestScore]:
    """各项目最近一次评价；没有评价过的不在其中，不当作零分。"""
    found: dict[int, LatestScore] = {}
    for source in SOURCES:
        for pk, score in source(projects).items():
            known = found.get(pk)
            if known is None or score.on > known.on:
                found[pk] = score
    return found
