"""The budget race: many writers at one ceiling and at one project's money, round after round.

    python -m tests.rigs.budget_race --writers 16 --rounds 50 [--no-guard] [--seed N]

Exit code 0: with the guard nothing was over-committed and nothing went wrong; without it every
race did over-commit. See README.md beside this file.
"""

from __future__ import annotations

import argparse
import json
import os
import secrets
import sys
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from tests.rigs import cluster


@dataclass(frozen=True)
class Options:
    writers: int
    rounds: int
    guard: bool
    seed: int
    races: tuple[str, ...]
    journal: Path | None = None


def parsed(arguments: list[str]) -> Options:
    parser = argparse.ArgumentParser(prog="python -m tests.rigs.budget_race")
    parser.add_argument("--writers", type=int, default=16, choices=range(3, 81), metavar="3…80")
    parser.add_argument("--rounds", type=int, default=50, choices=range(1, 10_001), metavar="N")
    parser.add_argument("--no-guard", action="store_true", help="the control: must over-commit")
    parser.add_argument("--seed", type=int, default=None)
    names = ("ceiling", "line", "mixed", "reserve")
    parser.add_argument("--race", action="append", choices=names, help="default: all four")
    parser.add_argument("--journal", type=Path, help="append what was acknowledged, as JSON lines")
    given = parser.parse_args(arguments)
    seed = secrets.randbelow(10**9) if given.seed is None else given.seed
    races = tuple(given.race or names)
    return Options(given.writers, given.rounds, not given.no_guard, seed, races, given.journal)


def main(arguments: list[str]) -> int:
    options = parsed(arguments)
    if not cluster.is_server_given():
        return cluster.run_in_throw_away_cluster("tests.rigs.budget_race", arguments)
    os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings_test"
    import django

    django.setup()
    return raced(options)


def raced(options: Options) -> int:
    """Race in a database of the rig's own and report."""
    from tests.rigs import budget_racing, databases

    began = time.monotonic()
    with databases.OwnDatabase() as own:
        own.migrated()
        say(f"database: {databases.server_words()}")
        guard = "on" if options.guard else "OFF (control)"
        size = f"{options.writers} writers, {options.rounds} rounds a race, seed {options.seed}"
        say(f"guard {guard}, {size}")
        racing = budget_racing.Racing(
            own, options.writers, options.seed, with_replies="ceiling" in options.races
        )
        say(f"stage built in {time.monotonic() - began:.0f} s")
        say(budget_racing.HEADER)
        tallies = []
        for name in options.races:
            tallies.append(racing.run(name, options.rounds, guard=options.guard))
            say(tallies[-1].row())
    if options.journal:
        keep([line for tally in tallies for line in tally.journal], options.journal)
    is_good = budget_racing.report(tallies, guard=options.guard)
    say(f"{'PASSED' if is_good else 'FAILED'} in {time.monotonic() - began:.0f} s")
    return 0 if is_good else 1


def say(text: str) -> None:
    print(text, flush=True)


def keep(journal: list[Any], path: Path) -> None:
    """Append the journal to a file, one JSON object a line."""
    with path.open("a", encoding="utf-8") as file:
        file.writelines(json.dumps(asdict(e), ensure_ascii=False) + "\n" for e in journal)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
