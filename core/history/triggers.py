"""Database triggers that refuse UPDATE and DELETE on append-only tables, on both databases.

SQLite drops triggers silently when a migration remakes a table, so they are (re)installed after
every migration and `verify` checks their presence and their text.
"""

from __future__ import annotations

from typing import Any

from django.db import connections

from accounts.recording import COVERED
from core.history.models import Checkpoint, HistoryEvent

FUNCTION = "minggou_refuse_change"
FUNCTION_BODY = "BEGIN RAISE EXCEPTION 'append-only: % on %', TG_OP, TG_TABLE_NAME; END"


def append_only_tables() -> list[str]:
    """Tables whose rows are never changed: the log itself and models marked append-only."""
    marked = [c.model._meta.db_table for c in COVERED.values() if c.is_append_only]
    return sorted({HistoryEvent._meta.db_table, Checkpoint._meta.db_table, *marked})


def install(using: str = "default") -> None:
    """Create or replace every trigger of the tables that exist."""
    connection = connections[using]
    existing = set(connection.introspection.table_names())
    with connection.cursor() as cursor:
        for statement in _statements(connection.vendor, existing):
            cursor.execute(statement)


def remove(using: str = "default") -> None:
    """Drop the triggers: for the test suite's table flush only."""
    connection = connections[using]
    with connection.cursor() as cursor:
        for name, table, _ in _expected(connection.vendor):
            suffix = f" ON {table}" if connection.vendor == "postgresql" else ""
            cursor.execute(f"DROP TRIGGER IF EXISTS {name}{suffix}")


def missing(using: str = "default") -> list[str]:
    """Names of triggers that are absent, disabled or whose text differs."""
    connection = connections[using]
    with connection.cursor() as cursor:
        found = _found(cursor, connection.vendor)
    expected = {name: text for name, _, text in _expected(connection.vendor)}
    return sorted(name for name, text in expected.items() if found.get(name) != text)


def _expected(vendor: str) -> list[tuple[str, str, str]]:
    operations = ["UPDATE", "DELETE"]
    if vendor == "postgresql":
        operations.append("TRUNCATE")
    return [
        (f"{table}_no_{op.lower()}", table, _text(vendor, table, op))
        for table in append_only_tables()
        for op in operations
    ]


def _text(vendor: str, table: str, operation: str) -> str:
    name = f"{table}_no_{operation.lower()}"
    if vendor == "sqlite":
        return (
            f"CREATE TRIGGER {name} BEFORE {operation} ON {table} "
            f"BEGIN SELECT RAISE(ABORT, 'append-only: {table}'); END"
        )
    level = "STATEMENT" if operation == "TRUNCATE" else "ROW"
    return (
        f"CREATE TRIGGER {name} BEFORE {operation} ON public.{table} "
        f"FOR EACH {level} EXECUTE FUNCTION {FUNCTION}()"
    )


def _statements(vendor: str, existing: set[str]) -> list[str]:
    statements = []
    if vendor == "postgresql":
        statements.append(
            f"CREATE OR REPLACE FUNCTION {FUNCTION}() RETURNS trigger LANGUAGE plpgsql "
            f"AS $$ {FUNCTION_BODY} $$"
        )
    for name, table, text in _expected(vendor):
        if table in existing:
            suffix = f" ON {table}" if vendor == "postgresql" else ""
            statements += [f"DROP TRIGGER IF EXISTS {name}{suffix}", text]
    return statements


def _found(cursor: Any, vendor: str) -> dict[str, str]:
    if vendor == "sqlite":
        cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
        return dict(cursor.fetchall())
    cursor.execute("SELECT prosrc FROM pg_proc WHERE proname = %s", [FUNCTION])
    source = cursor.fetchone()
    if source is None or source[0].strip() != FUNCTION_BODY:
        return {}
    cursor.execute(
        "SELECT tgname, pg_get_triggerdef(oid) FROM pg_trigger "
        "WHERE NOT tgisinternal AND tgenabled = 'O'"
    )
    return dict(cursor.fetchall())
