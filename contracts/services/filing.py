"""备案、补充合同、结转的动作。"""

from __future__ import annotations

from datetime import date
from typing import Any

from accounts.models import RoleAssignment, User
from budgeting.services import Posting, commit_more
from budgeting.services import Share as FundShare
from budgeting.services import carry_over as carry_funds
from contracts.documents import filing_context
from contracts.facts.money import unpaid_slices
from contracts.models import Contract, ContractFiling, Supplement
from contracts.services.contract import add_to_slices, case_locked
from contracts.services.settlement import complete_if_paid
from core.documents.services import request_document
from core.history import change, unit_of_work
from core.transitions import Outcome, perform


def submit_filing(
    contract: Contract, *, by: User, acting_as: RoleAssignment | None, on: date, **shown: Any
) -> Outcome:
    """报送备案；逾期照报，记为逾期（第九条第（四）项）。Raises as `perform`."""
    with unit_of_work():
        outcome = perform(contract, "submit_filing", by=by, acting_as=acting_as, on=on, **shown)
        if not outcome.is_repeat:
            with change(
                title="备案报送",
                act="contracts.write_filing",
                by=by,
                acting_as=acting_as,
                on=on,
                stream=contract.stream(),
            ) as changes:
                changes.create(ContractFiling(contract=contract, submitted_on=on))
        return outcome


def accept_filing(
    filing: ContractFiling,
    *,
    number: str,
    by: User,
    acting_as: RoleAssignment | None,
    on: date,
    **shown: Any,
) -> Outcome:
    """财政部门接受备案，编备案号，此后方可支付；没有可付的，合同随即付清。Raises as `perform`."""
    with unit_of_work():
        case_locked(filing.contract)
        data = {"number": number, "on": on}
        outcome = perform(filing, "accept", by=by, acting_as=acting_as, on=on, data=data, **shown)
        if outcome.is_repeat:
            return outcome
        perform(filing.contract, "file", by=by, acting_as=acting_as, on=on, data={"on": on})
        row = ContractFiling.objects.get(pk=filing.pk)
        request_document(
            kind="contracts.filing",
            subject=row,
            stream=row.stream(),
            title=f"合同备案回执：{row.contract.name}",
            number=number,
            context=filing_context(row),
            by=by,
            acting_as=acting_as,
            on=on,
        )
        complete_if_paid(row.contract, by=by, acting_as=acting_as, on=on)
        return outcome


def return_filing(
    filing: ContractFiling,
    *,
    reason: str,
    by: User,
    acting_as: RoleAssignment | None,
    on: date,
    **shown: Any,
) -> Outcome:
    """退回备案，写明理由；购买主体改正后再报。"""
    data = {"reason": reason, "on": on}
    return perform(
        filing, "send_back", by=by, acting_as=acting_as, on=on, note=reason, data=data, **shown
    )


def draft_supplement(
    contract: Contract,
    *,
    number: str,
    amount_fen: int,
    reason: str,
    by: User,
    acting_as: RoleAssignment | None,
    on: date,
    **shown: Any,
) -> Supplement:
    """拟订补充合同，追加金额单位为分，可为零。Raises as `perform`."""
    data = {"number": number, "amount_fen": amount_fen, "reason": reason}
    with unit_of_work():
        outcome = perform(
            contract,
            "draft_supplement",
            by=by,
            acting_as=acting_as,
            on=on,
            note=reason,
            data=data,
            **shown,
        )
        if outcome.is_repeat:
            return Supplement.objects.filter(contract=contract, **data).latest("pk")
        with change(
            title="补充合同的内容",
            act="contracts.write_supplement",
            by=by,
            acting_as=acting_as,
            on=on,
            stream=contract.stream(),
        ) as changes:
            return changes.create(Supplement(contract=contract, drafted_on=on, **data))


def agree_supplement(
    supplement: Supplement,
    *,
    by: User,
    acting_as: RoleAssignment | None,
    on: date,
    **shown: Any,
) -> Outcome:
    """签订补充合同：可用的预算转为承诺。Raises as `perform`, and `FundsShort`."""
    with unit_of_work():
        project = case_locked(supplement.contract)
        outcome = perform(
            supplement, "agree", by=by, acting_as=acting_as, on=on, data={"on": on}, **shown
        )
        row = Supplement.objects.select_related("contract").get(pk=supplement.pk)
        if outcome.is_repeat or not row.amount_fen:
            return outcome
        shares = commit_more(project, row.amount_fen, Posting(row, by, acting_as, on))
        with change(
            title="补充合同份额",
            act="contracts.slice",
            by=by,
            acting_as=acting_as,
            on=on,
            stream=row.stream(),
        ) as changes:
            add_to_slices(changes, row.contract, shares)
        return outcome


def withdraw_supplement(
    supplement: Supplement,
    *,
    note: str,
    by: User,
    acting_as: RoleAssignment | None,
    on: date,
    **shown: Any,
) -> Outcome:
    """撤回没有签订的补充合同，理由入历史。"""
    return perform(supplement, "withdraw", by=by, acting_as=acting_as, on=on, note=note, **shown)


def carry_over(
    contract: Contract,
    *,
    year: int,
    by: User,
    acting_as: RoleAssignment | None,
    on: date,
    **shown: Any,
) -> Outcome:
    """结转：某年度未付的承诺移到下一年度。Raises as `perform`."""
    with unit_of_work():
        project = case_locked(contract)
        outcome = perform(
            contract, "carry_over", by=by, acting_as=acting_as, on=on, data={"year": year}, **shown
        )
        if outcome.is_repeat:
            return outcome
        row = Contract.objects.get(pk=contract.pk)
        posting = Posting(row, by, acting_as, on)
        with change(
            title="结转合同份额",
            act="contracts.slice",
            by=by,
            acting_as=acting_as,
            on=on,
            stream=row.stream(),
        ) as changes:
            for part in unpaid_slices(row, year):
                unpaid = part.unpaid_fen
                allocation = carry_funds(project, part.allocation, unpaid, posting)
                changes.update(part, carried_fen=part.carried_fen + unpaid)
                add_to_slices(changes, row, [FundShare(allocation, unpaid)])
        return outcome
