"""One case in each of the two small districts, each under one regulation alone."""

from __future__ import annotations

from datetime import date
from typing import Any

from budgeting.services import agree
from config.demo.papers import pre_reviewed
from config.demo.telling import Telling, days
from core.events import drain


def tell_north(t: Telling) -> None:
    """示范北区: one case under 《渝北办法》 alone."""
    on = date(2026, 1, 19)
    project = t.file(
        "北档案馆",
        "档案数字化加工",
        on,
        [("数字化加工", "C16030300", 1, "项", 290_000)],
        fund="北区部门预算",
    )
    t.submit("北档案馆", project, days(on, 2))


def tell_lake(t: Telling) -> None:
    """示范湖市: one case under 《平湖办法》 alone, approved by the finance bureau."""
    on = date(2025, 12, 1)
    project = t.file(
        "湖政数办",
        "“浙里办”应用运维",
        on,
        [("应用运维", "C16070300", 12, "月", 42_000)],
        fund="湖市本级财政管理资金",
        programme="information",
        duty_code="office-4",
        grant_number="湖财预〔2025〕9号",
        **pre_reviewed("湖政数预审〔2025〕31号", date(2025, 11, 24), section="电子政务科 沈默"),
        leading_group_minutes="领导小组纪要〔2025〕7号",
    )
    t.submit("湖政数办", project, days(on, 4))
    t.all_agree(project, days(on, 11))
    t.conclude(project, days(on, 14))
    t.decide(
        [project], date(2025, 12, 22), "湖财政局", t.finance(), "项目审核会", "湖财项审〔2025〕18号"
    )
    t.reply("湖政数办", [project], date(2025, 12, 24))
    _lake_in_turn(t)


def _lake_in_turn(t: Telling) -> None:
    """Two in the middle of the path: one before the leading group, one just begun."""
    on = date(2026, 2, 2)
    begun: dict[str, Any] = {
        "fund": "湖市本级财政管理资金",
        "programme": "information",
        "duty_code": "office-4",
        "grant_number": "湖财预〔2026〕2号",
        "leading_group_minutes": "领导小组纪要〔2026〕1号",
    }
    papers: dict[str, Any] = {"on": date(2026, 1, 26), "section": "电子政务科 沈默"}
    halfway = t.file(
        "湖政数办",
        "公共数据授权运营平台运维",
        on,
        [("平台运维", "C16070300", 12, "月", 36_000)],
        **pre_reviewed("湖政数预审〔2026〕2号", **papers),
        **begun,
    )
    fresh = t.file(
        "湖政数办",
        "基层智治系统运维",
        on,
        [("系统运维", "C16070300", 12, "月", 27_000)],
        **pre_reviewed("湖政数预审〔2026〕3号", **papers),
        **begun,
    )
    for project in (halfway, fresh):
        t.submit("湖政数办", project, days(on, 7))
    for place, later in (("湖数据科", 10), ("湖分管办", 16)):
        acts = t.reviewer(place).acts(days(on, later))
        agree(t.opinion(halfway, place), text="同意。", **acts)
    drain()
