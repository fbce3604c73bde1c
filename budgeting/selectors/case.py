"""案卷的“预算”分页。"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import models

from accounts.models import User
from budgeting.models import (
    Allocation,
    BudgetReply,
    Decision,
    DecisionLine,
    Obligation,
    ReplyLine,
)
from budgeting.selectors.adjustments import adjusted_fen, adjustments_of
from budgeting.selectors.badges import RENDER_TONES, badge_of
from budgeting.selectors.figures import line_cells
from budgeting.selectors.off_budget import off_budget_of
from budgeting.selectors.reviews import rounds_of
from core.documents.models import Document, RenderState
from core.history.values import reference
from core.money import format_yuan
from projects.models import Project


def budget_case(project: Project, user: User) -> dict[str, Any]:
    """各轮会审、待落实条件、审定、批复、资金分配、追加申请、预算调整。"""
    obligations = Obligation.objects.filter(project=project).select_related("opinion__reviewer")
    lines = Allocation.objects.filter(project=project).select_related("project", "ceiling__fund")
    return {
        "summary": _summary(project),
        "rounds": rounds_of(project),
        "obligations": [(o, badge_of(o)) for o in obligations],
        "decision_lines": _decision_lines(project, user),
        "replies": _replies(project, user),
        "allocations": [{"line": line, "cells": line_cells(line)} for line in lines],
        "off_budget": off_budget_of(project, user),
        "adjustments": adjustments_of(project, user),
    }


def _summary(project: Project) -> list[tuple[str, Any]]:
    approved, adjusted = project.approved_fen, adjusted_fen(project)
    return [
        ("申请财政资金（元）", format_yuan(project.requested_fen)),
        ("批复金额（元）", format_yuan(approved) if approved is not None else None),
        *([("调整后的批复数（元）", format_yuan(adjusted))] if adjusted is not None else []),
        ("批复文号", project.reply_number or None),
        ("申报轮次", f"第 {project.round_number} 轮" if project.round_number else None),
        ("本轮提交日", project.filed_on and project.filed_on.isoformat()),
    ]


def _decision_lines(project: Project, user: User) -> list[dict[str, Any]]:
    lines = DecisionLine.objects.filter(
        project=project, decision__in=Decision.objects.visible_to(user)
    ).select_related("decision__body")
    return [{"line": line, "badge": badge_of(line.decision)} for line in lines]


def _replies(project: Project, user: User) -> list[dict[str, Any]]:
    lines = list(
        ReplyLine.objects.filter(
            project=project, reply__in=BudgetReply.objects.visible_to(user)
        ).select_related("reply__purchaser__organisation")
    )
    papers = documents_by_subject([line.reply for line in lines])
    return [
        {"line": line, "badge": badge_of(line.reply), "documents": papers[reference(line.reply)]}
        for line in lines
    ]


def documents_by_subject(rows: Sequence[models.Model]) -> dict[str, list[dict[str, Any]]]:
    """各对象的文书，带生成情况；一次查询。"""
    found: dict[str, list[dict[str, Any]]] = {reference(row): [] for row in rows}
    for paper in Document.objects.filter(subject__in=list(found)):
        tone = RENDER_TONES[RenderState(paper.state)]
        found[paper.subject].append(
            {"document": paper, "badge": {"label": paper.get_state_display(), "tone": tone}}
        )
    return found
