"""年终：一个年度的各项资金逐项办理结转、拟订收回、结账；每项各有结果，跑几遍都一样。"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from accounts.models import RoleAssignment, User
from budgeting.facts.closing import lines_under
from budgeting.models import (
    AdjustmentKind,
    AdjustmentStatus,
    Allocation,
    BudgetAdjustment,
    Ceiling,
    YearClosing,
    unreserved,
)
from budgeting.services import close_ceiling, draft_adjustment, words_of
from contracts.models import Contract, ContractSlice
from contracts.selectors.ledgers import UNPAID
from contracts.services.filing import carry_over
from core.money import format_yuan
from core.transitions import ActError
from projects.models import ENDED_STAGES, ProjectKind


@dataclass(frozen=True)
class Item:
    """办了的或者没有办成的一件：什么事、哪个项目或者合同、结果。"""

    title: str
    subject: str
    words: str
    is_done: bool
    url: str = ""


@dataclass(frozen=True)
class YearEnd:
    """一项控制数的年终结果：逐件，以及结账了没有。"""

    ceiling: Ceiling
    items: tuple[Item, ...]
    is_closed: bool


def close_year(
    ceilings: Sequence[Ceiling],
    *,
    number: str,
    by: User,
    acting_as: RoleAssignment | None,
    on: date,
) -> list[YearEnd]:
    """逐项：未付的承诺结转，没有动用的拟订年末收回（`number` 为文号），都了结的结账。

    每件一次事务，办不成的写明缘由，不妨碍别的；已经结账的不动。
    """
    acts: dict[str, Any] = {"by": by, "acting_as": acting_as, "on": on}
    return [_one(ceiling, number, acts) for ceiling in ceilings]


def _one(ceiling: Ceiling, number: str, acts: dict[str, Any]) -> YearEnd:
    if YearClosing.objects.filter(ceiling=ceiling).exists():
        return YearEnd(ceiling, (), is_closed=True)
    items = [*_carried(ceiling, acts), *_reclaimed(ceiling, number, acts), *_stuck(ceiling)]
    try:
        close_ceiling(ceiling, **acts)
    except ActError as error:
        items.append(Item("结账", str(ceiling.fund), words_of(error), is_done=False))
        return YearEnd(ceiling, tuple(items), is_closed=False)
    items.append(Item("结账", str(ceiling.fund), "已结账", is_done=True))
    return YearEnd(ceiling, tuple(items), is_closed=True)


def _carried(ceiling: Ceiling, acts: dict[str, Any]) -> Iterator[Item]:
    """有未付份额的合同，各自结转到下一年度。"""
    unpaid = ContractSlice.objects.annotate(left_fen=UNPAID).filter(
        allocation__ceiling=ceiling, left_fen__gt=0
    )
    for contract in Contract.objects.filter(pk__in=unpaid.values("contract")).order_by("pk"):
        url = contract.get_absolute_url()
        try:
            carry_over(contract, year=ceiling.year, **acts)
        except ActError as error:
            yield Item("结转", str(contract), words_of(error), is_done=False, url=url)
        else:
            yield Item(
                "结转", str(contract), f"已转入 {ceiling.year + 1} 年", is_done=True, url=url
            )


def _reclaimed(ceiling: Ceiling, number: str, acts: dict[str, Any]) -> Iterator[Item]:
    """没有动用的批复，拟订年末收回；由另一名财政审核人批准之后才收回。"""
    for line in lines_under(ceiling):
        fen = unreserved(line)
        if fen <= 0 or line.project.stage in ENDED_STAGES:
            continue
        subject, url = str(line.project), f"/budget/projects/{line.project_id}/"
        words = f"{format_yuan(fen)} 元，待另一名财政审核人批准收回"
        if _is_drafted(line):
            yield Item("年末收回", subject, words, is_done=True, url=url)
            continue
        try:
            draft_adjustment(
                line.project,
                kind=AdjustmentKind.RECLAIM,
                allocation=line,
                amount_fen=fen,
                number=number,
                reason=f"{ceiling.year} 年终结账，没有动用的批复收回。",
                **acts,
            )
        except ActError as error:
            yield Item("年末收回", subject, words_of(error), is_done=False, url=url)
        else:
            yield Item("年末收回", subject, words, is_done=True, url=url)


def _is_drafted(line: Allocation) -> bool:
    return BudgetAdjustment.objects.filter(
        allocation=line, kind=AdjustmentKind.RECLAIM, status=AdjustmentStatus.DRAFTED
    ).exists()


def _stuck(ceiling: Ceiling) -> Iterator[Item]:
    """要由别人先办的：没有签合同的预留，没有结清的补助。"""
    for line in lines_under(ceiling):
        project, fen = line.project, format_yuan(line.reserved_fen)
        url = project.get_absolute_url()
        if line.reserved_fen:
            words = f"预留 {fen} 元还没有签合同：签订之后结转，或者终止采购释放"
            yield Item("预留", str(project), words, is_done=False, url=url)
        if line.committed_fen and project.kind == ProjectKind.SUBSIDY:
            fen = format_yuan(line.committed_fen)
            words = f"补助还有 {fen} 元没有拨付、结清"
            yield Item("补助", str(project), words, is_done=False, url=url)
