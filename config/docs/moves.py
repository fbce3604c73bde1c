"""The declared moves of every model, with the words officials use."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.db import models

from accounts.roles import ACTS, Role, Scope
from core.transitions import StatefulModel, moves_of, stateful_models
from core.transitions.declare import Move, act_name
from core.transitions.guard import GUARDS

# The order of the regulation; a model of an app not named comes last.
APPS = ("projects", "budgeting", "procurement", "contracts", "performance", "disclosure", "audit")


@dataclass(frozen=True)
class Machine:
    """One state machine: its model, its states in order and its moves."""

    model: type[models.Model]
    states: dict[str, str]
    moves: tuple[Move, ...]

    @property
    def title(self) -> str:
        return str(self.model._meta.verbose_name)

    @property
    def label(self) -> str:
        return self.model._meta.label_lower

    def act(self, move: Move) -> str:
        return act_name(self.model, move)

    def leaving(self, state: str) -> list[Move]:
        return [move for move in self.moves if state in move.sources]

    def target(self, move: Move) -> str:
        """The label of the state a move leads to."""
        return "状态不变" if move.stays else self.states[move.to]

    def is_entered(self, state: str) -> bool:
        return state == self.first or any(move.to == state for move in self.moves)

    @property
    def first(self) -> str:
        """The state a new row stands in."""
        field = self.model._meta.get_field(state_field(self.model))
        return str(field.get_default())  # type: ignore[union-attr]

    def names_one_role(self) -> bool:
        """Whether a document names the one role that may act on it (a signature does)."""
        own: object = getattr(self.model, "required_role", None)
        return own is not StatefulModel.required_role


def state_field(model: type[models.Model]) -> str:
    name: str = model.STATE_FIELD  # type: ignore[attr-defined]
    return name


def machines() -> list[Machine]:
    """Every state machine, in the order of the regulation and of the code."""
    return sorted((_machine(model) for model in stateful_models()), key=_order)


def _machine(model: type[models.Model]) -> Machine:
    field = model._meta.get_field(state_field(model))
    states = {str(value): str(label) for value, label in field.flatchoices}  # type: ignore[union-attr]
    return Machine(model, states, tuple(moves_of(model)))


def _order(machine: Machine) -> tuple[int, bool]:
    app = machine.model._meta.app_label
    return (APPS.index(app) if app in APPS else len(APPS), state_field(machine.model) != "stage")


def holders(permission: str) -> list[Role]:
    """The roles that may do an act, in the order of the table of roles."""
    return [role for role in Role if role in ACTS[permission].roles]


def who(permission: str) -> str:
    """“财政审核人（本辖区的）”."""
    names = "、".join(str(role.label) for role in holders(permission))
    return f"{names}（{Scope(ACTS[permission].scope).label}）"


def moves_by_rule() -> dict[str, list[str]]:
    """Rule id → the acts whose declaration names it, and those it guards outside the machines."""
    found: dict[str, list[str]] = {}
    for machine, move in all_moves():
        for rule_id in move.rules:
            found.setdefault(rule_id, []).append(
                f"{machine.title}·{move.title}（`{machine.act(move)}`）"
            )
    for guarded in GUARDS.values():
        for rule_id in guarded.rules:
            found.setdefault(rule_id, []).append(f"{guarded.title}（`{guarded.act}`）")
    return found


def all_moves() -> Iterator[tuple[Machine, Move]]:
    for machine in machines():
        for move in machine.moves:
            yield machine, move
