"""试算控制数：改成某个数，哪些待批的项目放得下、哪些放不下；只读，不写入任何东西。"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from budgeting.facts import split_by_fund
from budgeting.models import Ceiling
from budgeting.scores import LatestScore, latest_scores
from projects.models import Project, Stage

WAITING = (Stage.FILING, Stage.BUDGET)
ORDERS: dict[str, Any] = {
    "filed": lambda share: (share.project.filed_on is None, share.project.filed_on, share.pk),
    "small": lambda share: (share.fen, share.pk),
    "large": lambda share: (-share.fen, share.pk),
    # 没有评价过的自成一组，排在后面，不当作零分。
    "score": lambda share: (
        share.score is None,
        -share.score.score if share.score else 0,
        *ORDERS["filed"](share),
    ),
}


SCORED = "评价过的，得分由高到低"
UNSCORED = "没有评价过的，不当作零分；排在后面，按申报先后"


@dataclass(frozen=True)
class TriedShare:
    """一个待批项目从这项资金要的数（分）；`left_fen` 是排到它之前还剩的。

    `score` 是以往同一项目最近一次评价，只在按得分排时取；没有评价过的为 None。
    """

    project: Project
    fen: int
    left_fen: int = 0
    score: LatestScore | None = None

    @property
    def pk(self) -> int:
        return self.project.pk

    @property
    def fits(self) -> bool:
        return self.fen <= self.left_fen

    @property
    def short_fen(self) -> int:
        return max(self.fen - self.left_fen, 0)


@dataclass(frozen=True)
class TriedCeiling:
    """一项控制数试算的结果；`tried_fen` 连同上年结转。"""

    ceiling: Ceiling
    tried_fen: int
    shares: tuple[TriedShare, ...]
    by_score: bool = False

    @property
    def left_fen(self) -> int:
        """试算之后可分配的；已分配的比试算的数还多的，为负。"""
        return self.tried_fen - self.ceiling.allocated_fen

    @property
    def is_refused(self) -> bool:
        """低于已分配的，下达会被拒绝。"""
        return self.left_fen < 0

    @property
    def asked_fen(self) -> int:
        return sum(share.fen for share in self.shares)

    @property
    def fitting(self) -> tuple[TriedShare, ...]:
        return tuple(share for share in self.shares if share.fits)

    @property
    def groups(self) -> tuple[tuple[str, tuple[TriedShare, ...]], ...]:
        """按得分排的分两组：评价过的、没有评价过的；没有按得分排的只有一组，不写组名。"""
        scored = tuple(share for share in self.shares if share.score)
        rest = tuple(share for share in self.shares if not share.score)
        if not self.by_score:
            return (("", self.shares),)
        named = ((SCORED, scored), (UNSCORED, rest))
        return tuple(group for group in named if group[1])

    @property
    def falling_out(self) -> tuple[TriedShare, ...]:
        return tuple(share for share in self.shares if not share.fits)


def tried(
    ceilings: Sequence[Ceiling],
    *,
    percent: int | None,
    amount_fen: int | None,
    order: str,
) -> list[TriedCeiling]:
    """各项控制数一律改为现行下达数的百分之几，或者（只有一项时）改为一个数（分）。

    待批的是还在申报、预算环节的项目，按申请的财政资金和资金构成分摊；按 `order` 逐个排，
    放不下的跳过，后面放得下的仍放。查询数与控制数、项目的多少无关。
    """
    wanted = _asked(ceilings)
    if order == "score":
        wanted = _scored(wanted)
    found = []
    for ceiling in ceilings:
        grant = _granted(ceiling, percent, amount_fen)
        total = grant + ceiling.carried_in_fen
        rows = wanted[ceiling.purchaser_id, ceiling.year, ceiling.fund_id]
        rows.sort(key=ORDERS.get(order, ORDERS["filed"]))
        shares = _ranked(rows, total - ceiling.allocated_fen)
        found.append(TriedCeiling(ceiling, total, shares, order == "score"))
    return found


def _granted(ceiling: Ceiling, percent: int | None, amount_fen: int | None) -> int:
    if amount_fen is not None:
        return amount_fen
    return ceiling.granted_fen * (100 if percent is None else percent) // 100


def _ranked(rows: Sequence[TriedShare], left_fen: int) -> tuple[TriedShare, ...]:
    shares = []
    for row in rows:
        share = replace(row, left_fen=max(left_fen, 0))
        shares.append(share)
        left_fen -= share.fen if share.fits else 0
    return tuple(shares)


def _asked(ceilings: Sequence[Ceiling]) -> dict[tuple[int, int, int], list[TriedShare]]:
    """待批项目各从哪项控制数要多少（分）。"""
    wanted: dict[tuple[int, int, int], list[TriedShare]] = defaultdict(list)
    units = {ceiling.purchaser_id for ceiling in ceilings}
    years = {ceiling.year for ceiling in ceilings}
    rows = Project.objects.filter(purchaser__in=units, year__in=years, stage__in=WAITING)
    for project in rows.prefetch_related("fund_lines").order_by("pk"):
        if not project.requested_fen or not project.fund_lines.all():
            continue
        for fund, fen in split_by_fund(project, project.requested_fen):
            wanted[project.purchaser_id, project.year, fund].append(TriedShare(project, fen))
    return wanted


def _scored(
    wanted: dict[tuple[int, int, int], list[TriedShare]],
) -> dict[tuple[int, int, int], list[TriedShare]]:
    """各份附上以往同一项目最近一次评价。"""
    projects = {share.pk: share.project for rows in wanted.values() for share in rows}
    scores = latest_scores(list(projects.values()))
    made: dict[tuple[int, int, int], list[TriedShare]] = defaultdict(list)
    for key, rows in wanted.items():
        made[key] = [replace(share, score=scores.get(share.pk)) for share in rows]
    return made
