"""公告的各节由哪些栏组成，哪些栏依法不予公开。

一节为 `{"heading": "一、…", "text": [段落…], "rows": [[名称, 内容]…]}`；一栏是其中一段或者一行，
以“节名/栏名/第几个”为记号，节次增减之后仍认得是哪一栏。
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db import models

Section = dict[str, Any]
NUMBERED = re.compile(r"^[一二三四五六七八九十]+、")


class Ground(models.TextChoices):
    """不予公开的理由，只有法律列明的几种（《政府信息公开条例》）。"""

    STATE_SECRET = "state_secret", "国家秘密（第十四条）"
    SECURITY = "security", "公开后可能危及国家安全、公共安全、经济安全、社会稳定（第十四条）"
    TRADE_SECRET = "trade_secret", "商业秘密（第十五条）"
    PRIVACY = "privacy", "个人隐私（第十五条）"
    INTERNAL = "internal", "内部事务信息或者过程性信息（第十六条）"

    @property
    def printed(self) -> str:
        """公告里印的话。"""
        return f"依法不予公开：{str(self.label).replace('（', '（《政府信息公开条例》')}"


@dataclass(frozen=True)
class Field:
    """公告的一栏：记号、在哪里、内容。"""

    key: str
    place: str
    value: str


def fields_of(sections: list[Section]) -> list[Field]:
    """各栏，依公告的次序。"""
    return [field for section in _keyed(sections) for field in section]


def withhold(sections: list[Section], withheld: dict[str, str]) -> list[Section]:
    """不予公开的各栏换成理由，其余照旧。"""
    shown = []
    for section, fields in zip(sections, _keyed(sections), strict=True):
        values = [_shown(field, withheld) for field in fields]
        count = len(section["text"])
        rows = [[row[0], value] for row, value in zip(section["rows"], values[count:], strict=True)]
        shown.append({"heading": section["heading"], "text": values[:count], "rows": rows})
    return shown


def _shown(field: Field, withheld: dict[str, str]) -> str:
    ground = withheld.get(field.key)
    return Ground(ground).printed if ground else field.value


def _keyed(sections: list[Section]) -> Iterator[list[Field]]:
    seen: Counter[str] = Counter()
    for section in sections:
        heading = NUMBERED.sub("", section["heading"])
        parts = [("正文", value) for value in section["text"]]
        parts += [(label, value) for label, value in section["rows"]]
        fields = []
        for label, value in parts:
            name = f"{heading}/{label}"
            seen[name] += 1
            place = "·".join(part for part in (heading, label) if part)
            fields.append(Field(f"{name}/{seen[name]}", place, value))
        yield fields
