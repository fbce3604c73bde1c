"""A purchase as data: who does what on which day, and which rules must refuse it.

A case file holds `title`, `project` (the name it is filed under), `until` (the last day), perhaps
`calendar` (files of years nobody has announced yet, invented), `[[invented]]` rows (what, why), and
`[[step]]` rows: `on`, `who` (a sign-in name of the demonstration district), `do` (an act of
`config.story.acts`), `refused` (the rules expected to refuse) and the act's own values. Amounts are
texts in 元.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

CASES = Path(__file__).parent / "cases"
OF_THE_STEP = ("on", "who", "do", "refused", "source")


class CaseError(ValueError):
    """A case file that cannot be told; the message says where."""


@dataclass(frozen=True)
class Step:
    """One act of one person on one day; `refused` names the rules that must refuse it."""

    position: int
    on: date
    who: str
    do: str
    refused: tuple[str, ...]
    source: str
    values: dict[str, Any]


@dataclass(frozen=True)
class Case:
    """A whole case file."""

    name: str
    title: str
    project: str
    until: date
    calendars: tuple[Path, ...]
    invented: tuple[tuple[str, str], ...]
    steps: tuple[Step, ...]


def names() -> list[str]:
    """The cases that come with the system."""
    return sorted(path.stem for path in CASES.glob("*.toml"))


def read_case(name: str) -> Case:
    """Read one case. Raises CaseError, naming the file or the step."""
    if name not in names():
        raise CaseError(f"没有名为“{name}”的案例；现有：{'、'.join(names())}。")
    try:
        content = tomllib.loads((CASES / f"{name}.toml").read_text("utf-8"))
        return Case(
            name=name,
            title=content["title"],
            project=content["project"],
            until=content["until"],
            calendars=tuple(CASES / "calendars" / file for file in content.get("calendar", ())),
            invented=tuple((row["what"], row["why"]) for row in content.get("invented", ())),
            steps=tuple(_step(at, row) for at, row in enumerate(content["step"], 1)),
        )
    except (tomllib.TOMLDecodeError, KeyError) as error:
        raise CaseError(f"案例文件 {name}.toml 有误：{error}") from error


def _step(position: int, row: dict[str, Any]) -> Step:
    missing = [key for key in ("on", "who", "do") if key not in row]
    if missing:
        raise CaseError(f"第 {position} 步缺少 {'、'.join(missing)}。")
    return Step(
        position=position,
        on=row["on"],
        who=row["who"],
        do=row["do"],
        refused=tuple(row.get("refused", ())),
        source=row.get("source", ""),
        values={key: value for key, value in row.items() if key not in OF_THE_STEP},
    )
