"""会同审核：逐轮进行，意见只增不改；退回即结束本轮，修改后另起一轮。"""

from __future__ import annotations

from datetime import date
from typing import ClassVar

from django.db import models
from django.urls import reverse

from accounts.models import User
from core.history import GuardedQuerySet, recorded
from core.transitions import StateField, advances
from projects.models import CaseDocument, Project, ProjectVersion


class ReviewStatus(models.TextChoices):
    OPEN = "open", "会审中"
    CONCLUDED = "concluded", "已形成审核意见"
    RETURNED = "returned", "已退回修改"
    CLOSED = "closed", "已结束"


class BudgetReviewQuerySet(GuardedQuerySet["BudgetReview"]):
    def visible_to(self, user: User) -> BudgetReviewQuerySet:
        return self.filter(project__in=Project.objects.visible_to(user))

    def with_case(self) -> BudgetReviewQuerySet:
        return self.select_related("project__purchaser__organisation__jurisdiction")


@recorded()
class BudgetReview(CaseDocument):
    """一个项目的一轮会同审核（《渝北办法》第九条第（二）项）。"""

    project = models.ForeignKey(Project, models.PROTECT, verbose_name="项目", related_name="+")
    filed_version = models.ForeignKey(
        ProjectVersion, models.PROTECT, verbose_name="申报版本", related_name="+"
    )
    round_number = models.PositiveSmallIntegerField("轮次")
    opened_on = models.DateField("开启日")
    concluded_on = models.DateField("形成审核意见日", null=True, blank=True)
    proposed_fen = models.BigIntegerField("建议金额（分）", null=True, blank=True)
    summary = models.TextField("审核意见", blank=True)
    status = StateField(
        "状态", choices=ReviewStatus.choices, default=ReviewStatus.OPEN, protected=True
    )
    objects = BudgetReviewQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "会同审核"
        ordering: ClassVar = ["-pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["project", "round_number"], name="review_once_a_round")
        ]

    def __str__(self) -> str:
        return f"{self.project} 第 {self.round_number} 轮会审"

    def get_absolute_url(self) -> str:
        return reverse("budgeting:review", args=[self.pk])

    def case(self) -> Project:
        return self.project

    @advances(
        ReviewStatus.OPEN,
        to=ReviewStatus.CONCLUDED,
        permission="budgeting.conclude_review",
        rules=[
            "YB-9.2-joint-review",
            "YB-9.2-no-open-opposition",
            "YB-9.2-proposed-within-request",
            "YB-18-signatures-confirmed",
        ],
        title="形成审核意见",
    )
    def conclude(self, *, on: date, proposed_fen: int, summary: str) -> None:
        self.concluded_on, self.proposed_fen, self.summary = on, proposed_fen, summary

    @advances(
        ReviewStatus.OPEN,
        ReviewStatus.CONCLUDED,
        to=ReviewStatus.RETURNED,
        permission="budgeting.return_project",
        rules=["YB-9.2-objections-stated"],
        title="退回修改",
    )
    def return_for_correction(self) -> None:
        """本轮结束；意见保留，未办的意见任务取消。"""

    @advances(
        ReviewStatus.OPEN,
        ReviewStatus.CONCLUDED,
        to=ReviewStatus.CLOSED,
        permission="budgeting.close_review",
        title="结束会审",
    )
    def close(self) -> None:
        """项目已批复、不予批准或撤回。"""
