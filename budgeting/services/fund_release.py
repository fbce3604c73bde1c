"""资金下达：登记文件，登记有误的另记一笔冲减。"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from accounts.models import Jurisdiction, Organisation, RoleAssignment, User
from budgeting.facts.released import governed, pool_for
from budgeting.models import FundRelease
from core.history import change, unit_of_work
from core.history.values import referenced_pk
from core.transitions import ActError, answered_with, claim, require_may
from projects.models import FundSource, Purchaser

ACT = "budgeting.record_release"


class AlreadyCorrected(ActError):
    """这一笔已经冲减过，或者本身就是冲减。"""


class FundScope:
    """资金来源的权限范围：它所在的辖区。"""

    def __init__(self, fund: FundSource, organisation: Organisation) -> None:
        self.fund, self.organisation = fund, organisation

    def owner(self) -> Organisation:
        return self.organisation

    def assignee(self) -> None:
        return None

    def required_role(self, _act: str, /) -> None:
        return None

    def jurisdiction(self) -> Jurisdiction:
        return self.fund.jurisdiction

    def stream(self) -> str:
        return f"projects.fundsource:{self.fund.pk}"


def record_release(
    fund: FundSource,
    *,
    year: int,
    purchaser: Purchaser | None,
    amount_fen: int,
    number: str,
    released_on: date,
    issuer: str,
    note: str = "",
    by: User,
    acting_as: RoleAssignment | None,
    on: date,
    key: str | None = None,
) -> FundRelease:
    """登记一份资金下达文件（分）；没有购买主体的为全辖区的。Raises `NotPermitted`."""
    named = {
        "year": year,
        "purchaser": purchaser,
        "amount_fen": amount_fen,
        "number": number,
        "released_on": released_on,
        "issuer": issuer,
        "note": note,
    }
    row = FundRelease(fund=fund, recorded_by=by, recorded_on=on, **named)
    return _entered(row, "登记资金下达", list(named.values()), by, acting_as, on, key)


def correct_release(
    release: FundRelease,
    *,
    note: str,
    by: User,
    acting_as: RoleAssignment | None,
    on: date,
    key: str | None = None,
) -> FundRelease:
    """冲减登记有误的一笔，事由入历史；原来的一笔不改。Raises `AlreadyCorrected`, `NotPermitted`.

    冲减之后不够的，是缺口：台账核对写明，补记下达之前不能再承诺。
    """
    fields = ("fund", "year", "purchaser", "number", "released_on", "issuer")
    same: dict[str, Any] = {name: getattr(release, name) for name in fields}
    row = FundRelease(
        corrects=release,
        amount_fen=-release.amount_fen,
        note=note,
        recorded_by=by,
        recorded_on=on,
        **same,
    )
    return _entered(row, "冲减资金下达", [release, note], by, acting_as, on, key)


def _entered(
    row: FundRelease,
    title: str,
    content: list[Any],
    by: User,
    acting_as: RoleAssignment | None,
    on: date,
    key: str | None,
) -> FundRelease:
    scope = FundScope(row.fund, by.organisation)
    with unit_of_work():
        known = claim(key, by=by, act=ACT, content=[row.fund, *content])
        if known is not None:
            return FundRelease.objects.get(pk=referenced_pk(known.result))
        require_may(ACT, on=scope, stream=scope.stream(), by=by, acting_as=acting_as, day=on)
        # Commitments that ask this pool hold the same row.
        FundSource.objects.select_for_update(no_key=True).get(pk=row.fund_id)
        if row.corrects is not None and (
            row.corrects.corrects_id or FundRelease.objects.filter(corrects=row.corrects).exists()
        ):
            raise AlreadyCorrected("这一笔已经冲减过，没有再次冲减。")
        row.gap_before_fen, row.gap_after_fen = _gaps(row)
        with change(
            title=title, act=ACT, by=by, acting_as=acting_as, on=on, stream=scope.stream()
        ) as changes:
            changes.create(row)
        answered_with(key, row)
        return row


def _gaps(row: FundRelease) -> tuple[int, int]:
    """所入的一池的缺口（分），登记之前和之后；此前不问下达的资金，登记之前没有缺口。"""
    pool = pool_for(row.fund, row.year, row.purchaser_id, alone=True)
    after = replace(pool, released_fen=pool.released_fen + row.amount_fen)
    return (pool.gap_fen if governed(row.fund, row.year) else 0), after.gap_fen
