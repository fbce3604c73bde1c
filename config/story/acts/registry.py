"""The register of acts, and the reading of what a step says."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from core.money import parse_amount

Act = Callable[..., Any]
Made = TypeVar("Made", bound=Act)
ACTS: dict[str, Act] = {}


def act(function: Made) -> Made:
    """Register `function(scene, acts, **values)` under its own name."""
    ACTS[function.__name__] = function
    return function


def fen(text: str) -> int:
    """An amount of a case file: 元 as text, in 分."""
    return parse_amount(text)


def whole_yuan(text: str) -> int:
    """An amount without 角 and 分, in 元. Raises ValueError."""
    yuan, rest = divmod(fen(text), 100)
    if rest:
        raise ValueError(f"{text} 不是整元")
    return yuan
