"""结算与付清的动作。"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from accounts.models import RoleAssignment, User
from accounts.services import system_actor
from budgeting.services import Posting
from contracts.facts.money import settled_amounts, supplements_fen
from contracts.models import (
    Contract,
    Settlement,
)
from contracts.services.contract import case_locked, release_unpaid
from core.history import change, unit_of_work
from core.transitions import ActError, perform, preview
from projects.services import follow_packages

COMPLETION = "contracts.contract.complete"


class AlreadySettled(ActError):
    """合同已经结算，只结算一次。"""


def settle(
    contract: Contract,
    *,
    grade: str,
    by: User,
    acting_as: RoleAssignment | None,
    on: date,
) -> Settlement:
    """按考核等级和扣款结算应付总额（分）；由评估结论带动（第九条第（六）项、第十四条）。

    Raises `AlreadySettled`, and `KeyError` for a grade the contract does not name.
    """
    with unit_of_work():
        case_locked(contract)
        if Settlement.objects.filter(contract=contract).exists():
            raise AlreadySettled("合同已经结算，没有再次结算。")
        base = contract.amount_fen + supplements_fen(contract)
        percent = Decimal(str(contract.grade_percents[grade]))
        incidents = list(contract.incidents.values_list("percent", flat=True))
        amounts = settled_amounts(base, percent, incidents)
        with change(
            title="合同结算",
            act="contracts.settle",
            by=by,
            acting_as=acting_as,
            on=on,
            stream=contract.stream(),
        ) as changes:
            settlement = changes.create(
                Settlement(
                    contract=contract,
                    grade=grade,
                    percent=percent,
                    base_fen=base,
                    assessed_fen=amounts.assessed_fen,
                    deducted_fen=amounts.deducted_fen,
                    payable_fen=amounts.payable_fen,
                    settled_on=on,
                )
            )
        complete_if_paid(contract, by=by, acting_as=acting_as, on=on)
        return settlement


def complete_if_paid(
    contract: Contract, *, by: User, acting_as: RoleAssignment | None, on: date
) -> None:
    """付清的条件都具备的，释放余下的承诺，合同付清，采购包和项目随之推进；还不具备的，什么也不做。

    结算、拨付、退回付款、备案、整改销号之后各问一次：缺的是哪一样，就等哪一样。
    """
    row = Contract.objects.select_related("package__project").get(pk=contract.pk)
    user, role = system_actor()
    offers = preview(row, by=user, acting_as=role, on=on, wanted=lambda act: act == COMPLETION)
    if not any(offer.is_allowed for offer in offers):
        return
    release_unpaid(row, Posting(row, by, acting_as, on))
    acts: dict[str, Any] = {"by": user, "acting_as": role, "on": on, "note": "已付足应付总额"}
    perform(row, "complete", data={"on": on}, **acts)
    perform(row.package, "settle", **acts)
    follow_packages(row.case(), on=on)
