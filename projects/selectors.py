"""页面所需的数据：每页一个函数。"""

from __future__ import annotations

from typing import Any

from core.history.reading import events_of
from projects.models import SEVEN_STAGES, Project, Stage


def stage_steps(project: Project) -> list[dict[str, str]]:
    """七个环节的进度；中途离开的项目标明在哪个环节终止。"""
    if project.stage == Stage.CLOSED:
        return [{"label": str(stage.label), "state": "done"} for stage in SEVEN_STAGES]
    at = _ended_at(project) if project.has_ended else Stage(project.stage)
    place = SEVEN_STAGES.index(at)
    word = "ended" if project.has_ended else "current"
    states = ["done"] * place + [word] + ["future"] * (len(SEVEN_STAGES) - place - 1)
    steps = [
        {"label": str(stage.label), "state": state}
        for stage, state in zip(SEVEN_STAGES, states, strict=True)
    ]
    if project.has_ended:
        steps[place]["note"] = project.state_label
    return steps


def _ended_at(project: Project) -> Stage:
    """离开流程时所在的环节，以历史为准。"""
    labels = {str(stage.label): stage for stage in SEVEN_STAGES}
    for event in events_of(project.stream()):
        if event.to_label == project.state_label and event.from_label in labels:
            return labels[event.from_label]
    return Stage.BUDGET if project.filed_on else Stage.FILING
