"""随附的字典：三定职责条目、绩效指标模板；各有起止日，原文照录。"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

REFERENCE = Path(__file__).parent / "reference"


@dataclass(frozen=True)
class Duty:
    """一条职责（《平湖办法》第二条）：`short` 供选，`text` 是原文。"""

    code: str
    office: str
    short: str
    since: date
    document: str
    article: str
    text: str
    until: date | None = None

    def in_force(self, on: date) -> bool:
        return self.since <= on and (self.until is None or on < self.until)

    @property
    def label(self) -> str:
        """下拉里的一行：出处和开头的几个字。"""
        return f"{self.short}{self.text[:32]}{'…' if len(self.text) > 32 else ''}"


@dataclass(frozen=True)
class IndicatorTemplate:
    """一类资金的指标模板（《平湖办法》第九条“项目绩效指标”）；目标值与权重原文留空。"""

    programme: str
    since: date
    article: str
    rows: tuple[dict[str, str], ...]
    hint: str = ""
    until: date | None = None

    def in_force(self, on: date) -> bool:
        return self.since <= on and (self.until is None or on < self.until)


@cache
def duties() -> dict[str, Duty]:
    """全部职责条目，按编号；失效的也在其中，供旧项目显示。"""
    return {row["code"]: Duty(**row) for row in _read("duties.toml")["duty"]}


@cache
def indicator_templates() -> tuple[IndicatorTemplate, ...]:
    return tuple(
        IndicatorTemplate(**{**row, "rows": tuple(row["rows"])})
        for row in _read("indicators.toml")["template"]
    )


def template_of(programme: str, on: date) -> IndicatorTemplate | None:
    """这一天这一类资金所用的模板；没有的为空。"""
    found = [t for t in indicator_templates() if t.programme == programme and t.in_force(on)]
    return found[-1] if found else None


def duty_choices() -> list[tuple[str, str]]:
    """工作簿里的各项：编号与简称。"""
    return [(duty.code, duty.short) for duty in duties().values()]


def duty_groups(on: date) -> list[tuple[str, list[tuple[str, str]]]]:
    """表单里的各项，按机构分组；只列这一天有效的。"""
    groups: dict[str, list[tuple[str, str]]] = {}
    for duty in duties().values():
        if duty.in_force(on):
            groups.setdefault(duty.office, []).append((duty.code, duty.label))
    return list(groups.items())


def _read(name: str) -> dict[str, Any]:
    return tomllib.loads((REFERENCE / name).read_text(encoding="utf-8"))
