"""The PostgreSQL server a rig runs on: the one the environment names, or one that disappears."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Sequence

FAST = ("-o", "fsync=off", "-o", "synchronous_commit=off")
THROW_AWAY = "RIG_CLUSTER"


def is_server_given() -> bool:
    """Does the environment name a PostgreSQL server, as the settings read it?"""
    named = any(os.environ.get(f"MINGGOU_DATABASE_URL{end}") for end in ("", "_FILE"))
    return named or os.environ.get("MINGGOU_DATABASE") == "postgresql"


def run_in_throw_away_cluster(module: str, arguments: Sequence[str]) -> int:
    """Run the same program again inside a cluster that disappears with it; its exit code."""
    if shutil.which("pg_virtualenv") is None:
        sys.exit("PostgreSQL is needed: install postgresql-common or set MINGGOU_DATABASE_URL.")
    kept = {name: v for name, v in os.environ.items() if not name.startswith(("PG", "MINGGOU_"))}
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    # -t and a port of its own: beside any other cluster, also for root, who else has one at a time.
    cluster = ("pg_virtualenv", "-t", "-c", f"--locale C.UTF-8 -e UTF8 -p {port}")
    return subprocess.run(
        [*cluster, *FAST, sys.executable, "-m", module, *arguments],
        env=kept | {"MINGGOU_DATABASE": "postgresql", THROW_AWAY: "1"},
        check=False,
    ).returncode


def is_throw_away() -> bool:
    return bool(os.environ.get(THROW_AWAY))
