"""Replaying a case: each step through its service; what happened, and what was refused."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from config.demo.district import Actor, District
from config.story.acts import ACTS
from config.story.case import Case, CaseError, Step
from config.story.scene import Scene
from core.events import drain
from core.history.reading import EventView, events_after, last_seq
from core.transitions import ActError, TransitionRefused
from projects.models import Stage

Tell = Callable[["Told"], None]


class Strayed(RuntimeError):
    """The product answered otherwise than the case says; the message names the step."""


@dataclass(frozen=True)
class Refused:
    """One obstacle: the article and the sentence, with the values compared."""

    rule: str
    article: str
    message: str
    compared: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Told:
    """One step as it went: the stage it began in, the events it made, what refused it."""

    step: Step
    by: Actor
    chapter: str
    events: tuple[EventView, ...]
    refused: tuple[Refused, ...]


def play(case: Case, district: District, tell: Tell) -> Scene:
    """Take every step in its order. Raises Strayed at the first answer the case did not expect."""
    scene = Scene(district, case.project)
    for step in case.steps:
        tell(_take(scene, step))
    return scene


def _take(scene: Scene, step: Step) -> Told:
    act = ACTS.get(step.do)
    if act is None:
        raise CaseError(f"第 {step.position} 步：没有名为“{step.do}”的动作。")
    by, before, chapter = scene.actor(step.who), last_seq(), _chapter(scene)
    refused: tuple[Refused, ...] = ()
    try:
        act(scene, by.acts(step.on), **step.values)
    except ActError as error:
        refused = _refusals(error)
    _require_expected(step, refused)
    drain()
    return Told(step, by, chapter, tuple(events_after(before)), refused)


def _chapter(scene: Scene) -> str:
    return scene.project.get_stage_display() if scene.has_project() else str(Stage.FILING.label)


def _refusals(error: ActError) -> tuple[Refused, ...]:
    if not isinstance(error, TransitionRefused):
        return (Refused(type(error).__name__, "", str(error)),)
    return tuple(
        Refused(v.rule, v.article.label, v.message, tuple(v.compared)) for v in error.refusals
    )


def _require_expected(step: Step, refused: tuple[Refused, ...]) -> None:
    found, wanted = {r.rule for r in refused}, set(step.refused)
    if found != wanted:
        shown = "；".join(f"{r.rule} {r.message}" for r in refused) or "办理成功"
        said = f"被 {'、'.join(sorted(wanted))} 拒绝" if wanted else "办理成功"
        raise Strayed(
            f"第 {step.position} 步 {step.do}（{step.on.isoformat()}）：案例写的是{said}，"
            f"实际是{shown}。"
        )
