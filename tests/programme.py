"""A filing under 《平湖办法》: an 信息化 project with everything its articles ask for."""

from __future__ import annotations

from datetime import date
from typing import Any

from config.demo.papers import pre_reviewed
from tests.world import World

TOTAL_FEN = 186_000_000


def programme(world: World, **changes: Any) -> dict[str, Any]:
    """What makes `world.filing()` a complete 特定目标类 filing."""
    return {
        "programme": "information",
        "duty": "承担公共文化服务信息系统建设任务",
        "grant_number": "示财预〔2025〕12号",
        **pre_reviewed("示政数预审〔2025〕31号", date(2025, 10, 13)),
        "leading_group_minutes": "领导小组纪要〔2025〕7号",
        "funds": [world.fund(TOTAL_FEN, "本级财政管理资金")],
        **changes,
    }
