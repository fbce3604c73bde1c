"""公开对预算的响应：批复即开立公开义务。"""

from __future__ import annotations

from accounts.services import system_actor
from core.events import OutboxEvent, on
from core.history.values import referenced_pk
from disclosure.services import open_duty
from projects.models import Project


@on("projects.project.approve_budget")
def open_duty_to_publish(event: OutboxEvent) -> None:
    """批复后，购买主体应主动公开购买的项目和要求（第九条第（二）项）。"""
    project = Project.objects.with_owner().get(pk=referenced_pk(event.subject))
    user, role = system_actor()
    open_duty(project, by=user, acting_as=role, on=event.effective_on)
