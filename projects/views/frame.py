"""项目页的框架：阶段、分页、下一步。上层各阶段的分页也用它。"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.urls import reverse

from core.calendar.clock import today
from core.navigation import Way, tabs_of, ways_of
from core.navigation.panel import NextAct, next_acts
from core.views.acts import SignedInRequest
from projects.models import Project
from projects.selectors import stage_steps

SUBJECT = "projects.project"


def case_context(
    request: SignedInRequest, project: Project, current_url_name: str
) -> dict[str, Any]:
    """`projects/case_base.html` 所需的一切；`current_url_name` 是当前分页的网址名。"""
    acts = next_acts(project, by=request.user, acting_as=request.acting, on=today())
    role = request.acting.role if request.acting else ""
    ways = ways_of(project, request.user)
    elsewhere = [{**vars(way), "why_not": f"由{way.holder}办理"} for way in ways]
    return {
        "project": project,
        "stages": stage_steps(project),
        "tabs": _tabs(project, current_url_name),
        "acts": [
            *(_panel_way(way) for way in ways if role in way.roles),
            *(panel_act(act) for act in acts if act.permitted),
        ],
        "others": [
            *(way for way in elsewhere if role not in way["roles"]),
            *(act for act in acts if act.is_primary and not act.permitted),
        ],
        "holders": "、".join(dict.fromkeys(way.holder for way in ways)) or _holders(acts),
        "crumbs": [
            {"title": "项目台账", "url": reverse("projects:list")},
            {"title": project.number},
        ],
    }


def _tabs(project: Project, current: str) -> list[dict[str, Any]]:
    return [
        {
            "title": tab.title,
            "url": reverse(tab.url_name, args=[project.pk]),
            "is_current": tab.url_name == current,
        }
        for tab in tabs_of(SUBJECT)
    ]


def _panel_way(way: Way) -> dict[str, Any]:
    """到别的页面上办理的下一步；条件由那一页列出。"""
    return {"title": way.title, "about": way.about, "url": way.url, "allowed": True,
            "is_primary": True, "items": [], "met": []}  # fmt: skip


def panel_act(act: NextAct) -> dict[str, Any]:
    """一个事项：未满足的条件摆在前面，已满足的收起。"""
    return {
        "title": act.title,
        "about": act.about,
        "url": act.url,
        "allowed": act.allowed,
        "why_not": act.why_not,
        "is_primary": act.is_primary,
        "items": [item for item in act.items if item.state != "met"],
        "met": [item for item in act.items if item.state == "met"],
    }


def _holders(acts: Sequence[NextAct]) -> str:
    """案卷现在在谁手里：有待办文书的，是文书的经手人；没有的，是项目下一步的经手人。"""
    primary = [act for act in acts if act.is_primary]
    waiting = [act for act in primary if act.about] or primary
    return "、".join(dict.fromkeys(act.holder for act in waiting))
