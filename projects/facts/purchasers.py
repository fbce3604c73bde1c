"""购买主体在某一天的性质、编制类型和经费来源。"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from projects.models import (
    Funding,
    Purchaser,
    PurchaserNature,
    PurchaserStatus,
    Staffing,
)


@dataclass(frozen=True)
class Standing:
    """`since` 为空的，是登记时的情况。"""

    nature: str
    staffing: str
    funding: str
    since: date | None = None
    basis: str = ""

    @property
    def nature_label(self) -> str:
        return str(PurchaserNature(self.nature).label)

    @property
    def staffing_label(self) -> str:
        return str(Staffing(self.staffing).label)

    @property
    def funding_label(self) -> str:
        return str(Funding(self.funding).label)


def standings_on(purchasers: Sequence[Purchaser], day: date) -> dict[int, Standing]:
    """各购买主体这一天的情况，按主键；一次查出，与 `standing_on` 相同。"""
    rows = PurchaserStatus.objects.filter(purchaser__in=purchasers, since__lte=day)
    latest = {row.purchaser_id: row for row in rows.order_by("since")}
    return {
        each.pk: _standing(latest[each.pk]) if each.pk in latest else registered(each)
        for each in purchasers
    }


def standing_on(purchaser: Purchaser, day: date) -> Standing:
    """这一天的情况：最近一次登记的变动，没有变动的照登记时的（《渝北办法》第五条）。"""
    found = PurchaserStatus.objects.filter(purchaser=purchaser, since__lte=day)
    row = found.order_by("since").last()
    return registered(purchaser) if row is None else _standing(row)


def _standing(row: PurchaserStatus) -> Standing:
    return Standing(row.nature, row.staffing, row.funding, row.since, row.basis)


def registered(purchaser: Purchaser) -> Standing:
    """登记时的情况。"""
    is_institution = purchaser.nature == PurchaserNature.ADMINISTRATIVE_INSTITUTION
    staffed = Staffing.REFERENCED if is_institution else Staffing.ADMINISTRATIVE
    return Standing(
        nature=purchaser.nature,
        staffing=staffed if purchaser.has_administrative_staffing else Staffing.NONE,
        funding=Funding.TREASURY if purchaser.is_funded_by_treasury else Funding.OWN,
    )
