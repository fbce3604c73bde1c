"""分录的依据和办理记录：记在哪份文件上、由哪一次办理记下。"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db import models

from budgeting.models import Ceiling, LedgerEntry
from core.history.reading import EventView
from core.history.tracing import events_about, events_creating
from core.history.values import reference

ENTRY = LedgerEntry._meta.label_lower


@dataclass(frozen=True)
class Paper:
    """依据：哪一种文件、叫什么、在哪里看（没有自己一页的为空）。"""

    kind: str
    title: str
    url: str


@dataclass(frozen=True)
class EntryRow:
    """台账分录的一行，连同依据和办理记录的序号。"""

    entry: Any
    paper: Paper
    seq: int | None


def entry_rows(entries: Iterable[Any]) -> list[EntryRow]:
    """各行的依据和办理记录；查询次数不随行数增加。"""
    found = list(entries)
    papers, seqs = papers_of(found), seqs_of(found)
    return [EntryRow(e, papers[e.document], seqs.get(e.pk)) for e in found]


def seqs_of(entries: Iterable[Any]) -> dict[int, int]:
    """各分录由哪一条历史记下：`{分录: 序号}`；一次查询。"""
    return {pk: event.seq for pk, event in _events(entries, told=False).items()}


def event_of(entry: LedgerEntry) -> EventView | None:
    """记下这一条分录的那次办理。"""
    return _events([entry], told=True).get(entry.pk)


def _events(entries: Iterable[Any], *, told: bool) -> dict[Any, Any]:
    rows = list(entries)
    streams = {e.allocation.project.stream() for e in rows}
    days = {e.effective_on for e in rows}
    return events_creating(ENTRY, {e.pk for e in rows}, streams=streams, days=days, told=told)


def ceiling_events(ceiling: Ceiling) -> list[EventView]:
    """下达和调整这一控制数的各次办理，最新的在前。"""
    return events_about(reference(ceiling))


def papers_of(entries: Iterable[Any]) -> dict[str, Paper]:
    """各依据的名称和网址；每种文件一次查询。"""
    wanted: dict[str, set[int]] = {}
    for entry in entries:
        label, _, pk = entry.document.rpartition(":")
        if pk.isdigit():
            wanted.setdefault(label, set()).add(int(pk))
        else:
            wanted.setdefault(entry.document, set())
    found: dict[str, Paper] = {}
    for label, pks in wanted.items():
        model = _model(label)
        rows = model._base_manager.select_related().in_bulk(list(pks)) if model else {}
        for pk in pks:
            found[f"{label}:{pk}"] = _paper(model, rows.get(pk), f"{label}:{pk}")
        if not pks:
            found[label] = Paper("", label, "")
    return found


def _model(label: str) -> type[models.Model] | None:
    try:
        return apps.get_model(label)
    except (LookupError, ValueError):
        return None


def _paper(model: type[models.Model] | None, row: models.Model | None, written: str) -> Paper:
    if model is None or row is None:
        return Paper("", written, "")
    return Paper(str(model._meta.verbose_name), str(row), _address(row))


def _address(row: models.Model) -> str:
    """这份文件的一页；没有自己一页的，看它所属的那份。"""
    if hasattr(row, "get_absolute_url"):
        return str(row.get_absolute_url())
    for field in row._meta.concrete_fields:
        if field.many_to_one or field.one_to_one:
            owner = getattr(row, field.name)
            if hasattr(owner, "get_absolute_url"):
                return str(owner.get_absolute_url())
    return ""
