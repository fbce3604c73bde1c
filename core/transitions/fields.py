"""The state field of a model."""

from __future__ import annotations

from typing import Any

from django_fsm import FSMField


class StateField(FSMField):
    """A protected state that migrations know as the text column it is.

    A state machine belongs to the model of today, not to the models a migration rebuilds: every
    `FSMField` of a rebuilt model listens to every class made after it, so that creating a database
    took quadratic time (28 s of work for 48 migrations, 8 s without).
    """

    def deconstruct(self) -> tuple[Any, Any, Any, Any]:
        name, _, args, options = super().deconstruct()
        options.pop("protected", None)
        return name, "django.db.models.CharField", args, options
