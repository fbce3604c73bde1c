"""预算调整的动作：拟订、批准（随即过账）、退回、撤回。"""

from __future__ import annotations

from datetime import date
from typing import Any

from accounts.models import RoleAssignment, User
from budgeting.facts.released import gap_of
from budgeting.models import (
    BALANCING,
    AdjustmentKind,
    Allocation,
    BudgetAdjustment,
    Ceiling,
    EntryKind,
)
from budgeting.services.balancing import balance, lock_funds
from budgeting.services.postings import (
    Posting,
    lock_lines,
    lower_approved,
    raise_approved,
    transfer,
)
from core.history import change, unit_of_work
from core.transitions import Outcome, perform, shows
from projects.models import Package, Project


def draft_adjustment(
    project: Project,
    *,
    kind: str,
    allocation: Allocation,
    amount_fen: int,
    number: str,
    reason: str,
    by: User,
    acting_as: RoleAssignment | None,
    on: date,
    receiver: Project | None = None,
    target: Ceiling | None = None,
    package: Package | None = None,
    **shown: Any,
) -> BudgetAdjustment:
    """拟订一次预算调整（分）；批准之前不动资金。Raises as `perform`.

    `receiver` 是调剂的调入项目，`target` 是资金调剂改由承担的控制数，`package` 是核减的采购包；
    与种类不合的是调用者的错，`ValueError`。
    """
    data = {
        "kind": kind,
        "allocation": allocation,
        "amount_fen": amount_fen,
        "number": number,
        "reason": reason,
        "receiver": receiver,
        "target": target,
        "package": package,
    }
    strays = (target, AdjustmentKind.SWITCH), (package, AdjustmentKind.CUT)
    if any(named is not None and kind != only for named, only in strays):
        raise ValueError(f"{kind} names neither another fund nor a package")
    acts: dict[str, Any] = {"by": by, "acting_as": acting_as, "on": on}
    with unit_of_work():
        outcome = perform(project, "adjust_budget", note=reason, data=data, **acts, **shown)
        if outcome.is_repeat:
            known = BudgetAdjustment.objects.filter(project=project, drafted_by=by, **data)
            return known.latest("pk")
        with change(
            title="预算调整的内容",
            act="budgeting.write_adjustment",
            stream=project.stream(),
            **acts,
        ) as changes:
            return changes.create(
                BudgetAdjustment(project=project, drafted_by=by, drafted_on=on, **data)
            )


def approve_adjustment(
    adjustment: BudgetAdjustment,
    *,
    by: User,
    acting_as: RoleAssignment | None,
    on: date,
    **shown: Any,
) -> Outcome:
    """批准预算调整并过账：批复数有新的一版，原批复不改。

    拟订人以外的财政审核人批准。Raises as `perform`, and `CeilingExceeded`, `FundsShort`.
    """
    acts: dict[str, Any] = {"by": by, "acting_as": acting_as, "on": on}
    with unit_of_work():
        near = ("project", "receiver", "target", "allocation__ceiling")
        row = BudgetAdjustment.objects.select_related(*near).get(pk=adjustment.pk)
        concerned = sorted(
            {p.pk: p for p in (row.project, row.receiver) if p is not None}.values(),
            key=lambda project: project.pk,
        )
        lock_lines(*concerned, ceiling=row.target)
        list(
            Project.objects.select_for_update(no_key=True)
            .filter(pk__in=[p.pk for p in concerned])
            .order_by("pk")
        )
        lock_funds(row)
        outcome = perform(row, "approve", data={"by": by, "on": on}, **acts, **shown)
        if not outcome.is_repeat:
            now = BudgetAdjustment.objects.select_related(
                *near, "allocation__ceiling__fund", "package"
            ).get(pk=row.pk)
            _post(now, Posting(now, **acts))
        return outcome


def _post(row: BudgetAdjustment, posting: Posting) -> None:
    figures = balance(row, posting) if row.kind in BALANCING else _adjusted(row, posting)
    with change(
        title="调整前后的批复数",
        act="budgeting.write_adjustment",
        stream=row.stream(),
        **posting.acts(),
    ) as changes:
        changes.name_subject(row)
        changes.update(row, **figures)


def _adjusted(row: BudgetAdjustment, posting: Posting) -> dict[str, int]:
    """追加、调减、调剂、年末收回；返回写入文件的前后数（分）。"""
    line, fen = row.allocation, row.amount_fen
    if row.kind == AdjustmentKind.INCREASE:
        moved = [raise_approved(row.project, line, fen, posting)]
    elif row.kind == AdjustmentKind.TRANSFER:
        if row.receiver is None:
            raise ValueError("a transfer names the project that receives")
        moved = list(transfer(row.project, line, row.receiver, fen, posting))
    else:  # what the database allows besides: a decrease or a reclaim
        reclaims = row.kind == AdjustmentKind.RECLAIM
        kind = EntryKind.RECLAIM if reclaims else EntryKind.DECREASE
        moved = [lower_approved(row.project, line, fen, posting, kind)]
    figures = {"before_fen": moved[0].before_fen, "after_fen": moved[0].after_fen}
    if len(moved) > 1:
        figures |= {
            "receiver_before_fen": moved[1].before_fen,
            "receiver_after_fen": moved[1].after_fen,
        }
    return figures


def return_adjustment(
    adjustment: BudgetAdjustment,
    *,
    note: str,
    by: User,
    acting_as: RoleAssignment | None,
    on: date,
    **shown: Any,
) -> Outcome:
    """不予批准，退回拟订人，理由入历史。"""
    data = {"by": by, "on": on}
    return perform(
        adjustment, "send_back", by=by, acting_as=acting_as, on=on, note=note, data=data, **shown
    )


def withdraw_adjustment(
    adjustment: BudgetAdjustment,
    *,
    note: str,
    by: User,
    acting_as: RoleAssignment | None,
    on: date,
    **shown: Any,
) -> Outcome:
    """撤回没有批准的调整，理由入历史；没有动用资金。"""
    return perform(adjustment, "withdraw", by=by, acting_as=acting_as, on=on, note=note, **shown)


def _content(row: BudgetAdjustment) -> list[int]:
    """What the page shows besides the row: the line, its ceiling, the other fund, the gap."""
    line = Allocation.objects.select_related("ceiling__fund").get(pk=row.allocation_id)
    found = [line.version, line.ceiling.version]
    if row.kind in BALANCING:
        found.append(gap_of(line.ceiling))
    if row.target_id:
        found.append(Ceiling.objects.get(pk=row.target_id).version)
    return found


shows("budgeting.budgetadjustment", _content)
