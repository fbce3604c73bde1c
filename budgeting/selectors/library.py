"""项目库：由项目的环节和会审推得的状态，不另立一套；入库评审，滚动管理。"""

from __future__ import annotations

from typing import Any

from django.db.models import Case, CharField, Count, Exists, OuterRef, Q, QuerySet, Value, When

from accounts.models import User
from budgeting.models import BudgetReview, ReviewStatus
from projects.models import ENDED_STAGES, Project, Stage

# 状态：名称，怎么推得。
STATES: tuple[tuple[str, str, str], ...] = (
    ("reserve", "储备", "填报中或者退回修改，还没有送审"),
    ("review", "入库评审", "会审中"),
    ("candidate", "备选", "已形成审核意见，等待审定和批复"),
    ("budgeted", "已安排预算", "已批复，还没有签订合同"),
    ("running", "执行", "合同已签，实施、评估、公开中"),
    ("finished", "结项", "已办结"),
    ("dropped", "取消", "撤回、不予批准或者终止"),
)
TONES = {
    "reserve": "neutral",
    "review": "act",
    "candidate": "info",
    "budgeted": "ok",
    "running": "act",
    "finished": "ok",
    "dropped": "bad",
}
LABELS = {name: label for name, label, _ in STATES}


def in_library(rows: QuerySet[Any]) -> QuerySet[Any]:
    """附 `library`：项目库状态；一次查询。"""
    concluded = BudgetReview.objects.filter(
        project=OuterRef("pk"),
        round_number=OuterRef("round_number"),
        status=ReviewStatus.CONCLUDED,
    )
    found: QuerySet[Any] = rows.annotate(
        library=Case(
            When(stage=Stage.CLOSED, then=Value("finished")),
            When(stage__in=ENDED_STAGES, then=Value("dropped")),
            When(stage=Stage.FILING, then=Value("reserve")),
            When(Q(stage=Stage.BUDGET) & Exists(concluded), then=Value("candidate")),
            When(stage=Stage.BUDGET, then=Value("review")),
            When(stage__in=(Stage.PROCUREMENT, Stage.CONTRACT), then=Value("budgeted")),
            default=Value("running"),
            output_field=CharField(),
        )
    )
    return found


def library(user: User, given: dict[str, Any]) -> QuerySet[Any]:
    """看得见的项目，按筛选条件（状态以外的）。"""
    rows = Project.objects.visible_to(user).with_owner()
    exact: dict[str, Any] = {name: given[name] for name in ("year", "purchaser") if name in given}
    if "programme" in given:
        exact["programme"] = "" if given["programme"] == "none" else given["programme"]
    rows = rows.filter(**exact)
    if words := given.get("q"):
        rows = rows.filter(Q(name__icontains=words) | Q(number__icontains=words))
    return in_library(rows)


def counts(rows: QuerySet[Any]) -> dict[str, int]:
    """各状态的项目数。"""
    found = rows.order_by().values_list("library").annotate(count=Count("pk"))
    return dict(found)
