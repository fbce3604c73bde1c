"""Documents of record: asked for by an act, rendered by the worker, frozen by their digest."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from accounts.recording import GuardedQuerySet, recorded


class RenderState(models.TextChoices):
    QUEUED = "queued", "排队中"
    READY = "ready", "已生成"
    FAILED = "failed", "未能生成"


@recorded()
class Document(models.Model):
    """文书：某一事项形成的 PDF，一经生成即以摘要固定。"""

    kind = models.CharField("文书种类", max_length=60)
    subject = models.CharField("所属对象", max_length=80, db_index=True)
    title = models.CharField("标题", max_length=200)
    number = models.CharField("文号", max_length=80, blank=True)
    context = models.JSONField("内容")
    made_on = models.DateField("形成日期")
    state = models.CharField(
        "生成情况", max_length=10, choices=RenderState.choices, default=RenderState.QUEUED
    )
    sha256 = models.CharField("摘要", max_length=64, blank=True)
    problem = models.CharField("未能生成的原因", max_length=300, blank=True)
    objects = GuardedQuerySet["Document"].as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "文书"
        ordering: ClassVar = ["pk"]

    def __str__(self) -> str:
        return self.title
