"""四本台账：合同、支付、结转、整改。筛选和合计都在数据库里做。"""

from __future__ import annotations

from typing import Any

from django.db.models import BigIntegerField, F, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.expressions import Combinable

from accounts.models import User
from contracts.models import (
    Contract,
    ContractSlice,
    Payment,
    Rectification,
    Supplement,
    SupplementStatus,
)
from contracts.selectors.sight import OWNER, contracts_visible_to, papers_visible_to
from projects.models import Purchaser

UNPAID = F("amount_fen") - F("paid_fen") - F("carried_fen") - F("released_fen")


def contract_ledger(user: User) -> QuerySet[Any]:
    """可见的合同，附补充、已付、未付合计（分）。"""
    agreed = Supplement.objects.filter(status=SupplementStatus.AGREED)
    rows: QuerySet[Any] = contracts_visible_to(user).annotate(
        added_fen=_total(agreed, F("amount_fen")),
        paid_fen=_total(Payment.objects.all(), F("amount_fen")),
        unpaid_fen=_total(ContractSlice.objects.all(), UNPAID),
    )
    return rows


def _total(rows: QuerySet[Any], amount: Combinable) -> Subquery:
    """某份合同的合计；一行也没有的为空。"""
    own = rows.filter(contract=OuterRef("pk")).order_by().values("contract")
    return Subquery(own.annotate(total=Sum(amount)).values("total"), BigIntegerField())


def payment_ledger(user: User) -> QuerySet[Any]:
    return papers_visible_to(user, Payment).select_related(
        "request__instalment",
        "contract__award__provider",
        f"contract__{OWNER}__jurisdiction",
    )


def slice_years(user: User) -> list[int]:
    """有合同份额的各年度，最近的在前。"""
    rows = ContractSlice.objects.filter(contract__in=Contract.objects.visible_to(user))
    path = "allocation__ceiling__year"
    return list(rows.order_by(f"-{path}").values_list(path, flat=True).distinct())


def carry_over_list(user: User, year: int | None) -> QuerySet[Any]:
    """某年度还有未付的合同份额。"""
    slices = papers_visible_to(user, ContractSlice).select_related("allocation__ceiling__fund")
    rows: QuerySet[Any] = slices.annotate(left_fen=UNPAID)
    return rows.filter(left_fen__gt=0, allocation__ceiling__year=year)


def rectification_ledger(user: User) -> QuerySet[Any]:
    return papers_visible_to(user, Rectification)


def asked(
    rows: QuerySet[Any],
    prefix: str,
    *,
    q: str | None,
    purchaser: Purchaser | None,
    own: tuple[str, ...] = (),
    **exact: object,
) -> QuerySet[Any]:
    """按名称、编号、承接主体，按购买主体，按其余相等的条件筛选。

    `prefix` 是到合同的路径；`own` 是台账自己的、也按 `q` 查的栏。
    """
    if q:
        names = ("number", "name", "award__provider__name", "package__project__name")
        words = Q()
        for name in (*(f"{prefix}{name}" for name in names), *own):
            words |= Q(**{f"{name}__icontains": q})
        rows = rows.filter(words)
    if purchaser:
        rows = rows.filter(**{f"{prefix}package__project__purchaser": purchaser})
    return rows.filter(**{name: value for name, value in exact.items() if value})
