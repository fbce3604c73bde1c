"""项目一侧的过账：预留转承诺、承诺转支付、释放、退回、结转、调整。每笔两头相抵，分录只增不改。

调用者先用 `lock_lines` 锁住项目的各条分配（先控制数，后分配，都按主键），再看余额、再过账。
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import models
from django.db.models import Exists, OuterRef, Q

from accounts.models import RoleAssignment, User
from budgeting.models import Allocation, Ceiling, EntryKind, unreserved
from budgeting.services.ledger import enter, establish
from budgeting.services.limits import require_ceiling, require_funds, require_released
from core.history import Changes, change
from core.money import allocate
from projects.models import Project


@dataclass(frozen=True)
class Share:
    """一笔金额落在一条分配上的部分（分）。"""

    allocation: Allocation
    amount_fen: int


@dataclass(frozen=True)
class Posting:
    """一次过账的依据：凭什么文件、谁、以什么岗位、哪一天。"""

    document: models.Model
    by: User
    acting_as: RoleAssignment | None
    on: date

    def acts(self) -> dict[str, Any]:
        """谁、以什么岗位、哪一天。"""
        return {"by": self.by, "acting_as": self.acting_as, "on": self.on}


def lock_lines(*projects: Project, ceiling: Ceiling | None = None) -> list[Allocation]:
    """锁住各项目的各条分配及其控制数，次序固定；返回锁住的分配，按主键。

    同一资金下一年度的控制数一并锁住：结转要动用它，届时再锁就乱了次序；`ceiling` 亦然。
    """
    year = OuterRef("year")
    held = Allocation.objects.filter(
        Q(ceiling__year=year) | Q(ceiling__year=year - 1),
        project__in=projects,
        ceiling__purchaser=OuterRef("purchaser"),
        ceiling__fund=OuterRef("fund"),
    )
    wanted = Exists(held) | Q(pk=ceiling.pk) if ceiling is not None else Exists(held)
    list(Ceiling.objects.select_for_update(no_key=True).filter(wanted).order_by("pk"))
    rows = Allocation.objects.select_for_update(no_key=True, of=("self",))
    near = rows.select_related("ceiling__fund", "ceiling__purchaser__organisation")
    return list(near.filter(project__in=projects).order_by("pk"))


def unreserved_of(project: Project) -> int:
    """项目各条分配尚未动用的合计（分）。"""
    return sum(unreserved(a) for a in Allocation.objects.filter(project=project))


def release(project: Project, amount_fen: int, posting: Posting) -> list[Share]:
    """释放预留（分），退回控制数。Raises `FundsShort`."""
    _require_positive(amount_fen)
    with _change("释放预留资金", project, posting) as changes:
        shares = _spread(project, "reserved_fen", "的预留", amount_fen, posting)
        for share in shares:
            _move(changes, share, EntryKind.RELEASE, posting, "reserved_fen", "released_fen")
            _return_to_ceiling(changes, share)
    return shares


def commit(project: Project, amount_fen: int, posting: Posting) -> list[Share]:
    """预留转为承诺（分）。Raises `FundsShort`, and `NotReleased` where releases are recorded."""
    _require_positive(amount_fen)
    with _change("预留转为承诺", project, posting) as changes:
        shares = _spread(project, "reserved_fen", "的预留", amount_fen, posting)
        _require_released(project, shares, posting)
        for share in shares:
            _move(changes, share, EntryKind.COMMIT, posting, "reserved_fen", "committed_fen")
    return shares


def commit_more(project: Project, amount_fen: int, posting: Posting) -> list[Share]:
    """尚未动用的金额转为承诺（分），用于补充合同。Raises `FundsShort`, `NotReleased`."""
    _require_positive(amount_fen)
    with _change("追加承诺", project, posting) as changes:
        lines = lock_lines(project)
        left = [unreserved(line) for line in lines]
        shares = _shares(project, lines, left, "的可用余额", amount_fen, posting)
        _require_released(project, shares, posting)
        for share in shares:
            line = share.allocation
            changes.update(line, committed_fen=line.committed_fen + share.amount_fen)
            for kind in (EntryKind.RESERVE, EntryKind.COMMIT):
                enter(changes, line, kind, share.amount_fen, posting.document, posting.on)
    return shares


def pay(project: Project, shares: Sequence[Share], posting: Posting) -> None:
    """承诺转为支付（分）。Raises `FundsShort`."""
    _require_positive(*(share.amount_fen for share in shares))
    with _change("支付", project, posting) as changes:
        for now in _committed(project, shares, posting):
            _move(changes, now, EntryKind.PAY, posting, "committed_fen", "paid_fen")


def decommit(project: Project, shares: Sequence[Share], posting: Posting) -> None:
    """释放不再需要支付的承诺（分），退回控制数。Raises `FundsShort`."""
    _require_positive(*(share.amount_fen for share in shares))
    with _change("释放承诺", project, posting) as changes:
        for now in _committed(project, shares, posting):
            _move(changes, now, EntryKind.DECOMMIT, posting, "committed_fen", "released_fen")
            _return_to_ceiling(changes, now)


def refund(project: Project, amount_fen: int, posting: Posting) -> list[Share]:
    """已付的退回（分），退回控制数。Raises `FundsShort`."""
    _require_positive(amount_fen)
    with _change("退回资金", project, posting) as changes:
        shares = _spread(project, "paid_fen", "的已付金额", amount_fen, posting)
        for share in shares:
            _move(changes, share, EntryKind.REFUND, posting, "paid_fen", "released_fen")
            _return_to_ceiling(changes, share)
    return shares


def carry_over(
    project: Project, allocation: Allocation, amount_fen: int, posting: Posting
) -> Allocation:
    """未付的承诺结转下一年度（分）：下年控制数随之增加；返回下年的分配。Raises `FundsShort`."""
    _require_positive(amount_fen)
    with _change("结转下年", project, posting) as changes:
        (share,) = _committed(project, [Share(allocation, amount_fen)], posting)
        _move(changes, share, EntryKind.CARRY_OUT, posting, "committed_fen", "carried_fen")
        ceiling = _next_ceiling(changes, share.allocation.ceiling, amount_fen)
        known = Allocation.objects.filter(project=project, ceiling=ceiling).first()
        if known is None:
            known = changes.create(Allocation(project=project, ceiling=ceiling))
        changes.update(
            known,
            approved_fen=known.approved_fen + amount_fen,
            committed_fen=known.committed_fen + amount_fen,
        )
        enter(changes, known, EntryKind.CARRY_IN, amount_fen, posting.document, posting.on)
    return known


def _next_ceiling(changes: Changes, ceiling: Ceiling, amount_fen: int) -> Ceiling:
    """下一年度同一资金的控制数，连同结转数；还没有的，以结转数设立，留待财政下达。"""
    same = {"purchaser": ceiling.purchaser, "year": ceiling.year + 1, "fund": ceiling.fund}
    rows = Ceiling.objects.select_for_update(no_key=True).filter(**same)
    found = rows.first()
    if found is None:
        found = establish(changes, Ceiling(**same, amount_fen=0)) or rows.get()
    return changes.update(
        found,
        amount_fen=found.amount_fen + amount_fen,
        carried_in_fen=found.carried_in_fen + amount_fen,
        allocated_fen=found.allocated_fen + amount_fen,
    )


@dataclass(frozen=True)
class Moved:
    """一条分配的批复数，调整之前和之后（分）。"""

    before_fen: int
    after_fen: int


def raise_approved(project: Project, line: Allocation, amount_fen: int, posting: Posting) -> Moved:
    """追加批复数（分），不超过控制数的可用余额。Raises `CeilingExceeded`."""
    _require_positive(amount_fen)
    with _change("追加预算", project, posting) as changes:
        now = _locked(line, project)
        ceiling = Ceiling.objects.select_for_update(no_key=True).get(pk=now.ceiling_id)
        require_ceiling(project, ceiling, amount_fen, **posting.acts())
        changes.update(ceiling, allocated_fen=ceiling.allocated_fen + amount_fen)
        return _adjust(changes, now, EntryKind.INCREASE, amount_fen, posting)


def lower_approved(
    project: Project, line: Allocation, amount_fen: int, posting: Posting, kind: str
) -> Moved:
    """调减或者年末收回批复数（分），退回控制数；只动还没有动用的。Raises `FundsShort`."""
    _require_positive(amount_fen)
    with _change(EntryKind(kind).label, project, posting) as changes:
        now = _locked(line, project)
        require_funds(project, "的可用余额", amount_fen, unreserved(now), **posting.acts())
        moved = _adjust(changes, now, kind, -amount_fen, posting)
        _return_to_ceiling(changes, Share(now, amount_fen))
        return moved


def transfer(
    giver: Project, line: Allocation, receiver: Project, amount_fen: int, posting: Posting
) -> tuple[Moved, Moved]:
    """同一控制数之内，一个项目还没有动用的批复数调给另一个项目（分）；两个案卷各记一笔。

    Raises `FundsShort`; `KeyError` where the receiver has no line of that ceiling.
    """
    _require_positive(amount_fen)
    lines = {(x.project_id, x.ceiling_id): x for x in lock_lines(giver, receiver)}
    source = lines[giver.pk, line.ceiling_id]
    with _change("调剂调出", giver, posting) as changes:
        require_funds(giver, "的可用余额", amount_fen, unreserved(source), **posting.acts())
        given = _adjust(changes, source, EntryKind.MOVE_OUT, -amount_fen, posting)
    with _change("调剂调入", receiver, posting) as changes:
        target = lines[receiver.pk, line.ceiling_id]
        taken = _adjust(changes, target, EntryKind.MOVE_IN, amount_fen, posting)
    return given, taken


def _require_positive(*amounts_fen: int) -> None:
    """过账的每一份都大于零；不然是调用者的错，不该走到数据库。"""
    if any(fen <= 0 for fen in amounts_fen):
        raise ValueError(f"posted amounts are positive, not {amounts_fen}")


def _spread(
    project: Project, bucket: str, words: str, amount_fen: int, posting: Posting
) -> list[Share]:
    lines = lock_lines(project)
    return _shares(project, lines, [getattr(x, bucket) for x in lines], words, amount_fen, posting)


def _shares(
    project: Project,
    lines: list[Allocation],
    left: list[int],
    words: str,
    amount_fen: int,
    posting: Posting,
) -> list[Share]:
    """按各条余额的比例分摊（最大余数法），合计分毫不差，每份不超过该条的余额。"""
    require_funds(project, words, amount_fen, sum(left), **posting.acts())
    parts = allocate(amount_fen, left)
    return [Share(line, fen) for line, fen in zip(lines, parts, strict=True) if fen]


def _require_released(project: Project, shares: Sequence[Share], posting: Posting) -> None:
    """每份所动用的资金都已下达；各资金来源依主键锁住。Raises `NotReleased`."""
    for share in sorted(shares, key=lambda each: each.allocation.ceiling.fund_id):
        require_released(project, share.allocation.ceiling, share.amount_fen, **posting.acts())


def _committed(project: Project, shares: Sequence[Share], posting: Posting) -> Iterator[Share]:
    """指明的各份，逐份落在锁住的分配上，不超过它当时的承诺。Raises `FundsShort`."""
    lines = {line.pk: line for line in lock_lines(project)}
    for share in shares:
        line = lines[share.allocation.pk]
        acts = posting.acts()
        require_funds(project, "的承诺", share.amount_fen, line.committed_fen, **acts)
        yield Share(line, share.amount_fen)


def _move(
    changes: Changes, share: Share, kind: str, posting: Posting, source: str, target: str
) -> None:
    line, fen = share.allocation, share.amount_fen
    changes.update(
        line, **{source: getattr(line, source) - fen, target: getattr(line, target) + fen}
    )
    enter(changes, line, kind, fen, posting.document, posting.on)


def _locked(line: Allocation, project: Project) -> Allocation:
    """The project's line as the database holds it now, locked with all the others."""
    return next(each for each in lock_lines(project) if each.pk == line.pk)


def _adjust(
    changes: Changes, line: Allocation, kind: str, change_fen: int, posting: Posting
) -> Moved:
    before = line.approved_fen
    changes.update(line, approved_fen=before + change_fen)
    enter(changes, line, kind, abs(change_fen), posting.document, posting.on)
    return Moved(before, before + change_fen)


def _return_to_ceiling(changes: Changes, share: Share) -> None:
    ceiling = Ceiling.objects.select_for_update(no_key=True).get(pk=share.allocation.ceiling_id)
    changes.update(ceiling, allocated_fen=ceiling.allocated_fen - share.amount_fen)


def _change(title: str, project: Project, posting: Posting) -> AbstractContextManager[Changes]:
    return change(title=title, act="budgeting.post", stream=project.stream(), **posting.acts())
