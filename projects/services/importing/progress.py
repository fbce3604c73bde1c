"""办到哪里了：写在文件里，不在库里。

写入是一个事务，提交之前库里什么也看不见，SQLite 又只许一个写者；网页要看进度，只能从别处读。
进度只供人看，丢了不影响任何结果。
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from django.conf import settings

from projects.models import PlanImport

T = TypeVar("T")
EVERY = 0.5
LONGEST = 5_000


@dataclass(frozen=True)
class Progress:
    """`doing` 正在做的，`done` 已办的个数，`total` 总数，`seconds` 已用的秒数。"""

    doing: str
    done: int
    total: int
    seconds: float

    @property
    def left_seconds(self) -> int | None:
        """照已办的速度，还要几秒；刚开始时说不准。"""
        if self.done < self.total / 50 or not self.done:
            return None
        return round(self.seconds / self.done * (self.total - self.done))


class Reporter:
    """一次办理的进度；写文件至多每半秒一次。"""

    def __init__(self, row: PlanImport) -> None:
        self.path = _path(row)

    def over(self, doing: str, items: Iterable[T], total: int) -> Iterator[T]:
        """逐个交出，边交边记办到第几个。"""
        began = last = time.monotonic()
        self._write(doing, 0, total, 0.0)
        for done, item in enumerate(items):
            now = time.monotonic()
            if now - last >= EVERY:
                last = now
                self._write(doing, done, total, now - began)
            yield item
        self._write(doing, total, total, time.monotonic() - began)

    def finish(self) -> None:
        with suppress(OSError):
            self.path.unlink(missing_ok=True)

    def _write(self, doing: str, done: int, total: int, seconds: float) -> None:
        """写不进去（磁盘满、目录没有）不妨碍办理。"""
        with suppress(OSError):
            self.path.parent.mkdir(parents=True, exist_ok=True)
            fresh = self.path.with_suffix(".new")
            fresh.write_text(json.dumps([doing, done, total, seconds]), encoding="utf-8")
            fresh.replace(self.path)


def progress_of(row: PlanImport) -> Progress | None:
    """正在办理的办到哪里；没有在办的、还没有记下的，没有。"""
    try:
        return Progress(*json.loads(_path(row).read_text(encoding="utf-8")[:LONGEST]))
    except (OSError, ValueError, TypeError):
        return None


def _path(row: PlanImport) -> Path:
    return Path(settings.MINGGOU_FILES) / "progress" / f"import-{row.pk}.json"
