"""台账与控制数编报、资金下达的核对：现行控制数是最后一“下”；承诺不超过下达的。"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db.models import F, OuterRef, QuerySet, Subquery
from django.urls import reverse

from budgeting.facts.released import pools_of
from budgeting.models import DOWN, Ceiling, CeilingRound, FundRelease
from budgeting.services.invariants import (
    Difference,
    District,
    LedgerCheckPart,
    add_budget_check,
    add_ledger_check,
    differs,
)
from core.history.values import reference
from core.money import format_yuan
from projects.models import FundKind, FundSource, Purchaser


def rounds_of(district: District) -> QuerySet[Any]:
    rows = CeilingRound.objects.order_by("pk")
    return rows.filter(fund__jurisdiction=district) if district else rows


def round_differences(district: District) -> Iterator[Difference]:
    """编报过的，财政下达的数等于最后一“下”。"""
    down = CeilingRound.objects.filter(
        purchaser=OuterRef("purchaser"),
        year=OuterRef("year"),
        fund=OuterRef("fund"),
        round__in=DOWN,
    ).order_by("-pk")
    near = Ceiling.objects.select_related("purchaser__organisation", "fund")
    rows: QuerySet[Any] = near.order_by("pk")
    if district:
        rows = rows.filter(fund__jurisdiction=district)
    wrong = (
        rows.annotate(down_fen=Subquery(down.values("amount_fen")[:1]))
        .filter(down_fen__isnull=False)
        .exclude(amount_fen=F("down_fen") + F("carried_in_fen"))
    )
    for row in wrong:
        yield differs(
            "ceiling.round",
            row,
            f"{row}的财政下达数",
            has_fen=row.granted_fen,
            due_fen=row.down_fen,
            due="最后一“下”的数",
            url=reverse("budgeting:ledger_ceiling", args=[row.pk]),
        )


def releases_of(district: District) -> QuerySet[Any]:
    rows = FundRelease.objects.order_by("pk")
    return rows.filter(fund__jurisdiction=district) if district else rows


def release_differences(district: District) -> Iterator[Difference]:
    """登记下达的资金（上级转移支付资金一律在内），承诺和支付的不超过下达的。"""
    stated = set(releases_of(district).order_by().values_list("fund", "year").distinct())
    upper = Ceiling.objects.filter(fund__kind=FundKind.UPPER_TRANSFER).order_by()
    if district:
        upper = upper.filter(fund__jurisdiction=district)
    stated |= set(upper.values_list("fund", "year").distinct())
    found = pools_of(stated)
    short = [
        (key, pool)
        for key, rows in found.items()
        for pool in rows
        if pool.left_fen < 0 and (key[0] in _upper(found) or any(p.released_fen for p in rows))
    ]
    funds = FundSource.objects.in_bulk({key[0] for key, _ in short})
    units = Purchaser.objects.in_bulk({pool.purchaser for _, pool in short if pool.purchaser})
    for (fund, year), pool in short:
        whose = str(units[pool.purchaser]) if pool.purchaser else "全辖区"
        yield Difference(
            "release.short",
            reference(funds[fund]),
            f"{year} 年{funds[fund]}（{whose}）下达 {format_yuan(pool.released_fen)} 元，"
            f"已承诺和支付 {format_yuan(pool.used_fen)} 元，缺 {format_yuan(-pool.left_fen)} 元。",
            pool.left_fen,
            f"{reverse('budgeting:releases')}?year={year}&fund={fund}",
        )


def _upper(found: dict[tuple[int, int], Any]) -> set[int]:
    rows = FundSource.objects.filter(
        pk__in={fund for fund, _ in found}, kind=FundKind.UPPER_TRANSFER
    )
    return set(rows.values_list("pk", flat=True))


add_budget_check(round_differences)
add_ledger_check(LedgerCheckPart("控制数编报", rounds_of, round_differences))
add_ledger_check(LedgerCheckPart("资金下达", releases_of, release_differences))
