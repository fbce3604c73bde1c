"""Judging one round of the budget race: by the rig's own journal first, then by the tables.

The rig knows by itself how much money there was and which acts were acknowledged. The tables are
read twice, by the columns of the rows and by the entries of the ledger: without locks an update is
lost and a column looks harmless.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass

from django.db.models import Sum

from budgeting.models import (
    BUCKETS,
    Allocation,
    BudgetReply,
    Ceiling,
    LedgerEntry,
    ReplyStatus,
)
from budgeting.services import CeilingExceeded, FundsShort, ledger_differences
from core.history.models import EventKind, HistoryEvent
from core.transitions import TransitionRefused
from tests.rigs.budget_stage import Act, Round

WON, DEADLOCK = "won", "deadlock"
REFUSALS = (TransitionRefused, CeilingExceeded, FundsShort)
REFUSED = tuple(kind.__name__ for kind in REFUSALS)
CEILING_RULE = "YB-12-within-ceiling"
DEADLOCK_STATE = "40P01"


@dataclass(frozen=True)
class Line:
    """One line of the journal: what a writer was told."""

    race: str
    round: int
    writer: int
    pool: str
    fen: int
    kinds: tuple[str, ...]
    outcome: str
    words: str = ""


@dataclass(frozen=True)
class Over:
    """More was taken than there was; `where` says by whose account."""

    where: str
    there_fen: int
    taken_fen: int

    def __str__(self) -> str:
        return f"{self.where}: {self.taken_fen} of {self.there_fen}"


@dataclass(frozen=True)
class Books:
    """What the tables count: entries by kind, replies issued, refusals recorded."""

    entries: Counter[str]
    issued: int
    refusals: int


def outcome_of(error: Exception, act: Act) -> str:
    """The name of a refusal for want of money; anything else is unexpected."""
    state = getattr(error.__cause__, "sqlstate", "")
    if state == DEADLOCK_STATE:
        return DEADLOCK
    if isinstance(error, CeilingExceeded | FundsShort):
        is_right = error.available_fen < act.fen
    elif isinstance(error, TransitionRefused):
        is_right = {verdict.rule for verdict in error.refusals} == {CEILING_RULE}
    else:
        is_right = False
    return type(error).__name__ if is_right else f"unexpected {type(error).__name__}"


def books() -> Books:
    sums = LedgerEntry.objects.order_by().values_list("kind").annotate(Sum("amount_fen"))
    return Books(
        Counter(dict(sums)),
        BudgetReply.objects.filter(status=ReplyStatus.ISSUED).count(),
        HistoryEvent.objects.filter(kind=EventKind.REFUSED).count(),
    )


# --- Over-commitment ------------------------------------------------------------------------------


def over_commits(now: Round, journal: list[Line]) -> list[Over]:
    """Every account by which more was taken than there was."""
    found = [
        Over(f"journal, {pool}", fen, taken)
        for pool, fen in now.pools.items()
        if (taken := _acknowledged(journal, pool)) > fen
    ]
    sums = _entry_sums()
    for line in Allocation.objects.all():
        found += _over_on_line(line, sums[line.pk])
    for ceiling in Ceiling.objects.all():
        found += _over_on_ceiling(ceiling, sums)
    return found


def _acknowledged(journal: list[Line], pool: str) -> int:
    return sum(line.fen for line in journal if line.outcome == WON and line.pool == pool)


def _entry_sums() -> dict[int, Counter[str]]:
    rows = LedgerEntry.objects.order_by().values_list("allocation", "kind")
    sums: dict[int, Counter[str]] = defaultdict(Counter)
    for allocation, kind, fen in rows.annotate(Sum("amount_fen")):
        sums[allocation][kind] += fen
    return sums


def _from_entries(entries: Counter[str]) -> dict[str, int]:
    """The buckets of an allocation as its entries make them."""
    return {
        bucket: sum(entries[k] for k in added) - sum(entries[k] for k in taken)
        for bucket, (added, taken) in BUCKETS.items()
    }


def _over_on_line(line: Allocation, entries: Counter[str]) -> list[Over]:
    found = []
    columns = {bucket: getattr(line, bucket) for bucket in BUCKETS}
    for account, buckets in (("columns", columns), ("entries", _from_entries(entries))):
        approved = buckets.pop("approved_fen")
        # A bucket below nothing was emptied more than once.
        taken = sum(max(fen, 0) for fen in buckets.values())
        if taken > approved:
            found.append(Over(f"allocation {line.pk}, {account}", approved, taken))
    return found


def _over_on_ceiling(ceiling: Ceiling, sums: dict[int, Counter[str]]) -> list[Over]:
    lines = list(Allocation.objects.filter(ceiling=ceiling))
    entries = [_from_entries(sums[line.pk]) for line in lines]
    accounts = {
        "column": ceiling.allocated_fen,
        "allocations": sum(line.approved_fen - line.released_fen for line in lines),
        "entries": sum(b["approved_fen"] - b["released_fen"] for b in entries),
    }
    return [
        Over(f"ceiling {ceiling.pk}, {account}", ceiling.amount_fen, taken)
        for account, taken in accounts.items()
        if taken > ceiling.amount_fen
    ]


# --- Agreement ------------------------------------------------------------------------------------


def disagreements(now: Round, journal: list[Line], before: Books) -> list[str]:
    """Where the ledger, the numbers, the records and the journal do not tell the same story."""
    after = books()
    refused = sum(line.outcome in REFUSED for line in journal)
    issued = sum(line.outcome == WON and line.pool == "ceiling" for line in journal)
    pairs = {
        "refusals recorded": (after.refusals - before.refusals, refused),
        "replies issued": (after.issued - before.issued, issued),
    }
    promised = Counter(before.entries)
    for line in journal:
        if line.outcome == WON:
            promised.update(dict.fromkeys(line.kinds, line.fen))
    for kind in after.entries | promised:
        pairs[f"entries “{kind}”"] = (after.entries[kind], promised[kind])
    found = [f"{what}: tables {a}, journal {b}" for what, (a, b) in pairs.items() if a != b]
    return [*found, *ledger_differences(), *_wrong_numbers(), *_needless(now, journal)]


def _wrong_numbers() -> list[str]:
    """Reply numbers of a bureau run from 1 without a gap and without a double."""
    numbers: dict[str, list[str]] = defaultdict(list)
    issued = BudgetReply.objects.filter(status=ReplyStatus.ISSUED).select_related("bureau")
    for reply in issued:
        numbers[f"{reply.bureau.document_code}〔{reply.year}〕"].append(reply.number)
    return [
        f"reply numbers: {sorted(found)}"
        for prefix, found in numbers.items()
        if sorted(found) != sorted(f"{prefix}{n}号" for n in range(1, len(found) + 1))
    ]


def _needless(now: Round, journal: list[Line]) -> list[str]:
    """Pools only shrink, so what was refused did not fit into what is left at the end."""
    left = {pool: fen - _acknowledged(journal, pool) for pool, fen in now.pools.items()}
    return [
        f"writer {line.writer} was refused {line.fen} of {left[line.pool]}"
        for line in journal
        if line.outcome in REFUSED and line.fen <= left[line.pool]
    ]
