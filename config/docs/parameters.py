"""docs/reference/parameters.md: the amounts, ratios, days and lists that are shipped."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

from django.conf import settings

from config.docs.markdown import code, codes, page, table
from core.money import format_yuan
from core.reference import EPOCH
from core.rules import RULES

LEAD = """数额、比例、天数和清单都是有起止日期的参数，不写死在代码里。下面是随产品附带的值，
由 `manage.py load_reference` 载入；辖区可以另设自己的值，以辖区的为先。没有生效的值时，
用到它的规则判为“无法判定”，不予通过，绝不猜。金额一律以整数“分”保存。"""
HEADINGS = ["参数", "值", "自", "依据", "说明", "用到它的规则"]


def parameters_page() -> str:
    parts = []
    for file in sorted(Path(settings.BASE_DIR).glob("*/reference/parameters.toml")):
        rows = tomllib.loads(file.read_text("utf-8"))["parameter"]
        parts += [f"## {file.parent.parent.name}", table(HEADINGS, (_row(row) for row in rows))]
    return page("参数", LEAD, *parts)


def _row(row: dict[str, Any]) -> list[str]:
    users = [rule.id for rule in RULES.values() if row["key"] in rule.parameters]
    return [
        code(row["key"]),
        _value(row["value"], row.get("unit", "")),
        row.get("since", EPOCH).isoformat(),
        row["article"],
        row.get("note", ""),
        codes(users) or "—",
    ]


def _value(value: object, unit: str) -> str:
    if isinstance(value, list):
        return codes(str(each) for each in value)
    if isinstance(value, int) and unit == "分":
        return f"{value} 分（{format_yuan(value)} 元）"
    return f"{value} {unit}".strip()
