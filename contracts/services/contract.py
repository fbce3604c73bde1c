"""合同的动作：由成交拟订、修改、签订、备案、终止。"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from accounts.models import RoleAssignment, User
from budgeting.services import Posting, commit, decommit, lock_lines, release
from budgeting.services import Share as FundShare
from contracts.documents import contract_context
from contracts.models import (
    Contract,
    ContractLine,
    ContractSlice,
    Instalment,
    Milestone,
)
from core.documents.services import request_document
from core.history import Changes, change, unit_of_work
from core.history.values import row_values
from core.transitions import (
    Outcome,
    perform,
    shows,
)
from projects.models import Project
from projects.services import follow_packages


def sign_contract(
    contract: Contract,
    *,
    signed_on: date,
    by: User,
    acting_as: RoleAssignment | None,
    on: date,
    **shown: Any,
) -> Outcome:
    """签订：预留转为承诺，与采购包预算的差额释放，采购包和项目随之推进。

    Raises as `perform`, and `FundsShort`.
    """
    with unit_of_work():
        project = case_locked(contract)
        data = {"signed_on": signed_on}
        outcome = perform(
            contract, "conclude", by=by, acting_as=acting_as, on=on, data=data, **shown
        )
        if outcome.is_repeat:
            return outcome
        row = Contract.objects.select_related("package").get(pk=contract.pk)
        posting = Posting(row, by, acting_as, on)
        shares = commit(project, row.amount_fen, posting)
        _slice(row, shares, posting)
        if (left := row.package.budget_fen - row.amount_fen) > 0:
            release(project, left, posting)
        perform(row.package, "contract", by=by, acting_as=acting_as, on=on)
        follow_packages(project, on=on)
        request_document(
            kind="contracts.contract",
            subject=row,
            stream=row.stream(),
            title=f"合同：{row.name}",
            number=row.number,
            context=contract_context(row),
            by=by,
            acting_as=acting_as,
            on=on,
        )
        return outcome


def case_locked(contract: Contract) -> Project:
    """先锁控制数和分配，再锁项目，然后才是文件：各处同一次序。"""
    project = contract.package.project
    lock_lines(project)
    return Project.objects.select_for_update(no_key=True).get(pk=project.pk)


def _slice(contract: Contract, shares: Sequence[FundShare], posting: Posting) -> None:
    """把承诺记到合同的年度份额上。"""
    with change(
        title="合同年度份额",
        act="contracts.slice",
        by=posting.by,
        acting_as=posting.acting_as,
        on=posting.on,
        stream=contract.stream(),
    ) as changes:
        add_to_slices(changes, contract, shares)


def add_to_slices(changes: Changes, contract: Contract, shares: Sequence[FundShare]) -> None:
    """增加合同在各条分配上的份额（分）；没有份额的立一份。"""
    for share in shares:
        known = ContractSlice.objects.filter(contract=contract, allocation=share.allocation).first()
        if known is None:
            changes.create(
                ContractSlice(
                    contract=contract, allocation=share.allocation, amount_fen=share.amount_fen
                )
            )
        else:
            changes.update(known, amount_fen=known.amount_fen + share.amount_fen)


def release_unpaid(contract: Contract, posting: Posting) -> int:
    """释放合同尚未支付的承诺（分），退回控制数；返回释放的合计。"""
    slices = [
        row
        for row in ContractSlice.objects.filter(contract=contract).select_related("allocation")
        if row.unpaid_fen > 0
    ]
    if not slices:
        return 0
    shares = [FundShare(row.allocation, row.unpaid_fen) for row in slices]
    total = sum(share.amount_fen for share in shares)
    decommit(contract.package.project, shares, posting)
    with change(
        title="释放合同未付份额",
        act="contracts.slice",
        by=posting.by,
        acting_as=posting.acting_as,
        on=posting.on,
        stream=contract.stream(),
    ) as changes:
        for row in slices:
            changes.update(row, released_fen=row.released_fen + row.unpaid_fen)
    return total


def terminate_contract(
    contract: Contract,
    *,
    note: str,
    by: User,
    acting_as: RoleAssignment | None,
    on: date,
    **shown: Any,
) -> Outcome:
    """拒不整改的，按约定终止合同：未付的承诺释放（第十九条）。Raises as `perform`."""
    with unit_of_work():
        project = case_locked(contract)
        outcome = perform(
            contract,
            "terminate",
            by=by,
            acting_as=acting_as,
            on=on,
            note=note,
            data={"on": on},
            **shown,
        )
        if not outcome.is_repeat:
            row = Contract.objects.select_related("package__project").get(pk=contract.pk)
            release_unpaid(row, Posting(row, by, acting_as, on))
            perform(row.package, "terminate", by=by, acting_as=acting_as, on=on, note=note)
            follow_packages(project, on=on)
        return outcome


def contract_content(contract: Contract) -> dict[str, Any]:
    """合同页上显示的内容；据以判断办理时内容有没有变。"""
    parts = (ContractLine, Milestone, Instalment)
    return {
        model._meta.model_name or "": [
            row_values(row) for row in model._default_manager.filter(contract=contract)
        ]
        for model in parts
    }


shows("contracts.contract", contract_content)
shows("contracts.contractsignature", lambda step: contract_content(step.contract))
