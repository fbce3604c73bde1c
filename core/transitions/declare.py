"""`@advances`: which moves exist, who may make them, which rules guard them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from django.apps import apps
from django.db import models
from django_fsm import transition

F = TypeVar("F", bound=Callable[..., Any])

STAYS = ""
"""Target of a move that leaves the state as it is: an act on the row, asked and recorded alike."""


@dataclass(frozen=True)
class Move:
    """One declared transition of one model."""

    name: str
    title: str
    sources: tuple[str, ...]
    to: str
    permission: str
    rules: tuple[str, ...]
    field: str
    seals: bool = False

    @property
    def stays(self) -> bool:
        return self.to == STAYS


class NotATransition(LookupError):
    """The model declares no such move."""


def advances(
    *sources: str,
    to: str,
    permission: str,
    title: str,
    rules: list[str] | None = None,
    field: str = "status",
    seals: bool = False,
) -> Callable[[F], F]:
    """Declare a transition. `permission` is required: the library reads *none* as *anyone*.

    `to=STAYS` declares an act that changes no state of this row. `seals`: the case file is closed
    for ever by this move (`core.history.sealing`).
    """
    if not sources or not permission:
        raise ValueError("a transition needs its sources and a permission")

    def declare(method: F) -> F:
        move = Move(
            method.__name__,
            title,
            tuple(str(s) for s in sources),
            str(to),
            permission,
            tuple(rules or ()),
            field,
            seals,
        )
        moved: F = transition(
            field=field, source=list(move.sources), target=move.to or None, custom={"move": move}
        )(method)
        moved.move = move  # type: ignore[attr-defined]
        return moved

    return declare


def moves_of(model: type[models.Model]) -> list[Move]:
    """The declared moves of a model, in the order of the class body."""
    found: dict[str, Move] = {}
    for klass in reversed(model.__mro__):
        for name, member in vars(klass).items():
            move = getattr(member, "move", None)
            if isinstance(move, Move):
                found[name] = move
    return list(found.values())


def move_of(model: type[models.Model], name: str) -> Move:
    """Raises `NotATransition`."""
    for move in moves_of(model):
        if move.name == name:
            return move
    raise NotATransition(f"{model._meta.label}.{name}")


def act_name(model: type[models.Model], move: Move) -> str:
    """`app.model.move`: the name of the act in events, outbox and navigation."""
    return f"{model._meta.label_lower}.{move.name}"


def stateful_models() -> list[type[models.Model]]:
    """Every model that declares a move."""
    return [m for m in apps.get_models() if moves_of(m)]
