"""办理页上的期限：届满日，和逐日的推算。"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from core.calendar.arithmetic import CalendarUnknown, Deadline
from core.rules import ParameterMissing

Found = Callable[[], Deadline | None]


def due_fact(label: str, found: Found) -> tuple[str, Any]:
    """一项期限的届满日；日历没有载入或者没有规定的，如实说明。"""
    try:
        deadline = found()
    except (CalendarUnknown, ParameterMissing) as unknown:
        return label, str(unknown)
    return label, deadline.day.isoformat() if deadline else None


def proof_of(title: str, found: Found) -> dict[str, Any]:
    """逐日推算，供 contracts/mending_act.html 打印。"""
    try:
        deadline = found()
    except (CalendarUnknown, ParameterMissing) as unknown:
        return {"period": None, "unknown": str(unknown)}
    return {"period": {"title": title, "deadline": deadline}, "unknown": ""}
