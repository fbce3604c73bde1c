"""What the log stored, in the words of a page: field names, choices, amounts, names of rows."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.apps import apps
from django.db import models
from django.utils import timezone

from core.money import format_yuan

HIDDEN = "（个人信息，仅存摘要）"
EMPTY = "（空）"
SILENT = ("id", "version")
LONGEST_TOLD = 40
_FEN = "_fen"


@dataclass(frozen=True)
class Difference:
    """One column of one row, before and after; `op` create, update or delete."""

    label: str
    before: str
    after: str
    op: str = "update"
    name: str = ""

    @property
    def told(self) -> str:
        """As part of a sentence: long texts cut short, no full stop within."""
        before, after = (_short(text) for text in (self.before, self.after))
        if self.before == EMPTY:
            return f"{self.name}填为 {after}"
        if self.after == EMPTY:
            return f"{self.name}清空（原为 {before}）"
        return f"{self.name}由 {before} 改为 {after}"


@dataclass(frozen=True)
class Written:
    """How many rows of one kind an event made, changed or removed."""

    title: str
    op: str
    count: int

    def __str__(self) -> str:
        verb = {"create": "新增", "update": "更改", "delete": "删除"}[self.op]
        return f"{verb}{self.title} {self.count} 条"


class Names:
    """Names of the rows that stored keys point at: asked for first, then read a model at a time."""

    def __init__(self) -> None:
        self._wanted: dict[type[models.Model], set[Any]] = {}
        self._known: dict[tuple[type[models.Model], Any], str] = {}

    def want(self, entries: Iterable[dict[str, Any]]) -> None:
        """Note the keys of these changes."""
        for entry in entries:
            model = _model(entry["model"])
            for side in ("before", "after"):
                for name, value in (entry.get(side) or {}).items():
                    remote = _remote(_field(model, name))
                    if remote is not None and isinstance(value, int):
                        self._wanted.setdefault(remote, set()).add(value)

    def of(self, model: type[models.Model], pk: Any) -> str:
        """The row's present name; its key where it is gone."""
        if (model, pk) not in self._known:
            wanted = self._wanted.pop(model, set()) | {pk}
            found = model._base_manager.in_bulk(list(wanted))
            for key in wanted:
                row = found.get(key)
                self._known[model, key] = str(row) if row is not None else f"#{key}"
        return self._known[model, pk]


def differences(entry: dict[str, Any], names: Names) -> list[Difference]:
    """What one change altered, column by column."""
    model = _model(entry["model"])
    title = _title(entry["model"], model)
    before, after = entry.get("before") or {}, entry.get("after") or {}
    found = []
    for name in {**before, **after}:
        if name in SILENT:
            continue
        field = _field(model, name)
        old, new = (_shown(field, name, side.get(name), names) for side in (before, after))
        if old != new:
            label = _label(field, name)
            found.append(Difference(f"{title}·{label}", old, new, entry["op"], label))
    return found


def written(entries: Iterable[dict[str, Any]]) -> tuple[Written, ...]:
    """How many rows of each kind were made, changed, removed; in the order they came."""
    counts: dict[tuple[str, str], int] = {}
    for entry in entries:
        key = (_title(entry["model"], _model(entry["model"])), entry["op"])
        counts[key] = counts.get(key, 0) + 1
    return tuple(Written(title, op, n) for (title, op), n in counts.items())


def _short(text: str) -> str:
    line = " ".join(text.split()).rstrip("。")
    return line if len(line) <= LONGEST_TOLD else f"{line[:LONGEST_TOLD]}……"


def _model(label: str) -> type[models.Model] | None:
    """None for a model that is no more: its events are still told, by the names they stored."""
    try:
        return apps.get_model(label)
    except (LookupError, ValueError):
        return None


def _title(label: str, model: type[models.Model] | None) -> str:
    return str(model._meta.verbose_name) if model is not None else label


def _field(model: type[models.Model] | None, name: str) -> models.Field[Any, Any] | None:
    fields = model._meta.concrete_fields if model is not None else ()
    return next((f for f in fields if name in (f.attname, f.name)), None)


def _remote(field: models.Field[Any, Any] | None) -> type[models.Model] | None:
    if not isinstance(field, models.ForeignKey):
        return None
    remote: Any = field.related_model
    return remote  # type: ignore[no-any-return]


def _label(field: models.Field[Any, Any] | None, name: str) -> str:
    label = str(field.verbose_name) if field is not None else name
    return label.removesuffix("（分）") if name.endswith(_FEN) else label


def _shown(field: models.Field[Any, Any] | None, name: str, value: Any, names: Names) -> str:
    if value is None or value in ("", [], {}):
        return EMPTY
    if isinstance(value, dict) and set(value) == {"digest"}:
        return HIDDEN
    if isinstance(value, bool):
        return "是" if value else "否"
    if field is not None and field.flatchoices:
        return str(dict(field.flatchoices).get(value, value))
    remote = _remote(field)
    if remote is not None and isinstance(value, int):
        return names.of(remote, value)
    return _plain(field, name, value)


def _plain(field: models.Field[Any, Any] | None, name: str, value: Any) -> str:
    if name.endswith(_FEN) and isinstance(value, int):
        return f"{format_yuan(value)} 元"
    if isinstance(field, models.DateTimeField):
        return f"{timezone.localtime(datetime.fromisoformat(value)):%Y-%m-%d %H:%M:%S}"
    if isinstance(value, list) and all(isinstance(each, str) for each in value):
        return "、".join(value)
    if isinstance(value, list | dict):
        return json.dumps(value, ensure_ascii=False, sort_keys=True)
    return str(value)
