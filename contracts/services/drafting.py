"""拟订和修改合同：一份条款一次写入，签批随之开启。"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field, fields
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Max

from accounts.models import RoleAssignment, User
from contracts.models import (
    Contract,
    ContractLine,
    ContractSignature,
    ContractStatus,
    Instalment,
    Milestone,
)
from core.history import Changes, change, unit_of_work
from core.history.values import referenced_pk
from core.money import multiply
from core.rules.parameters import parameters_in_force
from core.transitions import (
    ActError,
    NotOffered,
    StaleAct,
    answered_with,
    claim,
    perform,
    require_may,
    shown_digest,
)
from procurement.models import Award, AwardStatus
from projects.models import SignatureStatus


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
        if Contract.objects.standing().filter(package=row.package).exists():
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
        _cancel_chain(row, "合同修改，原签批作废", by=by, acting_as=acting_as, on=on)
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


def withdraw_draft(
    contract: Contract, *, note: str, by: User, acting_as: RoleAssignment | None, on: date
) -> None:
    """成交供应商拒绝签订的，撤回拟订中的合同，签批一并作废；没有承诺过资金。Raises as `perform`."""
    acts: dict[str, Any] = {"by": by, "acting_as": acting_as, "on": on}
    with unit_of_work():
        perform(contract, "withdraw", note=note, data={"on": on}, **acts)
        _cancel_chain(contract, "合同撤回，签批作废", **acts)


def _cancel_chain(
    contract: Contract, note: str, *, by: User, acting_as: RoleAssignment | None, on: date
) -> None:
    for step in contract.signatures.exclude(status=SignatureStatus.CANCELLED):
        perform(step, "cancel", by=by, acting_as=acting_as, on=on, note=note)
