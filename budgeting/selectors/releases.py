"""资金下达：台账，各池的下达与承诺对照；金额单位为分。"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from accounts.models import User
from budgeting.facts.released import Pool, pools_of
from budgeting.models import Ceiling, FundRelease
from projects.models import FundKind, FundSource, Purchaser


def releases_of(user: User, given: dict[str, Any]) -> QuerySet[FundRelease]:
    """看得见的资金下达，按筛选条件。"""
    rows = FundRelease.objects.visible_to(user).filter(**given)
    return rows.select_related("fund", "purchaser__organisation", "recorded_by", "corrects")


def release_years(user: User) -> list[int]:
    years = set(FundRelease.objects.visible_to(user).order_by().values_list("year", flat=True))
    years |= set(Ceiling.objects.visible_to(user).order_by().values_list("year", flat=True))
    return sorted(years, reverse=True)


@dataclass(frozen=True)
class PoolLine:
    """一池资金的一行。"""

    fund: FundSource
    purchaser: Purchaser | None
    pool: Pool
    ceiling: int | None = None

    @property
    def name(self) -> str:
        return self.purchaser.organisation.short_name if self.purchaser else "全辖区"

    @property
    def is_upper(self) -> bool:
        return self.fund.kind == FundKind.UPPER_TRANSFER

    @property
    def state(self) -> tuple[str, str]:
        """缺口与否：词和颜色。"""
        if self.pool.left_fen < 0:
            return "有缺口", "bad"
        if self.pool.ahead_fen < 0:
            return "承诺之前须平衡", "late"
        return "够用", "ok"


def pool_lines(user: User, given: dict[str, Any]) -> list[PoolLine]:
    """登记过下达的各池（上级转移支付资金一律在内）；一个单位看自己的和全辖区的。"""
    asked = {name: value for name, value in given.items() if name != "purchaser"}
    stated = FundRelease.objects.visible_to(user).filter(**asked).order_by()
    keys = set(stated.values_list("fund", "year").distinct())
    upper = Ceiling.objects.visible_to(user).filter(fund__kind=FundKind.UPPER_TRANSFER, **asked)
    keys |= set(upper.order_by().values_list("fund", "year").distinct())
    funds = {fund.pk: fund for fund in FundSource.objects.filter(pk__in={k[0] for k in keys})}
    units = {p.pk: p for p in Purchaser.objects.visible_to(user).select_related("organisation")}
    wanted = given.get("purchaser")
    ceilings = _ceilings(user, keys)
    found = []
    for (fund, _), rows in sorted(pools_of(keys).items(), key=lambda item: (-item[0][1], item[0])):
        for pool in rows:
            if pool.purchaser is not None and pool.purchaser not in units:
                continue
            if wanted is not None and pool.purchaser not in (None, wanted.pk):
                continue
            if pool.purchaser or pool.released_fen or pool.used_fen or pool.ceiling_fen:
                unit = units.get(pool.purchaser) if pool.purchaser else None
                found.append(PoolLine(funds[fund], unit, pool, _page_of(pool, rows, ceilings)))
    return found


def _ceilings(user: User, keys: set[tuple[int, int]]) -> dict[tuple[int, int], dict[int, int]]:
    """看得见的各项控制数：`{(资金来源, 年度): {购买主体: 控制数}}`。"""
    found: dict[tuple[int, int], dict[int, int]] = defaultdict(dict)
    years, funds = {year for _, year in keys}, {fund for fund, _ in keys}
    rows = Ceiling.objects.visible_to(user).filter(year__in=years, fund__in=funds).order_by("-pk")
    for pk, fund, year, purchaser in rows.values_list("pk", "fund", "year", "purchaser"):
        found[fund, year][purchaser] = pk
    return found


def _page_of(
    pool: Pool, others: list[Pool], ceilings: dict[tuple[int, int], dict[int, int]]
) -> int | None:
    """从哪一项控制数进入这一池的页面；没有看得见的为 None。"""
    own = ceilings[pool.fund, pool.year]
    if pool.purchaser:
        return own.get(pool.purchaser)
    apart = {other.purchaser for other in others}
    return next((pk for unit, pk in own.items() if unit not in apart), None)
