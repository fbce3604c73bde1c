"""专项的动作：设立、定年度预算、三年总评的结论由两家签署。"""

from __future__ import annotations

from datetime import date
from typing import Any

from accounts.models import Jurisdiction, Organisation, RoleAssignment, User
from budgeting.models import ExitConclusion, FundingProgramme, ProgrammeBudget
from core.history import change, unit_of_work
from core.history.values import referenced_pk
from core.rules import Context
from core.transitions import (
    ActError,
    Outcome,
    answered_with,
    claim,
    guard,
    perform,
    require_kept,
    require_may,
)

KEEP = "budgeting.keep_programmes"
SET_UP = guard(
    "budgeting.set_up_programme",
    "设立专项",
    "PH-16-term-of-three-years",
    "PH-16-next-term-concluded",
)
BUDGET = guard("budgeting.set_programme_budget", "定专项年度预算", "PH-16-budget-covers-approved")


class AlreadyConcluded(ActError):
    """这个实施期已经有一份结论，或者正在签署。"""


class ProgrammeScope:
    """专项的权限与规则的范围：一个辖区，只问《平湖办法》。"""

    def __init__(self, district: Jurisdiction, organisation: Organisation, stream: str) -> None:
        self.district, self.organisation, self._stream = district, organisation, stream

    def owner(self) -> Organisation:
        return self.organisation

    def assignee(self) -> None:
        return None

    def required_role(self, _act: str, /) -> None:
        return None

    def jurisdiction(self) -> Jurisdiction:
        return self.district

    def governed_by(self) -> frozenset[str]:
        return frozenset({"PH"})

    def binding_days(self) -> dict[str, date]:
        return {}

    def stream(self) -> str:
        return self._stream


def _scope(
    district: Jurisdiction, by: User, acting_as: RoleAssignment | None, on: date, stream: str
) -> ProgrammeScope:
    """The district, when the role acted in may keep its programmes; raises `NotPermitted`."""
    scope = ProgrammeScope(district, by.organisation, stream)
    require_may(KEEP, on=scope, stream=stream, by=by, acting_as=acting_as, day=on)
    return scope


def set_up_programme(
    jurisdiction: Jurisdiction,
    *,
    programme: str,
    name: str,
    first_year: int,
    last_year: int,
    number: str,
    office: Organisation,
    by: User,
    acting_as: RoleAssignment | None,
    on: date,
    key: str | None = None,
) -> FundingProgramme:
    """设立一类资金的一个实施期，首末年度都在内。Raises `TransitionRefused`, `NotPermitted`."""
    acts: dict[str, Any] = {"by": by, "acting_as": acting_as, "on": on}
    room = f"accounts.jurisdiction:{jurisdiction.pk}"
    with unit_of_work():
        content = [jurisdiction, programme, name, first_year, last_year, number, office]
        known = claim(key, by=by, act="budgeting.set_up_programme", content=content)
        if known is not None:
            return FundingProgramme.objects.get(pk=referenced_pk(known.result))
        scope = _scope(jurisdiction, by, acting_as, on, room)
        Jurisdiction.objects.select_for_update(no_key=True).get(pk=jurisdiction.pk)
        term = {"programme": programme, "first_year": first_year, "last_year": last_year}
        context = Context(data={"jurisdiction": jurisdiction, **term}, **acts)
        require_kept(SET_UP, scope, stream=room, context=context)
        with change(title="设立专项", act="budgeting.set_up_programme", **acts) as changes:
            row = changes.create(
                FundingProgramme(
                    jurisdiction=jurisdiction,
                    name=name,
                    number=number,
                    office=office,
                    set_up_on=on,
                    **term,
                )
            )
        answered_with(key, row)
        return row


def set_programme_budget(
    term: FundingProgramme,
    *,
    year: int,
    amount_fen: int,
    number: str,
    by: User,
    acting_as: RoleAssignment | None,
    on: date,
    key: str | None = None,
) -> ProgrammeBudget:
    """定（改）专项一个年度的预算（分），不低于已批复的。Raises `TransitionRefused`."""
    acts: dict[str, Any] = {"by": by, "acting_as": acting_as, "on": on}
    with unit_of_work():
        content = [term, year, amount_fen, number]
        if claim(key, by=by, act="budgeting.set_programme_budget", content=content) is not None:
            return ProgrammeBudget.objects.get(programme=term, year=year)
        scope = _scope(term.jurisdiction, by, acting_as, on, term.stream())
        # Replies to projects of this programme hold the same row (`lock_ceilings`).
        FundingProgramme.objects.select_for_update(no_key=True).get(pk=term.pk)
        context = Context(data={"term": term, "year": year, "amount_fen": amount_fen}, **acts)
        require_kept(BUDGET, scope, stream=term.stream(), context=context)
        with change(
            title="定专项年度预算",
            act="budgeting.set_programme_budget",
            stream=term.stream(),
            **acts,
        ) as changes:
            known = ProgrammeBudget.objects.filter(programme=term, year=year).first()
            if known is None:
                row = ProgrammeBudget(
                    programme=term, year=year, amount_fen=amount_fen, number=number
                )
                return changes.create(row)
            changes.name_subject(known)
            return changes.update(known, amount_fen=amount_fen, number=number)


def propose_conclusion(
    term: FundingProgramme,
    *,
    outcome: str,
    findings: str,
    number: str,
    by: User,
    acting_as: RoleAssignment | None,
    on: date,
    key: str | None = None,
) -> ExitConclusion:
    """拟订三年总评的结论；两家都签署才有效力。Raises `AlreadyConcluded`, `NotPermitted`."""
    acts: dict[str, Any] = {"by": by, "acting_as": acting_as, "on": on}
    with unit_of_work():
        content = [term, outcome, findings, number]
        known = claim(key, by=by, act="budgeting.propose_conclusion", content=content)
        if known is not None:
            return ExitConclusion.objects.get(pk=referenced_pk(known.result))
        _scope(term.jurisdiction, by, acting_as, on, term.stream())
        FundingProgramme.objects.select_for_update(no_key=True).get(pk=term.pk)
        if ExitConclusion.objects.filter(programme=term).exclude(status="withdrawn").exists():
            raise AlreadyConcluded("这个实施期已有一份结论，没有另行拟订。")
        with change(
            title="拟订三年总评结论",
            act="budgeting.propose_conclusion",
            stream=term.stream(),
            **acts,
        ) as changes:
            row = changes.create(
                ExitConclusion(
                    programme=term,
                    outcome=outcome,
                    findings=findings,
                    number=number,
                    proposed_by=by,
                    proposed_on=on,
                )
            )
        answered_with(key, row)
        return row


def sign_by_office(row: ExitConclusion, *, by: User, on: date, **acts: Any) -> Outcome:
    """政务数据部门的领导签署。Raises as `perform`."""
    return perform(row, "sign_by_office", by=by, on=on, data={"by": by, "on": on}, **acts)


def sign_by_bureau(row: ExitConclusion, *, by: User, on: date, **acts: Any) -> Outcome:
    """财政部门签署，结论自此有效。Raises as `perform`."""
    return perform(row, "sign_by_bureau", by=by, on=on, data={"by": by, "on": on}, **acts)


def withdraw_conclusion(
    row: ExitConclusion, *, note: str, by: User, on: date, **acts: Any
) -> Outcome:
    """撤回两家还没有都签署的结论，理由入历史。Raises as `perform`."""
    return perform(row, "withdraw", by=by, on=on, note=note, **acts)
