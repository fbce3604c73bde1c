"""配合事项：由交给的人办（《平湖办法》第十一条：其他科室配合）。"""

from __future__ import annotations

from core.regulations import PINGHU, YUBEI
from core.rules import Parameters, Refusal, rule
from projects.facts.tasks import TaskFacts, task_facts


@rule(
    "PH-11-task-by-its-doer",
    title="承办人本人办理",
    cites=(PINGHU.article(11), YUBEI.article(18)),
    facts=task_facts,
    binds="act",
)
def task_is_done_by_its_doer(facts: TaskFacts, parameters: Parameters) -> Refusal | None:
    """配合事项由所交的承办人本人接收、办结或者退回。"""
    if facts.is_doer:
        return None
    return Refusal("这件事不是交给您办的", (("承办人", facts.doer),), facts.doer, facts.page)
