"""Read-only views of the log for pages: sentences, refusals and field-level differences."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist

from core.history.canonical import loads
from core.history.models import Checkpoint, EventKind, HistoryEvent

HIDDEN = "（个人信息，仅存摘要）"


@dataclass(frozen=True)
class Difference:
    label: str
    before: str
    after: str


@dataclass(frozen=True)
class Cited:
    """An article as it was cited then."""

    label: str
    url: str


@dataclass(frozen=True)
class RefusalView:
    rule: str
    article: Cited
    message: str
    compared: tuple[tuple[str, str], ...]
    mended_by: str
    at: str = ""


@dataclass(frozen=True)
class EventView:
    """One event as a page shows it."""

    seq: int
    kind: str
    act: str
    title: str
    stream: str
    subject: str
    label: str
    effective_on: date
    recorded_at: datetime
    actor_name: str
    actor_organisation: str
    acting_role: str
    from_label: str
    to_label: str
    reason: str
    refusals: tuple[RefusalView, ...]
    late: tuple[RefusalView, ...]
    diffs: tuple[Difference, ...]
    leaf_hash: str
    rules_met: int = 0


def events_of(stream: str, *, limit: int = 200) -> list[EventView]:
    """The newest events of one case file, newest first; at most `limit`."""
    rows = HistoryEvent.objects.filter(stream=stream).order_by("-seq")[:limit]
    return [view_of(row) for row in rows]


def acts_of(stream: str) -> list[str]:
    """Names of the acts that happened in a case file, oldest first (refusals left out)."""
    rows = HistoryEvent.objects.filter(stream=stream).exclude(kind=EventKind.REFUSED)
    return list(rows.order_by("seq").values_list("act", flat=True))


def refusals_of(stream: str) -> list[EventView]:
    rows = HistoryEvent.objects.filter(stream=stream, kind=EventKind.REFUSED).order_by("seq")
    return [view_of(row) for row in rows]


def refused_in(streams: list[str], *, limit: int = 50) -> list[EventView]:
    """The newest refused attempts in these case files, newest first; at most `limit`."""
    rows = HistoryEvent.objects.filter(stream__in=streams, kind=EventKind.REFUSED)
    return [view_of(row) for row in rows.order_by("-seq")[:limit]]


def reason_of(seq: int) -> str:
    """The reason stated for one event; empty where none was."""
    row = HistoryEvent.objects.filter(seq=seq).first()
    return view_of(row).reason if row else ""


@dataclass(frozen=True)
class LogHead:
    """Size of the log now and the latest signed checkpoint."""

    size: int
    checkpoint_size: int
    checkpoint_note: str


def log_head() -> LogHead:
    last = Checkpoint.objects.last()
    newest = HistoryEvent.objects.order_by("-seq").values_list("seq", flat=True).first()
    return LogHead(newest or 0, last.size if last else 0, last.note if last else "")


def view_of(row: HistoryEvent) -> EventView:
    body = loads(row.body.encode("utf-8"))
    actor, role = body["actor"] or {}, body["acting_role"] or {}
    return EventView(
        seq=row.seq,
        kind=row.kind,
        act=row.act,
        title=body["title"],
        stream=row.stream,
        subject=row.subject,
        label=body["label"],
        effective_on=row.effective_on,
        recorded_at=row.recorded_at,
        actor_name=actor.get("name", "系统"),
        actor_organisation=role.get("organisation") or actor.get("organisation", ""),
        acting_role=role.get("title", ""),
        from_label=body["from"][1],
        to_label=body["to"][1],
        reason=body["reason"],
        refusals=_verdicts(body["rules"], "unmet") if row.kind == EventKind.REFUSED else (),
        late=_verdicts(body["rules"], "late") + _verdicts(body["rules"], "warn"),
        diffs=tuple(d for entry in body["changes"] for d in _differences(entry)),
        leaf_hash=row.leaf_sha256,
        rules_met=sum(1 for r in body["rules"] if r["state"] == "met"),
    )


def _verdicts(rules: list[dict[str, Any]], state: str) -> tuple[RefusalView, ...]:
    return tuple(
        RefusalView(
            rule=r["rule"],
            article=Cited(r["article"], r["article_url"]),
            message=r["message"],
            compared=tuple((k, v) for k, v in r["compared"]),
            mended_by=r["mended_by"],
        )
        for r in rules
        if r["state"] == state
    )


def _differences(entry: dict[str, Any]) -> list[Difference]:
    model = apps.get_model(entry["model"])
    title = str(model._meta.verbose_name)
    before, after = entry.get("before") or {}, entry.get("after") or {}
    names = [n for n in {**before, **after} if n not in ("id", "version")]
    found = []
    for name in names:
        old, new = _shown(before.get(name)), _shown(after.get(name))
        if old != new:
            found.append(Difference(f"{title}·{_field_label(model, name)}", old, new))
    return found


def _field_label(model: Any, name: str) -> str:
    for field in model._meta.concrete_fields:
        if field.attname == name:
            return str(field.verbose_name)
    try:
        return str(model._meta.get_field(name).verbose_name)
    except FieldDoesNotExist:
        return name


def _shown(value: Any) -> str:
    if value is None or value == "":
        return "（空）"
    if isinstance(value, dict) and set(value) == {"digest"}:
        return HIDDEN
    if isinstance(value, bool):
        return "是" if value else "否"
    return str(value)
