"""Read-only views of the log for pages: sentences, refusals and field-level differences."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from typing import Any

from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from core.history.canonical import loads
from core.history.models import Checkpoint, EventKind, HistoryEvent
from core.history.wording import HIDDEN, Difference, Names, Written, differences, written

__all__ = ["HIDDEN", "Difference", "EventView", "Names"]

LATE = '"state":"late"'
MOST_TOLD = 4


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
    leaf_hash: str
    rules_met: int
    facts: dict[str, Any] = field(repr=False)
    changes: list[dict[str, Any]] = field(repr=False)
    names: Names = field(repr=False)

    @cached_property
    def diffs(self) -> tuple[Difference, ...]:
        """Every column that changed, with its name and in its unit."""
        return tuple(d for entry in self.changes for d in differences(entry, self.names))

    @property
    def written(self) -> tuple[Written, ...]:
        return written(self.changes)

    @property
    def who(self) -> str:
        """张敏（区文旅委，经办人）, as they were then."""
        place = "，".join(filter(None, (self.actor_organisation, self.acting_role)))
        return f"{self.actor_name}（{place}）" if place else self.actor_name

    @property
    def obstacle(self) -> str:
        """Why a refused attempt was refused, in one line."""
        if self.refusals:
            return "；".join(f"{r.message}（{r.article.label}）" for r in self.refusals)
        if sealed_on := self.facts.get("sealed_on"):
            return f"案卷已于 {sealed_on} 封存"
        return "岗位无权办理"

    @property
    def sentence(self) -> str:
        """What happened, as one would tell it."""
        about = f"（{self.label}）" if self.label and self.label not in self.title else ""
        head = f"{self.effective_on.isoformat()} {self.who}"
        if self.kind == EventKind.REFUSED:
            return f"{head}办理“{self.title}”{about}未获准：{self.obstacle}。"
        parts = [f"{head}{self.title}{about}"]
        if self.from_label != self.to_label:
            parts.append(f"由“{self.from_label}”转为“{self.to_label}”")
        parts += self._told()
        reason = f"理由：{self.reason}" if self.reason else ""
        return "，".join(parts) + "。" + (f"{reason.rstrip('。')}。" if reason else "")

    def _told(self) -> list[str]:
        """The columns that changed, while they are few; else how many rows did."""
        told = [
            d.told
            for d in self.diffs
            if d.op == "update" and (d.before, d.after) != (self.from_label, self.to_label)
        ]
        made = [str(w) for w in self.written if w.op != "update"]
        if len(told) > MOST_TOLD:
            told = [*told[:MOST_TOLD], f"另有 {len(told) - MOST_TOLD} 处更改"]
        return told + made


def events_of(stream: str, *, limit: int = 200) -> list[EventView]:
    """The newest events of one case file, newest first; at most `limit`."""
    return views_of(HistoryEvent.objects.filter(stream=stream).order_by("-seq")[:limit])


def views_of(rows: Iterable[HistoryEvent]) -> list[EventView]:
    """These events as pages show them; names of other rows are read for all of them together."""
    names = Names()
    return [view_of(row, names) for row in rows]


def last_seq() -> int:
    """The number of the newest event of the whole log; 0 when there is none."""
    return HistoryEvent.objects.order_by("-seq").values_list("seq", flat=True).first() or 0


def events_after(seq: int) -> list[EventView]:
    """What was recorded in any case file after event `seq`, oldest first."""
    return views_of(HistoryEvent.objects.filter(seq__gt=seq).order_by("seq"))


def acts_of(stream: str) -> list[str]:
    """Names of the acts that happened in a case file, oldest first (refusals left out)."""
    rows = HistoryEvent.objects.filter(stream=stream).exclude(kind=EventKind.REFUSED)
    return list(rows.order_by("seq").values_list("act", flat=True))


def refusals_of(stream: str) -> list[EventView]:
    rows = HistoryEvent.objects.filter(stream=stream, kind=EventKind.REFUSED).order_by("seq")
    return views_of(rows)


def refused_in(streams: list[str], *, limit: int = 50) -> list[EventView]:
    """The newest refused attempts in these case files, newest first; at most `limit`."""
    rows = HistoryEvent.objects.filter(stream__in=streams, kind=EventKind.REFUSED)
    return views_of(rows.order_by("-seq")[:limit])


def events_in(
    streams: Iterable[str],
    *,
    kind: str = "",
    actor: int | None = None,
    since: date | None = None,
    until: date | None = None,
) -> QuerySet[HistoryEvent]:
    """The events of some case files, narrowed; `kind` one of `EventKind` or `late`."""
    rows = HistoryEvent.objects.filter(stream__in=list(streams))
    if kind == "late":
        rows = rows.filter(body__contains=LATE)
    elif kind:
        rows = rows.filter(kind=kind)
    if actor is not None:
        rows = rows.filter(actor_id=actor)
    if since is not None:
        rows = rows.filter(effective_on__gte=since)
    return rows if until is None else rows.filter(effective_on__lte=until)


def event_at(seq: int) -> HistoryEvent | None:
    """One event of the log as it is stored."""
    return HistoryEvent.objects.filter(pk=seq).first()


def actors_of(stream: str, *acts: str) -> frozenset[int]:
    """Ids of those who did one of these acts in a case file."""
    rows = HistoryEvent.objects.filter(stream=stream, act__in=acts, actor_id__isnull=False)
    done = rows.exclude(kind=EventKind.REFUSED).order_by()
    return frozenset(pk for pk in done.values_list("actor_id", flat=True).distinct() if pk)


def actors_in(stream: str) -> list[int]:
    """Ids of those who acted in a case file."""
    rows = HistoryEvent.objects.filter(stream=stream).order_by()
    return sorted(pk for pk in rows.values_list("actor_id", flat=True).distinct() if pk)


def refused_count(stream: str) -> Coalesce:
    """How many attempts were refused in the stream a query set names in the field `stream`."""
    return _count(stream, kind=EventKind.REFUSED)


def late_count(stream: str) -> Coalesce:
    """How many acts were recorded as late."""
    return _count(stream, body__contains=LATE)


def _count(stream: str, **conditions: Any) -> Coalesce:
    rows = HistoryEvent.objects.filter(stream=OuterRef(stream), **conditions).order_by()
    counted = rows.values("stream").annotate(n=Count("pk")).values("n")
    return Coalesce(Subquery(counted), 0)


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
    return LogHead(last_seq(), last.size if last else 0, last.note if last else "")


@dataclass(frozen=True)
class SignedHead:
    """One signed checkpoint, for those who copy or show it."""

    size: int
    root_sha256: str
    root_sm3: str
    signed_at: datetime
    note: str


def signed_heads(*, after: int = 0) -> Iterator[SignedHead]:
    """The checkpoints larger than `after`, oldest first."""
    rows = Checkpoint.objects.filter(size__gt=after).order_by("size")
    for row in rows.iterator():
        yield SignedHead(row.size, row.root_sha256, row.root_sm3, row.signed_at, row.note)


def view_of(row: HistoryEvent, names: Names | None = None) -> EventView:
    body = loads(row.body.encode("utf-8"))
    names = names or Names()
    names.want(body["changes"])
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
        acting_role=_acting(role),
        from_label=body["from"][1],
        to_label=body["to"][1],
        reason=body["reason"],
        refusals=_verdicts(body["rules"], "unmet") if row.kind == EventKind.REFUSED else (),
        late=_verdicts(body["rules"], "late") + _verdicts(body["rules"], "warn"),
        leaf_hash=row.leaf_sha256,
        rules_met=sum(1 for r in body["rules"] if r["state"] == "met"),
        facts=body["facts"],
        changes=body["changes"],
        names=names,
    )


def _acting(role: dict[str, Any]) -> str:
    """分管领导, or 分管领导，代王芳 where a deputy acted."""
    principal = role.get("on_behalf_of")
    title: str = role.get("title", "")
    return f"{title}，代{principal['name']}" if principal else title


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
