"""The port through which every app, this lowest one included, writes recorded rows.

`accounts` lies below `core`, so it cannot import the history log. It declares here what is recorded
and asks the writer that `core.history` plugs in at start-up (docs/decisions/0004). The guard below
refuses any write of a recorded row outside that writer.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any, TypeVar

from django.db import models

_writing: ContextVar[bool] = ContextVar("recorded_writing", default=False)


class UnrecordedWriteError(RuntimeError):
    """A recorded row was about to change without its history event."""


@dataclass(frozen=True)
class Coverage:
    """What the log keeps of one model: every concrete column, personal ones as salted digests."""

    model: type[models.Model]
    personal: frozenset[str]
    is_append_only: bool


COVERED: dict[type[models.Model], Coverage] = {}
UNCOVERED: dict[str, str] = {}
Writer = Callable[..., Any]
_plugged: list[Writer] = []
M = TypeVar("M", bound=type[models.Model])


def recorded(*, personal: tuple[str, ...] = (), append_only: bool = False) -> Callable[[M], M]:
    """Mark a model whose every change must be an event of the history log."""

    def mark(model: M) -> M:
        COVERED[model] = Coverage(model, frozenset(personal), append_only)
        for name in ("save", "delete"):
            setattr(model, name, _guarded(getattr(model, name)))
        return model

    return mark


def uncovered(table: str, reason: str) -> None:
    """List a table that the log does not cover, with the reason an auditor will read."""
    UNCOVERED[table] = reason


def _guarded(method: Callable[..., Any]) -> Callable[..., Any]:
    def call(self: models.Model, *args: Any, **kwargs: Any) -> Any:
        _require_writer(type(self))
        return method(self, *args, **kwargs)

    call.__name__ = method.__name__
    return call


def _require_writer(model: type[models.Model]) -> None:
    if model in COVERED and not _writing.get():
        raise UnrecordedWriteError(
            f"{model._meta.label} changes only through core.history.change()"
        )


@contextmanager
def writing() -> Iterator[None]:
    """Open the guard; only the history writer does."""
    token = _writing.set(True)
    try:
        yield
    finally:
        _writing.reset(token)


Row = TypeVar("Row", bound=models.Model)


class GuardedQuerySet(models.QuerySet[Row]):
    """A query set whose mass writes obey the same guard as `save` and `delete`."""

    def update(self, **kwargs: Any) -> int:
        _require_writer(self.model)
        return super().update(**kwargs)

    def delete(self) -> tuple[int, dict[str, int]]:
        _require_writer(self.model)
        return super().delete()

    def bulk_create(self, objs: Any, *args: Any, **kwargs: Any) -> list[Row]:
        _require_writer(self.model)
        return super().bulk_create(objs, *args, **kwargs)

    def bulk_update(self, objs: Any, fields: Any, *args: Any, **kwargs: Any) -> int:
        _require_writer(self.model)
        return super().bulk_update(objs, fields, *args, **kwargs)


def plug(writer: Writer) -> None:
    """Install the one writer (called by `core.apps`)."""
    _plugged[:] = [writer]


def change(**kwargs: Any) -> Any:
    """Open a recorded change; the arguments are those of `core.history.change`."""
    return _plugged[0](**kwargs)
