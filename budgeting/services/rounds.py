"""控制数编报：购买主体报一上、二上，财政部门下一下、二下；现行的控制数是最后一“下”。"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from accounts.models import RoleAssignment, User
from budgeting.models import DOWN, UP, Ceiling, CeilingRound
from budgeting.selectors.rounds import filed_by_fund
from budgeting.services.ledger import grant
from budgeting.services.limits import CeilingScope, require_round
from core.history import change, unit_of_work
from core.transitions import claim, require_may
from projects.models import FundSource, Purchaser

Figures = Sequence[tuple[FundSource, int]]


def report_round(
    purchaser: Purchaser,
    *,
    year: int,
    round_name: str,
    figures: Figures,
    note: str,
    by: User,
    acting_as: RoleAssignment | None,
    on: date,
    key: str | None = None,
) -> list[CeilingRound]:
    """购买主体编报一上、二上（分）；不改控制数。

    Raises `TransitionRefused` out of turn, `NotPermitted`, and `ValueError` for a round of finance.
    """
    if round_name not in UP:
        raise ValueError(f"{round_name} is not stated by the purchaser")
    acts: dict[str, Any] = {"by": by, "acting_as": acting_as, "on": on}
    scope = CeilingScope(purchaser)
    with unit_of_work():
        content = [purchaser, year, round_name, [[f, fen] for f, fen in figures], note]
        if claim(key, by=by, act="budgeting.report_ceiling", content=content) is not None:
            return _last(purchaser, year, round_name, figures)
        _require("budgeting.report_ceiling", scope, acts)
        _locked(purchaser, year)
        filed = filed_by_fund(purchaser, year)
        made = []
        with change(
            title="编报控制数", act="budgeting.report_ceiling", stream=scope.stream(), **acts
        ) as changes:
            for fund, fen in figures:
                require_round(scope, purchaser, year, fund, round_name, **acts)
                row = CeilingRound(
                    purchaser=purchaser,
                    year=year,
                    fund=fund,
                    round=round_name,
                    amount_fen=fen,
                    filed_fen=filed.get(fund.pk, (0, 0))[0],
                    stated_on=on,
                    note=note,
                    stated_by=by,
                )
                made.append(changes.create(row))
        return made


def issue_round(
    purchaser: Purchaser,
    *,
    year: int,
    round_name: str,
    figures: Figures,
    number: str,
    note: str,
    by: User,
    acting_as: RoleAssignment | None,
    on: date,
    key: str | None = None,
) -> list[CeilingRound]:
    """财政部门下达一下、二下（分，不含上年结转）：各自即是现行的控制数。

    Raises `TransitionRefused` out of turn, `CeilingExceeded` below what is allocated,
    `NotPermitted`, and `ValueError` for a round of the purchaser.
    """
    if round_name not in DOWN:
        raise ValueError(f"{round_name} is not stated by finance")
    acts: dict[str, Any] = {"by": by, "acting_as": acting_as, "on": on}
    scope = CeilingScope(purchaser)
    with unit_of_work():
        content = [purchaser, year, round_name, [[f, fen] for f, fen in figures], number, note]
        if claim(key, by=by, act="budgeting.issue_round", content=content) is not None:
            return _last(purchaser, year, round_name, figures)
        _require("budgeting.set_ceiling", scope, acts)
        _locked(purchaser, year)
        made = []
        with change(
            title="下达控制数", act="budgeting.set_ceiling", stream=scope.stream(), **acts
        ) as changes:
            for fund, fen in figures:
                require_round(scope, purchaser, year, fund, round_name, **acts)
                row = CeilingRound(
                    purchaser=purchaser,
                    year=year,
                    fund=fund,
                    round=round_name,
                    amount_fen=fen,
                    stated_on=on,
                    number=number,
                    note=note,
                    stated_by=by,
                )
                made.append(changes.create(row))
                same = {"purchaser": purchaser, "year": year, "fund": fund}
                grant(changes, scope, same, fen, number, **acts)
        return made


def _require(act: str, scope: CeilingScope, acts: dict[str, Any]) -> None:
    who = {"by": acts["by"], "acting_as": acts["acting_as"], "day": acts["on"]}
    require_may(act, on=scope, stream=scope.stream(), **who)


def _locked(purchaser: Purchaser, year: int) -> None:
    """The purchaser's row is the lock of its rounds; then its ceilings, by number."""
    Purchaser.objects.select_for_update(no_key=True).get(pk=purchaser.pk)
    rows = Ceiling.objects.select_for_update(no_key=True).filter(purchaser=purchaser, year=year)
    list(rows.order_by("pk"))


def _last(
    purchaser: Purchaser, year: int, round_name: str, figures: Iterable[tuple[FundSource, int]]
) -> list[CeilingRound]:
    rows = CeilingRound.objects.of(purchaser, year).filter(round=round_name)
    return [rows.filter(fund=fund).latest("pk") for fund, _ in figures]
