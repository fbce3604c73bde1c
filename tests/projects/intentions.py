"""The reviewed rows of real intentions, as a CSV file such as a bureau would upload."""

from __future__ import annotations

import csv
import io
import tomllib
from datetime import date
from pathlib import Path
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.services import create_organisation
from projects.models import AnnualPlan, IntentionList
from projects.services import (
    confirm_intentions,
    open_plan,
    receive_intentions,
    register_purchaser,
)
from tests.world import World

FILE = Path(__file__).parent / "data/intentions_2026_01.toml"
REVIEWED: list[dict[str, Any]] = tomllib.loads(FILE.read_text("utf-8"))["row"]
HEADER = (
    "地区", "采购单位", "意向公告标题", "发布时间", "采购项目名称", "采购需求概况",
    "预算金额(万元)", "拟面向中小企业预留", "预计采购时间", "备注",
)  # fmt: skip
ORGANS = (
    "山东省大数据局",
    "山东省住房和城乡建设厅",
    "山东省商务厅",
    "山东省生态环境厅机关",
    "山东省水利厅",
    "山东省新安监狱",
)
ON = date(2026, 2, 2)


def cells(row: dict[str, Any]) -> list[str]:
    published = f"{row['published']} 09:07:01" if row["published"] else ""
    month = f"{row['month'][:4]}年{row['month'][5:]}月" if row["month"] else ""
    return [
        "省本级", row["unit"], "", published, row["name"], row.get("summary", ""),
        row["wan"], row["sme"], month, "",
    ]  # fmt: skip


def upload(
    rows: list[list[str]], header: tuple[str, ...] = HEADER, encoding: str = "utf-8-sig"
) -> Any:
    out = io.StringIO()
    csv.writer(out).writerows([header, *rows])
    return SimpleUploadedFile("意向.csv", out.getvalue().encode(encoding))


def reviewed() -> Any:
    return upload([cells(row) for row in REVIEWED])


def one(**changes: str) -> dict[str, Any]:
    """One good row of 山东省水利厅, changed."""
    base = {
        "unit": "山东省水利厅",
        "name": "水利信息平台运维",
        "published": "2026-01-05",
        "month": "2026-03",
        "wan": "20",
        "sme": "否",
        "summary": "软件的日常维护。",
    }
    return base | changes


def register(world: World, *names: str) -> dict[str, AnnualPlan]:
    """The units as departments of the district, each with its plan of 2026."""
    plans = {}
    by = {"by": world.admin.user, "on": date(2025, 1, 2)}
    for name in names or ORGANS:
        made = create_organisation(
            jurisdiction=world.jurisdiction,
            name=name,
            short_name=name[:30],
            kind="department",
            document_code="",
            **by,
        )
        buyer = register_purchaser(made, nature="department", **by)
        plans[name] = open_plan(buyer, year=2026, budget_total_fen=10**10, **by)
    return plans


def received(world: World, file: Any = None, **more: Any) -> IntentionList:
    bureau = world.organisations["财政局"]
    return receive_intentions(bureau, file or reviewed(), **world.zhao.acts(ON), **more)


def screened(world: World, **changes: str) -> Any:
    """The one row of a list with one row."""
    return received(world, upload([cells(one(**changes))])).rows.get()


def opened(world: World) -> dict[str, Any]:
    """A list that waits, and one whose row stands in the plan of 文旅委."""
    unit = world.organisations["文旅委"].name
    placed = received(world, upload([cells(one(unit=unit))]))
    confirm_intentions(placed, **world.zhao.acts(ON))
    waiting = received(world, upload([cells(one(unit=unit, name="待复核的服务"))]))
    return {
        "intention_list": waiting,
        "intention": waiting.rows.get(),
        "planned_intention": placed.rows.get(),
    }
