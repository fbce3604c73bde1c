"""What a case file needs to be checked without the system: docs/reference/dossier.md.

Everything here depends on the log up to one checkpoint alone, so that the same case at the same
checkpoint gives the same bytes.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import models

from core.history.canonical import canonical_bytes, loads
from core.history.checkpoints import public_key_text
from core.history.models import Checkpoint, EventKind, HistoryEvent, PersonalValue
from core.history.proofs import Proofs, prove
from core.history.reading import EventView, Names, view_of

Part = tuple[str, bytes]
Rows = dict[tuple[str, int], dict[str, Any]]


class NothingToShow(LookupError):
    """No checkpoint covers the stream's last event, or the stream has no event."""


@dataclass(frozen=True)
class Evidence:
    """The events of one stream up to a checkpoint, and the proofs that they are what they were."""

    stream: str
    checkpoint: Checkpoint
    proofs: Proofs
    rows: Rows
    is_sealed: bool
    with_personal: bool

    @property
    def size(self) -> int:
        return self.checkpoint.size

    @property
    def sequence(self) -> list[int]:
        return sorted(self.proofs.inclusion)

    def views(self) -> Iterator[EventView]:
        """The events as pages tell them; other rows by the names they had in the log."""
        names = LoggedNames(self.size)
        return (view_of(row, names) for row in _events(self.stream, self.size))

    def parts(self) -> Iterator[Part]:
        """Path and bytes of every file of evidence, one at a time."""
        yield "checkpoint.txt", self.checkpoint.note.encode()
        yield "public-key.txt", f"{public_key_text()}\n".encode()
        for event in _events(self.stream, self.size):
            yield f"events/{event.seq:06d}.json", event.body.encode()
            proof = {"seq": event.seq, "size": self.size, **self.proofs.inclusion[event.seq]}
            yield f"proofs/{event.seq:06d}.json", canonical_bytes(proof)
        for older in Checkpoint.objects.filter(size__in=self.proofs.consistency).order_by("size"):
            path = self.proofs.consistency[older.size]
            yield f"consistency/{older.size:06d}.txt", older.note.encode()
            yield (
                f"consistency/{older.size:06d}.json",
                canonical_bytes({"from": older.size, "to": self.size, **path}),
            )
        if self.with_personal:
            yield from _personal(self.sequence)


def evidence(stream: str, *, against: int | None = None, with_personal: bool = False) -> Evidence:
    """Gather the evidence of a stream at the latest checkpoint; `against` adds an older one.

    Raises `NothingToShow`, `LogDamaged`.
    """
    events = HistoryEvent.objects.filter(stream=stream)
    last = events.order_by("-seq").values_list("seq", flat=True).first()
    checkpoint = Checkpoint.objects.last()
    if last is None or checkpoint is None or checkpoint.size < last:
        raise NothingToShow(stream)
    rows: Rows = {}
    for event in _events(stream, checkpoint.size):
        fold(rows, loads(event.body.encode())["changes"])
    proofs = prove(
        checkpoint,
        events=events.filter(seq__lte=checkpoint.size).values_list("seq", flat=True),
        older=older_sizes(checkpoint, against),
    )
    sealed = events.filter(kind=EventKind.SEAL, seq__lte=checkpoint.size)
    return Evidence(stream, checkpoint, proofs, rows, sealed.exists(), with_personal)


def older_sizes(checkpoint: Checkpoint, against: int | None = None) -> list[int]:
    """The last checkpoint of each day before this one, and the one named."""
    zone = ZoneInfo(settings.TIME_ZONE)
    days: dict[str, int] = {}
    older = Checkpoint.objects.filter(size__lt=checkpoint.size).order_by("size")
    for size, moment in older.values_list("size", "signed_at"):
        days[moment.astimezone(zone).date().isoformat()] = size
        if size == against:
            days["named"] = size
    return sorted(set(days.values()))


def fold(rows: Rows, changes: Iterable[dict[str, Any]]) -> None:
    """Let the changes of one event happen to the rows."""
    for entry in changes:
        key = (entry["model"], entry["pk"])
        if entry["op"] == "delete":
            rows.pop(key, None)
        else:
            rows[key] = {**rows.get(key, {}), **entry["after"]}


def checkpoint_sizes() -> list[int]:
    return list(Checkpoint.objects.order_by("size").values_list("size", flat=True))


def _events(stream: str, size: int) -> Iterator[HistoryEvent]:
    rows = HistoryEvent.objects.filter(stream=stream, seq__lte=size)
    return rows.order_by("seq").iterator(chunk_size=100)


def _personal(sequence: list[int]) -> Iterator[Part]:
    """Salt and value behind the digests, as far as they were not erased."""
    for seq in sequence:
        kept = PersonalValue.objects.filter(event_seq=seq).exclude(value="").order_by("path")
        values = list(kept.values("path", "salt", "value"))
        if values:
            yield f"personal/{seq:06d}.json", canonical_bytes({"seq": seq, "values": values})


class LoggedNames(Names):
    """Names of rows as the log last called them: the same whoever renames what afterwards.

    A row that no event was ever about (a line of a list) is called as it is called now.
    """

    def __init__(self, size: int) -> None:
        super().__init__()
        self._size = size
        self._called: dict[str, str] = {}

    def of(self, model: type[models.Model], pk: Any) -> str:
        subject = f"{model._meta.label_lower}:{pk}"
        if subject not in self._called:
            told = HistoryEvent.objects.filter(subject=subject, seq__lte=self._size)
            last = told.order_by("-seq").first()
            label = loads(last.body.encode())["label"] if last is not None else ""
            self._called[subject] = label or super().of(model, pk)
        return self._called[subject]
