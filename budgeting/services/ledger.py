"""资金台账：下达控制数、批复并预留。锁按固定次序取得，上限由数据库守住。"""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import IntegrityError, models, transaction

from accounts.models import RoleAssignment, User
from budgeting.facts import split_by_fund
from budgeting.facts.programme import covering_term
from budgeting.models import (
    Allocation,
    Ceiling,
    CeilingRound,
    EntryKind,
    FundingProgramme,
    LedgerEntry,
    Round,
)
from budgeting.services.limits import (
    CeilingScope,
    require_ceiling,
    require_limit,
    require_open,
    require_round,
)
from core.history import Changes, change, unit_of_work
from core.history.values import reference
from core.transitions import StaleAct, claim, require_may
from projects.models import FundSource, Project, Purchaser


def set_ceiling(
    purchaser: Purchaser,
    *,
    year: int,
    fund: FundSource,
    amount_fen: int,
    number: str,
    by: User,
    acting_as: RoleAssignment | None,
    on: date,
    version: int | None = None,
    key: str | None = None,
) -> Ceiling:
    """下达或调整控制数（分，不含上年结转）：结转在前在后，合计相同。

    Raises `CeilingExceeded` below what is allocated, `NotPermitted`, `StaleAct`.
    """
    acts: dict[str, Any] = {"by": by, "acting_as": acting_as, "on": on}
    scope = CeilingScope(purchaser)
    same: dict[str, Any] = {"purchaser": purchaser, "year": year, "fund": fund}
    with unit_of_work():
        content = [purchaser, year, fund, amount_fen, number]
        if claim(key, by=by, act="budgeting.set_ceiling", content=content) is not None:
            return Ceiling.objects.get(**same)
        require_may(
            "budgeting.set_ceiling",
            on=scope,
            stream=scope.stream(),
            by=by,
            acting_as=acting_as,
            day=on,
        )
        # The purchaser's row is the lock of a ceiling that does not exist yet.
        Purchaser.objects.select_for_update(no_key=True).get(pk=purchaser.pk)
        known = Ceiling.objects.select_for_update(no_key=True).filter(**same).first()
        if known is not None and version is not None and not _is_current(known, version):
            raise StaleAct("下达控制数")
        with change(
            title="下达控制数" if known is None or known.set_on is None else "调整控制数",
            act="budgeting.set_ceiling",
            stream=scope.stream(),
            **acts,
        ) as changes:
            ceiling = grant(changes, scope, same, amount_fen, number, **acts)
            changes.name_subject(ceiling)
            note_adjustment(changes, scope, same, amount_fen, number, acts)
            return ceiling


def grant(
    changes: Changes,
    scope: CeilingScope,
    same: dict[str, Any],
    amount_fen: int,
    number: str,
    **acts: Any,
) -> Ceiling:
    """写入控制数（分，不含上年结转）；`same` 是购买主体、年度、资金来源，已由调用者锁住。

    Raises `CeilingExceeded`.
    """
    known = Ceiling.objects.select_for_update(no_key=True).filter(**same).first()
    given = {"amount_fen": amount_fen, "set_on": acts["on"], "number": number}
    made = known or establish(changes, Ceiling(**same, **given))
    # None: a carry-over has just set it up; what it carried comes on top.
    ceiling = made or Ceiling.objects.select_for_update(no_key=True).get(**same)
    given["amount_fen"] = amount_fen + ceiling.carried_in_fen
    require_open(scope, ceiling, **acts)
    require_limit(scope, ceiling, amount_fen + ceiling.carried_in_fen, **acts)
    return changes.update(ceiling, **given)


def note_adjustment(
    changes: Changes,
    scope: CeilingScope,
    same: dict[str, Any],
    amount_fen: int,
    number: str,
    acts: dict[str, Any],
) -> None:
    """编报过的控制数，直接改动即是年中调整，须在二下之后；没有编报过的不记轮次。"""
    if not CeilingRound.objects.filter(**same).exists():
        return
    purchaser, year, fund = same["purchaser"], same["year"], same["fund"]
    require_round(scope, purchaser, year, fund, Round.ADJUSTED, **acts)
    changes.create(
        CeilingRound(
            **same,
            round=Round.ADJUSTED,
            amount_fen=amount_fen,
            stated_on=acts["on"],
            number=number,
            stated_by=acts["by"],
        )
    )


def _is_current(ceiling: Ceiling, version: int) -> bool:
    """页面所见的还是这一版；只有结转、还没有下达过的，也可以当作新的下达（版次 0）。"""
    return version == ceiling.version or (version == 0 and ceiling.set_on is None)


def establish(changes: Changes, ceiling: Ceiling) -> Ceiling | None:
    """设立控制数；与结转同时设立而对方先提交的，返回 None。"""
    try:
        with transaction.atomic():
            return changes.create(ceiling)
    except IntegrityError:
        same = Ceiling.objects.filter(
            purchaser=ceiling.purchaser_id, year=ceiling.year, fund=ceiling.fund_id
        )
        if not same.exists():
            raise
        return None


def lock_ceilings(projects: list[Project]) -> None:
    """按固定次序（主键）锁住所涉控制数，再锁所涉专项；在读取规则事实之前调用。"""
    wanted = {(p.purchaser_id, p.year, f.fund_id) for p in projects for f in p.fund_lines.all()}
    condition = models.Q(pk__in=[])
    for purchaser, year, fund in wanted:
        condition |= models.Q(purchaser=purchaser, year=year, fund=fund)
    list(Ceiling.objects.select_for_update(no_key=True).filter(condition).order_by("pk"))
    terms = {term.pk for p in projects if (term := covering_term(p)) is not None}
    rows = FundingProgramme.objects.select_for_update(no_key=True).filter(pk__in=terms)
    list(rows.order_by("pk"))


def allocate_and_reserve(
    project: Project,
    *,
    approved_fen: int,
    document: models.Model,
    by: User,
    acting_as: RoleAssignment | None,
    on: date,
) -> list[Allocation]:
    """批复并预留（分）：按资金构成分摊到各控制数。Raises `CeilingExceeded`."""
    made = []
    with change(
        title="批复并预留资金",
        act="budgeting.reserve",
        by=by,
        acting_as=acting_as,
        on=on,
        stream=project.stream(),
    ) as changes:
        for fund_id, share in split_by_fund(project, approved_fen):
            ceiling = Ceiling.objects.select_for_update(no_key=True).get(
                purchaser=project.purchaser_id, year=project.year, fund=fund_id
            )
            require_ceiling(project, ceiling, share, by=by, acting_as=acting_as, on=on)
            changes.update(ceiling, allocated_fen=ceiling.allocated_fen + share)
            allocation = changes.create(
                Allocation(project=project, ceiling=ceiling, approved_fen=share, reserved_fen=share)
            )
            for kind in (EntryKind.APPROVE, EntryKind.RESERVE):
                enter(changes, allocation, kind, share, document, on)
            made.append(allocation)
    return made


def enter(
    changes: Changes,
    allocation: Allocation,
    kind: str,
    amount_fen: int,
    document: models.Model,
    on: date,
) -> LedgerEntry:
    """记一笔分录；所有过账都经过这里，结过账的年度到此为止。Raises `TransitionRefused`."""
    who = {"by": changes.event.by, "acting_as": changes.event.acting_as}
    require_open(allocation.project, allocation.ceiling, on=on, **who)
    return changes.create(
        LedgerEntry(
            allocation=allocation,
            kind=kind,
            amount_fen=amount_fen,
            effective_on=on,
            document=reference(document),
        )
    )
