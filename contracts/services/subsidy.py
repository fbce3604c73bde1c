"""补助的动作：编列分配、分次拨付、登记支出、核对、退回、结清；钱随动作过账，同在一个事务。

先锁项目的各条资金分配（`lock_lines`），再办理，与合同付款同一次序。
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager
from datetime import date
from typing import Any

from accounts.models import RoleAssignment, User
from accounts.services import system_actor
from budgeting.services import Posting, Share, commit, decommit, lock_lines, pay, refund
from contracts.facts.subsidy import sums_of
from contracts.models import (
    ShareStatus,
    SpendingLine,
    SpendingReport,
    SubsidyRelease,
    SubsidyReturn,
    SubsidyShare,
)
from core.history import Changes, change, unit_of_work
from core.money import allocate
from core.transitions import Outcome, perform, shows
from projects.models import Project

LINE = ("item", "expense_kind", "amount_fen", "voucher")


def allot_subsidy(
    project: Project,
    *,
    shares: Sequence[dict[str, Any]],
    by: User,
    acting_as: RoleAssignment | None,
    on: date,
    **shown: Any,
) -> Outcome:
    """编列补助分配，全部批复金额转为承诺。

    `shares`：`[{"recipient": 中心名称, "amount_fen": 金额（分）}, …]`。
    """
    listed = [
        {"recipient": str(row["recipient"]).strip(), "amount_fen": row["amount_fen"]}
        for row in shares
    ]
    acts: dict[str, Any] = {"by": by, "acting_as": acting_as, "on": on}
    with unit_of_work():
        lock_lines(project)
        outcome = perform(project, "allot_subsidy", data={"shares": listed}, **acts, **shown)
        if not outcome.is_repeat:
            with _change("列明补助分配", project, acts) as changes:
                for position, row in enumerate(listed, 1):
                    changes.create(
                        SubsidyShare(project=project, position=position, allotted_on=on, **row)
                    )
            total = sum(row["amount_fen"] for row in listed)
            commit(project, total, Posting(project, by, acting_as, on))
        return outcome


def release_part(
    share: SubsidyShare,
    *,
    amount_fen: int,
    voucher: str,
    by: User,
    acting_as: RoleAssignment | None,
    on: date,
    **shown: Any,
) -> Outcome:
    """财政部门拨付一次（分），承诺转为支付。"""
    project = share.case()
    acts: dict[str, Any] = {"by": by, "acting_as": acting_as, "on": on}
    data = {"amount_fen": amount_fen, "voucher": voucher}
    with unit_of_work():
        lock_lines(project)
        outcome = perform(share, "release_part", data=data, **acts, **shown)
        if not outcome.is_repeat:
            with _change("记补助拨付", project, acts) as changes:
                made = changes.create(SubsidyRelease(share=share, released_on=on, **data))
            posting = Posting(made, by, acting_as, on)
            pay(project, _spread_committed(project, amount_fen), posting)
        return outcome


def report_spending(
    share: SubsidyShare,
    *,
    period: str,
    lines: Sequence[dict[str, Any]],
    by: User,
    acting_as: RoleAssignment | None,
    on: date,
    **shown: Any,
) -> Outcome:
    """登记一份支出报告，待分管领导核对。

    `lines`：`[{"item": 事项, "expense_kind": 性质, "amount_fen": 分, "voucher": 凭证号}, …]`。
    """
    rows = [{name: row[name] for name in LINE} for row in lines]
    acts: dict[str, Any] = {"by": by, "acting_as": acting_as, "on": on}
    data = {"period": period, "lines": rows}
    with unit_of_work():
        outcome = perform(share, "report", data=data, **acts, **shown)
        if not outcome.is_repeat:
            with _change("列明支出", share.case(), acts) as changes:
                report = changes.create(
                    SpendingReport(share=share, period=period, reported_by=by, reported_on=on)
                )
                for position, row in enumerate(rows, 1):
                    changes.create(SpendingLine(report=report, position=position, **row))
        return outcome


def accept_report(
    report: SpendingReport,
    *,
    by: User,
    acting_as: RoleAssignment | None,
    on: date,
    **shown: Any,
) -> Outcome:
    """分管领导核对无误。"""
    data = {"on": on, "checked_by": by}
    return perform(report, "accept", by=by, acting_as=acting_as, on=on, data=data, **shown)


def send_back_report(
    report: SpendingReport,
    *,
    reason: str,
    by: User,
    acting_as: RoleAssignment | None,
    on: date,
    **shown: Any,
) -> Outcome:
    """写明不符之处，退回；所报不再计入支出。"""
    data = {"reason": reason, "on": on, "checked_by": by}
    return perform(
        report, "send_back", by=by, acting_as=acting_as, on=on, note=reason, data=data, **shown
    )


def return_unspent(
    share: SubsidyShare,
    *,
    amount_fen: int,
    returned_on: date,
    reason: str,
    by: User,
    acting_as: RoleAssignment | None,
    on: date,
    **shown: Any,
) -> Outcome:
    """登记中心退回的结余（分）：已付减少，退还控制数。"""
    project = share.case()
    acts: dict[str, Any] = {"by": by, "acting_as": acting_as, "on": on}
    data = {"amount_fen": amount_fen, "returned_on": returned_on, "reason": reason}
    with unit_of_work():
        lock_lines(project)
        outcome = perform(share, "return_unspent", note=reason, data=data, **acts, **shown)
        if not outcome.is_repeat:
            with _change("记补助退回", project, acts) as changes:
                made = changes.create(SubsidyReturn(share=share, **data))
            refund(project, amount_fen, Posting(made, by, acting_as, on))
        return outcome


def settle_share(
    share: SubsidyShare,
    *,
    gives_up_rest: bool,
    by: User,
    acting_as: RoleAssignment | None,
    on: date,
    **shown: Any,
) -> Outcome:
    """结清一份分配；未拨的不再拨付，释放承诺，退还控制数。"""
    project = share.case()
    acts: dict[str, Any] = {"by": by, "acting_as": acting_as, "on": on}
    data = {"on": on, "gives_up_rest": gives_up_rest}
    with unit_of_work():
        lock_lines(project)
        outcome = perform(share, "settle", data=data, **acts, **shown)
        left = sums_of(SubsidyShare.objects.get(pk=share.pk)).left_fen
        if left and not outcome.is_repeat:
            posting = Posting(share, by, acting_as, on)
            decommit(project, _spread_committed(project, left), posting)
        if not outcome.is_repeat:
            _finish_when_settled(project, on)
        return outcome


def _finish_when_settled(project: Project, on: date) -> None:
    """各中心都结清的，项目进入评估；由系统办理。"""
    if SubsidyShare.objects.filter(project=project, status=ShareStatus.ALLOTTED).exists():
        return
    user, role = system_actor()
    perform(project, "finish_subsidy", by=user, acting_as=role, on=on, note="补助都已结清")


def _spread_committed(project: Project, amount_fen: int) -> list[Share]:
    """按各条分配的承诺数分摊（分），合计分毫不差；规则已保证不超过承诺的合计。"""
    lines = lock_lines(project)
    parts = allocate(amount_fen, [line.committed_fen for line in lines])
    return [Share(line, fen) for line, fen in zip(lines, parts, strict=True) if fen]


def _change(title: str, project: Project, acts: dict[str, Any]) -> AbstractContextManager[Changes]:
    return change(title=title, act="contracts.subsidy", stream=project.stream(), **acts)


def _share_page(share: SubsidyShare) -> dict[str, Any]:
    """办理页所示的各项合计：看过之后有人拨付、报告或退回，须重新看过。"""
    return vars(sums_of(SubsidyShare.objects.get(pk=share.pk)))


shows("contracts.subsidyshare", _share_page)
