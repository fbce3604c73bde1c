"""监督留下的记录：导出的案卷、每一次下载、每一次核验。都不在项目的案卷里。"""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.urls import reverse

from accounts.models import User
from core.history import GuardedQuerySet, recorded
from projects.models import Project


class JobState(models.TextChoices):
    QUEUED = "queued", "排队中"
    RUNNING = "running", "办理中"
    DONE = "done", "已完成"
    FAILED = "failed", "未能完成"


class Job(models.Model):
    """交给后台做的一件事：谁要的、做到哪里、结果如何。"""

    requested_by = models.ForeignKey(User, models.PROTECT, verbose_name="申请人", related_name="+")
    requested_on = models.DateField("申请日")
    state = models.CharField(
        "进展", max_length=10, choices=JobState.choices, default=JobState.QUEUED
    )
    started_at = models.DateTimeField("开始时间", null=True, blank=True)
    finished_at = models.DateTimeField("完成时间", null=True, blank=True)
    problem = models.CharField("未能完成的原因", max_length=300, blank=True)

    class Meta:
        abstract = True

    @property
    def is_waiting(self) -> bool:
        return self.state in (JobState.QUEUED, JobState.RUNNING)


class DossierQuerySet(GuardedQuerySet["Dossier"]):
    def visible_to(self, user: User) -> DossierQuerySet:
        """看得见项目的人看得见它导出过哪些案卷；附个人信息的只有申请人看得见。"""
        return self.filter(
            Q(with_personal=False) | Q(requested_by=user),
            project__in=Project.objects.visible_to(user),
        )


@recorded()
class Dossier(Job):
    """案卷：一个项目的全部事件、证明、版本、附件和核验程序，装成一个 ZIP。"""

    project = models.ForeignKey(Project, models.PROTECT, verbose_name="项目", related_name="+")
    reason = models.CharField("导出事由", max_length=200)
    against = models.BigIntegerField("对照检查点（叶数）", null=True, blank=True)
    with_personal = models.BooleanField("附个人信息原值", default=False)
    checkpoint_size = models.BigIntegerField("检查点（叶数）", null=True, blank=True)
    event_count = models.PositiveIntegerField("事件数", null=True, blank=True)
    size = models.BigIntegerField("字节数", null=True, blank=True)
    sha256 = models.CharField("摘要", max_length=64, blank=True)
    objects = DossierQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "导出的案卷"
        ordering: ClassVar = ["-pk"]

    def __str__(self) -> str:
        return f"{self.project}的案卷"

    def get_absolute_url(self) -> str:
        return reverse("audit:dossier", args=[self.pk])

    def stream(self) -> str:
        """自成一卷：导出和下载不写进项目的案卷。"""
        return f"audit.dossier:{self.pk}"

    @property
    def filename(self) -> str:
        return f"案卷-{self.project.number}-{self.checkpoint_size}.zip"


@recorded(append_only=True)
class DossierDownload(models.Model):
    """案卷的一次下载：谁、哪一天、取走的是哪些字节。"""

    dossier = models.ForeignKey(
        Dossier, models.PROTECT, verbose_name="案卷", related_name="downloads"
    )
    taken_by = models.ForeignKey(User, models.PROTECT, verbose_name="下载人", related_name="+")
    taken_on = models.DateField("下载日")
    sha256 = models.CharField("摘要", max_length=64)
    objects = GuardedQuerySet["DossierDownload"].as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "案卷下载"
        ordering: ClassVar = ["-pk"]

    def __str__(self) -> str:
        return f"{self.taken_by} {self.taken_on.isoformat()}"


@recorded()
class Verification(Job):
    """核验：重算整个日志，与全部数据行比对。"""

    events = models.BigIntegerField("历史事件", null=True, blank=True)
    checkpoints = models.BigIntegerField("检查点", null=True, blank=True)
    rows = models.BigIntegerField("数据行", null=True, blank=True)
    tables = models.PositiveIntegerField("数据表", null=True, blank=True)
    root_sha256 = models.CharField("SHA-256 根", max_length=64, blank=True)
    root_sm3 = models.CharField("SM3 根", max_length=64, blank=True)
    differences = models.JSONField("差异", default=list)
    left_out = models.PositiveIntegerField("没有列出的差异", default=0)
    objects = GuardedQuerySet["Verification"].as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "核验"
        ordering: ClassVar = ["-pk"]

    def __str__(self) -> str:
        return f"第 {self.pk} 次核验"

    def stream(self) -> str:
        return f"audit.verification:{self.pk}"

    @property
    def is_clean(self) -> bool:
        return self.state == JobState.DONE and not self.differences

    @property
    def found(self) -> int:
        """全部差异的处数，连同没有列出的。"""
        return len(self.differences) + self.left_out

    @property
    def seconds(self) -> float | None:
        """用时（秒）。"""
        if self.started_at is None or self.finished_at is None:
            return None
        return round((self.finished_at - self.started_at).total_seconds(), 1)
