"""Loading reference data: parameters and calendars, recorded, idempotent (ADR 0006)."""

from __future__ import annotations

import tomllib
from datetime import date
from pathlib import Path
from typing import Any

from django.conf import settings

from accounts.models import User
from accounts.services import ensure_system_actor
from core.calendar.data_loader import shipped_years
from core.calendar.loading import load_year
from core.history.writer import change
from core.rules.models import Parameter

EPOCH = date(2024, 1, 1)


def load_reference(*, on: date) -> int:
    """Load what is shipped and not there yet; returns how many parameters were added."""
    system = ensure_system_actor(on=EPOCH)
    for year in shipped_years():
        load_year(year, by=system, on=on)
    files = sorted(Path(settings.BASE_DIR).glob("*/reference/parameters.toml"))
    rows = [row for file in files for row in tomllib.loads(file.read_text("utf-8"))["parameter"]]
    return sum(_add(row, system, on) for row in rows)


def _add(row: dict[str, Any], by: User, on: date) -> bool:
    since = row.get("since", EPOCH)
    if Parameter.objects.filter(key=row["key"], jurisdiction=None, since=since).exists():
        return False
    with change(title=f"载入参数 {row['key']}", act="core.load_parameter", by=by, on=on) as changes:
        changes.create(
            Parameter(
                key=row["key"],
                value=row["value"],
                unit=row.get("unit", ""),
                since=since,
                article=row["article"],
                note=row.get("note", ""),
            )
        )
    return True
