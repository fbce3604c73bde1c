"""办结规则所问的事实：有没有还没送达的事件。"""

from __future__ import annotations

from dataclasses import dataclass

from core.events import OutboxEvent
from core.rules import Context
from projects.models import Project


@dataclass(frozen=True)
class DeliveryFacts:
    """还没送达后续环节的事件；`given_up` 是多次失败、须系统管理员处理的。"""

    page: str
    undelivered: int
    given_up: int


def delivery_facts(project: Project, context: Context) -> DeliveryFacts:
    waiting = OutboxEvent.objects.undone().filter(stream=project.stream())
    dead = list(waiting.values_list("is_dead", flat=True))
    return DeliveryFacts(project.get_absolute_url(), len(dead), sum(dead))
