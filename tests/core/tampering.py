"""What an intruder with the database password could do: raw SQL against any table."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import IntegrityError, connection, models, transaction

from core.history import triggers

FAR = 1_000_000


def run(sql: str, *params: Any) -> int:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return cursor.rowcount


def unlock() -> None:
    """Drop the triggers, as an intruder must before touching what is append-only."""
    connection.check_constraints()
    triggers.remove()
    ask_references(False)


def relock() -> None:
    """Put them back: the tampering itself must still be found."""
    ask_references(True)
    triggers.install()


def ask_references(asked: bool) -> None:
    """Whether PostgreSQL asks that what a row refers to is there; its owner may tell it not to.

    A reference that waits to be asked would also forbid every later change of its table.
    """
    if connection.vendor == "postgresql":
        run(f"SET LOCAL session_replication_role = {'origin' if asked else 'replica'}")


def table(model: type[models.Model]) -> str:
    return connection.ops.quote_name(model._meta.db_table)


def first(model: type[models.Model]) -> dict[str, Any]:
    """The columns of the first row, as the driver gives them."""
    return rows(model, 1)[0]


def rows(model: type[models.Model], limit: int) -> list[dict[str, Any]]:
    key = model._meta.pk.column
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM {table(model)} ORDER BY {key} LIMIT {limit}")
        names = [c[0] for c in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def others(field: models.Field, value: Any) -> Iterator[Any]:
    """Values that differ, likelier ones first."""
    if isinstance(field, models.JSONField):
        yield json.dumps({"tampered": True})
    elif isinstance(field, models.BooleanField):
        yield not value
    elif isinstance(field, models.DateTimeField):
        yield "2001-02-03 04:05:06+00:00"
    elif isinstance(field, models.DateField):
        yield "2001-02-03"
    elif isinstance(field, models.ForeignKey | models.AutoField):
        yield FAR
    elif isinstance(field, models.IntegerField | models.DecimalField):
        yield from ((value or 0) + step for step in (1, -1))
    else:
        text = str(value or "")
        yield text[:-1] + ("y" if text.endswith("x") else "x")


def change_column(model: type[models.Model], field: models.Field) -> None:
    """Change one column of the first row to something the database accepts."""
    row, key = first(model), model._meta.pk.column
    sql = f"UPDATE {table(model)} SET {field.column} = %s WHERE {key} = %s"
    for value in others(field, row[field.column]):
        try:
            with transaction.atomic():
                run(sql, value, row[key])
            return
        except IntegrityError:
            continue
    with without_checks(model):
        run(sql, value, row[key])


@contextmanager
def without_checks(model: type[models.Model]) -> Iterator[None]:
    """The table's check constraints out of the way, as an intruder would have them."""
    if connection.vendor == "sqlite":
        run("PRAGMA ignore_check_constraints = ON")
        yield
        run("PRAGMA ignore_check_constraints = OFF")
        return
    for constraint in model._meta.constraints:
        if isinstance(constraint, models.CheckConstraint):
            run(f"ALTER TABLE {table(model)} DROP CONSTRAINT {constraint.name}")
    yield


def copy_row(model: type[models.Model]) -> None:
    """Insert a copy of the first row, changed only where something must be unique."""
    row = first(model)
    # An empty column repeats nothing, and a rule of the table may need it empty.
    unique = {column for column in unique_columns(model) if row[column] is not None}
    for field in model._meta.concrete_fields:
        if field.column in unique and type(field) is models.PositiveSmallIntegerField:
            row[field.column] += 1000
        elif field.column in unique:
            row[field.column] = next(others(field, row[field.column]))
        elif isinstance(field, models.JSONField) and not isinstance(row[field.column], str):
            row[field.column] = json.dumps(row[field.column])
    marks = ", ".join(["%s"] * len(row))
    run(f"INSERT INTO {table(model)} ({', '.join(row)}) VALUES ({marks})", *row.values())


def unique_columns(model: type[models.Model]) -> set[str]:
    found = {f.column for f in model._meta.concrete_fields if f.unique}
    for constraint in model._meta.constraints:
        if isinstance(constraint, models.UniqueConstraint):
            found.add(model._meta.get_field(constraint.fields[0]).column)
    return found


def delete_row(model: type[models.Model]) -> None:
    key = model._meta.pk.column
    run(f"DELETE FROM {table(model)} WHERE {key} = %s", first(model)[key])


def swap(model: type[models.Model], column: str) -> None:
    """Exchange a column between the first two rows that differ in it."""
    key = model._meta.pk.column
    found = rows(model, 200)
    one = found[0]
    two = next(r for r in found if r[column] != one[column])
    for target, source in ((one, two), (two, one)):
        run(
            f"UPDATE {table(model)} SET {column} = %s WHERE {key} = %s", source[column], target[key]
        )
