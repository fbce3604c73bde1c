"""年度计划的报送：计划与部门预算一并报财政部门，一轮一份，报出即定格。"""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.urls import reverse

from accounts.models import Organisation, User
from accounts.permissions import sight_of
from core.history import GuardedQuerySet, recorded
from projects.models.catalogue import AnnualPlan


class PlanSubmissionQuerySet(GuardedQuerySet["PlanSubmission"]):
    def visible_to(self, user: User) -> PlanSubmissionQuerySet:
        """本单位的；报到本辖区财政和会审机构的；审计看本辖区的。"""
        sight = sight_of(user)
        return self.filter(
            Q(plan__purchaser__organisation__in=sight.own)
            | Q(plan__purchaser__organisation__jurisdiction__in=sight.reviewed | sight.audited)
        )


@recorded(append_only=True)
class PlanSubmission(models.Model):
    """一轮报送（《渝北办法》第九条第（二）项）。`content` 见 `projects.documents.package`。"""

    plan = models.ForeignKey(
        AnnualPlan, models.PROTECT, verbose_name="计划", related_name="submissions"
    )
    round_number = models.PositiveSmallIntegerField("轮次")
    submitted_by = models.ForeignKey(User, models.PROTECT, verbose_name="报送人", related_name="+")
    submitted_on = models.DateField("报送日")
    project_count = models.PositiveIntegerField("项目数", default=0)
    planned_fen = models.BigIntegerField("计划合计（分）", default=0)
    budget_total_fen = models.BigIntegerField("部门预算合计（分）", default=0)
    note = models.CharField("差异说明", max_length=500, blank=True)
    content = models.JSONField("内容")
    digest = models.CharField("摘要", max_length=64)
    objects = PlanSubmissionQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "计划报送"
        ordering: ClassVar = ["-pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["plan", "round_number"], name="plan_submission_once_a_round"
            ),
            models.CheckConstraint(
                condition=Q(planned_fen__gte=0, budget_total_fen__gte=0),
                name="plan_submission_not_negative",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.plan}（第 {self.round_number} 次报送）"

    def get_absolute_url(self) -> str:
        return reverse("projects:submission", args=[self.pk])

    def owner(self) -> Organisation:
        return self.plan.purchaser.organisation

    @property
    def gap_fen(self) -> int:
        """部门预算合计减计划申请的财政资金（分）。"""
        return self.budget_total_fen - self.planned_fen
