"""What the guided filing adds to the story: purchasers' dated standings, pilots, an extension."""

from __future__ import annotations

from datetime import date
from typing import Any

from accounts.services import create_organisation, system_actor
from config.demo.purchasing import approve
from config.demo.telling import Telling, days
from core.events import drain
from projects.models import Project
from projects.services import conclude_pilot, register_purchaser, register_status

NEW = {
    "总工会": ("区总工会", "peoples_organisation", False),
    "信息服务中心": ("区公共信息服务中心", "administrative_institution", True),
    "档案馆": ("区档案馆", "administrative_institution", True),
}
GONE = ("institution", "treasury")


def tell_purchasers(t: Telling) -> None:
    """Three units whose standing changed with the reform of 2025; 文旅委 registered anew."""
    system, _ = system_actor()
    on = date(2025, 3, 3)
    by: dict[str, Any] = {"by": system, "on": on}
    for short, (name, nature, is_staffed) in NEW.items():
        place = create_organisation(
            jurisdiction=t.district.jurisdiction,
            name=name,
            short_name=short,
            kind="institution",
            **by,
        )
        t.district.purchasers[short] = register_purchaser(
            place, nature=nature, has_administrative_staffing=is_staffed, **by
        )
    staffed = ("administrative", "treasury")
    changed = (
        ("总工会", date(2025, 7, 1), "peoples_organisation", *staffed, "示编〔2025〕14号"),
        ("档案馆", date(2026, 1, 1), "public_welfare_one", *GONE, "示编〔2025〕31号"),
        ("文旅委", date(2025, 1, 1), "department", *staffed, "示编〔2024〕9号"),
    )
    for short, since, nature, staffing, funding, basis in changed:
        register_status(
            t.district.purchasers[short],
            since=since,
            nature=nature,
            staffing=staffing,
            funding=funding,
            basis=basis,
            **t.finance().acts(max(since, on)),
        )


def tell_pilots(t: Telling) -> None:
    """龙溪街道: a pilot ended, concluded and extended; 石船镇: a pilot that still waits."""
    pilot = _pilot(t, "龙溪街道", "社区智慧门禁信息服务（试点）", date(2025, 12, 31))
    conclude_pilot(
        pilot,
        outcome="extend",
        conclusion="三个社区试点一年，与网格数据比对准确率 98.6%，群众满意度 93%，可以推广。",
        **t.actor("龙溪街道", "officer").acts(date(2026, 1, 12)),
    )
    drain()
    extension = t.file(
        "龙溪街道",
        "社区智慧门禁信息服务（推广）",
        date(2026, 2, 23),
        [("门禁信息服务", "C16070300", 12, "月", 36_000)],
        service_nature="public",
        pilot_of=pilot.number,
        splitting_reason="本项目为试点推广，与网格信息采集的服务内容、承接要求不同，不宜合并。",
    )
    t.sign_next("龙溪街道", extension, days(date(2026, 2, 23), 1))
    waiting = _pilot(t, "石船镇", "乡村应急广播信息服务（试点）", date(2026, 2, 28))
    t.file(
        "石船镇",
        "乡村应急广播信息服务（推广）",
        date(2026, 2, 25),
        [("应急广播信息服务", "C16070300", 12, "月", 28_000)],
        service_nature="public",
        pilot_of=waiting.number,
    )


def _pilot(t: Telling, place: str, name: str, until: date) -> Project:
    return approve(
        t,
        place,
        name,
        [("试点服务", "C16070300", 10, "月", 9_800)],
        filed=date(2025, 1, 8),
        replied=date(2025, 2, 12),
        year=2025,
        kind="small",
        proposed_method="own",
        is_pilot=True,
        pilot_until=until,
    )
