"""资金台账：可用余额、下达控制数、批复并预留。锁按固定次序取得，上限由数据库守住。"""

from __future__ import annotations

from datetime import date

from django.db import IntegrityError, models, transaction

from accounts.models import Jurisdiction, Organisation, RoleAssignment, User
from budgeting.facts import split_by_fund
from budgeting.models import Allocation, Ceiling, EntryKind, LedgerEntry
from core.history import Changes, change, unit_of_work
from core.history.values import reference
from core.money import format_yuan
from core.transitions import ActError, StaleAct, claim, require_may
from projects.models import FundSource, Project, Purchaser


class CeilingExceeded(ActError):
    """控制数不够；`available_fen` 为尚可用的金额（分）。"""

    def __init__(self, ceiling: str, available_fen: int) -> None:
        self.available_fen = available_fen
        super().__init__(
            f"{ceiling}可用余额只有 {format_yuan(available_fen)} 元，未作任何改动。"
            "请调整金额或控制数。"
        )


def available(ceiling: Ceiling) -> int:
    """控制数的可用余额（分）：控制数减已分配。全系统只此一处计算。"""
    return ceiling.amount_fen - ceiling.allocated_fen


def unreserved(allocation: Allocation) -> int:
    """分配中尚未动用的金额（分）：批复减其余各桶。全系统只此一处计算。"""
    return (
        allocation.approved_fen
        - allocation.reserved_fen
        - allocation.committed_fen
        - allocation.paid_fen
        - allocation.released_fen
        - allocation.carried_fen
    )


class _CeilingScope:
    """控制数的权限范围：按购买主体所在辖区判断。"""

    def __init__(self, purchaser: Purchaser) -> None:
        self.purchaser = purchaser

    def owner(self) -> Organisation:
        return self.purchaser.organisation

    def assignee(self) -> None:
        return None

    def required_role(self, _act: str, /) -> None:
        return None

    def jurisdiction(self) -> Jurisdiction:
        return self.purchaser.organisation.jurisdiction


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
    """下达或调整控制数（分）。Raises `CeilingExceeded` below what is allocated, `NotPermitted`."""
    with unit_of_work():
        content = [purchaser, year, fund, amount_fen, number]
        if claim(key, by=by, act="budgeting.set_ceiling", content=content) is not None:
            return Ceiling.objects.get(purchaser=purchaser, year=year, fund=fund)
        require_may(
            "budgeting.set_ceiling",
            on=_CeilingScope(purchaser),
            stream=f"projects.purchaser:{purchaser.pk}",
            by=by,
            acting_as=acting_as,
            day=on,
        )
        # The purchaser's row is the lock of a ceiling that does not exist yet.
        Purchaser.objects.select_for_update(no_key=True).get(pk=purchaser.pk)
        known = (
            Ceiling.objects.select_for_update(no_key=True)
            .filter(purchaser=purchaser, year=year, fund=fund)
            .first()
        )
        if known is not None and version is not None and known.version != version:
            raise StaleAct("下达控制数")
        if known is not None and amount_fen < known.allocated_fen:
            raise CeilingExceeded(str(known), available(known))
        with change(
            title="下达控制数" if known is None else "调整控制数",
            act="budgeting.set_ceiling",
            by=by,
            acting_as=acting_as,
            on=on,
            subject=known,
            stream=f"projects.purchaser:{purchaser.pk}",
        ) as changes:
            ceiling = known or Ceiling(purchaser=purchaser, year=year, fund=fund)
            ceiling.amount_fen, ceiling.set_on, ceiling.number = amount_fen, on, number
            made = establish(changes, ceiling) if known is None else changes.save(ceiling)
            if made is None:
                raise StaleAct("下达控制数")
            return made


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
    """按固定次序（主键）锁住所涉控制数；在读取规则事实之前调用。"""
    wanted = {(p.purchaser_id, p.year, f.fund_id) for p in projects for f in p.fund_lines.all()}
    condition = models.Q(pk__in=[])
    for purchaser, year, fund in wanted:
        condition |= models.Q(purchaser=purchaser, year=year, fund=fund)
    list(Ceiling.objects.select_for_update(no_key=True).filter(condition).order_by("pk"))


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
            if share > available(ceiling):
                raise CeilingExceeded(str(ceiling), available(ceiling))
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
    return changes.create(
        LedgerEntry(
            allocation=allocation,
            kind=kind,
            amount_fen=amount_fen,
            effective_on=on,
            document=reference(document),
        )
    )
