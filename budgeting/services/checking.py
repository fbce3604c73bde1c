"""台账的核对：桶等于分录之和，控制数等于各分配之和，调整等于它的分录；`verify` 每次都问。"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator

from django.db.models import Sum

from budgeting.models import (
    AdjustmentKind,
    AdjustmentStatus,
    Allocation,
    BudgetAdjustment,
    Ceiling,
    EntryKind,
    LedgerEntry,
)
from core.history.values import reference
from core.history.verify import EXTRA_CHECKS

# 每个桶由哪些分录加减而成。
BUCKETS: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "approved_fen": (
        (EntryKind.APPROVE, EntryKind.CARRY_IN, EntryKind.INCREASE, EntryKind.MOVE_IN),
        (EntryKind.DECREASE, EntryKind.RECLAIM, EntryKind.MOVE_OUT),
    ),
    "reserved_fen": ((EntryKind.RESERVE,), (EntryKind.RELEASE, EntryKind.COMMIT)),
    "committed_fen": (
        (EntryKind.COMMIT, EntryKind.CARRY_IN),
        (EntryKind.PAY, EntryKind.DECOMMIT, EntryKind.CARRY_OUT),
    ),
    "paid_fen": ((EntryKind.PAY,), (EntryKind.REFUND,)),
    "released_fen": ((EntryKind.RELEASE, EntryKind.DECOMMIT, EntryKind.REFUND), ()),
    "carried_fen": ((EntryKind.CARRY_OUT,), ()),
}
# 一次调整应有的分录。
ENTRIES: dict[str, tuple[str, ...]] = {
    AdjustmentKind.INCREASE: (EntryKind.INCREASE,),
    AdjustmentKind.DECREASE: (EntryKind.DECREASE,),
    AdjustmentKind.TRANSFER: (EntryKind.MOVE_IN, EntryKind.MOVE_OUT),
    AdjustmentKind.RECLAIM: (EntryKind.RECLAIM,),
}
ADJUSTING = tuple(sorted({kind for kinds in ENTRIES.values() for kind in kinds}))
Sums = dict[tuple[int, str], int]


def ledger_differences() -> list[str]:
    """台账不变量；返回不符之处，一处一句。"""
    rows = LedgerEntry.objects.values("allocation", "kind").annotate(total=Sum("amount_fen"))
    sums = {(row["allocation"], row["kind"]): row["total"] for row in rows.order_by()}
    return [*_lines(sums), *_ceilings(sums), *_adjustments()]


def _lines(sums: Sums) -> Iterator[str]:
    for line in Allocation.objects.all():
        for bucket, (added, taken) in BUCKETS.items():
            due = sum(sums.get((line.pk, kind), 0) for kind in added)
            due -= sum(sums.get((line.pk, kind), 0) for kind in taken)
            if getattr(line, bucket) != due:
                yield f"资金分配 {line.pk} 的金额（{bucket}）与台账分录之和不符。"


def _ceilings(sums: Sums) -> Iterator[str]:
    held: Counter[int] = Counter()
    carried: Counter[int] = Counter()
    moved: Counter[int] = Counter()
    for line in Allocation.objects.all():
        held[line.ceiling_id] += line.approved_fen - line.released_fen
        carried[line.ceiling_id] += sums.get((line.pk, EntryKind.CARRY_IN), 0)
        moved[line.ceiling_id] += sums.get((line.pk, EntryKind.MOVE_IN), 0)
        moved[line.ceiling_id] -= sums.get((line.pk, EntryKind.MOVE_OUT), 0)
    for ceiling in Ceiling.objects.all():
        if ceiling.allocated_fen != held[ceiling.pk]:
            yield f"控制数 {ceiling.pk} 的已分配数与各分配之和不符。"
        if ceiling.carried_in_fen != carried[ceiling.pk]:
            yield f"控制数 {ceiling.pk} 的上年结转与台账分录之和不符。"
        if moved[ceiling.pk]:
            yield f"控制数 {ceiling.pk} 的调剂调出与调入不等。"


def _adjustments() -> Iterator[str]:
    """批准的调整与以它为依据的分录逐份相符；没有批准的没有分录。"""
    entered: dict[str, dict[str, int]] = defaultdict(dict)
    rows = LedgerEntry.objects.filter(kind__in=ADJUSTING).values("document", "kind")
    for row in rows.annotate(total=Sum("amount_fen")).order_by():
        entered[row["document"]][row["kind"]] = row["total"]
    for each in BudgetAdjustment.objects.all():
        is_approved = each.status == AdjustmentStatus.APPROVED
        due = dict.fromkeys(ENTRIES[each.kind], each.amount_fen) if is_approved else {}
        if entered.pop(reference(each), {}) != due:
            yield f"预算调整 {each.pk} 与台账分录不符。"
    for document in sorted(entered):
        yield f"台账有调整分录而没有预算调整（{document}）。"


EXTRA_CHECKS.append(ledger_differences)
