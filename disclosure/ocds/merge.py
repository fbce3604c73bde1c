"""The compiled release: what a contracting process looks like after all its releases.

The rules are the standard's (Merging, OCDS 1.1) for the fields we publish; that the result equals
`ocdsmerge`'s under the official schema is tested for every release of the demonstration and for
generated ones. Releases hold no nulls and no empty objects or lists: what is unknown is left out.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

# Lists of objects that a later release replaces whole; all others are merged by `id`.
WHOLE = frozenset({"additionalIdentifiers", "additionalClassifications", "changes"})
OMITTED = ("id", "date", "tag")


def compiled_release(releases: Iterable[dict[str, Any]]) -> dict[str, Any]:
    """One release out of those of one ocid, oldest first by `date`; needs at least one."""
    merged: dict[str, Any] = {}
    latest: dict[str, Any] = {}
    for latest in sorted(releases, key=lambda release: release["date"]):
        _merge(merged, {k: v for k, v in latest.items() if k not in OMITTED})
    identity = {"id": f"{latest['ocid']}-{latest['date']}", "date": latest["date"]}
    return merged | identity | {"tag": ["compiled"]}


def _merge(into: dict[str, Any], update: dict[str, Any]) -> None:
    for key, value in update.items():
        if isinstance(value, dict):
            _merge(into.setdefault(key, {}), value)
        elif _is_merged_by_id(key, value):
            _merge_list(into.setdefault(key, []), value)
        else:
            into[key] = value


def _is_merged_by_id(key: str, value: Any) -> bool:
    is_objects = isinstance(value, list) and all(isinstance(each, dict) for each in value)
    return is_objects and key not in WHOLE


def _merge_list(into: list[dict[str, Any]], update: list[dict[str, Any]]) -> None:
    known = {each["id"]: each for each in into}
    for each in update:
        if each["id"] not in known:
            known[each["id"]] = {}
            into.append(known[each["id"]])
        _merge(known[each["id"]], each)
