"""配合事项的规则所问的事实。"""

from __future__ import annotations

from dataclasses import dataclass

from core.rules import Context
from projects.models import ProjectTask


@dataclass(frozen=True)
class TaskFacts:
    """这件事交给谁办，现在是不是他本人。"""

    page: str
    doer: str
    is_doer: bool


def task_facts(task: ProjectTask, context: Context) -> TaskFacts:
    return TaskFacts(
        page=task.case().get_absolute_url(),
        doer=f"{task.section}{task.doer}",
        is_doer=context.by is not None and context.by.pk == task.doer_id,
    )
