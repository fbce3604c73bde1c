"""资金下达所问的事实：一池资金下达了多少、承诺了多少；金额单位为分。

一池：某资金来源某年度指明给某购买主体的下达；没有指明的是全辖区一池，供没有自己一池的购买主体用。
用去的 = 承诺 + 已付 + 已结转下年 − 上年结转（上年结转的钱，上年已经下达）。
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.db.models import F, Q, QuerySet, Sum

from budgeting.models import Allocation, Ceiling, FundRelease
from core.rules import Context
from projects.models import FundKind, FundSource, Project

COMMITTED = F("committed_fen") + F("paid_fen") + F("carried_fen")


@dataclass
class Pool:
    """一池资金；`purchaser` 为空是全辖区的。"""

    fund: int
    year: int
    purchaser: int | None
    released_fen: int = 0
    used_fen: int = 0
    reserved_fen: int = 0
    ceiling_fen: int = 0

    @property
    def left_fen(self) -> int:
        """已下达而没有承诺的；为负即是缺口。"""
        return self.released_fen - self.used_fen

    @property
    def ahead_fen(self) -> int:
        """连同已批复预留、将要承诺的，还剩的；为负须在承诺之前平衡。"""
        return self.left_fen - self.reserved_fen

    @property
    def gap_fen(self) -> int:
        """缺口：承诺之前须平衡的数；没有的为零。"""
        return max(-self.ahead_fen, 0)

    @property
    def beyond_fen(self) -> int:
        """缺口中已经承诺和支付的部分：只有补记下达能平衡。"""
        return max(-self.left_fen, 0)


def pools(fund: FundSource | int, year: int) -> list[Pool]:
    """某资金来源某年度的各池，全辖区的在前；没有登记下达的也有全辖区一池。三次查询。"""
    fund_pk = fund if isinstance(fund, int) else fund.pk
    return pools_of([(fund_pk, year)])[fund_pk, year]


def pools_of(wanted: Iterable[tuple[int, int]]) -> dict[tuple[int, int], list[Pool]]:
    """各（资金来源, 年度）的各池；查询数与多少无关。"""
    keys = sorted(set(wanted))
    found: dict[tuple[int, int], dict[int | None, Pool]] = defaultdict(dict)
    releases = FundRelease.objects.filter(_any_of(keys)).order_by()
    for fund, year, purchaser, total in releases.values_list("fund", "year", "purchaser").annotate(
        total=Sum("amount_fen")
    ):
        if total > 0:
            found[fund, year][purchaser] = Pool(fund, year, purchaser, released_fen=total)
    for fund, year in keys:
        found[fund, year].setdefault(None, Pool(fund, year, None))
    _add_uses(keys, found)
    return {key: sorted(found[key].values(), key=lambda p: p.purchaser or 0) for key in keys}


def _add_uses(
    keys: list[tuple[int, int]], found: dict[tuple[int, int], dict[int | None, Pool]]
) -> None:
    def place(row: Ceiling) -> Pool:
        own = found[row.fund_id, row.year]
        return own.get(row.purchaser_id) or own[None]

    _add_ceilings(Ceiling.objects.filter(_any_of(keys)), place)


def _add_ceilings(rows: QuerySet[Ceiling], place: Callable[[Ceiling], Pool]) -> None:
    """各项控制数的用去和预留，加到 `place` 所指的一池；两次查询。"""
    ceilings = rows.order_by("pk")
    held = Allocation.objects.filter(ceiling__in=ceilings.values("pk")).order_by()
    used: Counter[int] = Counter()
    reserved: Counter[int] = Counter()
    sums = held.values_list("ceiling").annotate(used=Sum(COMMITTED), waits=Sum("reserved_fen"))
    for ceiling, fen, waits in sums:
        used[ceiling], reserved[ceiling] = fen, waits
    for row in ceilings:
        pool = place(row)
        pool.ceiling_fen += row.amount_fen
        pool.used_fen += used[row.pk] - row.carried_in_fen
        pool.reserved_fen += reserved[row.pk]


def _any_of(keys: Iterable[tuple[int, int]]) -> Q:
    condition = Q(pk__in=[])
    for fund, year in keys:
        condition |= Q(fund=fund, year=year)
    return condition


def governed(fund: FundSource, year: int) -> bool:
    """这项资金这个年度的承诺问不问下达：上级转移支付资金一律问，其余登记过下达的才问。"""
    if fund.kind == FundKind.UPPER_TRANSFER:
        return True
    return any(pool.released_fen for pool in pools(fund, year))


def pool_of(ceiling: Ceiling) -> Pool:
    """一项控制数用的是哪一池：指明给这个购买主体的，没有的用全辖区的。"""
    return pool_for(ceiling.fund, ceiling.year, ceiling.purchaser_id)


def pool_for(
    fund: FundSource | int, year: int, purchaser: int | None, *, alone: bool = False
) -> Pool:
    """指明给某购买主体的一池；没有的（或者没有指明）为全辖区的。

    `alone`：还没有指明给它的，也按它自成一池计算，下达为零。
    """
    found = {pool.purchaser: pool for pool in pools(fund, year)}
    if purchaser in found:
        return found[purchaser]
    if not alone:
        return found[None]
    own = Pool(found[None].fund, year, purchaser)
    ceilings = Ceiling.objects.filter(fund=own.fund, year=year, purchaser=purchaser)
    _add_ceilings(ceilings, lambda _: own)
    return own


def gap_of(ceiling: Ceiling) -> int:
    """这一池的缺口（分）：已承诺、支付和预留的比下达的多多少；不问下达的资金没有缺口。"""
    return pool_of(ceiling).gap_fen if governed(ceiling.fund, ceiling.year) else 0


@dataclass(frozen=True)
class ReleasedFacts:
    """一次承诺：要多少，这一池下达了多少、已经用去多少。"""

    page: str
    pool: str
    asked_fen: int
    released_fen: int
    used_fen: int

    @property
    def left_fen(self) -> int:
        return self.released_fen - self.used_fen


def released_facts(project: Project, context: Context) -> ReleasedFacts:
    """`context.data`：`ceiling` 动用哪一项控制数，`asked_fen` 拟承诺多少。"""
    ceiling: Ceiling = context.data["ceiling"]
    pool = pool_of(ceiling)
    whose = str(ceiling.purchaser) if pool.purchaser else "全辖区"
    return ReleasedFacts(
        page=f"/budget/releases/?year={ceiling.year}&fund={ceiling.fund_id}",
        pool=f"{ceiling.year} 年{ceiling.fund}（{whose}）",
        asked_fen=context.data["asked_fen"],
        released_fen=pool.released_fen,
        used_fen=pool.used_fen,
    )
