"""平衡下达缺口的过账：预留改由另一项资金承担，核减预留和控制数。每笔两头相抵，分录只增不改。"""

from __future__ import annotations

from contextlib import AbstractContextManager

from budgeting.facts.released import gap_of
from budgeting.models import (
    BALANCING,
    AdjustmentKind,
    Allocation,
    BudgetAdjustment,
    Ceiling,
    EntryKind,
)
from budgeting.services.ledger import enter, note_adjustment
from budgeting.services.limits import CeilingScope, require_ceiling, require_funds
from budgeting.services.postings import Moved, Posting, lock_lines
from core.history import Changes, change
from projects.models import FundSource
from projects.services import cut_package


def lock_funds(row: BudgetAdjustment) -> None:
    """锁住缺口所在的各池：资金来源这一行，在控制数和分配之后，按主键。"""
    if row.kind not in BALANCING:
        return
    funds = {c.fund_id for c in (row.allocation.ceiling, row.target) if c is not None}
    list(FundSource.objects.select_for_update(no_key=True).filter(pk__in=funds).order_by("pk"))


def balance(row: BudgetAdjustment, posting: Posting) -> dict[str, int]:
    """办理一次资金调剂或者核减；返回写入文件的前后数（分）。调用者已锁住所涉各行。

    Raises `CeilingExceeded`, `FundsShort`, `TransitionRefused`.
    """
    gap = gap_of(row.allocation.ceiling)
    switches = row.kind == AdjustmentKind.SWITCH
    figures = _switched(row, posting) if switches else _cut(row, posting)
    after = gap_of(Ceiling.objects.select_related("fund").get(pk=row.allocation.ceiling_id))
    return figures | {"gap_before_fen": gap, "gap_after_fen": after}


def _switched(row: BudgetAdjustment, posting: Posting) -> dict[str, int]:
    """预留的一部分改由另一项资金承担：一条分配减少，另一条增加，项目的合计不变。"""
    if row.target is None:
        raise ValueError("a switch names the fund that bears it")
    fen = row.amount_fen
    with _change("资金调剂", row, posting) as changes:
        source = _source(row, posting)
        ceiling = _ceiling(source.ceiling_id)
        changes.update(ceiling, allocated_fen=ceiling.allocated_fen - fen)
        given = _shift(changes, source, EntryKind.FUND_OUT, -fen, posting)
        target = _ceiling(row.target.pk)
        require_ceiling(row.project, target, fen, **posting.acts())
        changes.update(target, allocated_fen=target.allocated_fen + fen)
        known = Allocation.objects.filter(project=row.project, ceiling=target).first()
        line = known or changes.create(Allocation(project=row.project, ceiling=target))
        taken = _shift(changes, line, EntryKind.FUND_IN, fen, posting)
    return {
        "before_fen": given.before_fen,
        "after_fen": given.after_fen,
        "receiver_before_fen": taken.before_fen,
        "receiver_after_fen": taken.after_fen,
    }


def _cut(row: BudgetAdjustment, posting: Posting) -> dict[str, int]:
    """核减预留，控制数一并减少，不留给别的项目；采购包的预算随之减少。"""
    if row.package is None:
        raise ValueError("a cut names the package it is taken from")
    fen, acts = row.amount_fen, posting.acts()
    with _change("核减", row, posting) as changes:
        source = _source(row, posting)
        ceiling = _ceiling(source.ceiling_id)
        changes.update(ceiling, allocated_fen=ceiling.allocated_fen - fen)
        moved = _shift(changes, source, EntryKind.CUT, -fen, posting)
    _lower_ceiling(ceiling, row, posting)
    cut_package(row.package, fen, **acts)
    return {"before_fen": moved.before_fen, "after_fen": moved.after_fen}


def _lower_ceiling(ceiling: Ceiling, row: BudgetAdjustment, posting: Posting) -> None:
    """财政下达的控制数减少同样多；编报过的，记为年中调整，入购买主体的历史。"""
    scope, acts = CeilingScope(ceiling.purchaser), posting.acts()
    same = {"purchaser": ceiling.purchaser, "year": ceiling.year, "fund": ceiling.fund}
    with change(
        title="核减控制数", act="budgeting.set_ceiling", stream=scope.stream(), **acts
    ) as changes:
        changes.update(
            ceiling,
            amount_fen=ceiling.amount_fen - row.amount_fen,
            number=row.number,
            set_on=posting.on,
        )
        note_adjustment(changes, scope, same, ceiling.granted_fen, row.number, acts)


def _source(row: BudgetAdjustment, posting: Posting) -> Allocation:
    """The line on the short fund as the database holds it, locked; with enough reserved."""
    line = next(x for x in lock_lines(row.project) if x.pk == row.allocation_id)
    asked = {"asked_fen": row.amount_fen, "available_fen": line.reserved_fen}
    require_funds(row.project, "的预留", **asked, **posting.acts())
    return line


def _ceiling(pk: int) -> Ceiling:
    rows = Ceiling.objects.select_for_update(no_key=True, of=("self",))
    return rows.select_related("fund", "purchaser__organisation__jurisdiction").get(pk=pk)


def _shift(changes: Changes, line: Allocation, kind: str, fen: int, posting: Posting) -> Moved:
    """批复和预留同增同减（分），记一笔分录。"""
    before = line.approved_fen
    changes.update(line, approved_fen=before + fen, reserved_fen=line.reserved_fen + fen)
    enter(changes, line, kind, abs(fen), posting.document, posting.on)
    return Moved(before, before + fen)


def _change(title: str, row: BudgetAdjustment, posting: Posting) -> AbstractContextManager[Changes]:
    return change(title=title, act="budgeting.post", stream=row.stream(), **posting.acts())
