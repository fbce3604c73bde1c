"""合同的动作：由成交拟订、修改、签订、备案、终止。"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field, fields
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Max

from accounts.models import RoleAssignment, User
from budgeting.services import Posting, commit, decommit, lock_lines, release
from budgeting.services import Share as FundShare
from contracts.documents import contract_context
from contracts.models import (
    Contract,
    ContractLine,
    ContractSignature,
    ContractSlice,
    ContractStatus,
    Instalment,
    Milestone,
)
from core.documents.services import request_document
from core.history import Changes, change, unit_of_work
from core.history.values import referenced_pk, row_values
from core.money import multiply
from core.rules.parameters import parameters_in_force
from core.transitions import (
    ActError,
    NotOffered,
    Outcome,
    StaleAct,
    answered_with,
    claim,
    perform,
    require_may,
    shown_digest,
    shows,
)
from procurement.models import Award, AwardStatus
from projects.models import Project, SignatureStatus
from projects.services import follow_packages


class ContractExists(ActError):
    """这个采购包已有合同。"""


@dataclass(frozen=True)
class LineInput:
    """一项标的；单价为分，金额由数量乘单价得出。"""

    name: str
    quantity: Decimal
    unit: str
    unit_price_fen: int
    expense_kind: str = "service"
    standard: str = ""


@dataclass(frozen=True)
class MilestoneInput:
    title: str
    due_on: date


@dataclass(frozen=True)
class InstalmentInput:
    """一期款项；`milestone` 是所凭节点的序号（从 1 起），不凭节点的为 None。"""

    kind: str
    percent: Decimal
    amount_fen: int
    condition: str
    milestone: int | None = None


@dataclass(frozen=True)
class ContractTerms:
    """一份合同的全部条款；金额一律为分。"""

    number: str
    name: str
    amount_fen: int
    starts_on: date
    ends_on: date
    place: str = ""
    scope: str = ""
    content: str = ""
    requirements: str = ""
    payment_terms: str = ""
    liability: str = ""
    is_fixed: bool = False
    is_continuous: bool = False
    has_stable_funds: bool = False
    has_stable_price: bool = False
    is_signed_by_agent: bool = False
    authorisation: str = ""
    grade_percents: dict[str, str] = field(default_factory=dict)
    deduction_terms: list[dict[str, str]] = field(default_factory=list)
    mending_workdays: int = 10
    lines: Sequence[LineInput] = ()
    milestones: Sequence[MilestoneInput] = ()
    instalments: Sequence[InstalmentInput] = ()

    def own_fields(self) -> dict[str, Any]:
        """The columns of the contract row itself."""
        parts = {"lines", "milestones", "instalments"}
        return {f.name: getattr(self, f.name) for f in fields(self) if f.name not in parts}

    def content_list(self) -> list[Any]:
        parts: list[Any] = [*self.lines, *self.milestones, *self.instalments]
        return [self.own_fields(), *[asdict(part) for part in parts]]


def draft_contract(
    award: Award,
    *,
    terms: ContractTerms,
    by: User,
    acting_as: RoleAssignment | None,
    on: date,
    key: str | None = None,
) -> Contract:
    """由已公告的成交拟订合同，送内部签批（第九条第（四）项）。

    Raises `NotPermitted`, `NotOffered`, `ContractExists`.
    """
    with unit_of_work():
        content = [award, *terms.content_list()]
        known = claim(key, by=by, act="contracts.draft", content=content)
        if known is not None:
            return Contract.objects.get(pk=referenced_pk(known.result))
        row = Award.objects.select_for_update(no_key=True).get(pk=award.pk)
        contract = Contract(award=row, package=row.package, drafted_on=on, **terms.own_fields())
        require_may(
            "contracts.draft",
            on=contract,
            stream=contract.stream(),
            by=by,
            acting_as=acting_as,
            day=on,
        )
        if row.status != AwardStatus.NOTIFIED:
            raise NotOffered("拟订合同", row.get_status_display())
        if Contract.objects.filter(package=row.package).exists():
            raise ContractExists("这个采购包已有合同，没有另行拟订。请打开已有的合同修改。")
        with change(
            title="拟订合同", act="contracts.draft", by=by, acting_as=acting_as, on=on
        ) as changes:
            changes.create(contract)
            _write_parts(changes, contract, terms)
            _open_chain(changes, contract, on)
        answered_with(key, contract)
        return contract


def revise_contract(
    contract: Contract,
    *,
    terms: ContractTerms,
    by: User,
    acting_as: RoleAssignment | None,
    on: date,
    reason: str = "",
    version: int | None = None,
    shown: str | None = None,
    key: str | None = None,
) -> Contract:
    """签订之前修改合同：原签批作废，另起一轮。Raises `NotOffered`, `StaleAct`, `NotPermitted`."""
    with unit_of_work():
        row = Contract.objects.select_for_update(no_key=True).get(pk=contract.pk)
        content = [row, *terms.content_list()]
        if claim(key, by=by, act="contracts.revise", content=content) is not None:
            return row
        require_may(
            "contracts.draft", on=row, stream=row.stream(), by=by, acting_as=acting_as, day=on
        )
        if row.status != ContractStatus.DRAFT:
            raise NotOffered("修改合同", row.get_status_display())
        if (version is not None and version != row.version) or (
            shown and shown != shown_digest(row)
        ):
            raise StaleAct("修改合同")
        _cancel_chain(row, by=by, acting_as=acting_as, on=on)
        with change(
            title="修改合同",
            act="contracts.revise",
            by=by,
            acting_as=acting_as,
            on=on,
            subject=row,
            stream=row.stream(),
            reason=reason,
        ) as changes:
            changes.update(row, **terms.own_fields())
            for model in (Instalment, Milestone, ContractLine):
                for part in model._default_manager.filter(contract=row):
                    changes.delete(part)
            _write_parts(changes, row, terms)
            _open_chain(changes, row, on)
        return row


def _write_parts(changes: Changes, contract: Contract, terms: ContractTerms) -> None:
    for position, line in enumerate(terms.lines, 1):
        amount = multiply(line.quantity, line.unit_price_fen)
        changes.create(
            ContractLine(contract=contract, position=position, amount_fen=amount, **asdict(line))
        )
    milestones = {
        position: changes.create(Milestone(contract=contract, position=position, **asdict(given)))
        for position, given in enumerate(terms.milestones, 1)
    }
    for position, instalment in enumerate(terms.instalments, 1):
        values = asdict(instalment)
        values["milestone"] = milestones.get(values["milestone"] or 0)
        changes.create(Instalment(contract=contract, position=position, **values))


def _open_chain(changes: Changes, contract: Contract, on: date) -> None:
    """合同签批链的岗位次序：辖区参数（第十八条）。"""
    roles = parameters_in_force(contract.jurisdiction(), on)["YB-18-internal-chain"]
    last = contract.signatures.aggregate(n=Max("chain"))["n"]
    for position, role in enumerate(roles, 1):
        changes.create(
            ContractSignature(
                contract=contract,
                chain=(last or 0) + 1,
                position=position,
                role=role,
                opened_on=on,
            )
        )


def _cancel_chain(
    contract: Contract, *, by: User, acting_as: RoleAssignment | None, on: date
) -> None:
    for step in contract.signatures.exclude(status=SignatureStatus.CANCELLED):
        perform(step, "cancel", by=by, acting_as=acting_as, on=on, note="合同修改，原签批作废")


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
