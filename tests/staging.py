"""Steps taken once: what a step of a story wrote is written again, statement by statement.

Most tests begin in the middle of a purchase and walk there by the services, which asks every rule
on the way. The walk to the same place from the same place is the same walk; so a process takes it
once and keeps what it wrote and what it returned. The place is known exactly: it is the digest of
every statement that wrote anything since the database was empty, and savepoints take it back.
"""

from __future__ import annotations

import copy
import dataclasses
import functools
import hashlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from decimal import Decimal
from typing import Any, TypeVar

from django.db import connection, models

Step = TypeVar("Step", bound=Callable[..., Any])
Write = tuple[str, Any, bool]
WRITES = ("INSERT", "UPDATE", "DELETE")
SETTING = "SELECT count(setval(name::regclass, value, used))"


@dataclasses.dataclass
class Mark:
    """A savepoint: where the story stood, and how much each recording under way had written."""

    name: str
    place: bytes
    lengths: list[int]


class Trail:
    """Everything written on this connection, as a place in the story and for those who record."""

    def __init__(self) -> None:
        self.place = b""
        self.marks: list[Mark] = []
        self.recordings: list[list[Write]] = []

    def reset(self) -> None:
        """The database is as it was migrated."""
        self.place, self.marks = b"", []

    def __call__(self, execute: Any, sql: Any, params: Any, many: bool, context: dict) -> Any:
        result = execute(sql, params, many, context)
        text = sql if isinstance(sql, str) else str(sql)
        if text.startswith(WRITES):
            self._write(text, params, many)
        elif text.startswith(SETTING):
            for written in self.recordings:
                written.append((text, params, many))
        elif text.startswith(("SAVEPOINT", "ROLLBACK TO", "RELEASE")):
            self._savepoint(text)
        return result

    def _write(self, sql: str, params: Any, many: bool) -> None:
        if many:
            params = list(params)
        self.place = hashlib.blake2b(
            self.place + sql.encode() + repr(params).encode(), digest_size=16
        ).digest()
        for written in self.recordings:
            written.append((sql, params, many))

    def _savepoint(self, sql: str) -> None:
        name = sql.rsplit(maxsplit=1)[-1]
        if sql.startswith("SAVEPOINT"):
            self.marks.append(Mark(name, self.place, [len(each) for each in self.recordings]))
            return
        while self.marks and self.marks[-1].name != name:
            self.marks.pop()
        if not self.marks:
            return
        mark = self.marks[-1]
        if sql.startswith("RELEASE"):
            self.marks.pop()
            return
        self.place = mark.place
        for written, length in zip(self.recordings, mark.lengths, strict=False):
            del written[length:]
        if self.recordings:
            # PostgreSQL keeps the numbers that were given; so does whoever takes this step again.
            _put_sequences(_sequences())

    @contextmanager
    def recording(self) -> Iterator[list[Write]]:
        written: list[Write] = []
        self.recordings.append(written)
        try:
            yield written
        finally:
            self.recordings.pop()


@dataclasses.dataclass(frozen=True)
class Taken:
    """A step as it was taken: what it wrote, from which sequences on, what it left behind."""

    sequences: list[tuple[Any, ...]]
    writes: list[Write]
    left: tuple[tuple[Any, ...], dict[str, Any], Any]


TRAIL = Trail()
TAKEN: dict[tuple[Any, ...], Taken] = {}
# A test that replaces a part of the product walks by itself, and nobody walks its way.
is_open = True


def staged(step: Step) -> Step:
    """Take this step once from each place; its first argument, if any, is the world.

    The world and rows given as arguments are left as the step left them; the result is a copy.
    Other objects may be arguments if they have `key_of_a_step()`, which tells them apart.
    """

    @functools.wraps(step)
    def taking(*args: Any, **kwargs: Any) -> Any:
        if not is_open or TRAIL not in connection.execute_wrappers:
            return step(*args, **kwargs)
        try:
            key = (step.__module__, step.__name__, TRAIL.place, _plain(args), _plain(kwargs))
        except TypeError:
            return step(*args, **kwargs)
        if key in TAKEN:
            return _take_again(TAKEN[key], args, kwargs)
        sequences = _sequences()
        with TRAIL.recording() as writes:
            result = step(*args, **kwargs)
        TAKEN[key] = Taken(sequences, writes, copy.deepcopy((args, kwargs, result)))
        return result

    return taking  # type: ignore[return-value]


def _take_again(taken: Taken, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    _put_sequences(taken.sequences)
    with connection.cursor() as cursor:
        for sql, params, many in taken.writes:
            if many:
                cursor.executemany(sql, params)
            else:
                cursor.execute(sql, params)
                if "RETURNING" in sql:
                    cursor.fetchall()
    left_args, left_kwargs, result = copy.deepcopy(taken.left)
    given = [*zip(args, left_args, strict=True)]
    given += [(value, left_kwargs[name]) for name, value in kwargs.items()]
    for value, left in given:
        if isinstance(value, models.Model) or hasattr(type(value), "key_of_a_step"):
            value.__dict__.clear()
            value.__dict__.update(left.__dict__)
    return result


def _plain(value: Any) -> Any:
    """A hashable form of an argument. Raises `TypeError` for what has none."""
    if value is None or isinstance(value, str | bytes | int | float | Decimal | date):
        return type(value), value
    if isinstance(value, models.Model):
        columns = [field.attname for field in value._meta.concrete_fields]
        known = [(name, repr(value.__dict__[name])) for name in columns if name in value.__dict__]
        return value._meta.label, tuple(known)
    if isinstance(value, tuple | list):
        return type(value), tuple(_plain(each) for each in value)
    if isinstance(value, dict):
        return dict, tuple((name, _plain(each)) for name, each in value.items())
    if hasattr(type(value), "key_of_a_step"):
        return type(value), value.key_of_a_step()
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return type(value), _plain(vars(value))
    raise TypeError(value)


# --- What rows yet to come will be numbered ------------------------------------------------------


def _sequences() -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT name, seq FROM sqlite_sequence")
        else:
            cursor.execute(
                "SELECT quote_ident(sequencename), coalesce(last_value, 1), last_value IS NOT NULL"
                " FROM pg_sequences WHERE schemaname = current_schema()"
            )
        return cursor.fetchall()


def _put_sequences(rows: list[tuple[Any, ...]]) -> None:
    """Numbers go on from there again; PostgreSQL does not take them back with a transaction.

    A longer step under way has this in its middle, and needs it there again.
    """
    if connection.vendor != "sqlite":
        with connection.cursor() as cursor:
            cursor.execute(
                f"{SETTING} FROM unnest(%s::text[], %s::bigint[], %s::boolean[])"
                " AS given(name, value, used)",
                [list(column) for column in zip(*rows, strict=True)],
            )
