"""A pure model of the ledger of funds: no database, no history, written from the rules alone.

It is compared with the services step by step in `test_ledger_machine.py`.
"""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from fractions import Fraction

YEAR = 2026


class Short(Exception):
    """There is less than was asked for; `left` is what there is (分)."""

    def __init__(self, left: int) -> None:
        super().__init__(left)
        self.left = left


@dataclass
class Line:
    """One project's money of one fund and year (分)."""

    approved: int = 0
    reserved: int = 0
    committed: int = 0
    paid: int = 0
    released: int = 0
    carried: int = 0

    @property
    def unreserved(self) -> int:
        taken = sum(getattr(self, f.name) for f in fields(self) if f.name != "approved")
        return self.approved - taken


@dataclass
class Limit:
    """What one fund may spend in one year (分)."""

    granted: int = 0
    carried_in: int = 0
    allocated: int = 0

    @property
    def amount(self) -> int:
        return self.granted + self.carried_in

    @property
    def available(self) -> int:
        return self.amount - self.allocated


Key = tuple[str, str, int]


@dataclass
class Book:
    """Limits by (fund, year), lines by (project, fund, year) in the order they were made."""

    limits: dict[tuple[str, int], Limit] = field(default_factory=dict)
    lines: dict[Key, Line] = field(default_factory=dict)

    def of(self, project: str) -> list[Key]:
        return [key for key in self.lines if key[0] == project]

    def limit(self, key: Key) -> Limit:
        return self.limits[key[1], key[2]]

    def set_limit(self, fund: str, year: int, fen: int) -> None:
        limit = self.limits.get((fund, year), Limit())
        if fen + limit.carried_in < limit.allocated:
            raise Short(limit.available)
        limit.granted = fen
        self.limits[fund, year] = limit

    def reserve(self, project: str, asked: dict[str, int], fen: int) -> None:
        parts = dict(zip(asked, spread(fen, list(asked.values())), strict=True))
        for fund, part in parts.items():
            if part > self.limits[fund, YEAR].available:
                raise Short(self.limits[fund, YEAR].available)
        for fund, part in parts.items():
            if part:
                self.limits[fund, YEAR].allocated += part
                self.lines[project, fund, YEAR] = Line(approved=part, reserved=part)

    def move(self, project: str, fen: int, source: str, target: str) -> None:
        """Spread over the project's lines; what goes to `released` is returned to the limit."""
        keys = self.of(project)
        left = [getattr(self.lines[key], source) for key in keys]
        if fen > sum(left):
            raise Short(sum(left))
        for key, part in zip(keys, spread(fen, left), strict=True):
            self._move(key, part, source, target)

    def move_one(self, key: Key, fen: int, source: str, target: str) -> None:
        if fen > getattr(self.lines[key], source):
            raise Short(getattr(self.lines[key], source))
        self._move(key, fen, source, target)

    def _move(self, key: Key, fen: int, source: str, target: str) -> None:
        line = self.lines[key]
        if source != "unreserved":
            setattr(line, source, getattr(line, source) - fen)
        setattr(line, target, getattr(line, target) + fen)
        if target == "released":
            self.limit(key).allocated -= fen

    def carry_over(self, key: Key, fen: int) -> None:
        self.move_one(key, fen, "committed", "carried")
        project, fund, year = key
        limit = self.limits.setdefault((fund, year + 1), Limit())
        limit.carried_in += fen
        limit.allocated += fen
        line = self.lines.setdefault((project, fund, year + 1), Line())
        line.approved += fen
        line.committed += fen


def spread(fen: int, weights: list[int]) -> list[int]:
    """The largest remainder, the earlier first among equals."""
    whole = sum(weights)
    exact = [Fraction(fen * weight, whole) for weight in weights]
    parts = [int(share) for share in exact]
    by_rest = sorted(range(len(parts)), key=lambda at: (parts[at] - exact[at], at))
    for at in by_rest[: fen - sum(parts)]:
        parts[at] += 1
    return parts
