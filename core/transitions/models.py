"""The base of every row that has a state."""

from __future__ import annotations

from datetime import date
from typing import Any, ClassVar

from django.db import models
from django_fsm import FSMModelMixin

from accounts.models import Jurisdiction, Organisation


class StatefulModel(FSMModelMixin, models.Model):
    """A document or case moved only by `core.transitions.perform`.

    Subclasses name their state field in `STATE_FIELD` and tell whose business they are.
    """

    STATE_FIELD: ClassVar[str] = "status"
    version = models.PositiveIntegerField("版次", default=1)

    class Meta:
        abstract = True

    def owner(self) -> Organisation:
        raise NotImplementedError(f"{type(self).__name__}.owner()")

    def assignee(self) -> Organisation | None:
        return None

    def required_role(self, _act: str, /) -> str | None:
        return None

    def barred_deputies(self, _act: str, /) -> frozenset[int]:
        return frozenset()

    def jurisdiction(self) -> Jurisdiction:
        return self.owner().jurisdiction

    def stream(self) -> str:
        """The case file this row's events belong to."""
        raise NotImplementedError(f"{type(self).__name__}.stream()")

    def governed_by(self) -> frozenset[str]:
        raise NotImplementedError(f"{type(self).__name__}.governed_by()")

    def binding_days(self) -> dict[str, date]:
        return {}

    @property
    def state(self) -> str:
        value: str = getattr(self, self.STATE_FIELD)
        return value

    @property
    def state_label(self) -> str:
        shown: Any = getattr(self, f"get_{self.STATE_FIELD}_display")
        return str(shown())
