"""Events upward: the executor writes an outbox row, upper apps subscribe with `@on`."""

from core.events.delivery import deliver, drain, on
from core.events.models import OutboxEvent

__all__ = ["OutboxEvent", "deliver", "drain", "on"]
