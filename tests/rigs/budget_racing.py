"""Running the budget race: threads behind a barrier, each with its own connection.

The guard is the product's row locks and the constraints behind them. The control is the same code
on the same rows without both. In either case a writer who has read the money waits before it
writes, for the others to read as well; behind a lock they cannot, so with the guard nobody waits
long.
"""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field
from random import Random
from typing import Any
from unittest.mock import patch

from django.db import connection
from django.db.models import QuerySet

from budgeting.models import Allocation, BudgetReply, Ceiling
from core.history import Changes
from core.history.verify import verify
from tests.rigs.budget_judge import (
    DEADLOCK,
    REFUSED,
    WON,
    Line,
    Over,
    books,
    disagreements,
    outcome_of,
    over_commits,
)
from tests.rigs.budget_stage import RACES, Act, build_stage
from tests.rigs.databases import OwnDatabase

# Seconds: how long a writer waits for the others with the guard, on average; how long at most
# without it, where all come; how long for all connections.
SHORT, LONG, START = 0.02, 5.0, 60.0
# The number's constraint falls too: its lock does, and it would hide what the ceiling lost.
CONSTRAINTS = (
    (Ceiling, "never_above_ceiling"),
    (Allocation, "never_above_allocation"),
    (BudgetReply, "reply_number_once"),
)
HEADER = (
    f"{'race':<8} {'attempts':>8} {'winners':>7} {'refused':>7} {'errors':>6} {'deadlocks':>9}"
    f" {'over-commits':>12} {'disagreements':>13} {'rounds/s':>8}"
)


@dataclass
class Tally:
    """One race: its journal and what the judge found, round by round."""

    race: str
    rounds: int
    journal: list[Line] = field(default_factory=list)
    over: list[list[Over]] = field(default_factory=list)
    wrong: list[list[str]] = field(default_factory=list)
    seconds: float = 0.0

    @property
    def outcomes(self) -> Counter[str]:
        return Counter(line.outcome for line in self.journal)

    @property
    def won(self) -> int:
        return self.outcomes[WON]

    @property
    def refused(self) -> int:
        return sum(self.outcomes[kind] for kind in REFUSED)

    @property
    def unexpected(self) -> list[Line]:
        return [line for line in self.journal if line.outcome not in (WON, *REFUSED)]

    def row(self) -> str:
        return (
            f"{self.race:<8} {len(self.journal):>8} {self.won:>7} {self.refused:>7}"
            f" {len(self.unexpected):>6} {self.outcomes[DEADLOCK]:>9} {len(self.over):>12}"
            f" {len(self.wrong):>13} {self.rounds / self.seconds:>8.2f}"
        )


class Racing:
    """The stage, built once; every round begins from it."""

    def __init__(
        self, own: OwnDatabase, writers: int, seed: int, *, with_replies: bool = True
    ) -> None:
        self.own, self.seed = own, seed
        self.stage = build_stage(writers, Random(seed), with_replies=with_replies)
        own.keep()

    def run(self, name: str, rounds: int, *, guard: bool = True) -> Tally:
        """Race so many rounds; `verify` closes the last one."""
        tally = Tally(name, rounds)
        began = time.monotonic()
        with _meeting_before_writing(), nullcontext() if guard else _no_guard(self.own):
            for number in range(rounds):
                self.own.put_back()
                self._round(tally, number, guard=guard)
        tally.seconds = time.monotonic() - began
        return tally

    def _round(self, tally: Tally, number: int, *, guard: bool) -> None:
        rng = Random(f"{self.seed}/{tally.race}/{number}")
        now = RACES[tally.race](self.stage, rng)
        before = books()
        told = _race(now.acts, rng, guard=guard)
        journal = [writer.line(tally.race, number) for writer in told]
        tally.journal += journal
        if over := over_commits(now, journal):
            tally.over.append(over)
        wrong = disagreements(now, journal, before)
        if number == tally.rounds - 1:
            wrong += verify().differences
        if wrong:
            tally.wrong.append(wrong)


class Meeting:
    """Where writers who have read the money wait for the others before they write."""

    def __init__(self, expected: int) -> None:
        self.expected, self.here = expected, 0
        self.changed = threading.Condition()

    def arrive(self, patience: float) -> None:
        with self.changed:
            self.here += 1
            self.changed.notify_all()
            self.changed.wait_for(lambda: self.here >= self.expected, patience)

    def expect_one_less(self) -> None:
        with self.changed:
            self.expected -= 1
            self.changed.notify_all()


class Writer(threading.Thread):
    """One act, released with the others, and what the writer was told."""

    def __init__(
        self, number: int, act: Act, start: threading.Barrier, meeting: Meeting, wait: float
    ) -> None:
        super().__init__()
        self.number, self.act = number, act
        self.start_line, self.meeting, self.wait = start, meeting, wait
        self.has_read = False
        self.outcome, self.words, self.told_at = WON, "", 0.0

    def run(self) -> None:
        try:
            connection.ensure_connection()
            self.start_line.wait(START)
            self.act.do()
        except Exception as error:  # noqa: BLE001 - whatever comes is the finding
            self.outcome, self.words = outcome_of(error, self.act), str(error)
        finally:
            self.told_at = time.monotonic()
            connection.close()
            if not self.has_read:
                self.meeting.expect_one_less()

    def meet(self) -> None:
        if not self.has_read:
            self.has_read = True
            self.meeting.arrive(self.wait)

    def line(self, race: str, round_number: int) -> Line:
        act = self.act
        return Line(
            race,
            round_number,
            self.number,
            act.pool,
            act.fen,
            act.kinds,
            self.outcome,
            self.words,
        )


def _race(acts: list[Act], rng: Random, *, guard: bool) -> list[Writer]:
    """Release one writer for each act at the same moment; the writers in the order they ended."""
    start, meeting = threading.Barrier(len(acts)), Meeting(len(acts))
    writers = [
        Writer(number, act, start, meeting, rng.uniform(0, 2 * SHORT) if guard else LONG)
        for number, act in enumerate(acts)
    ]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    return sorted(writers, key=lambda writer: writer.told_at)


@contextmanager
def _meeting_before_writing() -> Iterator[None]:
    """Writers meet between what they read of the money and what they write of it."""
    plain = Changes.update

    def later(self: Changes, row: Any, **values: Any) -> Any:
        writer = threading.current_thread()
        if isinstance(writer, Writer) and isinstance(row, Ceiling | Allocation):
            writer.meet()
        return plain(self, row, **values)

    with patch.object(Changes, "update", later):
        yield


@contextmanager
def _no_guard(own: OwnDatabase) -> Iterator[None]:
    """A row asked for under lock is read as any other, and the constraints are gone."""
    guards = [
        (model, each)
        for model, name in CONSTRAINTS
        for each in model._meta.constraints
        if each.name == name
    ]
    with connection.schema_editor() as editor:
        for model, constraint in guards:
            editor.remove_constraint(model, constraint)
    with patch.object(QuerySet, "select_for_update", lambda rows, **_how: rows.all()):
        yield
    own.put_back()
    with connection.schema_editor() as editor:
        for model, constraint in guards:
            editor.add_constraint(model, constraint)


def report(tallies: list[Tally], *, guard: bool) -> bool:
    """Print the kinds of answers and the first finding of each sort; is the run as it must be?"""
    for tally in tallies:
        kinds = ", ".join(f"{kind} {count}" for kind, count in tally.outcomes.most_common())
        print(f"{tally.race}: {kinds}")
        for finding in (*_first_of_each(tally), *tally.over[:1], *tally.wrong[:1]):
            print(f"  e.g. {'; '.join(str(each) for each in finding)[:400]}")
    if not guard:
        return all(tally.over for tally in tallies)
    rounds = sum(tally.rounds for tally in tallies)
    if not any(tally.over for tally in tallies):
        print(f"0 over-commits in {rounds} rounds: fewer than {3 / rounds:.1%} of rounds (95 %)")
    return all(_is_clean(tally) for tally in tallies)


def _first_of_each(tally: Tally) -> list[list[str]]:
    """The first unexpected answer of each kind."""
    first: dict[str, Line] = {}
    for line in tally.unexpected:
        first.setdefault(line.outcome, line)
    return [[f"round {e.round}, writer {e.writer}: {e.words}"] for e in first.values()]


def _is_clean(tally: Tally) -> bool:
    """Nothing found, and there was something to find: some won, some had to be refused."""
    was_raced = bool(tally.won and tally.refused)
    return was_raced and not (tally.over or tally.wrong or tally.unexpected)
