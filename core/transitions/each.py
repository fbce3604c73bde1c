"""成批办理：一件一个事务，各记各的历史；一件不成，不停也不撤其他的。"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.db import DatabaseError

from core.rules import Verdict
from core.transitions.errors import ActError, TransitionRefused
from core.transitions.executor import Outcome

BUSY = "数据库此刻繁忙，这一件没有办理，未作任何改动。请稍后再办。"
logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class ItemOutcome:
    """一件的结果：办成没有，没办成的为什么。`made` 是办成所得（审批结果或新的文书）。"""

    subject: Any
    made: Any = None
    problem: str = ""
    refusals: tuple[Verdict, ...] = ()

    @property
    def is_done(self) -> bool:
        return not self.problem

    @property
    def is_repeat(self) -> bool:
        return isinstance(self.made, Outcome) and self.made.is_repeat


def attempt_each(acts: Iterable[tuple[Any, Callable[[], Any]]]) -> list[ItemOutcome]:
    """逐件办理 `(对象, 办法)`；不得在事务中调用，否则一件的撤回会带走其他的。"""
    return [_attempt(subject, act) for subject, act in acts]


def _attempt(subject: object, act: Callable[[], Any]) -> ItemOutcome:
    try:
        return ItemOutcome(subject, made=act())
    except TransitionRefused as refused:
        return ItemOutcome(subject, problem=str(refused), refusals=refused.refusals)
    except ActError as error:
        return ItemOutcome(subject, problem=str(error))
    except DatabaseError:
        logger.exception("one of a batch failed: %s", subject)
        return ItemOutcome(subject, problem=BUSY)
