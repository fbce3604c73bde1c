"""台账与预算调整的核对：批准的调整各有它的分录，没有批准的没有；调剂调出的等于调入的。"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from typing import Any

from django.db.models import F, Q, QuerySet, Sum
from django.urls import reverse

from budgeting.models import (
    AdjustmentKind,
    AdjustmentStatus,
    Allocation,
    BudgetAdjustment,
    Ceiling,
    EntryKind,
)
from budgeting.services.invariants import (
    Difference,
    District,
    LedgerCheckPart,
    add_budget_check,
    add_ledger_check,
    differs,
    entries_of,
    entries_page,
)
from core.history.values import reference

# 一次调整应有的分录。
ENTRIES: dict[str, tuple[str, ...]] = {
    AdjustmentKind.INCREASE: (EntryKind.INCREASE,),
    AdjustmentKind.DECREASE: (EntryKind.DECREASE,),
    AdjustmentKind.TRANSFER: (EntryKind.MOVE_IN, EntryKind.MOVE_OUT),
    AdjustmentKind.RECLAIM: (EntryKind.RECLAIM,),
    AdjustmentKind.SWITCH: (EntryKind.FUND_IN, EntryKind.FUND_OUT),
    AdjustmentKind.CUT: (EntryKind.CUT,),
}
ADJUSTING = tuple(sorted({kind for kinds in ENTRIES.values() for kind in kinds}))


def adjustments_of(district: District) -> QuerySet[Any]:
    rows = BudgetAdjustment.objects.select_related("project").order_by("pk")
    return rows.filter(allocation__ceiling__fund__jurisdiction=district) if district else rows


def adjustment_differences(district: District) -> Iterator[Difference]:
    """批准的调整与以它为依据的分录逐种相符；没有批准的、没有调整的没有分录。"""
    entered = _entered(district)
    for row in adjustments_of(district):
        is_approved = row.status == AdjustmentStatus.APPROVED
        due = dict.fromkeys(ENTRIES[row.kind], row.amount_fen) if is_approved else {}
        found = entered.pop(reference(row), {})
        for kind in sorted({*due, *found}):
            if found.get(kind, 0) != due.get(kind, 0):
                yield differs(
                    f"adjustment.{kind}",
                    row,
                    f"“{row.project}”的预算调整“{row}”的{EntryKind(kind).label}分录",
                    has_fen=found.get(kind, 0),
                    due_fen=due.get(kind, 0),
                    due="批准的金额",
                    url=row.get_absolute_url(),
                )
    for document, found in sorted(entered.items()):
        yield Difference(
            "adjustment.unknown",
            document,
            f"台账有调整分录而没有预算调整（{document}）。",
            sum(found.values()),
            _page_of(document),
        )


def _entered(district: District) -> dict[str, dict[str, int]]:
    """以各文件为依据的调整分录，按种类合计（分）。"""
    entered: dict[str, dict[str, int]] = defaultdict(dict)
    rows = entries_of(district).filter(kind__in=ADJUSTING).values("document", "kind")
    for row in rows.annotate(total=Sum("amount_fen")).order_by():
        entered[row["document"]][row["kind"]] = row["total"]
    return entered


def _page_of(document: str) -> str:
    line = Allocation.objects.filter(
        entries__document=document, entries__kind__in=ADJUSTING
    ).earliest("pk")
    return entries_page(line, "approved_fen")


def transfer_differences(district: District) -> Iterator[Difference]:
    """同一控制数之内，调剂调入的等于调剂调出的。"""
    moved: dict[str, Counter[int]] = {}
    for kind in (EntryKind.MOVE_IN, EntryKind.MOVE_OUT):
        rows = entries_of(district).filter(kind=kind).values(ceiling=F("allocation__ceiling"))
        totals = rows.annotate(total=Sum("amount_fen")).order_by()
        moved[kind] = Counter({row["ceiling"]: row["total"] for row in totals})
    into, out = moved[EntryKind.MOVE_IN], moved[EntryKind.MOVE_OUT]
    wrong = [pk for pk in {*into, *out} if into[pk] != out[pk]]
    for row in Ceiling.objects.select_related("purchaser", "fund").filter(Q(pk__in=wrong)):
        yield differs(
            "ceiling.moved",
            row,
            f"{row}的调剂调入",
            has_fen=into[row.pk],
            due_fen=out[row.pk],
            due="调剂调出",
            url=reverse("budgeting:ledger_ceiling", args=[row.pk]),
        )


add_budget_check(adjustment_differences)
add_budget_check(transfer_differences)
add_ledger_check(
    LedgerCheckPart(
        "预算调整",
        adjustments_of,
        lambda d: [*adjustment_differences(d), *transfer_differences(d)],
    )
)
