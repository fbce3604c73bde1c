"""Amounts, ratios, days and lists of the law as dated rows, never constants in code."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any

from django.db.models import Q

from accounts.models import Jurisdiction
from core.rules.models import Parameter


class ParameterMissing(LookupError):
    """No value is in force: the rule that needs it refuses, it never passes."""

    def __init__(self, key: str, on: date) -> None:
        self.key = key
        super().__init__(f"参数“{key}”在 {on.isoformat()} 没有生效的值，规则无法判定。")


class Parameters(Mapping[str, Any]):
    """The values in force for one jurisdiction on one day; a missing key raises."""

    def __init__(self, values: dict[str, Any], on: date) -> None:
        self._values, self.on = values, on

    def __getitem__(self, key: str) -> Any:
        if key not in self._values:
            raise ParameterMissing(key, self.on)
        return self._values[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)

    def only(self, keys: Iterable[str]) -> dict[str, Any]:
        """The named values, for the record; raises `ParameterMissing`."""
        return {key: self[key] for key in keys}


def parameters_in_force(jurisdiction: Jurisdiction, on: date) -> Parameters:
    """All values in force on the day; the jurisdiction's own row wins over the general one."""
    rows = Parameter.objects.filter(
        Q(jurisdiction=jurisdiction) | Q(jurisdiction__isnull=True),
        Q(until__isnull=True) | Q(until__gt=on),
        since__lte=on,
    ).order_by("since")
    return _in_force(rows, on)


class ParameterTable:
    """The dated values of some keys, read once, for a page that asks for many days."""

    def __init__(self, *keys: str) -> None:
        self._rows = list(Parameter.objects.filter(key__in=keys).order_by("since"))

    def in_force(self, jurisdiction: Jurisdiction, on: date) -> Parameters:
        """As `parameters_in_force`, for the keys of this table."""
        here = (None, jurisdiction.pk)
        rows = [r for r in self._rows if r.jurisdiction_id in here and r.since <= on]
        return _in_force([r for r in rows if r.until is None or r.until > on], on)


def _in_force(rows: Iterable[Parameter], on: date) -> Parameters:
    """The rows stand in the order of their first day."""
    values: dict[str, Any] = {}
    own: set[str] = set()
    for row in rows:
        if row.jurisdiction_id is not None or row.key not in own:
            values[row.key] = row.value
        if row.jurisdiction_id is not None:
            own.add(row.key)
    return Parameters(values, on)
