"""购买主体的清单：各单位这一天的性质、编制类型、经费来源。"""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import OuterRef, Subquery

from accounts.models import User
from core.history import GuardedQuerySet
from projects.facts import Standing, registered
from projects.models import (
    DIRECT_NATURES,
    EXCLUDED_NATURES,
    Funding,
    Purchaser,
    PurchaserNature,
    PurchaserStatus,
    Staffing,
)


def purchaser_rows(user: User, on: date) -> GuardedQuerySet[Purchaser]:
    """看得见的购买主体，连同这一天有效的登记（没有的为空）；一句查询。"""
    last = PurchaserStatus.objects.filter(purchaser=OuterRef("pk"), since__lte=on)
    last = last.order_by("-since")
    names = ("nature", "staffing", "funding", "since", "basis")
    rows: Any = Purchaser.objects.visible_to(user).select_related("organisation")
    found: GuardedQuerySet[Purchaser] = rows.annotate(
        **{f"now_{name}": Subquery(last.values(name)[:1]) for name in names}
    )
    return found


def standing_of(row: Purchaser) -> Standing:
    """`purchaser_rows` 一行的情况，不再查询。"""
    now: dict[str, Any] = vars(row)
    if now["now_nature"] is None:
        return registered(row)
    names = ("nature", "staffing", "funding", "since", "basis")
    return Standing(**{name: now[f"now_{name}"] for name in names})


def who_may_buy(standing: Standing) -> str:
    """《渝北办法》第五条对这种情况怎么说。"""
    if standing.nature in EXCLUDED_NATURES:
        return "不得购买"
    if standing.nature == PurchaserNature.ADMINISTRATIVE_INSTITUTION:
        return "可以，核对不属公益一类"
    if standing.nature in DIRECT_NATURES:
        return "可以"
    if standing.staffing == Staffing.ADMINISTRATIVE and standing.funding == Funding.TREASURY:
        return "可以（参照执行）"
    return "不可以：参照执行须行政编制且财政负担"
