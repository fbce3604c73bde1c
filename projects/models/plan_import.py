"""年度计划工作簿的一次导入：谁交来的、核对到哪里、写入了什么。"""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.urls import reverse

from accounts.models import Organisation, RoleAssignment, User
from accounts.permissions import sight_of
from core.history import GuardedQuerySet, recorded
from projects.models.catalogue import AnnualPlan


class ImportState(models.TextChoices):
    QUEUED = "queued", "等待核对"
    CHECKING = "checking", "正在核对"
    FAULTY = "faulty", "有错误，没有写入"
    READY = "ready", "核对通过，待确认"
    CONFIRMED = "confirmed", "已确认，等待写入"
    WRITING = "writing", "正在写入"
    DONE = "done", "已写入"
    FAILED = "failed", "没有写入"


WAITING_STATES = (
    ImportState.QUEUED,
    ImportState.CHECKING,
    ImportState.CONFIRMED,
    ImportState.WRITING,
)


class PlanImportQuerySet(GuardedQuerySet["PlanImport"]):
    def visible_to(self, user: User) -> PlanImportQuerySet:
        """本单位的，和审计本辖区的；其中有尚未提交的内容，会审机构看不见。"""
        sight = sight_of(user)
        return self.filter(
            Q(plan__purchaser__organisation__in=sight.own)
            | Q(plan__purchaser__organisation__jurisdiction__in=sight.audited)
        )


@recorded()
class PlanImport(models.Model):
    """一个工作簿的一次导入。文件是它的附件；错误与预览按内容存放，这里记摘要。"""

    plan = models.ForeignKey(
        AnnualPlan, models.PROTECT, verbose_name="计划", related_name="imports"
    )
    name = models.CharField("文件名", max_length=200)
    requested_by = models.ForeignKey(User, models.PROTECT, verbose_name="上传人", related_name="+")
    requested_on = models.DateField("上传日")
    state = models.CharField(
        "进展", max_length=10, choices=ImportState.choices, default=ImportState.QUEUED
    )
    started_at = models.DateTimeField("开始时间", null=True, blank=True)
    finished_at = models.DateTimeField("完成时间", null=True, blank=True)
    problem = models.CharField("没有写入的原因", max_length=300, blank=True)
    line_count = models.PositiveIntegerField("行数", default=0)
    error_count = models.PositiveIntegerField("错误", default=0)
    new_count = models.PositiveIntegerField("新增", default=0)
    changed_count = models.PositiveIntegerField("修改", default=0)
    unchanged_count = models.PositiveIntegerField("不变", default=0)
    locked_count = models.PositiveIntegerField("已提交不改", default=0)
    refused_count = models.PositiveIntegerField("不得购买", default=0)
    report_sha256 = models.CharField("预览的摘要", max_length=64, blank=True)
    marked_sha256 = models.CharField("标错工作簿的摘要", max_length=64, blank=True)
    confirmed_by = models.ForeignKey(
        User, models.PROTECT, verbose_name="确认人", null=True, blank=True, related_name="+"
    )
    confirmed_as = models.ForeignKey(
        RoleAssignment,
        models.PROTECT,
        verbose_name="确认岗位",
        null=True,
        blank=True,
        related_name="+",
    )
    confirmed_on = models.DateField("确认日", null=True, blank=True)
    objects = PlanImportQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "计划导入"
        ordering: ClassVar = ["-pk"]

    def __str__(self) -> str:
        return f"{self.plan} 第 {self.pk} 次导入"

    def get_absolute_url(self) -> str:
        return reverse("projects:import", args=[self.pk])

    def owner(self) -> Organisation:
        return self.plan.purchaser.organisation

    def stream(self) -> str:
        """自成一卷：各项目自己的案卷里另有各自的填报与修改。"""
        return f"projects.planimport:{self.pk}"

    @property
    def is_waiting(self) -> bool:
        return self.state in WAITING_STATES

    @property
    def to_write(self) -> int:
        """确认后要写入的项目数。"""
        return self.new_count + self.changed_count
