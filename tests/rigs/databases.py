"""A rig's own PostgreSQL database: made by it, put back before each round, dropped at its end."""

from __future__ import annotations

import os
import secrets

from django.core.management import call_command
from django.db import connection, connections, transaction

from core.history import triggers
from tests.rigs.cluster import is_throw_away

STUCK = "-c statement_timeout=60s"

# Runs one statement for each table, which it names %1$I.
EACH_TABLE = """
DO $$ DECLARE name text; BEGIN
  FOR name IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' LOOP
    EXECUTE format('{}', name);
  END LOOP;
END $$"""
# Whole rows are compared; foreign keys are asked at the end of the transaction.
TAKE_OUT = """
DELETE FROM public.%1$I AS now
WHERE now IN (SELECT x FROM (TABLE public.%1$I EXCEPT ALL TABLE kept.%1$I) AS x)"""
PUT_IN = "INSERT INTO public.%1$I (TABLE kept.%1$I EXCEPT ALL TABLE public.%1$I)"


class OwnDatabase:
    """A database with a name nobody else has. The one the settings name is at most copied."""

    def __init__(self) -> None:
        self.name = f"minggou_rig_{os.getpid()}_{secrets.token_hex(4)}"
        self.settings = connections.settings["default"]
        self.given = (self.settings["NAME"], self.settings["OPTIONS"])

    def __enter__(self) -> OwnDatabase:
        return self

    def __exit__(self, *_error: object) -> None:
        connection.close()
        self.settings["NAME"], self.settings["OPTIONS"] = self.given
        self._administer(f'DROP DATABASE IF EXISTS "{self.name}" WITH (FORCE)')

    def migrated(self) -> None:
        """Make it empty, with the product's tables."""
        self._make("ENCODING 'UTF8' TEMPLATE template0")
        call_command("migrate", verbosity=0)

    def copied(self, name: str = "") -> None:
        """Make it a copy of the one named, or that the settings name (the test suite's own)."""
        self._make(f'TEMPLATE "{name or self.given[0]}"')

    def _make(self, how: str) -> None:
        connection.close()
        self._administer(f'CREATE DATABASE "{self.name}" {how}')
        options = self.given[1]
        self.settings["NAME"] = self.name
        self.settings["OPTIONS"] = options | {"options": f"{options.get('options', '')} {STUCK}"}

    def _administer(self, statement: str) -> None:
        """Run one statement from the server's maintenance database."""
        with connection._nodb_cursor() as cursor:
            cursor.execute(statement)

    def keep(self) -> None:
        """Remember every row as it is now."""
        with connection.cursor() as cursor:
            cursor.execute("CREATE SCHEMA kept")
            cursor.execute(EACH_TABLE.format("CREATE TABLE kept.%1$I AS TABLE public.%1$I"))

    def put_back(self) -> None:
        """Make every row what it was when `keep` was called; only what differs is written."""
        triggers.remove()
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(EACH_TABLE.format(TAKE_OUT))
            cursor.execute(EACH_TABLE.format(PUT_IN))
        triggers.install()


def server_words() -> str:
    """Which server and whose, for the first line of a rig's output."""
    with connection.cursor() as cursor:
        cursor.execute("SHOW server_version")
        version = cursor.fetchone()[0]
    of = "throw-away cluster" if is_throw_away() else "given server"
    place = connection.settings_dict
    host = place.get("HOST") or os.environ.get("PGHOST", "local socket")
    port = place.get("PORT") or os.environ.get("PGPORT", "5432")
    return f"PostgreSQL {version} on {host}:{port} ({of}), own database {place['NAME']}"
