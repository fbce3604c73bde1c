"""年终结账、下年开账：一项控制数一次事务，跑几遍都一样。"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from accounts.models import RoleAssignment, User
from budgeting.facts.closing import lines_under, remainder_of
from budgeting.models import Ceiling, YearClosing
from budgeting.services.ledger import set_ceiling
from budgeting.services.limits import CeilingScope
from core.history import change, unit_of_work
from core.rules import Context
from core.transitions import ActError, guard, require_kept, require_may

CLOSE = guard("budgeting.close_year", "年终结账", "PH-16-year-settled")


def close_ceiling(
    ceiling: Ceiling, *, by: User, acting_as: RoleAssignment | None, on: date
) -> YearClosing:
    """结账：此后这一年度的这项资金不再过账；已经结账的返回那一次。

    Raises `TransitionRefused` while anything is unsettled, `NotPermitted`.
    """
    acts: dict[str, Any] = {"by": by, "acting_as": acting_as, "on": on}
    scope = CeilingScope(ceiling.purchaser)
    stream = scope.stream()
    with unit_of_work():
        require_may(
            "budgeting.close_year", on=scope, stream=stream, by=by, acting_as=acting_as, day=on
        )
        now = Ceiling.objects.select_for_update(no_key=True).get(pk=ceiling.pk)
        made = YearClosing.objects.filter(ceiling=now).first()
        if made is not None:
            return made
        context = Context(data={"ceiling": now}, **acts)
        require_kept(CLOSE, scope, stream=stream, context=context)
        rest = remainder_of(now, list(lines_under(now)))
        with change(title="年终结账", act="budgeting.close_year", stream=stream, **acts) as changes:
            return changes.create(
                YearClosing(
                    ceiling=now,
                    closed_on=on,
                    closed_by=by,
                    approved_fen=rest.approved_fen,
                    paid_fen=rest.paid_fen,
                    carried_fen=rest.carried_fen,
                    returned_fen=rest.returned_fen,
                )
            )


def words_of(error: ActError) -> str:
    """一次未获准的缘由，写成一句。"""
    return "；".join(v.message for v in getattr(error, "refusals", ())) or str(error)


@dataclass(frozen=True)
class Opened:
    """开账一项的结果。"""

    ceiling: Ceiling
    done: bool
    words: str


def open_ceiling(
    ceiling: Ceiling,
    *,
    amount_fen: int,
    number: str,
    by: User,
    acting_as: RoleAssignment | None,
    on: date,
) -> Opened:
    """下一年度的这项控制数（分，不含结转）；已经下达过的不动。"""
    same: dict[str, Any] = {
        "purchaser": ceiling.purchaser,
        "year": ceiling.year + 1,
        "fund": ceiling.fund,
    }
    known = Ceiling.objects.filter(**same, set_on__isnull=False).first()
    if known is not None:
        return Opened(ceiling, done=False, words="已经下达过，没有改动")
    given: dict[str, Any] = {"amount_fen": amount_fen, "number": number, "version": 0}
    try:
        set_ceiling(**same, **given, by=by, acting_as=acting_as, on=on)
    except ActError as error:
        return Opened(ceiling, done=False, words=words_of(error))
    return Opened(ceiling, done=True, words="已下达")
